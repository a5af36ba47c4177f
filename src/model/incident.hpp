// One server's story: when it was open, what was tried, what worked, in true UTC, and what the evidence cannot show.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/attribution.hpp"
#include "model/finding.hpp"

namespace ascribe {

enum class CveState : std::uint8_t { fixed, vulnerable, mitigated, cannot_tell };
std::string_view to_string(CveState state);
std::string_view in_words(CveState state);  // for people: "cannot tell"

/// One vulnerability on one server.
struct Exposure {
    std::string cve, family;  // "CVE-2021-26855", "ProxyLogon"
    CveState state = CveState::cannot_tell;
    std::optional<Time> from;          // start of the window: first known exploitation, else disclosure
    std::optional<Time> until;         // when the fix was first seen; empty: still open when the evidence ends
    bool open_in_window = false;       // a vulnerable build was in force after `from`
    std::string reason;                // one sentence: which build or setting says so
    std::vector<Ref> evidence;         // may be empty for cannot_tell only
    bool before_installation = false;  // fixed: the installed cumulative update had the fix from its release
};

/// One intruder's activity as far as hard links join it: shell, address, session, time.
struct Thread {
    std::string id;  // "T1", in order of first activity
    std::optional<Time> first, last;
    std::vector<std::string> addresses, pages, accounts;
    std::vector<std::string> findings;  // ids, in order of time
};

struct Step {
    std::optional<Time> time;  // true UTC
    std::optional<Time> raw_time;
    Clock clock = Clock::log;
    std::string finding;  // id
    std::string thread;   // id, "" for none
};

/// A contradiction between clocks, found and stated.
struct ClockNote {
    std::string statement;  // "record times are local time labelled UTC, 300 minutes behind Sysmon's UtcTime"
    std::vector<ArtefactId> artefacts;
    Ticks correction{};  // added to raw times of these artefacts to give true UTC; zero: stated, not corrected
    std::uint64_t rows = 0;
    std::vector<Ref> evidence;
};

struct Gap {
    Time from, until;
};

/// Whether one question about one family of vulnerabilities can be answered from this evidence.
struct Coverage {
    std::string family;                       // "ProxyLogon"
    Question question = Question::attempted;  // attempted, shell or used
    std::optional<Time> from, until;          // the window
    int days = 0, days_covered = 0;           // days of the window; days with a deciding source
    double share = 0;                         // days_covered / days
    bool answered = false;                    // share >= kCoverageShare and no gap over kCoverageGap
    std::vector<Source> sources;              // the deciding sources present
    std::vector<Gap> gaps;                    // over kCoverageGap, the longest first, at most 20
    std::string collect;                      // what to collect next; "" when answered
};
inline constexpr double kCoverageShare = 0.95;                 // issue 2: 95 % of the window's days
inline constexpr Ticks kCoverageGap = std::chrono::hours{24};  // issue 2: no gap exceeds 24 h

enum class Answer : std::uint8_t { no, yes, unknown };
std::string_view to_string(Answer answer);

enum class State : std::uint8_t { compromised, attempted, no_evidence, insufficient };
std::string_view to_string(State state);  // "compromised", "attempted", "no_evidence", "insufficient_evidence"

struct Judgement {
    Answer answer = Answer::unknown;
    std::vector<std::string> findings;  // ids that say yes
};

struct Verdict {
    State state = State::insufficient;
    std::string sentence;    // the first thing the user reads
    std::string likelihood;  // "It is almost certain that ..." in PHIA words; "" where nothing is claimed
    std::string confidence;  // a sentence of its own: likelihood and confidence never share one
    Judgement exposed, attempted, exploited, shell, used;
    double coverage = 0;  // share of the days of all windows that are covered
    std::optional<Time> covered_from, covered_until;
    std::vector<std::string> actions;  // what to do now, most urgent first
};

struct Incident {
    std::string server;              // short host name, lower case; "server" when the evidence never names it
    std::vector<std::string> names;  // as the evidence writes it
    std::vector<Finding> findings;   // by (time, id)
    Facts facts;
    std::vector<Exposure> exposures;
    std::vector<Thread> threads;
    std::vector<ThreadAttribution> attributions;  // one a thread, where anything can be said
    std::vector<Step> timeline;
    std::vector<ClockNote> clocks;
    std::vector<Coverage> coverage;
    Verdict verdict;
};

}  // namespace ascribe
