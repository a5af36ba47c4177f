// A case in which every text that evidence could have written is hostile.
#pragma once

#include "model/case.hpp"

namespace ascribe::test {

/// Control bytes, terminal commands, bidirectional tricks, markup, Markdown, a formula, and bytes that are not UTF-8.
inline const std::string kHostile =
    "\x1b]0;owned\x07\x1b[31m\xe2\x80\xae"
    "evil\xc2\x9b"
    "<script>alert(1)</script><img src=x onerror=a()>\"'&`|[x](y)\n=cmd()\r\t\x01\x7f\xff\xfe";

inline Case hostile_case() {
    Case c;
    c.run = {.version = "0",
             .command_line = "ascribe " + kHostile,
             .isolation = "full",
             .workers = 2,
             .started = *make_time(2021, 3, 20),
             .finished = *make_time(2021, 3, 20)};
    c.evidence = {kHostile};
    c.artefacts.push_back({.id = ArtefactId{0},
                           .path = "logs/" + kHostile,
                           .windows_path = "C:\\" + kHostile,
                           .group = kHostile,
                           .layout = "kape",
                           .size = 4'096,
                           .sha256 = sha256("x"),
                           .parser = "iis",
                           .modified = make_time(2021, 3, 3),
                           .created = {}});
    c.artefacts.push_back({.id = ArtefactId{1}, .path = "unread", .size = 7});
    Ref ref{ArtefactId{0}, 300, 128};
    c.accounting.push_back({ArtefactId{0}, 10, 2, 4, 4'096});
    c.damage.push_back({ArtefactId{0}, Fault::truncated, kHostile, 77, 8, 3});
    c.citations[ref] = {12, "row " + kHostile};
    auto time = make_time(2021, 3, 3, 4, 12, 3);
    Incident i;
    i.server = kHostile;
    i.names = {kHostile};
    i.findings.push_back({.id = "F-0123456789",
                          .detector = "exchange.test",
                          .level = Level::success,
                          .severity = Severity::critical,
                          .question = Question::shell,
                          .probability = 0.97,
                          .time = time,
                          .raw_time = make_time(2021, 3, 3, 3),
                          .clock = Clock::log,
                          .statement = "The page " + kHostile + " was written.",
                          .techniques = {"T1505.003"},
                          .cves = {"CVE-2021-27065"},
                          .software = {"S0020"},
                          .indicator = "filename:" + kHostile,
                          .evidence = {ref},
                          .evidence_total = 3,
                          .address = kHostile,
                          .page = kHostile,
                          .account = kHostile,
                          .session = kHostile});
    i.facts.builds.push_back({*parse_build("15.1.2106.2"), kHostile, time, time, ref, ref});
    i.facts.sources.push_back({Source::http_proxy, {448'000, 448'001}, 9, time, time, ref, ref});
    i.facts.clocks.push_back({ArtefactId{0}, kHostile, "inner", Ticks{5}, Ticks{6}, 30, ref, time, time});
    i.facts.settings.push_back({"module", kHostile, kHostile, kHostile, ref});
    i.facts.hashes.push_back({kHostile, std::string(64, 'a'), ref});
    i.exposures.push_back({.cve = "CVE-2021-26855",
                           .family = "ProxyLogon",
                           .state = CveState::fixed,
                           .from = make_time(2021, 1, 3),
                           .until = make_time(2021, 3, 12),
                           .open_in_window = true,
                           .reason = kHostile,
                           .evidence = {ref}});
    i.threads.push_back({"T1", time, time, {kHostile}, {kHostile}, {kHostile}, {"F-0123456789"}});
    i.attributions.push_back({.thread = "T1",
                              .named = true,
                              .sentence = "It is likely that " + kHostile,
                              .confidence = kHostile,
                              .soundness = Soundness::moderate,
                              .actors = {{"G0125", kHostile, 0.7, 4.5, kHostile}, {"G0001", "Axiom", 0.1, 2.5, ""}},
                              .other = 0.2,
                              .evidence = {{"S0020", kHostile, {4.5, 2.5}, 0.3, {"F-0123456789"}}},
                              .carried_by = "S0020",
                              .against = kHostile,
                              .if_planted = 0.5,
                              .change = {"S0020"},
                              .unknown = {kHostile},
                              .knowledge = kHostile});
    i.timeline.push_back({time, make_time(2021, 3, 3, 3), Clock::log, "F-0123456789", "T1"});
    i.clocks.push_back({kHostile, {ArtefactId{0}}, std::chrono::minutes(60), 30, {ref}});
    i.coverage.push_back({.family = "ProxyLogon",
                          .question = Question::attempted,
                          .from = make_time(2021, 1, 3),
                          .until = make_time(2021, 3, 12),
                          .days = 68,
                          .days_covered = 50,
                          .share = 0.7353,
                          .answered = false,
                          .sources = {Source::http_proxy},
                          .gaps = {{*make_time(2021, 1, 3), *make_time(2021, 1, 20)}},
                          .collect = kHostile});
    i.verdict = {.state = State::compromised,
                 .sentence = "COMPROMISED: " + kHostile,
                 .likelihood = kHostile,
                 .confidence = kHostile,
                 .exposed = {Answer::yes, {"CVE-2021-26855"}},
                 .attempted = {Answer::yes, {"F-0123456789"}},
                 .exploited = {Answer::unknown, {}},
                 .shell = {Answer::yes, {"F-0123456789"}},
                 .used = {Answer::no, {}},
                 .coverage = 0.7353,
                 .covered_from = make_time(2021, 1, 3),
                 .covered_until = make_time(2021, 3, 12),
                 .actions = {kHostile}};
    c.incidents.push_back(std::move(i));
    c.intel = {"builtin", kHostile, *make_time(2021, 1, 1), 78, kHostile};
    return c;
}

}  // namespace ascribe::test
