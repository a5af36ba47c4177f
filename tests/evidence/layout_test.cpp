// Names and where they belong, as a table in a file: path -> layout | group | Windows path. A path may hold \xNN.
#include "evidence/layout.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "base/text.hpp"

namespace ascribe {
namespace {

std::string unescape(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.substr(i, 2) == "\\x" && i + 4 <= text.size()) {
            out += static_cast<char>(std::strtol(std::string(text.substr(i + 2, 2)).c_str(), nullptr, 16));
            i += 3;
        } else {
            out += text[i];
        }
    }
    return out;
}

TEST(Layout, PlacesNamesAsTheTableSays) {
    std::ifstream file(ASCRIBE_TEST_DIR "/evidence/layout.txt");
    ASSERT_TRUE(file);
    std::string line;
    int cases = 0;
    while (std::getline(file, line)) {
        if (line.empty() || line[0] == '#') continue;
        auto arrow = line.find(" -> ");
        ASSERT_NE(arrow, std::string::npos) << line;
        auto placed = place(unescape(line.substr(0, arrow)));
        EXPECT_EQ(visible(placed.layout + " | " + placed.group + " | " + placed.windows_path), line.substr(arrow + 4))
            << line;
        ++cases;
    }
    EXPECT_GE(cases, 60);
}

TEST(Layout, LongNamesCostLittleAndGetNoPlace) {
    EXPECT_EQ(place(std::string("C/") + std::string(5'000, 'a')).windows_path, "");
    for (std::string_view piece :
         {"a!", "C/", "uploads/auto/", "Windows/", "x.zip!C/", "../", "%5C", "\\", "W3SVC1!"}) {
        std::string name;
        while (name.size() + piece.size() <= 4'096) name += piece;
        auto begin = std::chrono::steady_clock::now();
        place(name);
        EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(1)) << piece;
    }
}

}  // namespace
}  // namespace ascribe
