// Ways in which shells are built, and pages that ordinary sites have: shapes/EXTENSION.hex holds the ones, encoded and
// inert, clean/ the others as they are, some in hexadecimal.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "support.hpp"

namespace ascribe::shells::test {
namespace {

namespace fs = std::filesystem;
const fs::path kFolder = fs::path(ASCRIBE_TEST_DIR) / "shells";

/// Of each it is written whether it is found: "#" before its name, or "?" where the analyser does not see through it
/// yet. One that is found from now on must be marked so.
TEST(Pages, ShapesOfShellsAreFoundAsWritten) {
    std::size_t shapes = 0, found = 0;
    for (const auto& file : fs::directory_iterator(kFolder / "shapes")) {
        std::ifstream in(file.path());
        for (std::string line; std::getline(in, line);) {
            if (line.empty() || line.front() == '#') continue;
            auto end = line.find("  ");
            ASSERT_LT(end + 4, line.size());
            auto name = line.substr(end + 4);
            bool expected = line[end + 2] == '#';
            bool is = examine(name, from_hex(line.substr(0, end))).verdict == Verdict::malicious;
            EXPECT_EQ(is, expected) << name << (is ? ": is found, mark it so" : ": is not found any more");
            ++shapes;
            found += is ? 1 : 0;
        }
    }
    EXPECT_GE(shapes, 520u);
    EXPECT_GE(found, 500u);
}

TEST(Pages, OrdinaryOnesAreNoShells) {
    std::size_t pages = 0;
    for (const auto& file : fs::directory_iterator(kFolder / "clean")) {
        std::ifstream in(file.path(), std::ios::binary);
        std::ostringstream text;
        text << in.rdbuf();
        auto name = file.path().filename().string();
        auto page = text.str();
        if (name.ends_with(".hex")) {  // it quotes what scanners look for
            name.resize(name.size() - 4);
            page = from_hex(page.substr(0, page.find('\n')));
        }
        EXPECT_NE(examine(name, page).verdict, Verdict::malicious) << name;
        ++pages;
    }
    EXPECT_GE(pages, 475u);
}

}  // namespace
}  // namespace ascribe::shells::test
