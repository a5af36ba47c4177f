// The cache of compiled rules: the same rules with and without it, and a file that was spoiled or is not ours is as
// good as none.
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "detect/sigma/cache.hpp"
#include "detect/sigma/matcher.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {
namespace {

constexpr std::string_view kRules = R"(
title: Folder and &anchor
id: one
logsource: {product: windows, category: process_creation}
detection:
    shared: &shared {Image|endswith: ['\cmd.exe', '\pwsh.exe'], CommandLine|contains: ' /c whoami'}
    again: *shared
    odd: {CommandLine|re: 'a{2,3}b.*c', ParentImage: null}
    condition: shared and again or odd
level: high
---
title: Many
id: two
correlation: {type: event_count, rules: [one], group-by: [host], timespan: 5m, condition: {gte: 2.5}}
---
title: Not this one
condition: [
)";

struct CacheFile : ::testing::Test {
    void SetUp() override { std::filesystem::create_directories(folder); }
    void TearDown() override { std::filesystem::remove_all(folder); }

    std::string read() const {
        std::ifstream in(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(in), {}};
    }
    void write(std::string_view bytes) const {
        std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        chmod(path.c_str(), S_IRUSR | S_IWUSR);
    }
    /// What is known of the rules, as text.
    static std::string load(Cache& cache) {
        auto loaded = read_rules(kRules, "rules.yml", {}, &cache);
        auto rules = RuleSet::compile(std::move(loaded), builtin_sources().value(), &cache);
        std::string out;
        for (const Rule& rule : rules->rules()) {
            out += rule.title + "|" + rule.id + "|" + rule.level;
            for (const Item& item : rule.items) {
                out += "\n " + item.field;
                for (const Value& value : item.values) out += " " + value.key;
            }
            if (rule.correlation) out += "\n " + std::to_string(rule.correlation->bounds.at(0).number);
            out += "\n";
        }
        for (const Refusal& refusal : rules->refusals()) out += refusal.title + refusal.reason + "\n";
        return out;
    }

    std::string folder = ::testing::TempDir() + "/ascribe-cache-" + std::to_string(getpid());
    std::string path = folder + "/rules";
};

TEST_F(CacheFile, GivesTheSameRules) {
    Cache none;
    auto expected = load(none);
    EXPECT_NE(expected.find("Many|two"), std::string::npos) << expected;
    Cache fresh = Cache::open(path);
    EXPECT_EQ(load(fresh), expected);
    ASSERT_TRUE(fresh.save());
    auto bytes = read();
    Cache kept = Cache::open(path);
    EXPECT_EQ(load(kept), expected);
    EXPECT_TRUE(kept.save());
    EXPECT_EQ(read(), bytes) << "nothing was new, yet it was written";
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "left something behind";
}

TEST_F(CacheFile, AKeyFindsOnlyWhatItWasMadeFor) {
    Cache cache = Cache::open(path);
    cache.keep(Cache::key("a", "b"), "bytes");
    EXPECT_EQ(cache.find(Cache::key("a", "b")), "bytes");
    EXPECT_FALSE(cache.find(Cache::key("b", "a")));
    EXPECT_FALSE(cache.find(Cache::key("ab", "")));
}

TEST_F(CacheFile, AnyByteSpoiledIsAsGoodAsNone) {
    Cache cache = Cache::open(path);
    cache.keep(Cache::key("a", "b"), "something");
    ASSERT_TRUE(cache.save());
    auto whole = read();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto spoiled = whole;
        spoiled[i] = static_cast<char>(spoiled[i] ^ 1);
        write(spoiled);
        EXPECT_FALSE(Cache::open(path).find(Cache::key("a", "b"))) << "byte " << i;
        write(whole.substr(0, i));
        EXPECT_FALSE(Cache::open(path).find(Cache::key("a", "b"))) << "cut at " << i;
    }
}

TEST_F(CacheFile, WrittenByOthersIsNotUsed) {
    Cache cache = Cache::open(path);
    cache.keep(Cache::key("a", "b"), "something");
    ASSERT_TRUE(cache.save());
    chmod(path.c_str(), S_IRUSR | S_IWUSR | S_IWOTH);
    EXPECT_FALSE(Cache::open(path).find(Cache::key("a", "b")));
    std::filesystem::rename(path, path + ".real");
    std::filesystem::create_symlink(path + ".real", path);
    chmod((path + ".real").c_str(), S_IRUSR | S_IWUSR);
    EXPECT_FALSE(Cache::open(path).find(Cache::key("a", "b"))) << "followed a link";
}

/// Entries whose digest holds but which say nonsense: made again.
TEST_F(CacheFile, NonsenseUnderTheRightKeyIsMadeAgain) {
    Cache none;
    auto expected = load(none);
    Cache fresh = Cache::open(path);
    load(fresh);
    ASSERT_TRUE(fresh.save());
    auto whole = read();
    auto body = whole.substr(whole.find('\n') + 1 + sizeof(Digest));
    for (std::size_t i = 4 + 32; i < body.size(); i += 7) {
        auto spoiled = body;
        spoiled[i] = static_cast<char>(spoiled[i] ^ 0x55);
        auto digest = sha256(std::string_view(spoiled));
        write(whole.substr(0, whole.find('\n') + 1) +
              std::string(reinterpret_cast<const char*>(digest.data()), digest.size()) + spoiled);
        Cache cache = Cache::open(path);
        (void)load(cache);  // may differ where a text was changed; must not crash or hang
    }
}

}  // namespace
}  // namespace ascribe::sigma
