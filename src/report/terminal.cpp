#include "report/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"
#include "report/reading.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kColumns = 80;
constexpr std::size_t kLabel = 13;          // width of the block's left column
constexpr std::size_t kFindingsShown = 12;  // the rest is counted; `ascribe report` has all
constexpr std::size_t kIdsShown = 4;

std::string plain(std::string_view text, std::size_t limit = SIZE_MAX) { return visible(text, limit); }

/// "1 row", "2 rows".
std::string counted(std::uint64_t count, std::string_view what, std::string_view more = "s") {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : more);
}

std::string day(const std::optional<Time>& time, std::string_view otherwise) {
    return time ? format_day(*time) : std::string(otherwise);
}

class Block {
public:
    Block(Colour colour, Bars bars) : colour_(colour == Colour::on), bars_(bars == Bars::on) {}

    /// A paragraph beside a label, wrapped; words longer than a line are left whole. Whatever evidence put into it is
    /// made visible here, once for all callers.
    void line(std::string_view label, std::string_view paragraph) {
        auto text = visible(paragraph);
        std::string out = fmt::format(" {:<{}}", label, kLabel - 1);
        std::size_t column = kLabel;
        bool first = true;
        for (auto word : split(text, ' ')) {
            auto width = count_columns(word);
            if (!first && column + 1 + width > kColumns) {
                out += "\n" + std::string(kLabel, ' ');
                column = kLabel;
            } else if (!first) {
                out += ' ';
                ++column;
            }
            out += word;
            column += width;
            first = false;
        }
        text_ += out + "\n";
    }
    void headline(std::string_view label, std::string_view text, std::string_view code) {
        auto begin = text_.size();
        line(label, text);
        if (!colour_) return;
        text_.insert(begin, fmt::format("\x1b[{}m", code));
        text_.insert(text_.size() - 1, "\x1b[0m");
    }
    void space() { text_ += "\n"; }
    bool bars() const { return bars_; }
    std::string take() { return std::move(text_); }

private:
    static std::size_t count_columns(std::string_view word) {
        return static_cast<std::size_t>(
            std::ranges::count_if(word, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    }
    bool colour_, bars_;
    std::string text_;
};

std::string ids(const std::vector<std::string>& list) {
    std::string out;
    for (std::size_t i = 0; i < list.size() && i < kIdsShown; ++i) out += (out.empty() ? "" : " ") + list[i];
    if (list.size() > kIdsShown) out += fmt::format(" and {} more", list.size() - kIdsShown);
    return out;
}

std::string answer(const Judgement& judgement) {
    auto word = to_string(judgement.answer);
    return judgement.findings.empty() ? std::string(word) : fmt::format("{:<8} {}", word, ids(judgement.findings));
}

std::string_view code_of(State state) {
    switch (state) {
        case State::compromised: return "1;31";
        case State::attempted: return "1;33";
        case State::no_evidence: return "1;32";
        case State::insufficient: return "1;35";
    }
    return "0";
}

/// Findings of one level, counted by source address: "4 findings in 48 rows, 1 address, 2021-03-03 .. 2021-03-06".
std::string tally(const Incident& incident, Level level) {
    std::size_t count = 0;
    std::uint64_t rows = 0;
    std::set<std::string_view> addresses;
    std::optional<Time> first, last;
    for (const Finding& finding : incident.findings) {
        if (finding.level != level) continue;
        ++count;
        rows += std::max<std::uint64_t>(finding.evidence_total, finding.evidence.size());
        if (!finding.address.empty()) addresses.insert(finding.address);
        if (finding.time) {
            first = std::min(first.value_or(*finding.time), *finding.time);
            last = std::max({last.value_or(*finding.time), *finding.time, finding.last.value_or(*finding.time)});
        }
    }
    if (count == 0) return "none";
    auto text = fmt::format("{} in {}", counted(count, "finding"), counted(rows, "row"));
    if (!addresses.empty()) text += ", " + counted(addresses.size(), "address", "es");
    if (first) text += fmt::format(", {} .. {}", format_day(*first), format_day(*last));
    return text;
}

/// What happened before, inside and after exposure, a character a slice: light where fixed or unknown, full where open.
std::string bar(const Exposure& exposure, Time begin, Time end) {
    constexpr int kWidth = 20;
    auto from = exposure.from.value_or(begin), until = exposure.until.value_or(end);
    std::string out = "▕";
    for (int i = 0; i < kWidth; ++i) {
        auto at = begin + (end - begin) / kWidth * i;
        out += at >= from && at < until ? "█" : "░";
    }
    return out + "▏";
}

void show_exposure(const Incident& incident, Block& block) {
    std::map<CveState, std::vector<std::string>> by_state;
    const Exposure* longest = nullptr;
    for (const Exposure& exposure : incident.exposures) {
        by_state[exposure.state].push_back(exposure.cve);
        if (exposure.open_in_window && (!longest || exposure.from < longest->from)) longest = &exposure;
    }
    if (longest) {
        auto text = fmt::format("open from {} until {}: {}", day(longest->from, "an unknown day"),
                                day(longest->until, "the end of the evidence"), plain(longest->reason));
        if (block.bars() && longest->from && incident.verdict.covered_until)
            text += " " + bar(*longest, *longest->from - std::chrono::days(30),
                              std::max(*incident.verdict.covered_until, longest->until.value_or(*longest->from)) +
                                  std::chrono::days(10));
        block.line("Exposure", text);
    }
    for (const auto& [state, cves] : by_state) {
        if (state == CveState::fixed && longest) continue;
        block.line(longest || state != by_state.begin()->first ? "" : "Exposure",
                   fmt::format("{}: {}", in_words(state), ids(cves)));
    }
    if (by_state.size() == 1 && by_state.contains(CveState::cannot_tell))
        block.line("", plain(incident.exposures.front().reason));
    if (by_state.empty() && !incident.coverage.empty())
        block.line("Exposure",
                   "nothing in this evidence is of an Exchange server; other programs' vulnerabilities are not known "
                   "here");
}

/// Of many families of which none can be answered: one line a question, of the family whose window is longest.
bool show_coverage_in_short(const Incident& incident, Block& block) {
    constexpr std::size_t kQuestions = 3, kFamilies = 4;
    bool none = std::ranges::none_of(incident.coverage, &Coverage::answered);
    if (!none || incident.coverage.size() <= kQuestions * kFamilies) return false;
    block.line("Coverage",
               fmt::format("{} families of attacks may concern this server; this evidence can answer for none "
                           "(ascribe report lists each)",
                           incident.coverage.size() / kQuestions));
    for (Question question : {Question::attempted, Question::used, Question::shell}) {
        const Coverage* longest = nullptr;
        for (const Coverage& coverage : incident.coverage)
            if (coverage.question == question && (longest == nullptr || coverage.days > longest->days))
                longest = &coverage;
        if (longest != nullptr)
            block.line("", fmt::format("{}: {} of {} days", to_string(question), longest->days_covered, longest->days));
    }
    return true;
}

void show_coverage(const Incident& incident, Block& block) {
    if (show_coverage_in_short(incident, block)) return;
    bool first = true;
    for (const Coverage& coverage : incident.coverage) {
        auto gap = coverage.gaps.empty() || coverage.answered
                       ? std::string()
                       : fmt::format(", missing {} to {}", format_day(coverage.gaps.front().from),
                                     format_day(coverage.gaps.front().until));
        block.line(first ? "Coverage" : "",
                   fmt::format("{} {}: {} of {} days{}{}", plain(coverage.family), to_string(coverage.question),
                               coverage.days_covered, coverage.days, coverage.answered ? "" : " - cannot say", gap));
        first = false;
    }
    if (incident.coverage.empty()) block.line("Coverage", "no window of a known attack lies inside this evidence");
}

void show_findings(const Incident& incident, Block& block) {
    std::vector<const Finding*> shown;
    for (const Finding& finding : incident.findings)
        if (finding.level != Level::scan) shown.push_back(&finding);
    std::ranges::stable_sort(shown, [](const Finding* a, const Finding* b) { return a->level > b->level; });
    auto left = shown.size() > kFindingsShown ? shown.size() - kFindingsShown : 0;
    shown.resize(shown.size() - left);
    std::ranges::stable_sort(shown, [](const Finding* a, const Finding* b) {
        return a->time.value_or(Time::max()) < b->time.value_or(Time::max());
    });
    bool first = true;
    for (const Finding* finding : shown) {
        block.line(first ? "Findings" : "", fmt::format("{} [{}] {} {}", finding->id, to_string(finding->level),
                                                        finding->time ? format_time_prose(*finding->time) : "no time",
                                                        plain(finding->statement, 300)));
        first = false;
    }
    if (left > 0) block.line("", fmt::format("and {} more: ascribe report CASE", left));
}

/// Names of the pages this thread left or used, once each; what it merely asked for stands in the findings.
std::vector<std::string> pages_left(const Incident& incident, const Thread& thread) {
    std::set<std::string> names;
    std::set<std::string_view> ids(thread.findings.begin(), thread.findings.end());
    for (const Finding& finding : incident.findings)
        if ((finding.question == Question::shell || finding.question == Question::used) &&
            !extension(base_name(finding.page)).empty() && ids.contains(finding.id))
            names.emplace(base_name(finding.page));
    return {names.begin(), names.end()};
}

void show_threads(const Incident& incident, Block& block) {
    bool first = true;
    for (std::size_t i = 0; i < incident.threads.size() && i < 6; ++i) {
        const Thread& thread = incident.threads[i];
        std::string who;
        for (std::size_t k = 0; k < thread.addresses.size() && k < 3; ++k)
            who += (who.empty() ? "from " : ", ") + plain(thread.addresses[k]);
        auto pages = pages_left(incident, thread);
        for (std::size_t k = 0; k < pages.size() && k < 2; ++k)
            who += (k == 0 ? (who.empty() ? "page " : "; page ") : ", ") + plain(pages[k], 60);
        block.line(first ? "Threads" : "",
                   fmt::format("{} {} .. {} {} {}", thread.id, day(thread.first, "?"), day(thread.last, "?"),
                               counted(thread.findings.size(), "finding"), who));
        first = false;
    }
    if (incident.threads.size() > 6) block.line("", fmt::format("and {} more", incident.threads.size() - 6));
}

/// Who it was: two sentences a thread, what carries the first and what would change it.
void show_attributions(const Incident& incident, Block& block) {
    constexpr std::size_t kShown = 3;
    for (std::size_t i = 0; i < incident.attributions.size() && i < kShown; ++i) {
        const ThreadAttribution& attributed = incident.attributions[i];
        block.line(i == 0 ? "Who" : "", fmt::format("{} {}", attributed.sentence, attributed.confidence));
        std::string chances;
        for (std::size_t k = 0; k < attributed.actors.size() && k < 3; ++k)
            chances +=
                fmt::format("{} {}, ", plain(attributed.actors[k].name, 40), percent(attributed.actors[k].probability));
        auto carried = attributed.carried_by.empty() ? std::string()
                                                     : fmt::format("; carried by {}", plain(attributed.carried_by, 60));
        block.line("", fmt::format("{}an actor not known here {}{}", chances, percent(attributed.other), carried));
    }
    if (incident.attributions.size() > kShown)
        block.line("",
                   fmt::format("and {} more threads: ascribe attribute CASE", incident.attributions.size() - kShown));
}

void show(const Incident& incident, Block& block) {
    const Verdict& verdict = incident.verdict;
    block.headline("VERDICT", verdict.sentence, code_of(verdict.state));
    if (!verdict.likelihood.empty()) block.line("", verdict.likelihood);
    if (!verdict.confidence.empty()) block.line("", verdict.confidence);
    block.line("Server", plain(incident.server));
    block.line("Scanned by", tally(incident, Level::scan));
    block.line("Attempts", tally(incident, Level::attempt));
    block.line("Succeeded", tally(incident, Level::success));
    block.line("Exposed", answer(verdict.exposed));
    block.line("Attempted", answer(verdict.attempted));
    block.line("Exploited", answer(verdict.exploited));
    block.line("Web shell", answer(verdict.shell));
    block.line("Used", answer(verdict.used));
    show_exposure(incident, block);
    show_threads(incident, block);
    show_attributions(incident, block);
    show_findings(incident, block);
    for (const ClockNote& note : incident.clocks) block.line("Clock", plain(note.statement));
    show_coverage(incident, block);
    for (std::size_t i = 0; i < verdict.actions.size(); ++i)
        block.line(i == 0 ? "Do now" : "", fmt::format("{} {}", i + 1, plain(verdict.actions[i])));
    block.space();
}

/// Each file that is not what its collector sealed, with both hashes, for they decide whether anything else counts.
void show_integrity(const Case& investigated, Block& block) {
    constexpr std::size_t kListed = 5;
    block.line("INTEGRITY", "Evidence does not match the hashes its collector noted.");
    std::size_t count = 0;
    for (const Damage& damage : investigated.damage) {
        if (!damage.what.starts_with(kCustodyDamage) || ++count > kListed) continue;
        auto known = damage.artefact.value < investigated.artefacts.size();
        block.line("", fmt::format("{}{}", known ? plain(investigated.artefacts[damage.artefact.value].path, 200) : "",
                                   plain(damage.what.substr(kCustodyDamage.size()), 200)));
    }
    if (count > kListed) block.line("", fmt::format("and {} more: ascribe report CASE", count - kListed));
}

void show_books(const Case& investigated, Block& block) {
    std::uint64_t records = 0, recovered = 0, bad = 0, bytes = 0;
    for (const Accounting& account : investigated.accounting) {
        records += account.records;
        recovered += account.recovered;
        bad += account.bad;
    }
    for (const Artefact& artefact : investigated.artefacts) bytes += artefact.size;
    Reading reading(investigated.artefacts);
    block.line("Evidence",
               fmt::format("{}, {}; {} read, {} listed; {} of kinds not read",
                           counted(investigated.artefacts.size(), "file"), counted(bytes, "byte"),
                           counted(records, "record"), counted(bad, "bad line"), counted(reading.unread(), "file")));
    if (auto logs = reading.unread_logs(); !logs.empty()) block.line("", "Not read, though named like logs: " + logs);
    if (recovered > 0)
        block.line(
            "", fmt::format("{} older events recovered from slack, told apart: ascribe events --kind recovered_event",
                            recovered));
    std::map<std::string, std::size_t> reasons;
    for (const Damage& damage : investigated.damage)
        if (!damage.what.starts_with(kCustodyDamage))
            ++reasons[fmt::format("{} ({})", plain(damage.what, 80), to_string(damage.fault))];
    std::size_t listed = 0;
    for (const auto& [reason, count] : reasons) {
        if (listed++ == 5) break;
        block.line(listed == 1 ? "Damage" : "", fmt::format("{} x {}", count, reason));
    }
    if (reasons.size() > 5)
        block.line("", fmt::format("and {} more kinds; ascribe report CASE lists each", reasons.size() - 5));
    if (investigated.integrity_failed) show_integrity(investigated, block);
    block.line("Knowledge", fmt::format("{} of {}, {} days old", investigated.intel.name, investigated.intel.version,
                                        investigated.intel.age_days));
    if (!investigated.intel.warning.empty()) block.line("", "Warning: " + plain(investigated.intel.warning));
    block.line("Isolation", investigated.run.isolation);
    block.line("Bytes", "ascribe why ID CASE prints the bytes behind a finding (write CASE with -o)");
}

}  // namespace

std::string write_terminal(const Case& investigated, Colour colour, Bars bars) {
    Block block(colour, bars);
    if (investigated.incidents.empty())
        block.headline("VERDICT", "INSUFFICIENT EVIDENCE: cannot say. Nothing in this evidence speaks of a server.",
                       "1;35");
    for (const Incident& incident : investigated.incidents) show(incident, block);
    show_books(investigated, block);
    return block.take();
}

}  // namespace ascribe
