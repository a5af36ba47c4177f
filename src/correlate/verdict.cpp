// The honest property, by construction: an answer becomes "no" only when every window that concerns the server is
// covered for its question and nothing found elsewhere makes the question open; everything else is "unknown". Removing
// evidence removes findings or coverage, so it can turn "yes" into "unknown" and never into "no". docs/verdict.md.
#include "correlate/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "correlate/coverage.hpp"
#include "correlate/platform.hpp"
#include "model/yardstick.hpp"

namespace ascribe {
namespace {

/// Who says it. Findings of one witness repeat each other's reason; witnesses are taken as independent: every detector
/// is one, and so are all of the user's rules together, which share authors and are about the same rows.
std::string_view witness_of(const Finding& finding) {
    if (finding.detector.starts_with("sigma.")) return "sigma";
    // How a page was used and that it was used are told from the same requests.
    if (finding.detector == "behaviour.page") return "web.unknown_page";
    return finding.detector;
}

/// Weaker findings are listed, and neither raise an answer nor keep one open: most of them are false.
/// A session sums up what other findings say.
bool is_strong(const Finding& finding) {
    return finding.level != Level::scan && finding.probability >= kAttemptFrom &&
           finding.detector != "behaviour.session";
}

struct Weighed {
    Judgement judgement;
    double probability = 0;
    std::set<std::string_view> witnesses;
};

template <class Counts>
Weighed weigh(const std::vector<Finding>& findings, double needed, Counts counts) {
    std::map<std::string_view, double> best;
    Weighed weighed;
    for (const Finding& finding : findings) {
        if (!is_strong(finding) || !counts(finding)) continue;
        weighed.judgement.findings.push_back(finding.id);
        double& p = best[witness_of(finding)];
        p = std::max(p, finding.probability);
    }
    double none = 1;
    for (const auto& [witness, p] : best) {
        none *= 1 - p;
        weighed.witnesses.insert(witness);
    }
    weighed.probability = 1 - none;
    if (!best.empty() && weighed.probability >= needed)
        weighed.judgement.answer = Answer::yes;
    else
        weighed.judgement.findings.clear();  // they call for an explanation; they do not say yes
    return weighed;
}

Weighed succeeded(const std::vector<Finding>& findings, Question question) {
    return weigh(findings, kYesFrom, [question](const Finding& finding) {
        return finding.level == Level::success && finding.question == question;
    });
}

bool covered(const Incident& incident, Question question) {
    bool any = false, all = true;
    for (const Coverage& coverage : incident.coverage) {
        if (coverage.question != question) continue;
        any = true;
        all = all && coverage.answered;
    }
    return any && all;
}

/// An attack that works leaves a trace in at least one of these, and there is more than one kind of attack. Only when
/// all of them were kept around an attempt does their silence mean that it failed.
constexpr Source kWitnesses[] = {Source::http_proxy,          Source::ecp,        Source::iis_front_end,
                                 Source::iis_back_end,        Source::security,   Source::application,
                                 Source::exchange_management, Source::powershell, Source::process_events};

bool is_plain_attempt(const Finding& finding) {
    return finding.level == Level::attempt && finding.question == Question::attempted;
}

bool is_witnessed(const Incident& incident, const Finding& finding) {
    return finding.time && std::ranges::all_of(kWitnesses, [&](Source source) {
               return kept_around(incident.facts, source, *finding.time);
           });
}

/// "No" needs windows that opened while the evidence was watching and found the hole shut; a fix seen later proves
/// nothing of the days before it.
Judgement judge_exposed(const Incident& incident) {
    Judgement exposed;
    auto end = end_of_evidence(incident.facts);
    bool any = false, shut = end.has_value();
    for (const Exposure& exposure : incident.exposures) {
        if (!exposure.from || (end && *exposure.from >= *end)) continue;
        any = true;
        shut = shut && exposure.state == CveState::fixed && exposure.until && *exposure.until <= *exposure.from;
        if (exposure.open_in_window) exposed.findings.push_back(exposure.cve);
    }
    bool quiet = std::ranges::none_of(incident.findings, is_strong);
    exposed.answer = !exposed.findings.empty() ? Answer::yes : any && shut && quiet ? Answer::no : Answer::unknown;
    return exposed;
}

/// Questions without an answer: "no" where the evidence would show it, and only when nothing else keeps them open.
void answer_the_rest(const Incident& incident, Verdict& v) {
    // What worked, what survives a patch and what hides make every silence suspect; so does an attempt without
    // witnesses.
    bool attempts = false;
    for (const Finding& finding : incident.findings) {
        if (!is_strong(finding)) continue;
        if (!is_plain_attempt(finding) || !is_witnessed(incident, finding)) return;
        attempts = true;
    }
    bool tried = covered(incident, Question::attempted), left = covered(incident, Question::shell),
         used = covered(incident, Question::used);
    if (attempts && !(tried && left && used)) return;
    auto say_no = [](Judgement& judgement, bool may) {
        if (may && judgement.answer != Answer::yes) judgement.answer = Answer::no;
    };
    say_no(v.attempted, tried && !attempts);
    say_no(v.shell, left);
    say_no(v.used, used);
    say_no(v.exploited, tried && left && used);
}

void measure(const Incident& incident, Verdict& v) {
    int days = 0, days_covered = 0;
    for (const Coverage& coverage : incident.coverage) {
        days += coverage.days;
        days_covered += coverage.days_covered;
        if (!coverage.from || !coverage.until) continue;
        v.covered_from = std::min(v.covered_from.value_or(*coverage.from), *coverage.from);
        v.covered_until = std::max(v.covered_until.value_or(*coverage.until), *coverage.until);
    }
    v.coverage = days > 0 ? static_cast<double>(days_covered) / days : 0;
}

std::pair<std::optional<Time>, std::optional<Time>> span_of_success(const Incident& incident) {
    std::optional<Time> first, last;
    for (const Finding& finding : incident.findings) {
        if (finding.level != Level::success || !finding.time || !is_strong(finding)) continue;
        first = std::min(first.value_or(*finding.time), *finding.time);
        last = std::max({last.value_or(*finding.time), *finding.time, finding.last.value_or(*finding.time)});
    }
    return {first, last};
}

std::string done(const Verdict& v) {
    std::string text;
    auto add = [&](const Judgement& j, std::string_view word) {
        if (j.answer == Answer::yes) text += (text.empty() ? "" : ", ") + std::string(word);
    };
    add(v.exploited, "exploited");
    add(v.shell, "web shell left");
    add(v.used, v.shell.answer == Answer::yes ? "used" : "commands run");
    if (auto comma = text.rfind(", "); comma != std::string::npos) text.replace(comma, 2, " and ");
    return text;
}

struct Tried {
    std::string_view what, unknown;  // what was tried, and what is not known of it
};

/// By what stands behind "attempted". What behaviour alone tells is no known attack.
Tried tried(const Incident& incident) {
    auto is = [&](auto holds) {
        return std::ranges::any_of(incident.findings, [&](const Finding& finding) {
            return finding.level >= Level::attempt && holds(std::string_view(finding.detector));
        });
    };
    if (is([](std::string_view name) { return !name.starts_with("behaviour."); }))
        return {"a known attack was tried", "whether it worked"};
    if (is([](std::string_view name) { return name == "behaviour.page"; }))
        return {"a page was used like a web shell", "whether it was one"};
    return {"something was done as attackers do it", "whether it was an attack"};
}

void word(const Incident& incident, Verdict& v, double probability) {
    auto window = v.covered_from && v.covered_until
                      ? fmt::format("between {} and {} ", format_day(*v.covered_from), format_day(*v.covered_until))
                      : std::string();
    auto percent = static_cast<int>(v.coverage * 100);
    switch (v.state) {
        case State::compromised: {
            auto [first, last] = span_of_success(incident);
            v.sentence = fmt::format("COMPROMISED: {}.", done(v));
            if (first)
                v.sentence += fmt::format(" First success {}, last activity {}.", format_time_prose(*first),
                                          format_time_prose(*last));
            v.likelihood = fmt::format("It is {} that this server was compromised.", yardstick(probability));
            break;
        }
        case State::attempted: {
            auto [what, unknown] = tried(incident);
            v.sentence = v.exploited.answer == Answer::no
                             ? fmt::format("ATTEMPTED: {}; nothing shows that it worked {}(coverage {} %).", what,
                                           window, percent)
                             : fmt::format("ATTEMPTED: {}; this evidence cannot show {}.", what, unknown);
            v.likelihood = fmt::format("It is {} that this server was attacked.", yardstick(probability));
            break;
        }
        case State::no_evidence:
            v.sentence = fmt::format("No evidence of compromise {}(coverage {} %).", window, percent);
            break;
        case State::insufficient:
            v.sentence =
                std::ranges::any_of(incident.findings, is_strong)
                    ? std::string("INSUFFICIENT EVIDENCE: cannot say. Some findings call for an explanation.")
                : v.coverage > 0
                    ? fmt::format(
                          "INSUFFICIENT EVIDENCE: cannot say. Nothing was found in what is covered {}(coverage {} %).",
                          window, percent)
                    : "INSUFFICIENT EVIDENCE: cannot say. No source that could decide covers the window.";
            break;
    }
}

/// High: independent sources agree and the clocks do. Low: one source, or clocks that no correction explains.
std::string confidence_of(const Incident& incident, const Verdict& v, std::size_t witnesses) {
    bool contradiction =
        std::ranges::any_of(incident.clocks, [](const ClockNote& note) { return note.correction == Ticks{}; });
    std::string_view level, why;
    if (v.state == State::compromised || v.state == State::attempted) {
        level = witnesses >= 3 && !contradiction ? "high" : witnesses >= 2 ? "moderate" : "low";
        why = witnesses >= 2 ? "independent sources agree" : "it rests on one kind of trace";
    } else if (v.state == State::no_evidence) {
        level = "moderate";
        why = "the deciding sources cover the window, and logs show known techniques only";
    } else {
        level = "low";
        why = "the sources that could decide are missing";
    }
    if (contradiction) why = "clocks in the evidence contradict each other";
    return fmt::format("Our confidence in this judgement is {}: {}.", level, why);
}

std::vector<std::string> urgent_actions(State state, Platform platform) {
    bool site = platform == Platform::web_server;
    if (state == State::compromised)
        return {
            "Isolate the server from the network; do not switch it off.",
            "Keep a disk image and memory before anything is cleaned.",
            site ? "Change every password and key that lay on it or was used on it, those of its databases and of "
                   "its administrators first."
                 : "Reset the passwords of every account that was used on it, of administrators and of krbtgt "
                   "(twice).",
            site ? "Look for what survives a new page: accounts, scheduled tasks and cron jobs, services, SSH keys, "
                   "modules of the web server, plug-ins."
                 : "Look for what survives a patch: accounts, tasks, services, mailbox delegation, transport "
                   "agents, IIS modules, machine keys.",
            site ? "Rebuild the server from trusted media and its site from a clean copy; deleting the page does not "
                   "remove an intruder."
                 : "Rebuild the server from trusted media at a current build; a patch does not remove an intruder.",
            "Tell those who must be told: data protection deadlines run from the moment of awareness."};
    if (state == State::attempted)
        return {"Find out whether it worked: collect what is listed under coverage.",
                site ? "Check the web folders for pages that nobody of yours put there: 'ascribe shells FOLDER' reads "
                       "them."
                     : "Check web folders and Temporary ASP.NET Files for pages that Exchange does not ship."};
    return {};
}

/// What would answer more, each thing once: logs of all families' doors together.
void add_collections(const Incident& incident, Platform platform, std::vector<std::string>& actions) {
    std::set<std::string> wanted;
    auto attempts =
        platform == Platform::web_server ? std::string() : collect_for_attempts(incident.coverage, incident.facts);
    for (const Coverage& coverage : incident.coverage) {
        const auto& collect = coverage.question == Question::attempted ? attempts : coverage.collect;
        if (!collect.empty() && wanted.insert(collect).second) actions.push_back("Collect " + collect + ".");
    }
}

std::vector<std::string> actions_for(const Incident& incident, const Verdict& v) {
    auto platform = platform_of(incident.facts, incident.findings);
    auto actions = urgent_actions(v.state, platform);
    bool vulnerable = std::ranges::any_of(
        incident.exposures, [](const Exposure& e) { return e.state == CveState::vulnerable && !e.until; });
    if (vulnerable)
        actions.emplace_back("Patch: the build is older than fixes for vulnerabilities listed under exposure.");
    add_collections(incident, platform, actions);
    if (v.state == State::compromised || v.state == State::attempted)
        actions.emplace_back(platform == Platform::web_server
                                 ? "Copy the logs that roll over before they are lost: many servers keep two weeks."
                                 : "Copy the logs that roll over before they are lost: HttpProxy keeps about 30 days.");
    if (platform == Platform::web_server)
        actions.emplace_back(
            "Judge by rules for the programs on this server too (--rules): without them only Exchange's "
            "attacks are known by name.");
    else if (incident.facts.builds.empty())
        actions.emplace_back("Collect bin\\ExSetup.exe: its version says which build was installed.");
    return actions;
}

}  // namespace

Verdict judge(const Incident& incident) {
    Verdict v;
    auto exploited = succeeded(incident.findings, Question::exploited),
         shell = succeeded(incident.findings, Question::shell), used = succeeded(incident.findings, Question::used);
    auto attempted = weigh(incident.findings, kAttemptFrom, [](const Finding& finding) {
        bool about_an_attack = finding.question != Question::persistence && finding.question != Question::hiding;
        return finding.level != Level::scan && about_an_attack;
    });
    v.exposed = judge_exposed(incident);
    v.attempted = attempted.judgement;
    v.exploited = exploited.judgement;
    v.shell = shell.judgement;
    v.used = used.judgement;
    answer_the_rest(incident, v);
    measure(incident, v);

    bool compromised =
        v.exploited.answer == Answer::yes || v.shell.answer == Answer::yes || v.used.answer == Answer::yes;
    bool all_no = v.attempted.answer == Answer::no && v.exploited.answer == Answer::no &&
                  v.shell.answer == Answer::no && v.used.answer == Answer::no;
    v.state = compromised                         ? State::compromised
              : v.attempted.answer == Answer::yes ? State::attempted
              : all_no                            ? State::no_evidence
                                                  : State::insufficient;
    double probability = compromised
                             ? 1 - (1 - exploited.probability) * (1 - shell.probability) * (1 - used.probability)
                             : attempted.probability;
    word(incident, v, probability);
    std::set<std::string_view> witnesses;
    for (const Weighed* weighed : {&exploited, &shell, &used})
        witnesses.insert(weighed->witnesses.begin(), weighed->witnesses.end());
    v.confidence = confidence_of(incident, v, compromised ? witnesses.size() : attempted.witnesses.size());
    v.actions = actions_for(incident, v);
    return v;
}

}  // namespace ascribe
