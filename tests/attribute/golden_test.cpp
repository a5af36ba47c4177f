// The cases an analyst would try first, as files: golden/NAME.in lists the threads and findings of one server, NAME.out
// is the page that the answer is. ASCRIBE_UPDATE=1 writes the .out files anew; read the difference before you keep it.
//
//   thread TAB id TAB first
//   finding TAB level TAB techniques TAB software TAB cve TAB indicator TAB what (a remark)
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "attribute/text.hpp"
#include "base/text.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> listed(std::string_view cell) {
    std::vector<std::string> out;
    for (auto part : split(cell, ','))
        if (!part.empty()) out.emplace_back(part);
    return out;
}

Incident incident_of(const std::string& text) {
    Incident incident;
    for (auto line : split(text, '\n')) {
        if (line.empty() || line.starts_with('#')) continue;
        auto cells = split(line, '\t');
        if (cells[0] == "thread") {
            auto first = parse_time(cells.at(2)).value();
            incident.threads.push_back({std::string(cells[1]), first, first, {}, {}, {}, {}});
            continue;
        }
        Thread& thread = incident.threads.at(incident.threads.size() - 1);
        Finding finding;
        finding.id = fmt::format("F-{:010x}", incident.findings.size());
        finding.level = cells.at(1) == "scan"      ? Level::scan
                        : cells.at(1) == "attempt" ? Level::attempt
                                                   : Level::success;
        finding.time = thread.first;
        finding.techniques = listed(cells.at(2));
        finding.software = listed(cells.at(3));
        finding.cves = listed(cells.at(4));
        finding.indicator = lower(cells.at(5));
        thread.findings.push_back(finding.id);
        incident.findings.push_back(std::move(finding));
    }
    return incident;
}

std::vector<ThreadAttribution> answers(const fs::path& in) {
    return attribute_threads(incident_of(read(in)), test::intel(), test::view(), test::model().weights,
                             {.names = &test::model().names});
}

fs::path sample(std::string_view name) { return fs::path(ASCRIBE_TEST_DIR "/attribute/golden") / name; }

TEST(Golden, PagesAreTheSame) {
    int seen = 0;
    for (const auto& entry : fs::directory_iterator(sample(""))) {
        if (entry.path().extension() != ".in") continue;
        std::string text;
        for (const ThreadAttribution& each : answers(entry.path())) text += page_of(each, Scale::phia);
        auto out = fs::path(entry.path()).replace_extension(".out");
        if (std::getenv("ASCRIBE_UPDATE") != nullptr) std::ofstream(out, std::ios::binary) << text;
        EXPECT_EQ(text, read(out)) << "ASCRIBE_UPDATE=1 writes " << out;
        ++seen;
    }
    EXPECT_EQ(seen, 3);
}

TEST(Golden, TheLabTraceNamesNobody) {
    for (const ThreadAttribution& a : answers(sample("lab-trace.in"))) {
        EXPECT_FALSE(a.named);
        EXPECT_EQ(a.soundness, Soundness::low);
        EXPECT_LT(a.actors[0].probability, kNamedFrom) << "techniques alone are at most a realistic possibility";
    }
}

TEST(Golden, HafniumOfMarch2021IsCarriedByOneItemThatIsTold) {
    auto all = answers(sample("hafnium-march-2021.in"));
    ASSERT_EQ(all.size(), 1u);
    EXPECT_TRUE(all[0].named);
    EXPECT_EQ(all[0].actors[0].id, "G0125");
    EXPECT_FALSE(all[0].carried_by.empty());
    EXPECT_NE(page_of(all[0], Scale::phia).find(all[0].carried_by + " carries it"), std::string::npos);
}

TEST(Golden, TwoIntrudersAreTwoLadders) {
    auto all = answers(sample("two-intruders.in"));
    ASSERT_EQ(all.size(), 2u);
    EXPECT_NE(all[0].actors[0].id, all[1].actors[0].id);
}

}  // namespace
}  // namespace ascribe
