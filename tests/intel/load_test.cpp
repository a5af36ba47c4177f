// The reference data, compiled in and from a directory: what is known is found, what is wrong is named.
#include "intel/load.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "intel/files.hpp"

namespace ascribe {
namespace {

namespace fs = std::filesystem;

const Vulnerability& named(const Intel& intel, std::string_view cve) {
    auto at = std::ranges::find(intel.vulnerabilities, cve, &Vulnerability::cve);
    EXPECT_NE(at, intel.vulnerabilities.end()) << cve;
    return *at;
}

/// A copy of the product's intel/ to spoil.
class Copy {
public:
    Copy() {
        auto pattern = testing::TempDir() + "ascribe-intel-XXXXXX";
        path_ = mkdtemp(pattern.data());
        fs::copy(ASCRIBE_ROOT "/intel", path_, fs::copy_options::recursive);
    }
    ~Copy() { fs::remove_all(path_); }
    Copy(const Copy&) = delete;
    Copy& operator=(const Copy&) = delete;
    void write(const std::string& name, std::string_view text) const { std::ofstream(path_ + "/" + name) << text; }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

/// How often a key stands in the files whose names begin with `name`: once a row, so rows are counted without our
/// loader.
std::size_t count_in_files(std::string_view name, std::string_view key) {
    std::size_t count = 0;
    for (const auto& [file, text] : builtin_intel_files())
        if (file.starts_with(name))
            for (auto at = text.find(key); at != std::string::npos; at = text.find(key, at + 1)) ++count;
    return count;
}

TEST(Intel, HoldsEveryRowOfTheFiles) {
    auto intel = builtin_intel();
    EXPECT_EQ(intel.builds.size(), count_in_files("builds.json", "\"security_update\":"));
    EXPECT_EQ(intel.vulnerabilities.size(), count_in_files("vulnerabilities/", "\"cve\":"));
    EXPECT_EQ(intel.indicators.size(), count_in_files("indicators.json", "\"confidence\":"));
    EXPECT_EQ(intel.actors.size(), count_in_files("actors.json", "\"basis\":"));
    // As many as there were in August 2026: rows are corrected and added, not lost.
    EXPECT_GE(intel.builds.size(), 365u);
    EXPECT_GE(intel.vulnerabilities.size(), 55u);
    EXPECT_GE(intel.indicators.size(), 518u);
    EXPECT_GE(intel.actors.size(), 30u);
    EXPECT_TRUE(intel.stock_pages.contains("owa/auth/logon.aspx"));
    EXPECT_TRUE(intel.stock_names.contains("timeoutlogout.aspx"));
    EXPECT_FALSE(intel.stock_names.contains("timeoutlogoff.aspx"));
}

TEST(Intel, KnowsTheFirstFixedBuildOfProxyLogonOn2016Cu18) {
    auto intel = builtin_intel();
    const Vulnerability& proxylogon = named(intel, "CVE-2021-26855");
    EXPECT_TRUE(std::ranges::any_of(
        proxylogon.fixed_in, [](const FirstFixed& fixed) { return fixed.build == parse_build("15.1.2106.13"); }));
    EXPECT_EQ(proxylogon.window_opens(), make_time(2021, 1, 3));  // Volexity: first known exploitation
    EXPECT_EQ(proxylogon.products, (std::vector<std::string>{"2013", "2016", "2019"}));
    EXPECT_TRUE(proxylogon.build_decides);
    EXPECT_FALSE(named(intel, "CVE-2024-21410").build_decides);  // Extended Protection decides
}

TEST(Intel, FindsIndicatorsWithTheirConfidence) {
    auto intel = builtin_intel();
    const Indicator* address = intel.find("ip", "103.77.192.219");
    ASSERT_NE(address, nullptr);
    EXPECT_EQ(address->confidence, Confidence::medium);
    EXPECT_EQ(intel.find("ip", "192.0.2.1"), nullptr);
}

TEST(Intel, ADirectoryReplacesTheBuiltIn) {
    Copy copy;
    auto intel = load_intel(copy.path());
    ASSERT_TRUE(intel.has_value()) << intel.error();
    EXPECT_EQ(intel->builds.size(), builtin_intel().builds.size());
    EXPECT_EQ(intel->origin, copy.path());
}

struct Spoilt {
    const char *file, *text, *says;
};

class SpoiltIntel : public testing::TestWithParam<Spoilt> {};

TEST_P(SpoiltIntel, IsNamed) {
    Copy copy;
    copy.write(GetParam().file, GetParam().text);
    auto intel = load_intel(copy.path());
    ASSERT_FALSE(intel.has_value());
    EXPECT_NE(intel.error().find(GetParam().file), std::string::npos) << intel.error();
    EXPECT_NE(intel.error().find(GetParam().says), std::string::npos) << intel.error();
}

INSTANTIATE_TEST_SUITE_P(
    Files, SpoiltIntel,
    testing::Values(
        Spoilt{"builds.json", "{", "is not JSON"}, Spoilt{"builds.json", "{}", "has no list"},
        Spoilt{"builds.json", R"({"builds":[{"product":"x","build":"15.1","source":"s"}]})", "is no build"},
        Spoilt{"manifest.json", R"({"version":"1","as_of":"yesterday"})", "is no date"},
        Spoilt{"indicators.json", R"({"indicators":[{"type":"ip","value":"1","source":"s","confidence":"sure"}]})",
               "low, medium or high"},
        Spoilt{
            "vulnerabilities/CVE-2021-26855.json",
            R"({"cve":"CVE-2021-26855","family":"f","source":"s","fixed_in":[{"product":"p","update":"u","build":"15.1.9999.1"}]})",
            "is not in builds.json"},
        Spoilt{"stock/pages.tsv", "only one cell\n", "is not a path"}));

TEST(Intel, AMissingDirectoryIsASentence) {
    auto intel = load_intel("/no/such/intel");
    ASSERT_FALSE(intel.has_value());
    EXPECT_NE(intel.error().find("/no/such/intel"), std::string::npos);
}

TEST(Intel, WarnsWhenItIsOld) {
    auto intel = builtin_intel();
    EXPECT_TRUE(intel_note(intel, intel.as_of + std::chrono::days(kIntelStaleDays)).warning.empty());
    EXPECT_FALSE(intel_note(intel, intel.as_of + std::chrono::days(kIntelStaleDays + 1)).warning.empty());
}

}  // namespace
}  // namespace ascribe
