// A case comes back from its file as it went in, and a spoilt file is a sentence.
#include "casefile/casefile.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <tuple>

#include "casefile/state.hpp"
#include "report/hostile_case.hpp"

namespace ascribe {
namespace {

class CaseFile : public testing::Test {
protected:
    void SetUp() override {
        auto pattern = testing::TempDir() + "ascribe-case-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        path_ = folder_ + "/case.ascribe";
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string read() const {
        std::ifstream file(path_, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    void write(std::string_view bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
    std::string folder_, path_;
};

TEST_F(CaseFile, RoundTrip) {
    auto original = test::hostile_case();
    ASSERT_TRUE(save_case(original, path_).has_value());
    auto loaded = load_case(path_);
    ASSERT_TRUE(loaded.has_value()) << loaded.error();
    EXPECT_EQ(pack(*loaded), pack(original));
    ASSERT_EQ(loaded->citations.size(), original.citations.size());
    EXPECT_EQ(loaded->citations.begin()->second.bytes, original.citations.begin()->second.bytes);
    EXPECT_EQ(loaded->citations.begin()->second.line, 12u);
    EXPECT_EQ(loaded->incidents[0].findings[0].statement, original.incidents[0].findings[0].statement);
    EXPECT_EQ(loaded->incidents[0].exposures[0].before_installation,
              original.incidents[0].exposures[0].before_installation);
}

TEST_F(CaseFile, ReplacesACaseAndNothingElse) {
    ASSERT_TRUE(save_case(test::hostile_case(), path_).has_value());
    EXPECT_TRUE(save_case(test::hostile_case(), path_).has_value());
    write("somebody's thesis");
    auto refused = save_case(test::hostile_case(), path_);
    ASSERT_FALSE(refused.has_value());
    EXPECT_NE(refused.error().find(path_), std::string::npos);
    EXPECT_EQ(read(), "somebody's thesis");
    for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(path_).parent_path()))
        EXPECT_FALSE(entry.path().string().starts_with(path_ + ".")) << entry.path();
}

TEST_F(CaseFile, SpoiltFilesAreRefusedNotBelieved) {
    ASSERT_TRUE(save_case(test::hostile_case(), path_).has_value());
    auto whole = read();
    for (std::size_t size = 0; size < whole.size(); size += 997) {
        write(std::string_view(whole).substr(0, size));
        std::ignore = load_case(path_);  // must not crash; most are refused
    }
    for (std::size_t at = 0; at < whole.size(); at += 131) {
        auto flipped = whole;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x40);
        write(flipped);
        std::ignore = load_case(path_);
    }
    write("not a case");
    EXPECT_FALSE(load_case(path_).has_value());
    EXPECT_FALSE(load_case(folder_ + "/none").has_value());
}

TEST_F(CaseFile, SpoiltStatesAreRefused) {
    auto state = pack(test::hostile_case());
    for (std::size_t size = 0; size < state.size(); ++size)
        EXPECT_FALSE(unpack(std::string_view(state).substr(0, size)).has_value()) << size;
    for (std::size_t at = 0; at < state.size(); ++at) {
        auto flipped = state;
        flipped[at] = static_cast<char>(flipped[at] ^ 0x80);
        std::ignore = unpack(flipped);
    }
}

}  // namespace
}  // namespace ascribe
