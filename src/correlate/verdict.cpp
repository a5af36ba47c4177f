// The answers. "Yes" needs findings that together leave little doubt; "no" needs every deciding source and not one sign
// to the contrary; all else is "unknown". docs/verdict.md states the rules and why evidence that is taken away can turn
// a yes into unknown, but never into no.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "correlate/advice.hpp"
#include "correlate/steps.hpp"
#include "model/yardstick.hpp"

namespace ascribe {
namespace {

// Answers count from 75 %: the upper half of "likely" (PHIA yardstick), and what issue 2's levels were measured with.
constexpr double kYes = 0.75;
// At least one finding of an answer must be more likely true than not; weaker ones never raise an answer, alone or
// many.
constexpr double kAnchor = 0.5;

// Whatever an attack that worked leaves, one of these records it. Only if all of them were kept around an attempt does
// their silence mean that it failed.
constexpr Source kWitnesses[] = {Source::http_proxy,          Source::ecp,        Source::iis_front_end,
                                 Source::iis_back_end,        Source::security,   Source::application,
                                 Source::exchange_management, Source::powershell, Source::process_events};

/// "exchange" of "exchange.ssrf_target": findings of one area may rest on the same mistake, so only the best counts.
std::string_view area_of(const Finding& finding) {
    std::string_view name = finding.detector;
    return name.substr(0, name.find('.'));
}

/// Probability that at least one of the findings is true, one vote for each area.
double combined(const std::vector<const Finding*>& findings) {
    std::map<std::string_view, double> best;
    for (const Finding* finding : findings) {
        auto& p = best[area_of(*finding)];
        p = std::max(p, finding->probability);
    }
    double none = 1;
    for (const auto& [area, p] : best) none *= 1 - std::clamp(p, 0.0, 1.0);
    return 1 - none;
}

bool is_of_chain(Question question) { return question <= Question::used; }

class Judge {
public:
    explicit Judge(const Incident& incident) : incident_(incident) {
        for (const Finding& finding : incident.findings) {
            if (finding.level == Level::scan || finding.probability < kAnchor) continue;
            strong_.push_back(&finding);
        }
    }

    /// Findings that speak for `question`; an attempt is also shown by anything that worked.
    std::vector<const Finding*> speaking_for(Question question) const {
        std::vector<const Finding*> speaking;
        for (const Finding* finding : strong_) {
            bool fits = question == Question::attempted
                            ? is_of_chain(finding->question)
                            : finding->question == question && finding->level == Level::success;
            if (fits) speaking.push_back(finding);
        }
        return speaking;
    }

    Judgement judge(Question question) const {
        Judgement judgement;
        auto speaking = speaking_for(question);
        if (combined(speaking) >= kYes) {
            judgement.answer = Answer::yes;
            for (const Finding* finding : speaking) judgement.findings.push_back(finding->id);
        } else if (may_say_no(question)) {
            judgement.answer = Answer::no;
        }
        return judgement;
    }

    bool all_answered() const {
        return !incident_.coverage.empty() && std::ranges::all_of(incident_.coverage, &Coverage::answered);
    }
    bool nothing_found() const { return strong_.empty(); }

    Judgement exposed() const;

private:
    bool answered(Question question) const {
        return !incident_.coverage.empty() && std::ranges::all_of(incident_.coverage, [&](const Coverage& coverage) {
            return coverage.question != question || coverage.answered;
        });
    }

    /// Silence of all that would know, and no sign to the contrary.
    bool may_say_no(Question question) const {
        bool covered = question == Question::exploited ? all_answered() : answered(question);
        // Anything that worked, survived a patch or was hidden makes every silence suspect.
        bool attempts_only = std::ranges::all_of(strong_, [](const Finding* finding) {
            return finding->question == Question::attempted && finding->level == Level::attempt;
        });
        if (!covered || !attempts_only) return false;
        if (strong_.empty()) return true;
        return question != Question::attempted && all_answered() &&
               std::ranges::all_of(strong_, [&](const Finding* finding) { return witnessed(*finding); });
    }

    bool witnessed(const Finding& finding) const {
        return finding.time && std::ranges::all_of(kWitnesses, [&](Source source) {
                   return kept_around(incident_.facts, source, *finding.time);
               });
    }

    const Incident& incident_;
    std::vector<const Finding*> strong_;
};

/// Yes: a build without the fix while the window was open. No: every window opened while we watched, and found it shut.
Judgement Judge::exposed() const {
    auto end = end_of_evidence(incident_.facts);
    bool any = false, all_shut = true;
    for (const Exposure& exposure : incident_.exposures) {
        if (!exposure.from || (end && *exposure.from >= *end)) continue;
        any = true;
        if (exposure.state == CveState::vulnerable) return {Answer::yes, {}};
        all_shut = all_shut && exposure.state == CveState::fixed && exposure.until && *exposure.until <= *exposure.from;
    }
    return {any && all_shut && end && strong_.empty() ? Answer::no : Answer::unknown, {}};
}

// --- Sentences ---

/// "exploited, web shell left and used".
std::string listed(const std::vector<std::string_view>& words) {
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += fmt::format("{}{}", i == 0 ? "" : i + 1 == words.size() ? " and " : ", ", words[i]);
    return text;
}

std::string clean_span(const Verdict& verdict) {
    auto percent = static_cast<int>(verdict.coverage * 100);  // down: 99.9 % is not all
    return fmt::format("between {} and {} (coverage {} %)",
                       verdict.covered_from ? format_day(*verdict.covered_from) : "an unknown day",
                       verdict.covered_until ? format_day(*verdict.covered_until) : "an unknown day", percent);
}

std::string compromised_sentence(const Verdict& verdict, const std::vector<const Finding*>& successes) {
    std::vector<std::string_view> what;
    bool shell = verdict.shell.answer == Answer::yes;
    if (verdict.exploited.answer == Answer::yes) what.emplace_back("exploited");
    if (shell) what.emplace_back("web shell left");
    if (verdict.used.answer == Answer::yes) what.emplace_back(shell ? "used" : "commands run");
    auto sentence = fmt::format("COMPROMISED: {}.", listed(what));
    std::optional<Time> first, last;
    for (const Finding* finding : successes) {
        if (!finding->time) continue;
        if (!first || *finding->time < *first) first = finding->time;
        if (!last || *finding->time > *last) last = finding->time;
    }
    if (first)
        sentence +=
            fmt::format(" First success {}, last activity {}.", format_time_prose(*first), format_time_prose(*last));
    return sentence;
}

std::string attempted_sentence(const Verdict& verdict, const std::vector<const Finding*>& attempts) {
    std::optional<Time> first;
    for (const Finding* finding : attempts)
        if (finding->time && (!first || *finding->time < *first)) first = finding->time;
    auto sentence =
        fmt::format("ATTEMPTED: a known attack was tried{}.", first ? " first on " + format_time_prose(*first) : "");
    bool failed = verdict.exploited.answer == Answer::no && verdict.shell.answer == Answer::no &&
                  verdict.used.answer == Answer::no;
    sentence += failed ? fmt::format(" No evidence that it worked {}.", clean_span(verdict))
                       : " This evidence cannot show whether it worked.";
    return sentence;
}

std::string insufficient_sentence(const Verdict& verdict, const Incident& incident, bool nothing_found) {
    std::string sentence = "INSUFFICIENT EVIDENCE: cannot say.";
    if (!nothing_found) sentence += " There are signs that call for an explanation.";
    std::set<std::string> answered;
    for (const Coverage& coverage : incident.coverage)
        if (coverage.answered) answered.insert(fmt::format("{} ({})", to_string(coverage.question), coverage.family));
    if (answered.empty()) return sentence + " No question is covered by this evidence.";
    std::vector<std::string_view> names(answered.begin(), answered.end());
    return sentence + fmt::format(" Covered {}: {}.", clean_span(verdict), listed(names));
}

std::string likelihood_sentence(const Verdict& verdict, const Judge& judge) {
    if (verdict.state == State::compromised) {
        double p = 0;
        for (Question question : {Question::exploited, Question::shell, Question::used})
            p = std::max(p, combined(judge.speaking_for(question)));
        return fmt::format("It is {} that the server was compromised.", yardstick(p));
    }
    if (verdict.state == State::attempted)
        return fmt::format("It is {} that a known attack was tried.",
                           yardstick(combined(judge.speaking_for(Question::attempted))));
    return {};
}

/// Three detectors that agree, or full coverage: high. One, or thin coverage: low. Clocks that contradict each other
/// without explanation cost a step.
std::string confidence_sentence(const Verdict& verdict, const Incident& incident,
                                const std::vector<const Finding*>& speaking) {
    static constexpr std::string_view kWords[] = {"Low", "Moderate", "High"};
    std::set<std::string_view> detectors;
    for (const Finding* finding : speaking) detectors.insert(finding->detector);
    bool claims = verdict.state == State::compromised || verdict.state == State::attempted;
    std::size_t level = claims                                ? std::min<std::size_t>(detectors.size(), 3)
                        : verdict.state == State::no_evidence ? 3
                                                              : 1;
    bool unexplained =
        std::ranges::any_of(incident.clocks, [](const ClockNote& note) { return note.correction == Ticks{}; });
    bool corrected =
        std::ranges::any_of(incident.clocks, [](const ClockNote& note) { return note.correction != Ticks{}; });
    if (level == 0) level = 1;
    if (unexplained && level > 1) --level;
    auto sentence = fmt::format("{} confidence: ", kWords[level - 1]);
    sentence += claims ? fmt::format("{} kind{} of finding agree{}, and {} % of the window is covered",
                                     detectors.size(), detectors.size() == 1 ? "" : "s",
                                     detectors.size() == 1 ? "s" : "", static_cast<int>(verdict.coverage * 100))
                       : fmt::format("{} % of the window is covered", static_cast<int>(verdict.coverage * 100));
    if (unexplained)
        sentence += "; clocks contradict each other without explanation";
    else if (corrected)
        sentence += "; a clock that was wrong is corrected";
    return sentence + ".";
}

void sum_coverage(Verdict& verdict, const std::vector<Coverage>& rows) {
    double days = 0, covered = 0;
    for (const Coverage& row : rows) {
        days += row.days;
        covered += row.days_covered;
        if (!row.answered) continue;
        if (!verdict.covered_from || *row.from < *verdict.covered_from) verdict.covered_from = row.from;
        if (!verdict.covered_until || *row.until > *verdict.covered_until) verdict.covered_until = row.until;
    }
    verdict.coverage = days > 0 ? covered / days : 0;
}

}  // namespace

Verdict judge_verdict(const Incident& incident) {
    Judge judge(incident);
    Verdict verdict;
    verdict.exposed = judge.exposed();
    verdict.attempted = judge.judge(Question::attempted);
    verdict.exploited = judge.judge(Question::exploited);
    verdict.shell = judge.judge(Question::shell);
    verdict.used = judge.judge(Question::used);
    sum_coverage(verdict, incident.coverage);

    std::vector<const Finding*> successes;
    for (Question question : {Question::exploited, Question::shell, Question::used})
        if (combined(judge.speaking_for(question)) >= kYes)
            for (const Finding* finding : judge.speaking_for(question)) successes.push_back(finding);
    auto attempts = judge.speaking_for(Question::attempted);

    if (!successes.empty()) {
        verdict.state = State::compromised;
        verdict.sentence = compromised_sentence(verdict, successes);
    } else if (verdict.attempted.answer == Answer::yes) {
        verdict.state = State::attempted;
        verdict.sentence = attempted_sentence(verdict, attempts);
    } else if (judge.all_answered() && judge.nothing_found()) {
        verdict.state = State::no_evidence;
        verdict.sentence = fmt::format("No evidence of compromise {}.", clean_span(verdict));
    } else {
        verdict.state = State::insufficient;
        verdict.sentence = insufficient_sentence(verdict, incident, judge.nothing_found());
    }
    verdict.likelihood = likelihood_sentence(verdict, judge);
    verdict.confidence = confidence_sentence(verdict, incident, successes.empty() ? attempts : successes);
    verdict.actions = advise(incident, verdict);
    return verdict;
}

}  // namespace ascribe
