// Coverage and verdict: what is said of a server that was watched, half watched, attacked; and that silence is never
// "no".
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "correlate/platform.hpp"
#include "correlate/support.hpp"

namespace ascribe {
namespace {

using test::finding;
using test::utc;
using test::watched_server;

std::array<Judgement, 4> answers(const Verdict& v) { return {v.attempted, v.exploited, v.shell, v.used}; }

void drop_source(Conclusion& seen, Source source) {
    std::erase_if(seen.facts.sources, [&](const SourceSeen& s) { return s.source == source; });
}

/// Takes hours out of every source and every door.
template <class Gone>
void forget(Conclusion& seen, Gone gone) {
    for (SourceSeen& source : seen.facts.sources) {
        std::erase_if(source.hours, gone);
        for (DoorSeen& door : source.doors) std::erase_if(door.hours, gone);
    }
}

TEST(Verdict, AWatchedCleanServerIsCalledClean) {
    auto incident = test::run(watched_server());
    EXPECT_EQ(incident.verdict.state, State::no_evidence);
    EXPECT_EQ(incident.verdict.sentence,
              "No evidence of compromise between 2021-01-03 and 2021-03-12 (coverage 100 %).");
    EXPECT_EQ(incident.verdict.likelihood, "");
    EXPECT_EQ(incident.verdict.exposed.answer, Answer::yes);
    for (const Judgement& judgement : answers(incident.verdict)) EXPECT_EQ(judgement.answer, Answer::no);
    ASSERT_EQ(incident.coverage.size(), 3u);
    EXPECT_EQ(incident.coverage[0].days, 69);  // 3 January to 12 March
}

// "A known attack was tried" was said of a page that was merely used like a web shell.
TEST(Verdict, SaysWhatWasTried) {
    auto said = [](std::string detector, Level level) {
        auto seen = watched_server();
        for (Source source : {Source::http_proxy, Source::iis_front_end}) drop_source(seen, source);
        auto one = finding("F-1", level, Question::used, utc("2021-03-03T04:00:00Z"), std::move(detector));
        one.probability = 0.74;
        seen.findings = {one};
        auto sentence = test::run(seen).verdict.sentence;
        return sentence.substr(0, sentence.find(';'));
    };
    EXPECT_EQ(said("behaviour.page", Level::success), "ATTEMPTED: a page was used like a web shell");
    EXPECT_EQ(said("behaviour.server_account", Level::success), "ATTEMPTED: something was done as attackers do it");
    EXPECT_EQ(said("exchange.proxylogon", Level::success), "ATTEMPTED: a known attack was tried");
}

// A page used like a web shell, and a file of that path that is one, left "used" unknown: neither spoke for the other.
TEST(Verdict, AShellWhosePageWasUsedLikeOneWasUsed) {
    auto used = [](std::string_view file) {
        auto seen = watched_server();
        auto page = finding("F-1", Level::success, Question::used, utc("2021-03-03T04:00:00Z"), "behaviour.page");
        page.probability = 0.74;
        page.page = "/uploads/q7x.php";
        auto shell = finding("F-2", Level::success, Question::shell, {}, "files.shell_source");
        shell.page = file;
        seen.findings = {page, shell};
        return test::run(seen).verdict.used.answer;
    };
    EXPECT_EQ(used("WEB01/var/www/html/uploads/q7x.php"), Answer::yes);
    EXPECT_EQ(used("C:\\inetpub\\wwwroot\\Uploads\\Q7x.php"), Answer::yes);
    EXPECT_NE(used("WEB01/var/www/html/other/q7x.php"), Answer::yes);
}

TEST(Verdict, FourteenMissingDaysAreInsufficient) {
    auto seen = watched_server();
    auto gone = [](Hour hour) { return hour >= 448'008 && hour < 448'008 + 14 * 24; };  // from 2021-02-09
    forget(seen, gone);
    auto incident = test::run(seen);
    EXPECT_EQ(incident.verdict.state, State::insufficient);
    EXPECT_TRUE(incident.verdict.sentence.starts_with("INSUFFICIENT EVIDENCE: cannot say."))
        << incident.verdict.sentence;
    ASSERT_EQ(incident.coverage[0].gaps.size(), 1u);
    EXPECT_EQ(incident.coverage[0].gaps[0].until - incident.coverage[0].gaps[0].from, std::chrono::hours{14 * 24});
    EXPECT_NE(incident.coverage[0].collect, "");
    EXPECT_EQ(incident.verdict.attempted.answer, Answer::unknown);
}

TEST(Verdict, AGapOfADayIsBorneAndOneHourMoreIsNot) {
    for (auto [length, answered] : {std::pair{24, true}, {25, false}}) {
        auto seen = watched_server();
        forget(seen, [&](Hour hour) { return hour >= 448'010 && hour < 448'010 + length; });
        EXPECT_EQ(test::run(seen).coverage[0].answered, answered) << length;
    }
}

TEST(Verdict, TheAnalystMayNarrowTheWindow) {
    auto seen = watched_server();
    forget(seen, [](Hour hour) { return hour < 448'008; });
    EXPECT_EQ(test::run(seen).verdict.state, State::insufficient);
    CorrelateOptions options;
    options.from = utc("2021-02-10");
    auto incident = test::run(seen, options);
    EXPECT_EQ(incident.verdict.state, State::no_evidence);
    EXPECT_EQ(incident.verdict.covered_from, utc("2021-02-10"));
}

TEST(Verdict, AListingWithoutTimesDoesNotAnswer) {
    auto seen = watched_server();
    drop_source(seen, Source::file_times);
    drop_source(seen, Source::compiled_files);
    auto incident = test::run(seen);
    EXPECT_EQ(incident.verdict.shell.answer, Answer::unknown);
    EXPECT_EQ(incident.verdict.state, State::insufficient);
}

void close_door(Conclusion& seen, Source source, Door door) {
    for (SourceSeen& of : seen.facts.sources)
        if (of.source == source) std::erase_if(of.doors, [door](const DoorSeen& d) { return d.door == door; });
}

// HttpProxy keeps one log for each protocol: that of Outlook says nothing about who knocked at /ecp.
TEST(Verdict, ALogOfOneDoorDoesNotSpeakForAnother) {
    auto seen = watched_server();
    drop_source(seen, Source::iis_front_end);
    EXPECT_EQ(test::run(seen).verdict.attempted.answer, Answer::no);
    close_door(seen, Source::http_proxy, Door::ecp);
    auto incident = test::run(seen);
    EXPECT_EQ(incident.verdict.attempted.answer, Answer::unknown);
    auto proxylogon = std::ranges::find_if(incident.coverage, [](const Coverage& coverage) {
        return coverage.family == "ProxyLogon" && coverage.question == Question::attempted;
    });
    ASSERT_NE(proxylogon, incident.coverage.end());
    EXPECT_NE(proxylogon->collect.find("HttpProxy: ecp)"), std::string::npos) << proxylogon->collect;
}

TEST(Verdict, AListingOfOneFolderDoesNotSpeakForTheOthers) {
    for (Door door : {Door::owa, Door::ecp, Door::site_root}) {
        auto seen = watched_server();
        drop_source(seen, Source::compiled_files);
        EXPECT_EQ(test::run(seen).verdict.shell.answer, Answer::no);
        close_door(seen, Source::file_times, door);
        EXPECT_EQ(test::run(seen).verdict.shell.answer, Answer::unknown) << to_string(door);
    }
}

// The back end never sees a request for a page that the front end answers without signing in.
TEST(Verdict, TheBackEndAloneDoesNotSpeakOfUse) {
    auto seen = watched_server();
    drop_source(seen, Source::process_events);
    drop_source(seen, Source::iis_front_end);
    EXPECT_EQ(test::run(seen).verdict.used.answer, Answer::unknown);
}

TEST(Verdict, NothingReadIsInsufficient) {
    auto incident = test::run({});
    EXPECT_EQ(incident.verdict.state, State::insufficient);
    for (const Judgement& judgement : answers(incident.verdict)) EXPECT_EQ(judgement.answer, Answer::unknown);
    EXPECT_EQ(incident.verdict.exposed.answer, Answer::unknown);
}

TEST(Verdict, AFixedServerIsWatchedForWhatTheEvidenceHolds) {
    auto seen = watched_server();
    seen.facts.builds = {test::seen("15.1.2308.8", utc("2021-01-01"), utc("2021-03-20"))};
    auto incident = test::run(seen);
    EXPECT_EQ(incident.coverage[0].family, "any");
    EXPECT_EQ(incident.verdict.state, State::no_evidence);
    EXPECT_EQ(incident.verdict.covered_from, utc("2021-01-01"));
}

/// An update seen after the window opened says nothing of the days before it.
/// A month of web logs in which Exchange's applications answered in `share` of the hours.
Conclusion web_logs(Source source, double share, std::uint64_t rows) {
    auto seen = test::source(source, utc("2021-03-01"), utc("2021-03-31"));
    seen.records = rows;
    auto answered = static_cast<std::size_t>(share * static_cast<double>(seen.hours.size()));
    seen.doors.clear();
    if (answered > 0) seen.doors = {{Door::other, {seen.hours.begin(), seen.hours.begin() + std::ptrdiff_t(answered)}}};
    Conclusion conclusion;
    conclusion.facts.sources.push_back(std::move(seen));
    return conclusion;
}

std::string all_of(const std::vector<std::string>& texts) {
    std::string all;
    for (const std::string& text : texts) all += text + '\n';
    return all;
}

TEST(Platform, AWebServerIsNotAskedAboutExchange) {
    auto incident = test::run(web_logs(Source::access_log, 0.03, 50'000));
    EXPECT_TRUE(incident.exposures.empty());
    ASSERT_EQ(incident.coverage.size(), 3u);
    for (const Coverage& coverage : incident.coverage) EXPECT_EQ(coverage.family, "any");
    const auto& v = incident.verdict;
    EXPECT_EQ(v.state, State::insufficient);
    EXPECT_EQ(v.exposed.answer, Answer::unknown);
    EXPECT_EQ(v.attempted.answer, Answer::unknown) << "attacks on other programs are not known by name";
    EXPECT_EQ(v.exploited.answer, Answer::unknown);
    EXPECT_EQ(v.shell.answer, Answer::unknown);
    EXPECT_EQ(v.used.answer, Answer::no);
    auto advice = all_of(v.actions);
    for (std::string_view word : {"Exchange ", "HttpProxy", "ExSetup", "W3SVC"})
        EXPECT_EQ(advice.find(word), std::string::npos) << advice;
    EXPECT_NE(advice.find("--rules"), std::string::npos) << advice;
}

TEST(Platform, AdviceForAHackedWebServerIsForOne) {
    auto seen = web_logs(Source::access_log, 0, 50'000);
    seen.findings.push_back(finding("F-1", Level::success, Question::shell, utc("2021-03-05"), "files.shell_source"));
    auto incident = test::run(std::move(seen));
    EXPECT_EQ(incident.verdict.state, State::compromised);
    auto advice = all_of(incident.verdict.actions);
    for (std::string_view word : {"krbtgt", "mailbox", "HttpProxy", "transport agents"})
        EXPECT_EQ(advice.find(word), std::string::npos) << advice;
}

TEST(Platform, ProbesForExchangeAreNotesWhereThereIsNone) {
    auto seen = web_logs(Source::iis_front_end, 0, 50'000);
    seen.findings.push_back(
        finding("F-1", Level::attempt, Question::attempted, utc("2021-03-05"), "exchange.proxyshell"));
    auto other = test::run(seen);
    EXPECT_EQ(other.findings.front().level, Level::scan);
    EXPECT_EQ(other.verdict.attempted.answer, Answer::unknown);
    EXPECT_TRUE(other.threads.empty());
    seen.facts.sources.push_back(test::source(Source::http_proxy, utc("2021-03-01"), utc("2021-03-31")));
    auto exchange = test::run(std::move(seen));
    EXPECT_EQ(exchange.findings.front().level, Level::attempt);
    EXPECT_EQ(exchange.verdict.attempted.answer, Answer::yes);
}

TEST(Platform, TheEvidenceTellsWhatItIsOf) {
    auto platform = [](const Conclusion& seen) { return platform_of(seen.facts, seen.findings); };
    EXPECT_EQ(platform(web_logs(Source::access_log, 0, 1)), Platform::web_server);
    EXPECT_EQ(platform(web_logs(Source::iis_front_end, 0, 50'000)), Platform::web_server);
    EXPECT_EQ(platform(web_logs(Source::iis_front_end, 0, 100)), Platform::unknown) << "too little to say";
    EXPECT_EQ(platform(web_logs(Source::iis_front_end, 0.9, 100)), Platform::exchange);
    EXPECT_EQ(platform(web_logs(Source::access_log, 0.9, 50'000)), Platform::exchange) << "a reverse proxy before it";
    EXPECT_EQ(platform({}), Platform::unknown);
    for (Source own : {Source::http_proxy, Source::ecp, Source::exchange_management, Source::file_versions}) {
        auto seen = web_logs(Source::access_log, 0, 50'000);
        seen.facts.sources.push_back(test::source(own));
        EXPECT_EQ(platform(seen), Platform::exchange) << to_string(own);
    }
    auto attacked = web_logs(Source::iis_front_end, 0, 50'000);
    attacked.findings.push_back(finding("F-1", Level::success, Question::exploited, utc("2021-03-05")));
    EXPECT_EQ(platform(attacked), Platform::exchange);
}

TEST(Platform, WhereNothingTellsItIsSaid) {
    Conclusion seen;
    seen.facts.sources.push_back(test::source(Source::security, utc("2021-01-01"), utc("2021-03-20")));
    auto incident = test::run(std::move(seen));
    ASSERT_FALSE(incident.exposures.empty());
    EXPECT_EQ(incident.exposures.front().reason, "Nothing in the evidence tells whether this is an Exchange server.");
}

TEST(Verdict, WhatToCollectIsSaidOnce) {
    Conclusion seen;
    seen.facts.sources.push_back(test::source(Source::exchange_management, utc("2020-01-01"), utc("2021-03-20")));
    auto actions = test::run(std::move(seen)).verdict.actions;
    EXPECT_EQ(std::ranges::count_if(actions, [](const auto& a) { return a.starts_with("Collect HttpProxy"); }), 1);
}

TEST(Verdict, ALatePatchDoesNotCloseTheWindowBackwards) {
    auto seen = watched_server();
    seen.facts.builds = {test::seen("15.1.2106.13", utc("2021-03-12"), utc("2021-03-20"))};
    auto incident = test::run(seen);
    EXPECT_EQ(incident.verdict.exposed.answer, Answer::unknown);
    EXPECT_EQ(incident.coverage[0].family, "ProxyLogon");
}

TEST(Verdict, SaysWhatHappenedAndNoMore) {
    auto seen = watched_server();
    seen.findings = {
        finding("F-1", Level::success, Question::exploited, utc("2021-03-03T04:12:03Z")),
        finding("F-2", Level::success, Question::shell, utc("2021-03-03T04:12:20Z"), "files.unknown_page"),
        finding("F-3", Level::success, Question::used, utc("2021-03-05T10:00:00Z"), "exchange.process_tree")};
    auto verdict = test::run(seen).verdict;
    EXPECT_EQ(verdict.state, State::compromised);
    EXPECT_EQ(verdict.sentence,
              "COMPROMISED: exploited, web shell left and used. First success 2021-03-03 04:12:03 UTC, last activity "
              "2021-03-05 10:00:00 UTC.");
    EXPECT_EQ(verdict.likelihood, "It is almost certain that this server was compromised.");
    EXPECT_EQ(verdict.confidence.find("Our confidence in this judgement is high: "), 0u) << verdict.confidence;
    EXPECT_EQ(verdict.attempted.answer, Answer::yes);
    EXPECT_EQ(verdict.shell.findings, std::vector<std::string>{"F-2"});
    EXPECT_FALSE(verdict.actions.empty());

    seen.findings = {seen.findings[1]};
    verdict = test::run(seen).verdict;
    EXPECT_TRUE(verdict.sentence.starts_with("COMPROMISED: web shell left. ")) << verdict.sentence;
    EXPECT_EQ(verdict.exploited.answer, Answer::unknown) << "how it came there is not known";
}

TEST(Verdict, AnAttemptThatEveryWitnessIsSilentAboutFailed) {
    auto seen = watched_server();
    seen.findings = {finding("F-1", Level::attempt, Question::attempted, utc("2021-03-03T04:12:03Z"))};
    auto verdict = test::run(seen).verdict;
    EXPECT_EQ(verdict.state, State::attempted);
    EXPECT_EQ(verdict.exploited.answer, Answer::no);
    for (Source witness :
         {Source::ecp, Source::exchange_management, Source::process_events, Source::security, Source::powershell}) {
        auto less = seen;
        drop_source(less, witness);
        EXPECT_EQ(test::run(less).verdict.exploited.answer, Answer::unknown) << to_string(witness);
    }
}

TEST(Verdict, WeakIndicatorsNeverRaiseAnAnswer) {
    auto seen = watched_server();
    for (int i = 0; i < 10; ++i) {
        auto weak = finding("F-" + std::to_string(i), Level::success, Question::shell, utc("2021-03-03"),
                            "area" + std::to_string(i) + ".indicator");
        weak.probability = 0.4;
        seen.findings.push_back(weak);
    }
    EXPECT_EQ(test::run(seen).verdict.state, State::no_evidence);
    seen.findings[0].probability = 0.6;  // worth an explanation, not a verdict
    EXPECT_EQ(test::run(seen).verdict.state, State::attempted);
    seen.findings[1].probability = 0.6;  // two that do not rest on each other
    EXPECT_EQ(test::run(seen).verdict.state, State::compromised);
    seen.findings[1].detector = seen.findings[0].detector;
    EXPECT_EQ(test::run(seen).verdict.state, State::attempted);
}

TEST(Verdict, WhatHidesMakesSilenceSuspect) {
    auto seen = watched_server();
    seen.findings = {finding("F-1", Level::attempt, Question::hiding, utc("2021-03-03"), "hiding.log_tampering")};
    auto verdict = test::run(seen).verdict;
    EXPECT_EQ(verdict.state, State::insufficient);
    for (const Judgement& judgement : answers(verdict)) EXPECT_EQ(judgement.answer, Answer::unknown);
}

TEST(Verdict, WhatIsKnownIsSetAside) {
    auto seen = watched_server();
    auto scanner = finding("F-1", Level::attempt, Question::attempted, utc("2021-03-03"));
    scanner.address = "10.0.0.5";
    auto page = finding("F-2", Level::success, Question::shell, utc("2021-03-03"), "files.unknown_page");
    page.page = "C:\\inetpub\\wwwroot\\ours\\status.aspx";
    auto accepted = finding("F-3", Level::success, Question::used, utc("2021-03-03"));
    seen.findings = {scanner, page, accepted};
    CorrelateOptions options;
    options.known = {.addresses = {"10.0.0.5"}, .pages = {"/ours/status.aspx"}, .findings = {"F-3"}};
    auto incident = test::run(seen, options);
    EXPECT_EQ(incident.verdict.state, State::no_evidence);
    EXPECT_EQ(incident.findings.size(), 3u);
    seen.findings[0].level = Level::success;  // an own address never excuses what worked
    seen.findings[0].question = Question::exploited;
    EXPECT_EQ(test::run(seen, options).verdict.state, State::compromised);
}

// --- Properties ---

/// Each source tells what it saw of the intrusion; taking the source away takes its findings along.
struct Testimony {
    Source source;
    Finding finding;
};

std::vector<Testimony> testimonies() {
    auto at = utc("2021-03-03T04:12:03Z");
    auto success = [&](const char* id, Question question, const char* detector) {
        return finding(id, Level::success, question, at, detector);
    };
    return {
        {Source::http_proxy, finding("F-01", Level::attempt, Question::attempted, at)},
        {Source::iis_front_end, finding("F-02", Level::attempt, Question::attempted, at, "exchange.proxylogon_iis")},
        {Source::http_proxy, success("F-03", Question::exploited, "exchange.proxylogon")},
        {Source::ecp, success("F-04", Question::exploited, "exchange.ecp_virtual_directory")},
        {Source::exchange_management, success("F-05", Question::exploited, "exchange.management_command")},
        {Source::application, success("F-06", Question::exploited, "exchange.ssrf_target")},
        {Source::security, success("F-07", Question::shell, "exchange.page_written_by_server")},
        {Source::web_root_listing, success("F-08", Question::shell, "files.unknown_page")},
        {Source::compiled_files, success("F-09", Question::shell, "exchange.page_first_run")},
        {Source::iis_front_end, success("F-10", Question::used, "web.shell_used")},
        {Source::process_events, success("F-11", Question::used, "exchange.process_tree")}};
}

Conclusion intrusion_without(const std::set<Source>& gone) {
    auto seen = watched_server();
    for (Source source : gone) drop_source(seen, source);
    for (const Testimony& testimony : testimonies())
        if (!gone.contains(testimony.source)) seen.findings.push_back(testimony.finding);
    if (gone.contains(Source::http_proxy)) seen.facts.builds.clear();
    return seen;
}

TEST(Properties, TheWholeCaseSaysYes) {
    auto verdict = test::run(intrusion_without({})).verdict;
    for (const Judgement& judgement : answers(verdict)) EXPECT_EQ(judgement.answer, Answer::yes);
    EXPECT_EQ(verdict.exposed.answer, Answer::yes);
}

TEST(Properties, TakingAnyEvidenceAwayNeverSaysNo) {
    constexpr std::size_t kCount = std::size(test::kClasses), kAll = (std::size_t{1} << kCount) - 1;
    std::set<std::size_t> subsets = {kAll};
    for (std::size_t i = 0; i < kCount; ++i) {
        subsets.insert(kAll ^ (std::size_t{1} << i));
        for (std::size_t j = 0; j < kCount; ++j) subsets.insert(std::size_t{1} << i | std::size_t{1} << j);
    }
    std::mt19937 random(3);
    while (subsets.size() < 500) subsets.insert(random() & kAll);
    for (std::size_t subset : subsets) {
        std::set<Source> gone;
        for (std::size_t i = 0; i < kCount; ++i)
            if (subset >> i & 1) gone.insert(test::kClasses[i]);
        auto verdict = test::run(intrusion_without(gone)).verdict;
        for (const Judgement& judgement : answers(verdict)) ASSERT_NE(judgement.answer, Answer::no) << subset;
        ASSERT_NE(verdict.exposed.answer, Answer::no) << subset;
        ASSERT_NE(verdict.state, State::no_evidence) << subset;
    }
}

TEST(Properties, DroppingSomeFindingsNeverSaysNo) {
    std::mt19937 random(1);
    for (int round = 0; round < 200; ++round) {
        auto seen = intrusion_without({});
        std::erase_if(seen.findings, [&](const Finding& f) { return f.level == Level::attempt || random() % 3 != 0; });
        if (seen.findings.empty()) continue;  // nothing seen by anybody is what clean looks like
        for (const Judgement& judgement : answers(test::run(seen).verdict)) ASSERT_NE(judgement.answer, Answer::no);
    }
}

std::string told(const Incident& incident) {
    std::string text = incident.verdict.sentence + incident.verdict.confidence + incident.verdict.likelihood;
    for (const Finding& finding : incident.findings) text += finding.id;
    for (const Exposure& exposure : incident.exposures) text += exposure.reason;
    for (const Thread& thread : incident.threads)
        for (const std::string& id : thread.findings) text += thread.id + id;
    for (const Step& step : incident.timeline) text += step.finding + step.thread;
    for (const ClockNote& note : incident.clocks) text += note.statement;
    for (const Coverage& coverage : incident.coverage) text += coverage.family + std::to_string(coverage.days_covered);
    for (const std::string& action : incident.verdict.actions) text += action;
    return text;
}

TEST(Properties, TheOrderOfInputDoesNotMatter) {
    auto seen = intrusion_without({});
    seen.facts.clocks = {{{7}, "a", "b", std::chrono::hours{1}, std::chrono::hours{1}, 30, test::ref(7), {}, {}},
                         {{8}, "a", "b", std::chrono::hours{1}, std::chrono::hours{3}, 30, test::ref(8), {}, {}}};
    auto expected = told(test::run(seen));
    std::mt19937 random(2);
    for (int round = 0; round < 50; ++round) {
        std::ranges::shuffle(seen.findings, random);
        std::ranges::shuffle(seen.facts.builds, random);
        std::ranges::shuffle(seen.facts.sources, random);
        std::ranges::shuffle(seen.facts.clocks, random);
        ASSERT_EQ(told(test::run(seen)), expected);
    }
}

}  // namespace
}  // namespace ascribe
