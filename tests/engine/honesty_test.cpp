// Silence is never "no": take away any class of evidence from a server that was hacked, and answers may only fall to
// "unknown". A clean server with full logs is called clean; with two weeks of logs missing it is not.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "base/text.hpp"
#include "cli/demo/story.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

using demo::File;
using demo::Story;
using Keep = std::function<bool(File&)>;  // false: leave the file out; may also edit it

Case investigate_story(Story story, const Keep& keep) {
    test::Folder folder;
    for (File& file : demo::collection(story))
        if (keep(file)) folder.file(file.path, file.bytes);
    return test::run(folder.path());
}

bool all(File&) { return true; }

Keep without(std::string_view part) {
    return [part](File& file) { return !contains_folded(file.path, part); };
}

Keep without_file_times() {
    return [](File& file) {
        if (!file.path.ends_with("web_root_listing.csv")) return true;
        std::string kept;
        for (auto line : split(file.bytes, '\n')) {
            auto cells = split(trim(line), ',');
            if (cells.size() >= 2) kept += std::string(cells[0]) + "," + std::string(cells[1]) + "\r\n";
        }
        file.bytes = kept;
        return true;
    };
}

std::vector<std::pair<std::string, Answer>> answers(const Case& investigated) {
    const Verdict& v = investigated.incidents.front().verdict;
    return {{"exposed", v.exposed.answer},
            {"attempted", v.attempted.answer},
            {"exploited", v.exploited.answer},
            {"shell", v.shell.answer},
            {"used", v.used.answer}};
}

struct Ablation {
    const char* name;
    Keep keep;
};

std::vector<Ablation> ablations() {
    return {{"http_proxy", without("Logging/HttpProxy")},
            {"ecp", without("Logging/ECP")},
            {"iis_front_end", without("W3SVC1")},
            {"iis_back_end", without("W3SVC2")},
            {"security", without("Logs/Security.jsonl")},
            {"sysmon", without("Logs/Sysmon.jsonl")},
            {"application", without("Logs/Application.jsonl")},
            {"exchange_management", without("MSExchange Management.jsonl")},
            {"powershell", without("Powershell")},
            {"web_root_listing", without("web_root_listing")},
            {"compiled_files", without("Temporary ASP.NET Files")},
            {"file_versions", without("ExSetup.exe")},
            {"configuration", without("applicationHost.config")},
            {"process_events", without("Logs/Processes.jsonl")},
            {"file_times", without_file_times()},
            {"message_tracking", without("MessageTracking")}};
}

TEST(Honesty, TheWholeCaseSaysYes) {
    auto investigated = investigate_story(Story::intrusion, all);
    ASSERT_EQ(investigated.incidents.size(), 1u);
    EXPECT_EQ(investigated.incidents[0].verdict.state, State::compromised);
    for (const auto& [question, answer] : answers(investigated)) EXPECT_EQ(answer, Answer::yes) << question;
}

TEST(Honesty, TakingEvidenceAwayNeverSaysNo) {
    for (const Ablation& ablation : ablations()) {
        auto investigated = investigate_story(Story::intrusion, ablation.keep);
        ASSERT_EQ(investigated.incidents.size(), 1u) << ablation.name;
        for (const auto& [question, answer] : answers(investigated))
            EXPECT_NE(answer, Answer::no) << question << " without " << ablation.name;
        EXPECT_NE(investigated.incidents[0].verdict.state, State::no_evidence) << "without " << ablation.name;
    }
}

TEST(Honesty, TakingAllButOneClassAwayNeverSaysNo) {
    for (const Ablation& only : ablations()) {
        auto investigated = investigate_story(Story::intrusion, [&](File& file) {
            File copy = file;
            return !only.keep(copy);
        });
        if (investigated.incidents.empty()) continue;
        EXPECT_NE(investigated.incidents[0].verdict.state, State::no_evidence) << "only " << only.name;
        for (const auto& [question, answer] : answers(investigated))
            EXPECT_NE(answer, Answer::no) << question << " from only " << only.name;
    }
}

// One log, one listing or one trace of many is what half a collection looks like: whatever of the hacked server is left
// together with its version, nothing may be called "no" that was "yes".
TEST(Honesty, AnySingleFolderOfTheCaseNeverSaysNo) {
    std::set<std::string> folders;
    auto folder_of = [](const std::string& path) { return path.substr(0, path.rfind('/')); };
    for (const File& file : demo::collection(Story::intrusion)) folders.insert(folder_of(file.path));
    EXPECT_GT(folders.size(), 10u);
    for (const std::string& folder : folders) {
        auto investigated = investigate_story(Story::intrusion, [&](File& file) {
            return contains_folded(file.path, "ExSetup.exe") || folder_of(file.path) == folder;
        });
        ASSERT_EQ(investigated.incidents.size(), 1u) << folder;
        for (const auto& [question, answer] : answers(investigated))
            EXPECT_NE(answer, Answer::no) << question << " from only " << folder;
    }
}

// Logging\HttpProxy has the name of a web folder and KAPE keeps its files' times: the logs passed for a listing of
// pages.
TEST(Honesty, LogsAreNoListingOfPages) {
    auto investigated = investigate_story(Story::clean, [](File& file) {
        return !contains_folded(file.path, "web_root_listing") &&
               !contains_folded(file.path, "Temporary ASP.NET Files");
    });
    EXPECT_EQ(investigated.incidents[0].verdict.shell.answer, Answer::unknown);
}

TEST(Honesty, ACleanServerWithFullLogsIsCalledClean) {
    auto investigated = investigate_story(Story::clean, all);
    ASSERT_EQ(investigated.incidents.size(), 1u);
    const Incident& incident = investigated.incidents[0];
    EXPECT_EQ(incident.verdict.state, State::no_evidence) << incident.verdict.sentence;
    EXPECT_GE(incident.verdict.coverage, kCoverageShare);
    for (const Finding& finding : incident.findings) EXPECT_EQ(finding.level, Level::scan) << finding.statement;
}

TEST(Honesty, FourteenMissingDaysAreNotClean) {
    auto investigated = investigate_story(Story::clean, [](File& file) {
        for (int day = 10; day < 24; ++day)
            for (const char* form : {"2102", "202102"})
                if (file.path.find(form + std::to_string(day)) != std::string::npos) return false;
        return true;
    });
    EXPECT_EQ(investigated.incidents[0].verdict.state, State::insufficient)
        << investigated.incidents[0].verdict.sentence;
}

}  // namespace
}  // namespace ascribe
