// Golden files of disguises: layers/NAME.in.hex (of PHP, where the name has no extension) is a page (in hexadecimal,
// and with an unmatched bracket at its end, so that nothing runs it), layers/NAME.out what must be told of it: each
// line is found in the analysis as text (tell.hpp), and what follows "no " is not.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "shells/analyse.hpp"
#include "tell.hpp"

namespace ascribe::shells::test {
namespace {

std::string read(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::string from_digits(std::string digits) {
    std::erase_if(digits, [](char c) { return c == '\n' || c == '\r'; });
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
    return bytes;
}

TEST(Layers, EachDisguiseIsUndone) {
    std::size_t cases = 0;
    for (const auto& entry : std::filesystem::directory_iterator(ASCRIBE_TEST_DIR "/shells/layers")) {
        auto name = entry.path().filename().string();
        if (!name.ends_with(".in.hex")) continue;
        ++cases;
        auto base = name.substr(0, name.size() - 7);
        auto path = base.find('.') == std::string::npos ? base + ".php" : base;
        auto told = tell(analyse(path, from_digits(read(entry.path()))));
        std::istringstream wanted(read(entry.path().parent_path() / (base + ".out")));
        for (std::string line; std::getline(wanted, line);)
            if (line.starts_with("no "))
                EXPECT_EQ(told.find(line.substr(3)), std::string::npos) << base << " has: " << line << "\n" << told;
            else
                EXPECT_NE(told.find(line), std::string::npos) << base << " lacks: " << line << "\n" << told;
    }
    EXPECT_GE(cases, 30u);
}

/// What a hostile page costs is bounded, and what was cut is named.
TEST(Layers, HostilePagesAreCutAndSaySo) {
    auto big = std::string(10 << 20, '(');
    auto statements = std::string("<?php ");
    while (statements.size() < (10 << 20)) statements += "$a=$a.$b;";
    auto endless = std::string("<?php $i=0; while(true){ $i++; if($i<0) break; $s.='x'; } system($_GET['c']);");
    auto doubling = std::string("<?php $a='x'; for($i=0;$i<99;$i++){ $a.=$a; } system($_GET['c']);");
    auto again = std::string("<?php function f($a){ return f($a.'x').f($a.'y'); } f('z'); system($_GET['c']);");
    auto evaluates = std::string("<?php $x='eval($x.\"1;\");'; eval($x); system($_GET['c']);");
    for (const auto& text : {"<?php " + big, statements, endless, doubling, again, evaluates}) {
        auto analysis = analyse("a.php", text);
        EXPECT_FALSE(analysis.limits.empty()) << text.substr(0, 60);
    }
}

/// A payload written in thousands of pieces costs its length, not its square.
TEST(Layers, TextInManyPieces) {
    std::string text = "<?php $p = ''";
    for (int i = 0; i < 4000; ++i) text += " . '" + std::string(40, static_cast<char>('a' + i % 26)) + "'";
    text +=
        " . '|'; $q = ''; for ($i = 0; $i < strlen($p); $i += 40) { $q .= $p[$i]; } "
        "$f = $q[18] . $q[24] . $q[18] . $q[19] . $q[4] . $q[12]; $f($_GET['c']); ?>\n<?php ) ?>";
    auto analysis = analyse("a.php", text);
    EXPECT_TRUE(analysis.limits.empty());
    EXPECT_NE(tell(analysis).find("flow command from request"), std::string::npos);
}

/// A decoder that puts every letter before what it has costs the length of the text, not its square.
TEST(Layers, TextsGrowAtEitherEnd) {
    std::string reversed(60'000, '\'');
    reversed.insert(0, ")`c`(tseuqer etucexe|");
    auto decoder = "<%\ns = \"" + reversed +
                   "\"\nfor i = 1 to len(s)\nt = mid(s, i, 1) & t\nnext\n"
                   "execute replace(replace(t, \"|\", vbcrlf), \"`\", chr(34))\n%>";
    auto told = tell(analyse("a.asp", decoder));
    EXPECT_NE(told.find("flow code from request whole"), std::string::npos) << told.substr(0, 400);
    EXPECT_EQ(told.find("limit"), std::string::npos);
}

/// However a long decoder keeps what it has so far: in its own text, in an object's, in a list, or in the coded text.
TEST(Layers, LongDecodersRunToTheirEnd) {
    std::string plain = std::string(6000, ' ') + "system($_GET['c']);", coded;
    for (char c : plain) coded += fmt::format("{:02x}", static_cast<unsigned>(c));
    auto begin = "<?php class K { public $t = ''; function add($c) { $this->t .= $c; } }\n$s = '" + coded + "'; ";
    for (std::string_view loop :
         {"$t = ''; for ($i = 0; $i < strlen($s); $i += 2) { $t .= chr(hexdec(substr($s, $i, 2))); } eval($t);",
          "$k = new K; for ($i = 0; $i < strlen($s); $i += 2) { $k->add(chr(hexdec($s[$i] . $s[$i + 1]))); } "
          "eval($k->t);",
          "$l = []; for ($i = 0; $i < strlen($s); $i += 2) { $l[] = chr(hexdec($s[$i] . $s[$i + 1])); } "
          "eval(implode('', $l));",
          "$i = 0; while (true) { if ($i >= strlen($s)) break; $t .= chr(hexdec($s[$i] . $s[$i + 1])); $i += 2; } "
          "eval($t);",
          "$u = hex2bin($s); for ($i = 0; $i < strlen($u); ++$i) { $u[$i] = chr(ord($u[$i]) ^ 1); }"
          "for ($i = 0; $i < strlen($u); ++$i) { $u[$i] = chr(ord($u[$i]) ^ 1); } eval($u);"}) {
        auto told = tell(analyse("a.php", begin + std::string(loop) + "\n) ?>"));
        EXPECT_NE(told.find("flow command from request"), std::string::npos) << loop << "\n" << told.substr(0, 400);
    }
}

/// A loop or call that only goes round costs a few rounds: what comes behind it is told, and no limit is met.
TEST(Layers, WhatGoesRoundIsLeft) {
    for (std::string_view round :
         {"while (true) { $a = 'x'; $a .= 'y'; $a = ''; }",                          // does and undoes
          "$i = 0; while (true) { $i++; $a .= 'x'; if ($_GET['n'] == $i) break; }",  // who knows when it ends
          "function f($n) { while (1) { $i++; if (g($n)) { return $i; } } } f($_GET['n']);",
          "class A { function __get($n) { return $this->$n . $this->b . $this->c; } } $a = new A; $b = $a->x;",
          "function t($n) { if (h($n)) { return t(h($n)) . t(i($n)) . t(j($n)) . t(k($n)); } } t($_GET['n']);"}) {
        auto told = tell(analyse("a.php", "<?php " + std::string(round) + " system($_GET['c']);\n) ?>"));
        EXPECT_NE(told.find("flow command from request"), std::string::npos) << round;
        EXPECT_EQ(told.find("limit"), std::string::npos) << round << "\n" << told.substr(0, 400);
    }
}

TEST(Layers, SameTwice) {
    auto text = from_digits(read(ASCRIBE_TEST_DIR "/shells/layers/destructor.in.hex"));
    EXPECT_EQ(tell(analyse("a.php", text)), tell(analyse("a.php", text)));
}

}  // namespace
}  // namespace ascribe::shells::test
