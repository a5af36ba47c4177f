// The list of detectors is complete: every detector defined in src/detect stands in all.cpp, and names are not used
// twice.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "detect/all.hpp"

namespace ascribe {
namespace {

std::string text_of(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
}

TEST(Detectors, AreAllListed) {
    auto folder = std::filesystem::path(ASCRIBE_ROOT) / "src/detect";
    auto list = text_of(folder / "all.cpp");
    list.erase(0, list.find("std::span<const Detector> detectors()"));
    std::size_t defined = 0;
    constexpr std::string_view kDefinition = "\nextern const Detector ";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".cpp" || entry.path().filename() == "all.cpp") continue;
        auto text = text_of(entry.path());
        for (auto at = text.find(kDefinition); at != std::string::npos; at = text.find(kDefinition, at + 1)) {
            auto begin = at + kDefinition.size();
            auto name = text.substr(begin, text.find_first_of(" =\n;", begin) - begin);
            ++defined;
            EXPECT_NE(list.find(name), std::string::npos)
                << name << " of " << entry.path().filename() << " is not in all.cpp";
        }
    }
    EXPECT_EQ(defined, detectors().size());
}

TEST(Detectors, HaveNamesOfTheirOwnAndSayWhatTheyRead) {
    std::set<std::string_view> names;
    for (const Detector& detector : detectors()) {
        EXPECT_TRUE(names.insert(detector.name).second) << detector.name;
        EXPECT_NE(detector.name.find('.'), std::string_view::npos) << detector.name << " is not area.what_was_seen";
        EXPECT_FALSE(detector.about.empty()) << detector.name;
        EXPECT_FALSE(detector.reads.empty()) << detector.name;
    }
}

}  // namespace
}  // namespace ascribe
