// The screen of top: fits its columns, says nothing it does not know, and lets no evidence reach the terminal
// unescaped.
#include "report/top.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "report/notices.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kHostile = "a\u202eb\x1b]8;;http://x\x07\x1b[31m<script>\n\xff\x9b";

std::size_t columns_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_safe(std::string_view text) {
    return std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }) &&
           text.find("\u202e") == std::string_view::npos && text.find("\xc2\x9b") == std::string_view::npos;
}

Traffic traffic_of(std::string_view name, Time first, Time last) {
    Traffic traffic;
    traffic.requests = 10;
    traffic.status[2] = 10;
    traffic.first = first;
    traffic.last = last;
    traffic.pages[std::string(name)] = {3, 2, 0, last, last, true};
    traffic.pages["/old.aspx"] = {7, 0, 1, first, last, true};
    traffic.clients[std::string(name)] = {10, 2, 1, first, last, true};
    return traffic;
}

const Time kMonday = *make_time(2021, 3, 1), kThursday = *make_time(2021, 3, 4);

std::string screen_of(const TopView& view, std::size_t columns, std::size_t lines) {
    std::string all;
    auto screen = top_screen(view, columns, lines);
    EXPECT_LE(screen.size(), lines);
    for (const ScreenLine& line : screen) {
        EXPECT_LE(columns_of(line.text), columns) << line.text;
        EXPECT_TRUE(is_safe(line.text)) << line.text;
        all += line.text + '\n';
    }
    return all;
}

TEST(Top, HostileTextIsVisibleAndFits) {
    auto traffic = traffic_of(kHostile, kMonday, kThursday);
    TopView view;
    view.traffic = &traffic;
    view.suspects.push_back({std::string(kHostile), std::string(kHostile), Level::success, 1, 2, kThursday});
    for (std::size_t columns : {1, 20, 40, 80, 200})
        for (std::size_t lines : {1, 5, 24, 60}) screen_of(view, columns, lines);
    EXPECT_NE(screen_of(view, 80, 24).find("\\x1b]8;;"), std::string::npos);
}

TEST(Top, NewPagesAreThoseOfTheLastDay) {
    auto traffic = traffic_of("/new.aspx", kMonday, kThursday);
    TopView view;
    view.traffic = &traffic;
    auto text = screen_of(view, 80, 40);
    EXPECT_NE(text.find("Pages new since yesterday 1\n       3     2 POST  /new.aspx"), std::string::npos) << text;
}

TEST(Top, AShortLogCannotTellWhatIsNew) {
    auto traffic = traffic_of("/new.aspx", kMonday, kMonday + std::chrono::hours(5));
    TopView view;
    view.traffic = &traffic;
    EXPECT_NE(screen_of(view, 80, 40).find("not known, the log is no older than a day"), std::string::npos);
}

TEST(Top, TextIsCutAtColumnsNotBytes) {
    EXPECT_EQ(fitted("abcdef", 6), "abcdef");
    EXPECT_EQ(fitted("abcdefg", 6), "abcde…");
    EXPECT_EQ(fitted("éééééé", 6), "éééééé");
    EXPECT_EQ(fitted("漢字漢字", 6), "漢字…");
    EXPECT_EQ(fitted("abc", 0), "");
}

TEST(Notices, AreOneLineWhateverIsInThem) {
    Notice notice;
    notice.id = "N-0123456789abcdef";
    notice.server = kHostile;
    auto& finding = notice.finding;
    finding.level = Level::success;
    finding.detector = "web.unknown_page";
    for (auto* text : {&finding.statement, &finding.address, &finding.page, &finding.account, &finding.session})
        for (int i = 0; i < 1'000; ++i) *text += kHostile;
    notice.was = Level::attempt;
    std::string bytes(kNoticeBytes, '\x01');
    for (std::size_t i = 0; i < kNoticeRows; ++i) notice.rows.push_back({finding.page, 1, 2, 3, bytes});
    auto line = notice_json(notice);
    EXPECT_TRUE(line.starts_with(R"({"id":"N-0123456789abcdef","level":"success",)")) << line.substr(0, 100);
    EXPECT_LT(line.size(), kNoticeLine);
    EXPECT_TRUE(std::ranges::all_of(line, [](char c) { return c >= 0x20 && c < 0x7F; }));
    auto text = notice_text(notice);
    for (std::size_t at = 0; at < text.size();) {
        auto end = text.find('\n', at);
        EXPECT_TRUE(is_safe(text.substr(at, end - at)));
        at = end + 1;
    }
}

}  // namespace
}  // namespace ascribe
