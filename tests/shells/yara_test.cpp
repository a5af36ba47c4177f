// A user's YARA rules: what cannot be used is named with its reason, what libyara looks at in part is counted, and the
// rest hits.
#include "shells/yara.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ascribe::shells::test {
namespace {

class Rules : public testing::Test {
protected:
    Rules() : folder_(testing::TempDir() + "yara_rules_" + std::to_string(getpid())) {
        std::filesystem::remove_all(folder_);
        std::filesystem::create_directories(folder_);
    }
    ~Rules() override { std::filesystem::remove_all(folder_); }
    std::string file(const std::string& name, std::string_view text) const {
        std::ofstream(folder_ + "/" + name) << text;
        return folder_ + "/" + name;
    }
    std::string folder_;
};

TEST_F(Rules, ABrokenFileIsNamedAndTheOthersHit) {
    file("broken.yar", "rule broken { strings: $a = \"x\" condition: $b }\n");
    file("good.yara", "rule good { strings: $a = \"eval\" condition: $a }\n");
    file("notes.txt", "no rules");
    auto rules = YaraRules::read({folder_});
    ASSERT_TRUE(rules.has_value()) << rules.error();
    EXPECT_EQ((*rules)->count(), 1u);
    bool named = false;
    for (const RuleNote& note : (*rules)->notes())
        named = named || (note.refused && note.file.ends_with("broken.yar") && note.line == 1);
    EXPECT_TRUE(named);
    EXPECT_EQ((*rules)->scan("a.php", "<?php eval(1);").rules, std::vector<std::string>{"good"});
    EXPECT_TRUE((*rules)->scan("a.php", "<?php echo 1;").rules.empty());
}

// They were counted only where a string stood alone on its line.
TEST_F(Rules, ExpressionsWithoutABoundAreCountedWhereverTheyStand) {
    auto given = file("a.yar",
                      "rule a { strings: $a = /fo+bar/ $b=/x[*+]y\\*/ condition: any of them }\n"
                      "rule b {\n  strings:\n    $a = /a.*b/s\n    $b = /a{2,}b/\n    $c = \"a/.*/\"\n"
                      "  condition:\n    any of them\n}\n");
    auto rules = YaraRules::read({given});
    ASSERT_TRUE(rules.has_value()) << rules.error();
    EXPECT_EQ((*rules)->windowed(), 3u);
}

// The reason was said to stand above, where nothing stood.
TEST_F(Rules, WhereNothingIsLeftTheReasonIsSaid) {
    auto refused = YaraRules::read({file("broken.yar", "rule broken { condition: $b }\n")});
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().find("broken.yar line 1: "), std::string::npos) << refused.error();
    auto none = YaraRules::read({folder_ + "/empty_folder"});
    EXPECT_FALSE(none.has_value());
}

// A rule that loops took the hits of all others with it and had no name.
TEST_F(Rules, ASlowRuleIsNamedAndTheOthersHit) {
    file("a.yar",
         "rule first { strings: $a = \"eval\" condition: $a }\n"
         "rule looping { condition: for all i in (0..filesize - 1) : (for all j in (0..filesize - 1) : (uint8(i) + "
         "uint8(j) < "
         "999)) }\n"
         "rule leaning { condition: first }\n"
         "rule last { strings: $a = \"echo\" condition: $a }\n");
    auto rules = YaraRules::read({folder_});
    ASSERT_TRUE(rules.has_value()) << rules.error();
    std::string page = "<?php echo eval(1);";
    page.resize(200'000, ' ');
    for (int file = 0; file < 2; ++file) {  // the second with what the first one taught
        auto result = (*rules)->scan("a.php", page);
        EXPECT_EQ(result.rules, (std::vector<std::string>{"first", "leaning", "last"}));
        EXPECT_EQ(result.slow, std::vector<std::string>{"looping"});
        EXPECT_FALSE(result.timed_out);
    }
    auto small = (*rules)->scan("b.php", "<?php echo 1;");
    EXPECT_EQ(small.rules, (std::vector<std::string>{"looping", "last"}));
    EXPECT_TRUE(small.slow.empty());
}

}  // namespace
}  // namespace ascribe::shells::test
