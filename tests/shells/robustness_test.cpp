// The inert one-liners as they are, rewritten in one way each, and in three ways at once: understood all the same. And,
// where ASCRIBE_CLEAN names a folder of clean scripts: these rewritten alike are as quiet as before, and infected with
// the one-liners they are found.
#include <cstdlib>
#include <filesystem>
#include <map>

#include "mutator.hpp"
#include "support.hpp"

namespace ascribe::shells::test {
namespace {

struct Tally {
    std::size_t tried = 0, found = 0;
    std::map<std::string, std::size_t> missed;

    void add(const std::string& what, bool hit) {
        ++tried;
        found += hit ? 1 : 0;
        if (!hit) ++missed[what];
    }
    double share() const { return tried == 0 ? 0 : static_cast<double>(found) / static_cast<double>(tried); }
    std::string misses() const {
        std::string out;
        for (const auto& [what, count] : missed) out += "  " + std::to_string(count) + " " + what + "\n";
        return out;
    }
};

// The goal is 98 % in each of the three. These floors hold what was measured, so that no change loses ground unseen;
// they may only be raised.
constexpr double kFloorAsTheyAre = 1.0, kFloorOneWay = 0.999, kFloorThreeWays = 0.999;

// Classic ASP, ASP.NET and JSP have reached it, each for itself.
constexpr double kGoal = 0.98;
constexpr const char* kReached[] = {"asp", "aspx", "jsp"};

void expect_reached(const std::map<std::string, Tally>& languages) {
    for (const char* language : kReached)
        EXPECT_GE(languages.at(language).share(), kGoal) << language << "\n" << languages.at(language).misses();
}

/// So that docs/webshells.md can quote a run: `test_shells --gtest_filter='Robustness.*' --gtest_output=json:FILE`.
void record(const Tally& tally) {
    testing::Test::RecordProperty("found", static_cast<int>(tally.found));
    testing::Test::RecordProperty("tried", static_cast<int>(tally.tried));
}

bool is_found(const std::string& path, const std::string& text) {
    return examine(path, text).verdict == Verdict::malicious;
}

TEST(Robustness, OneLinersAsTheyAre) {
    Tally tally;
    std::map<std::string, Tally> languages_found;
    for (const OneLiner& one : one_liners()) {
        bool hit = is_found(one.path(), one.text);
        tally.add(one.language + ": " + one.what, hit);
        languages_found[one.language].add(one.what, hit);
    }
    expect_reached(languages_found);
    record(tally);
    EXPECT_EQ(tally.tried, languages().size() * 20);
    EXPECT_GE(tally.share(), kFloorAsTheyAre) << tally.misses();
}

TEST(Robustness, ThereAreThirtyRewritings) {
    EXPECT_GE(mutations().size(), 30u);
    std::map<std::string_view, std::size_t> uses;
    for (const OneLiner& one : one_liners())
        for (const Mutation& mutation : mutations()) {
            Random random(7);
            uses[mutation.name] += mutation.apply(one.language, one.text, random).empty() ? 0 : 1;
        }
    for (const Mutation& mutation : mutations()) EXPECT_GE(uses[mutation.name], 3u) << mutation.name;
}

TEST(Robustness, RewrittenInOneWay) {
    Tally by_way, by_language;
    std::map<std::string, Tally> languages_found;
    for (const OneLiner& one : one_liners())
        for (const Mutation& mutation : mutations()) {
            Random random(1);
            auto text = mutation.apply(one.language, one.text, random);
            if (text.empty()) continue;
            bool hit = is_found(one.path(), text);
            by_way.add(std::string(mutation.name), hit);
            by_language.add(one.language + ": " + one.what, hit);
            languages_found[one.language].add(one.what, hit);
        }
    expect_reached(languages_found);
    record(by_way);
    EXPECT_GE(by_way.share(), kFloorOneWay) << by_way.found << " of " << by_way.tried << "\n"
                                            << by_way.misses() << by_language.misses();
}

TEST(Robustness, RewrittenInThreeWaysAtOnce) {
    Tally tally;
    std::map<std::string, Tally> languages_found;
    unsigned seed = 0;
    for (const OneLiner& one : one_liners()) {
        Random random(++seed);
        for (int round = 0; round < 10; ++round) {
            auto text = one.text;
            std::string ways = one.language;
            for (int way = 0; way < 3;) {
                const Mutation& mutation = mutations()[random() % mutations().size()];
                auto next = mutation.apply(one.language, text, random);
                if (next.empty() && one.language != "cfm") continue;
                ++way;
                if (next.empty()) continue;
                text = next;
                ways += ", " + std::string(mutation.name);
            }
            bool hit = is_found(one.path(), text);
            tally.add(ways, hit);
            languages_found[one.language].add(ways, hit);
        }
    }
    expect_reached(languages_found);
    record(tally);
    EXPECT_GE(tally.share(), kFloorThreeWays) << tally.found << " of " << tally.tried << "\n" << tally.misses();
}

struct CleanFile {
    std::string name, language, text;
};

/// The scripts of the folder that ASCRIBE_CLEAN names, by name: none without it.
const std::vector<CleanFile>& clean_files() {
    namespace fs = std::filesystem;
    static const std::vector<CleanFile> files = [] {
        std::vector<CleanFile> found;
        const char* folder = std::getenv("ASCRIBE_CLEAN");
        if (folder == nullptr) return found;
        for (const auto& entry : fs::recursive_directory_iterator(folder)) {
            auto language = entry.path().extension().string();
            language.erase(0, 1);
            bool is_known = std::ranges::find(languages(), language) != languages().end();
            if (!entry.is_regular_file() || !is_known || entry.file_size() > (256 << 10)) continue;
            std::ifstream in(entry.path(), std::ios::binary);
            found.push_back({entry.path().filename().string(), language, {std::istreambuf_iterator<char>(in), {}}});
        }
        std::ranges::sort(found, {}, &CleanFile::name);
        return found;
    }();
    return files;
}

#define SKIP_WITHOUT_CLEAN_FILES() \
    if (clean_files().empty()) GTEST_SKIP() << "ASCRIBE_CLEAN names no folder of clean scripts"

void expect_quiet(const Tally& quiet) {
    record(quiet);
    EXPECT_GT(quiet.share(), 0.999) << quiet.tried - quiet.found << " of " << quiet.tried << " flagged\n"
                                    << quiet.misses();
}

TEST(Robustness, CleanFilesRewritten) {
    SKIP_WITHOUT_CLEAN_FILES();
    Tally quiet;
    Random random(3);
    for (const CleanFile& file : clean_files()) {
        const Mutation& mutation = mutations()[random() % mutations().size()];
        auto next = mutation.apply(file.language, file.text, random);
        if (!next.empty()) quiet.add(std::string(mutation.name) + " " + file.language, !is_found(file.name, next));
    }
    expect_quiet(quiet);
}

TEST(Robustness, CleanFilesRewrittenInEveryWay) {
    SKIP_WITHOUT_CLEAN_FILES();
    if (std::getenv("ASCRIBE_EVERY_WAY") == nullptr) GTEST_SKIP() << "takes long: ASCRIBE_EVERY_WAY is not set";
    Tally quiet;
    for (const CleanFile& file : clean_files())
        for (const Mutation& mutation : mutations()) {
            Random random(3);
            auto next = mutation.apply(file.language, file.text, random);
            if (!next.empty()) quiet.add(std::string(mutation.name) + " " + file.language, !is_found(file.name, next));
        }
    expect_quiet(quiet);
}

/// A line in front of an application's own page, or behind it: how sites are infected.
TEST(Robustness, InfectedFiles) {
    SKIP_WITHOUT_CLEAN_FILES();
    constexpr std::size_t kFiles = 60;
    std::vector<const CleanFile*> pages;
    for (const CleanFile& file : clean_files())
        if (pages.size() < kFiles && file.language == "php" && !is_found(file.name, file.text)) pages.push_back(&file);
    Tally tally;
    for (const OneLiner& one : one_liners()) {
        if (one.language != "php") continue;
        for (const CleanFile* page : pages) {
            tally.add("in front: " + one.what, is_found(page->name, one.text + page->text));
            bool is_open = page->text.rfind("<?") != std::string::npos &&
                           page->text.find("?>", page->text.rfind("<?")) == std::string::npos;
            tally.add("behind: " + one.what, is_found(page->name, page->text + (is_open ? "\n?>\n" : "\n") + one.text));
        }
    }
    record(tally);
    EXPECT_GE(tally.share(), kGoal) << tally.found << " of " << tally.tried << "\n" << tally.misses();
}

}  // namespace
}  // namespace ascribe::shells::test
