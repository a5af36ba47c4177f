// Whatever the intruder wrote, no report carries it raw: no control byte, no bidirectional trick, no markup, no script.
#include <gtest/gtest.h>

#include <set>

#include "base/text.hpp"
#include "hostile_case.hpp"
#include "report/all.hpp"
#include "report/escape.hpp"
#include "report/terminal.hpp"
#include "report/why.hpp"

namespace ascribe {
namespace {

/// Line ends are ours; everything else that a terminal obeys is not.
void expect_no_commands(std::string_view text, bool colour = false) {
    EXPECT_TRUE(is_utf8(text));
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto byte = static_cast<unsigned char>(text[i]);
        if (byte == '\n' || (colour && byte == 0x1b && text[i + 1] == '[')) continue;
        ASSERT_FALSE(byte < 0x20 || byte == 0x7f) << "control byte " << int(byte) << " at " << i;
        ASSERT_FALSE(byte == 0xc2 && static_cast<unsigned char>(text[i + 1]) < 0xa0) << "C1 control at " << i;
        ASSERT_NE(text.substr(i, 3), "\xe2\x80\xae") << "bidirectional override at " << i;
    }
}

TEST(Report, TerminalObeysNothingFromEvidence) {
    expect_no_commands(write_terminal(test::hostile_case(), Colour::off, Bars::off));
    expect_no_commands(write_terminal(test::hostile_case(), Colour::on, Bars::on), true);
}

TEST(Report, TerminalSaysTheSentenceFirst) {
    auto text = write_terminal(test::hostile_case(), Colour::off, Bars::off);
    EXPECT_TRUE(text.starts_with(" VERDICT     COMPROMISED")) << text.substr(0, 60);
}

TEST(Report, WhyPrintsTheBytesEscaped) {
    for (std::string_view id :
         {"F-0123456789", "CVE-2021-26855", "T1", "clock:1", "coverage:ProxyLogon:attempted", "D1"}) {
        auto text = why(test::hostile_case(), id);
        ASSERT_TRUE(text.has_value()) << id;
        expect_no_commands(*text);
    }
    auto text = why(test::hostile_case(), "F-0123456789");
    EXPECT_NE(text->find("offset 128, 300 bytes, line 12"), std::string::npos);
    EXPECT_NE(text->find("\\x1b]0;owned\\x07"), std::string::npos);
    EXPECT_FALSE(why(test::hostile_case(), "F-none").has_value());
}

TEST(Report, HtmlHasNoScriptAndNoMarkupOfTheirs) {
    auto page = find_exporter("html")->write(test::hostile_case());
    expect_no_commands(page);
    for (std::string_view forbidden :
         {"<script", "<img", "onerror=\"", "onerror=a()>", "javascript:", "http://", "https://"})
        EXPECT_EQ(page.find(forbidden), std::string::npos) << forbidden;
    EXPECT_NE(page.find("Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"),
              std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert(1)&lt;/script&gt;"), std::string::npos);
}

// Every drawing brought the hatching's pattern along, so that one id stood for several things.
TEST(Report, HtmlHasEachIdOnce) {
    auto page = find_exporter("html")->write(test::hostile_case());
    std::set<std::string> ids;
    constexpr std::string_view kId = " id=\"";
    for (auto at = page.find(kId); at != std::string::npos; at = page.find(kId, at + 1)) {
        auto begin = at + kId.size();
        EXPECT_TRUE(ids.insert(page.substr(begin, page.find('"', begin) - begin)).second) << page.substr(at, 60);
    }
    EXPECT_TRUE(ids.contains("gap"));
}

TEST(Report, MarkdownEscapesForMarkdownAndHtml) {
    auto text = find_exporter("md")->write(test::hostile_case());
    expect_no_commands(text);
    EXPECT_EQ(text.find("<script"), std::string::npos);
    EXPECT_EQ(text.find("[x](y)"), std::string::npos);
    EXPECT_NE(text.find("\\[x\\]\\(y\\)"), std::string::npos);
}

TEST(Report, JsonIsValidUtf8AndKeepsTheText) {
    auto text = find_exporter("json")->write(test::hostile_case());
    EXPECT_TRUE(is_utf8(text));
    EXPECT_NE(text.find("\\u001b]0;owned\\u0007"), std::string::npos);
    EXPECT_NE(text.find("\"line\": 12"), std::string::npos);
}

TEST(Report, CsvCellsAreNoFormulas) {
    for (std::string_view cell : {"=cmd()", "+1", "-1", "@x", "\t=1", "\r=1"}) {
        auto escaped = escape_csv(cell);
        EXPECT_TRUE(escaped.starts_with("\"'") || escaped.starts_with("\"\\")) << escaped;
    }
    EXPECT_EQ(escape_csv("a\"b"), "\"a\"\"b\"");
}

TEST(Report, AnEmptyCaseIsInsufficient) {
    EXPECT_NE(write_terminal({}, Colour::off, Bars::off).find("INSUFFICIENT EVIDENCE"), std::string::npos);
    EXPECT_NE(find_exporter("html")->write({}).find("INSUFFICIENT EVIDENCE"), std::string::npos);
}

}  // namespace
}  // namespace ascribe
