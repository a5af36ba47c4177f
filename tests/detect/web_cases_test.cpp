// The web detectors against tables of records: every cases/*.txt holds records in a row and below them what must be
// found, no more and no less. On top of that every detector that says something must keep the laws of a fold on the
// same records.
//
//     case a name
//     2021-03-03T04:00:00Z http_request | method POST | stem /ecp/y.js | status 241
//     => exchange.proxylogon_iis success exploited 0.97 1 | its statement
//     => nothing                                  (for records that must not raise anything)
//
// A value behind "name:hex " is hexadecimal: what looks like a payload is stored so, short and inert. Numbers behind
// the question are the probability and the rows of evidence.
#include <filesystem>
#include <fstream>
#include <set>

#include "base/text.hpp"
#include "detect/all.hpp"
#include "detect/events_batch.hpp"

namespace ascribe::test {
namespace {

/// A small, fixed set of reference data: tests of detectors must not change when the intelligence is updated.
Intel small_intel() {
    Intel intel;
    intel.stock_pages = {"owa/auth/logon.aspx",   "owa/auth/redirsuiteserviceproxy.aspx", "owa/auth/outlookcn.aspx",
                         "owa/auth/errorfe.aspx", "ecp/auth/timeoutlogout.aspx",          "ecp/default.aspx"};
    for (const auto& page : intel.stock_pages) intel.stock_names.insert(std::string(base_name(page)));
    auto add = [&](std::string type, std::string value, Confidence confidence) {
        intel.indicator_index[lower(type + ":" + value)].push_back(intel.indicators.size());
        intel.indicators.push_back({type, value, "SOMEBODY", "", "a report", "2021-03", confidence});
    };
    add("user_agent", "antSword/v2.1", Confidence::medium);
    add("user_agent", "Mozilla/5.0+(Shared)", Confidence::low);
    add("uri_post", "/ecp/main.css", Confidence::high);
    add("ip", "198.51.100.66", Confidence::medium);
    add("ip", "198.51.100.67", Confidence::low);
    add("filepath", R"(C:\inetpub\wwwroot\aspnet_client\known.aspx)", Confidence::high);
    add("filename", "named.aspx", Confidence::medium);
    return intel;
}

struct TestCase {
    std::string name;
    std::vector<Line> lines;
    std::vector<std::string> expected;
};

std::string from_hex(std::string_view hex) {
    std::string percent;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) percent += '%' + std::string(hex.substr(i, 2));
    return decode_percent(percent);
}

Line line_of(std::string_view text) {
    auto space = text.find(' ');
    auto cells = split(text.substr(space + 1), '|');
    auto schema = std::ranges::find(record_schemas(), trim(cells.front()), &RecordSchema::name);
    if (schema == record_schemas().end()) throw std::runtime_error("no such record: " + std::string(text));
    Line line{schema->kind, std::string(text.substr(0, space)), {}};
    if (line.time == "-") line.time.clear();
    for (auto cell : std::span(cells).subspan(1)) {
        cell = trim(cell);
        auto name = cell.substr(0, cell.find(' '));
        auto value = std::string(trim(cell.substr(name.size())));
        if (name.ends_with(":hex")) {
            name.remove_suffix(4);
            value = from_hex(value);
        }
        line.values[std::string(name)] = value;
    }
    return line;
}

std::vector<TestCase> cases_of(const std::filesystem::path& path) {
    std::vector<TestCase> cases;
    std::ifstream file(path);
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line.starts_with('#')) continue;
        if (line.starts_with("case "))
            cases.push_back({line.substr(5), {}, {}});
        else if (line.starts_with("=> "))
            cases.back().expected.push_back(line.substr(3));
        else
            cases.back().lines.push_back(line_of(line));
    }
    return cases;
}

bool is_web(const Detector& detector) {
    static const std::set<std::string_view> kNames = {"exchange.proxylogon",
                                                      "exchange.proxylogon_iis",
                                                      "exchange.ecp_virtual_directory",
                                                      "exchange.oab_generator",
                                                      "exchange.proxyshell",
                                                      "exchange.proxynotshell",
                                                      "exchange.owassrf",
                                                      "exchange.proxytoken",
                                                      "exchange.viewstate",
                                                      "exchange.calendar_request",
                                                      "web.unknown_page",
                                                      "web.staged_archive",
                                                      "web.scan_note",
                                                      "intel.request_indicator"};
    return kNames.contains(detector.name);
}

std::string text_of_finding(const Finding& f) {
    return fmt::format("{} {} {} {:.2f} {} | {}", f.detector, to_string(f.level), to_string(f.question), f.probability,
                       f.evidence_total, f.statement);
}

// The stage stood behind the address in the group's key, and long keys are cut: a client that names itself at length
// hid what it did.
TEST(WebDetectors, AnAddressOfAnyLengthHidesNoStage) {
    auto line = line_of(
        "2021-03-03T04:00:04Z exchange_request | log HttpProxy | method POST | stem /ecp/y.js | status 241 | "
        "anchor_mailbox ServerInfo~a]@mail01.corp.example:444/ecp/proxyLogon.ecp?#");
    line.values["client_ip"] = std::string(8'000, 'a');
    auto conclusion = conclude(detector(detectors(), "exchange.proxylogon"), {line});
    ASSERT_EQ(conclusion.findings.size(), 1u);
    EXPECT_EQ(conclusion.findings[0].level, Level::success);
}

// A row that changes nothing was cited all the same, and a file of one setting a million times filled memory.
TEST(Facts, CiteARowOnlyWhereItCounts) {
    for (auto name : {"facts.settings", "facts.hashes"}) {
        const Detector& facts = detector(detectors(), name);
        bool settings = facts.name == "facts.settings";
        RecordBatch batch(settings ? RecordKind::setting : RecordKind::file_entry, {},
                          Bytes::copy(std::string(8, 'x')));
        for (std::uint64_t i = 0; i < 5; ++i) {
            auto cells = batch.append(kNoTime, i, 1);
            if (settings) {
                cells[Setting::category] = std::string_view("mitigation");
                cells[Setting::name] = std::string_view("M1");
            } else {
                cells[FileEntry::path] = std::string_view("C:\\a.aspx");
                cells[FileEntry::origin] = std::string_view("kape");
                cells[FileEntry::sha256] = batch.keep(std::string(64, 'a'));
            }
        }
        auto state = facts.begin();
        facts.observe(state, batch, Intel{});
        EXPECT_EQ(batch.citations().size(), 1u) << name;
        auto found = facts.conclude(state, Intel{}).facts;
        EXPECT_EQ(found.settings.size() + found.hashes.size(), 1u) << name;
    }
}

class WebCases : public testing::TestWithParam<std::string> {};

TEST_P(WebCases, FindsWhatTheTableSays) {
    const Intel intel = small_intel();
    auto cases = cases_of(std::filesystem::path(ASCRIBE_TEST_DIR) / "detect/cases" / (GetParam() + ".txt"));
    ASSERT_FALSE(cases.empty());
    for (const TestCase& test : cases) {
        SCOPED_TRACE(test.name);
        std::vector<std::string> found;
        for (const Detector& detector : detectors()) {
            if (!is_web(detector)) continue;
            auto conclusion = conclude(detector, test.lines, intel);
            for (const Finding& finding : conclusion.findings) {
                EXPECT_FALSE(finding.evidence.empty()) << finding.statement;
                EXPECT_GE(finding.evidence_total, finding.evidence.size()) << finding.statement;
                found.push_back(text_of_finding(finding));
            }
            if (!conclusion.findings.empty()) expect_fold_laws(detector, test.lines, intel);
            EXPECT_EQ(text_of(conclude_wanted(detector, test.lines, intel)), text_of(conclusion))
                << detector.name << " wants fewer rows than it judges";
        }
        if (found.empty()) found.emplace_back("nothing");
        auto expected = test.expected;
        std::ranges::sort(found);
        std::ranges::sort(expected);
        EXPECT_EQ(found, expected) << "found:\n=> " << fmt::format("{}", fmt::join(found, "\n=> "));
    }
}

std::vector<std::string> tables() {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(std::filesystem::path(ASCRIBE_TEST_DIR) / "detect/cases"))
        if (entry.path().extension() == ".txt" && entry.path().stem().string().starts_with("web_"))
            names.push_back(entry.path().stem());
    std::ranges::sort(names);
    return names;
}

INSTANTIATE_TEST_SUITE_P(Tables, WebCases, testing::ValuesIn(tables()), [](const auto& param) { return param.param; });

}  // namespace
}  // namespace ascribe::test
