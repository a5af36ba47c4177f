// What a file made to cost costs: at most 2 s and 64 MiB beyond the file and what any file costs, whatever 10 MiB are
// full of, and the limit that was reached is told. Each is examined in a process of its own, whose peak the system
// tells.
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "base/text.hpp"
#include "shells/examine.hpp"
#include "shells/prefilter.hpp"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ASCRIBE_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define ASCRIBE_SANITIZED 1
#endif

namespace ascribe::shells::test {
namespace {

constexpr std::size_t kSize = 10 << 20, kMostMemory = 64 << 20;
constexpr double kMostSeconds = 2;

struct Trap {
    const char *path, *begin, *piece, *end;
    bool cut = true;  // a limit is told
};

// Brackets, statements, names, marks: each repeated to 10 MiB.
constexpr Trap kTraps[] = {
    {"a.asp", "<% x=", "(", ""},
    {"a.jsp", "<% x=", "(", ""},
    {"a.aspx", "<%@ Page Language=\"C#\" %><% x=", "(", ""},
    {"a.asp", "<%\n", "a=a&b\n", "%>"},
    {"a.jsp", "<% ", "a=a+b;", "%>"},
    {"a.aspx", "<%@ Page Language=\"C#\" %><% ", "a=a+b;", "%>"},
    {"a.asp", "<% x=", "a ", "%>"},
    {"a.jsp", "<% x=", "a.", "%>"},
    {"a.asp", "<% x=\"a\"&", "\"b\"&", "\"\" %>"},
    {"a.asp", "<% execute ", "chr(97)&", "\"\" %>"},
    {"a.asp", "<%\n", "sub f\ng\nend sub\n", "%>"},
    {"a.jsp", "<%! ", "void f(){g();}", "%>"},
    {"a.asp", "", "<%=a%>", ""},
    {"a.aspx", "<%@ Page Language=\"C#\" %>", "<asp:TextBox id=\"a\" runat=\"server\"/>", ""},
    {"a.aspx", "", "<script runat=server>", ""},
    {"a.asp", "<%@ LANGUAGE = VBScript.Encode %>\n<%#@~^AAAAAA==", "@#@&", "AAAAAA==^#~@%>", false},
    {"a.jsp", "<% ", "\\u0061", " %>", false},
    {"a.jspx", "<jsp:root xmlns:jsp=\"http://java.sun.com/JSP/Page\">", "<jsp:scriptlet>a();</jsp:scriptlet>", ""},
    {"a.asp", "<% execute(\"", "a=1:", "\") %>"},
    {"a.asp", "<%\ns=\"", "b", "\"\nfor i=1 to len(s)\nt=mid(s,i,1)&t\nnext\nexecute t\n%>"},
    {"a.php", "<?php $a=", "'b'.", "''; eval($a);"},
    {"a.php", "<?php $a=[", "1,", "]; foreach($a as $b) $c.=chr($b); eval($c);"},
    {"a.pl", "#!/usr/bin/perl\n", "$a=$b;", ""},
    {"a.py", "#!/usr/bin/python\n", "a=b\n", ""},
    // Each of these took from three seconds to minutes, or a gigabyte.
    {"a.php", "<?php eval($z);", "for(;$_GET[1];){if($_GET[2])break;}", ""},
    {"a.php", "<?php eval($z);for($i=0;$i<20000;$i++){$a['m'.$i]=1;$g.='x';}", "$o=(object)$a;", ""},
    {"a.php", "<?php eval($z);$a=range(1,20000);$x=str_repeat('x',1000);", "$b=implode($x,$a);", ""},
    {"a.php", "<?php eval($z);$s=strrev(str_repeat('a',4000000));$u=$_GET[1];", "$u.$s;", ""},
    {"a.php", "<?php eval($z);$s=str_repeat('1',4000000);", "$b=$s+1;$$s=1;crc32($s);new $s;$b=$s;$b++;", ""},
    {"a.php", "<?php eval($z);$a=range(1e17,100000000000100000);", "min($a);", ""},
    {"a.aspx", "<%@ Page Language=\"C#\" %><% string s=String.Format(\"", "{a", "\"); %>", false},
};

std::string filled(const Trap& trap) {
    std::string text = trap.begin;
    text.reserve(kSize + 4096);
    while (text.size() < kSize) text += trap.piece;
    return text + trap.end;
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        auto at = [&](std::size_t j) { return i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u; };
        unsigned word = at(0) << 16 | at(1) << 8 | at(2);
        for (int k = 0; k < 4; ++k)
            out += i + static_cast<std::size_t>(k) <= bytes.size() ? kSigns[word >> (18 - 6 * k) & 63] : '=';
    }
    return out;
}

/// Encodings in encodings, until they are 10 MiB.
std::string nested() {
    std::string code = "system($_GET['c']);";
    for (auto next = code; next.size() < kSize; next = "eval(base64_decode('" + base64(code) + "'));") code = next;
    return "<?php " + code;
}

/// Many types, each with a method of its own, and many calls by names that none of them has.
std::string types_and_calls() {
    std::string text = "<%! ";
    for (int i = 0; i < 20'000; ++i) text += "class T" + std::to_string(i) + "{void m" + std::to_string(i) + "(){}}";
    text += "class C{void go(){";
    for (int i = 0; i < 40'000; ++i) text += "q" + std::to_string(i) + "();";
    return text + "}} %>";
}

/// A type of many members and many methods.
std::string members_and_methods() {
    std::string text = "<%! class C {";
    for (int i = 0; i < 20'000; ++i) text += "int f" + std::to_string(i) + "=1;";
    for (int i = 0; i < 15'000; ++i) text += "void m" + std::to_string(i) + "(){g();}";
    return text + "} %>";
}

/// A text of some MB that is asked for one letter after the other.
std::string letters_of_a_long_text(std::string_view begin, std::string_view end) {
    return std::string(begin) + std::string(4 << 20, 'a') + std::string(end);
}

/// In KiB; 0 when the system does not tell.
std::size_t status(std::string_view name) {
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(name)) return std::stoul(line.substr(name.size() + 1));
    return 0;
}

struct Cost {
    std::size_t memory = 0;
    double seconds = 0;
    bool cut = false;
};

Cost cost_of(const char* path, const std::string& text) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    auto child = fork();
    if (child == 0) {
        examine(path, "<?php $a = 1; ?><% a %>");       // what any file costs: code, tables, the model
        std::ofstream("/proc/self/clear_refs") << "5";  // the peak begins here
        auto before = status("VmRSS:");
        auto analysis = examine(path, text);
        rusage used{};
        getrusage(RUSAGE_SELF, &used);
        Cost cost;
        auto after = status("VmHWM:");
        cost.memory = after > before ? (after - before) * 1024 : 0;
        cost.seconds = static_cast<double>(used.ru_utime.tv_sec) + static_cast<double>(used.ru_utime.tv_usec) / 1e6;
        cost.cut = !analysis.limits.empty();
        _exit(write(ends[1], &cost, sizeof cost) == sizeof cost ? 0 : 1);
    }
    Cost cost;
    close(ends[1]);
    if (read(ends[0], &cost, sizeof cost) != sizeof cost) cost.seconds = 99;
    close(ends[0]);
    waitpid(child, nullptr, 0);
    return cost;
}

TEST(Hostile, FilesCostAtMostTwoSecondsAnd64MiB) {
#ifdef ASCRIBE_SANITIZED
    GTEST_SKIP() << "sanitizers cost memory of their own";
#endif
    auto expect = [](const char* path, const std::string& text, bool cut) {
        auto cost = cost_of(path, text);
        auto what = std::string(path) + " " + text.substr(0, 60);
        EXPECT_LE(cost.memory, kMostMemory) << what;
        EXPECT_LE(cost.seconds, kMostSeconds) << what;
        EXPECT_TRUE(cost.cut || !cut) << what;
    };
    for (const Trap& trap : kTraps) expect(trap.path, filled(trap), trap.cut);
    expect("a.php", nested(), true);
    expect("a.jsp", types_and_calls(), false);
    expect("a.jsp", members_and_methods(), true);
    expect("a.jsp",
           letters_of_a_long_text("<% String s=\"", "\";String t=\"\";for(int i=0;i<200000;i++){t+=s.charAt(i);} %>"),
           true);
    expect("a.asp",
           letters_of_a_long_text("<% a=\"\xE9", "\"\nb=a&1\nc=a&2\nx=Mid(a,5,1)\nx=Mid(b,5,1)\nx=Mid(c,5,1) %>"),
           false);
}

// Whoever fills a page up so that reading ends before his line was told benign, and of a page longer than the limit not
// even that it was cut.
TEST(Hostile, AShellBehindMoreThanIsReadIsNotBenign) {
    std::string padding;
    for (int i = 0; padding.size() < 8 << 20; ++i) padding += "$v" + std::to_string(i % 97) + " = 1;\n";
    auto analysis = examine("a.php", "<?php\n" + padding + "eval($_POST['x']);\n");
    EXPECT_EQ(analysis.verdict, Verdict::suspicious);
    EXPECT_EQ(analysis.reasons.front().name, "context.unread");
    EXPECT_EQ(examine("a.php", "<?php\n" + padding).verdict, Verdict::benign);

    auto comment = "<?php /*" + std::string(kScriptBytes, 'a') + "*/ ";
    auto behind = examine("a.php", comment + "eval($_POST['x']);");
    EXPECT_EQ(behind.verdict, Verdict::suspicious);
    EXPECT_EQ(behind.limits, std::vector<std::string>{"script.bytes"});
}

// Work that harmless code takes up is not there for the line behind it: each of these was told benign.
TEST(Hostile, AShellBehindWorkThatIsNotDoneIsNotBenign) {
    auto verdict_of = [](const std::string& before, const std::string& behind) {
        return examine("a.php", "<?php " + before + behind).verdict;
    };
    auto many = [](std::string_view piece) {
        std::string text;
        for (int i = 0; i < 3'000; ++i) text += piece;
        return text;
    };
    for (const auto& before : {"$s = str_repeat('a', 1000000);" + many("$t = str_replace('a', 'b', $s);"),
                               "$s = str_repeat('a', 9000);" + many("preg_match('/b+/', $s);"),
                               "$s = str_repeat('a,', 50000);" + many("$t = explode(',', $s);")}) {
        EXPECT_EQ(verdict_of(before, "eval($_POST['x']);"), Verdict::suspicious) << before.substr(0, 60);
        EXPECT_EQ(verdict_of(before, ""), Verdict::benign) << before.substr(0, 60);
    }
    std::string layers;
    for (int i = 0; i < 200; ++i) layers += "eval('$a=" + std::to_string(i) + ";');";
    EXPECT_NE(verdict_of(layers, "eval(base64_decode('ZXZhbCgkX1BPU1RbJ3gnXSk7'));"), Verdict::benign);
}

// Servers run each of these, and the prefilter passed over them.
TEST(Hostile, WhatAServerRunsIsRead) {
    using namespace std::string_literals;
    for (const auto& text : {"\0<?php /*\xE9*/ system($_GET['c']);"s, "MZ<?php system($_GET['c']);"s,
                             "<script"s + std::string(200, ' ') + "language=php>system($_GET['c']);</script>",
                             "<?php system(end(current(get_defined_vars())));"s})
        EXPECT_TRUE(may_matter("a.php", text)) << text;
    EXPECT_TRUE(may_matter("a.jsp", "${param.c}"));
    EXPECT_TRUE(may_matter("a.jspx", "<a:scriptlet>x();</a:scriptlet>"));
    EXPECT_TRUE(may_matter("a.asp", "<script " + std::string(400, ' ') + "runat=server>x</script>"));
}

// In three MB of a picture "<%" stands by chance: what is PHP was read as ASP.
TEST(Hostile, ALongPictureWithPhpIsPhp) {
    std::string picture = "\xFF\xD8\xFF\xE0JFIF";
    std::uint32_t state = 1;
    for (int i = 0; i < 3 << 20; ++i) picture += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
    ASSERT_NE(picture.find("<%"), std::string::npos);
    auto analysis = examine("a.jpg", picture + "<?php system($_GET['c']); ?>");
    EXPECT_EQ(analysis.platform, Platform::php);
    EXPECT_EQ(analysis.verdict, Verdict::malicious);
}

}  // namespace
}  // namespace ascribe::shells::test
