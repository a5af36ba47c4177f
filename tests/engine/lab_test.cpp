// The genuine lab trace of the March 2021 chain, end to end: what happened, when in true UTC, with the bytes that say
// so. Source of the expected values: the trace itself (OTRF SDWIN-210314014019), read with other tools.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>

#include "support.hpp"

namespace ascribe {
namespace {

class LabTrace : public testing::Test {
protected:
    static void SetUpTestSuite() {
        packed_ = test::real_evidence("otrf-proxylogon-2021-03-14.jsonl.zst");
        if (packed_.empty()) return;
        folder_ = new test::Folder;
        plain_ = folder_->path() + "/mxs01.jsonl";
        ASSERT_EQ(std::system(("zstd -qdf '" + packed_ + "' -o '" + plain_ + "'").c_str()), 0);
        case_ = new Case(test::run(plain_));
    }
    static void TearDownTestSuite() {
        delete case_;
        delete folder_;
    }
    void SetUp() override {
        if (packed_.empty()) GTEST_SKIP() << "needs otrf-proxylogon-2021-03-14.jsonl.zst below $ASCRIBE_EVIDENCE";
        ASSERT_EQ(case_->incidents.size(), 1u);
    }

    const Incident& incident() const { return case_->incidents.front(); }

    /// The finding of that detector area whose raw time is `raw` and one of whose quotes holds `words`.
    const Finding* find(std::string_view raw, std::string_view words) const {
        for (const Finding& finding : incident().findings) {
            for (const Ref& ref : finding.evidence) {
                auto quote = case_->citations.find(ref);
                if (quote == case_->citations.end()) continue;
                if (quote->second.bytes.find(raw) != std::string::npos &&
                    quote->second.bytes.find(words) != std::string::npos)
                    return &finding;
            }
        }
        return nullptr;
    }

    static inline std::string packed_, plain_;
    static inline test::Folder* folder_ = nullptr;
    static inline Case* case_ = nullptr;
};

TEST_F(LabTrace, EveryRecordIsRead) {
    ASSERT_EQ(case_->accounting.size(), 1u);
    EXPECT_EQ(case_->accounting[0].records, 10'487u);
    EXPECT_EQ(case_->accounting[0].bad, 0u);
}

TEST_F(LabTrace, SaysExploitedShellLeftAndUsed) {
    const Verdict& verdict = incident().verdict;
    EXPECT_EQ(verdict.state, State::compromised) << verdict.sentence;
    EXPECT_EQ(verdict.attempted.answer, Answer::yes);
    EXPECT_EQ(verdict.exploited.answer, Answer::yes);
    EXPECT_EQ(verdict.shell.answer, Answer::yes);
    EXPECT_EQ(verdict.used.answer, Answer::yes);
    EXPECT_EQ(incident().server, "mxs01");
}

TEST_F(LabTrace, NamesTheVulnerabilities) {
    std::set<std::string> cves;
    for (const Finding& finding : incident().findings)
        if (finding.level == Level::success) cves.insert(finding.cves.begin(), finding.cves.end());
    EXPECT_TRUE(cves.contains("CVE-2021-26855"));
    EXPECT_TRUE(cves.contains("CVE-2021-27065"));
}

TEST_F(LabTrace, ShowsTheSteps) {
    EXPECT_NE(find("01:40:11.940Z", "]:444/ecp/tpy.js"), nullptr)
        << "the SSRF target in MSExchange Control Panel event 4";
    EXPECT_NE(find("01:40:13.660Z", "owa\\\\auth\\\\ohyeah.aspx"), nullptr) << "the page the server wrote to itself";
    EXPECT_NE(find("01:40:15.320Z", "ohyeah.aspx.f5dba9b9.compiled"), nullptr) << "its first run";
    EXPECT_NE(find("", "Set-OabVirtualDirectory"), nullptr) << "the virtual-directory cmdlets";
    EXPECT_NE(find("", "Remove-OabVirtualDirectory"), nullptr);
    const Finding* child = find("", "cmd.exe");
    ASSERT_NE(child, nullptr) << "the w3wp to cmd child";
    EXPECT_EQ(child->level, Level::success);
}

TEST_F(LabTrace, EveryReferenceIsByteExact) {
    std::ifstream file(plain_, std::ios::binary);
    std::string all((std::istreambuf_iterator<char>(file)), {});
    for (const auto& [ref, quote] : case_->citations) {
        ASSERT_LE(ref.offset + ref.size, all.size());
        EXPECT_EQ(std::string_view(all).substr(ref.offset, quote.bytes.size()), quote.bytes);
        if (ref.size == 0 || quote.line == 0) continue;
        EXPECT_EQ(all[ref.offset], '{');
        EXPECT_EQ(static_cast<std::size_t>(
                      std::count(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(ref.offset), '\n')) +
                      1,
                  quote.line);
    }
}

TEST_F(LabTrace, FindsThatTheShippersTimeIsLocal) {
    ASSERT_FALSE(incident().clocks.empty());
    const ClockNote& note = incident().clocks.front();
    EXPECT_EQ(note.rows, 4'679u);
    EXPECT_EQ(note.correction, std::chrono::minutes(300));
    const Finding* target = find("01:40:11.940Z", "]:444/ecp/tpy.js");
    ASSERT_NE(target, nullptr);
    EXPECT_EQ(format_time(*target->raw_time), "2021-03-14T01:40:11.940Z");
    EXPECT_EQ(format_time(*target->time), "2021-03-14T06:40:11.940Z");
}

TEST_F(LabTrace, ClaimsNoCoverageItDoesNotHave) {
    for (const Coverage& coverage : incident().coverage) EXPECT_FALSE(coverage.answered) << coverage.family;
    EXPECT_LT(incident().verdict.coverage, 0.5);
}

/// Findings, verdict, timeline: all that must not depend on how the file was packed.
std::string told(const Case& investigated) {
    std::string out;
    for (const Incident& incident : investigated.incidents) {
        out += incident.server + "\n" + incident.verdict.sentence + "\n";
        for (const Finding& finding : incident.findings) {
            out += finding.id + " " + format_time(finding.time.value_or(kNoTime)) + " " + finding.statement;
            for (const Ref& ref : finding.evidence)
                out += " " + std::to_string(ref.offset) + "+" + std::to_string(ref.size);
            out += "\n";
        }
        for (const Step& step : incident.timeline) out += step.finding + " " + step.thread + "\n";
    }
    return out;
}

TEST_F(LabTrace, TellsTheSameRenamedOrPacked) {
    test::Folder folder;
    std::ifstream file(plain_, std::ios::binary);
    std::string all((std::istreambuf_iterator<char>(file)), {});
    auto renamed = folder.file("x.bin", all);
    EXPECT_EQ(told(test::run(renamed)), told(*case_));
    auto inside = folder.file("uploads/auto/C%3A/Windows/System32/winevt/Logs/mxs01.jsonl", all);
    auto make = [&](const std::string& zip, const std::string& what) {
        return std::system(("cd '" + folder.path() + "' && zip -q -r '" + zip + "' '" + what + "'").c_str());
    };
    ASSERT_EQ(make("plain.zip", "x.bin"), 0);
    ASSERT_EQ(make("Collection-MXS01-2021-03-14.zip", "uploads"), 0);
    EXPECT_EQ(told(test::run(folder.path() + "/plain.zip")), told(*case_));
    EXPECT_EQ(told(test::run(folder.path() + "/Collection-MXS01-2021-03-14.zip")), told(*case_));
    EXPECT_EQ(told(test::run(packed_)), told(*case_));
}

TEST_F(LabTrace, TellsTheSameForAnyNumberOfWorkers) {
    auto one = test::json(test::run(plain_, 1));
    EXPECT_EQ(test::json(test::run(plain_, 2)), one);
    EXPECT_EQ(test::json(test::run(plain_, 7)), one);
}

TEST_F(LabTrace, NobodyIsNamedForTechniquesAnyoneUses) {
    ASSERT_FALSE(incident().attributions.empty());
    for (const ThreadAttribution& a : incident().attributions) {
        EXPECT_FALSE(a.named) << a.sentence;
        EXPECT_EQ(a.soundness, Soundness::low) << a.confidence;
        for (auto word : {" likely", "highly likely", "almost certain"})
            EXPECT_EQ(a.sentence.find(word), std::string::npos) << a.sentence;
    }
}

}  // namespace
}  // namespace ascribe
