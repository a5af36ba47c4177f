// sigma.rules: hits of the user's Sigma rules as findings, one a rule and server, each with its rows. A rule says that
// something looks like an attack, never that one worked: hits are attempts at most, so that they can call for an
// explanation and keep a "no" away, and can never say exploited, shell or used. docs/sigma.md, "In a verdict".
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "base/hash.hpp"
#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/facts/fold.hpp"
#include "detect/hits.hpp"
#include "detect/sigma/correlation.hpp"
#include "detect/sigma/matcher.hpp"
#include "detect/sigma/sieve.hpp"
#include "detect/web/request.hpp"

namespace ascribe {
namespace {

// How likely a hit means what its rule says. Sigma has no measured figures; its specification defines the levels by
// what a reader should do: critical "indicates an incident", high "should trigger an internal alert", medium "should be
// reviewed" (https://github.com/SigmaHQ/sigma-specification, sigma-rules-specification.md, "Level"). So: critical and
// tried (status stable or test) is somewhat more likely than not and counts as an attempt; all else is below the 0.5
// from which findings count. None reaches the 0.75 of a yes.
constexpr double kCritical = 0.6, kHigh = 0.4, kMedium = 0.2, kNote = 0.1;
/// Rows kept for correlations, a server; they travel with their fields, some 300 bytes each.
constexpr std::size_t kMarksKept = 100'000;
/// A longer name, title or value is cut; tags and ids are some dozens of characters.
constexpr std::size_t kRuleText = 200, kMarkValue = 2'048, kMarkFields = 64;

/// What this process judges rows with: its automata's scratch space outlives the parts.
struct Judges {
    std::shared_ptr<const sigma::RuleSet> rules;
    sigma::Matcher matcher;
    sigma::Sieve sieve;
    sigma::Correlator correlator;
    explicit Judges(std::shared_ptr<const sigma::RuleSet> given)
        : rules(std::move(given)), matcher(*rules), sieve(*rules), correlator(*rules) {}
};

Judges& judges_of(const std::shared_ptr<const sigma::RuleSet>& rules) {
    thread_local std::unique_ptr<Judges> judges;
    if (!judges || judges->rules != rules) judges = std::make_unique<Judges>(rules);
    return *judges;
}

/// Who asked for which page, where the row is a request: what joins a finding to a thread.
struct About {
    std::string_view address, page;
};

About about(RecordKind kind, const Row& row) {
    if (kind != RecordKind::http_request && kind != RecordKind::exchange_request) return {};
    auto request = request_of(kind, row);
    if (request.back_end) return {};  // the client is the front end itself
    return {request.address, request.stem};
}

Severity severity_of(int rank) {
    constexpr Severity kSeverities[] = {Severity::note, Severity::low, Severity::medium, Severity::high,
                                        Severity::critical};
    return kSeverities[rank];
}

Level level_of(const sigma::Rule& rule, bool scan) {
    return scan || sigma::rank_of(rule) < sigma::level_rank("medium") ? Level::scan : Level::attempt;
}

double probability_of(const sigma::Rule& rule, Level level) {
    if (level == Level::scan) return kNote;
    auto rank = sigma::rank_of(rule);
    bool tried = rule.status == "stable" || rule.status == "test";
    if (rank == sigma::level_rank("critical") && tried) return kCritical;
    return rank >= sigma::level_rank("high") ? kHigh : kMedium;
}

bool is_made_of(std::string_view text, std::string_view letters) {
    return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos;
}

/// "cve.2021-26855", and "cve.2021.26855" as older rules write it.
std::vector<std::string> cves_of(const sigma::Rule& rule) {
    std::vector<std::string> cves;
    for (const std::string& tag : rule.tags) {
        auto word = lower(tag);
        if (!word.starts_with("cve.") || word.size() < 10 || word.size() > kRuleText) continue;
        auto year = word.substr(4, 4), number = word.substr(9);
        bool parted = word[8] == '-' || word[8] == '.';
        if (parted && is_made_of(year, "0123456789") && is_made_of(number, "0123456789"))
            cves.push_back(fmt::format("CVE-{}-{}", year, number));
    }
    return cves;
}

std::vector<std::string> techniques_of(const sigma::Rule& rule) {
    auto techniques = rule.techniques();
    std::erase_if(techniques, [](const std::string& t) { return !is_made_of(t, "T0123456789.") || t.size() > 9; });
    return techniques;
}

/// The question that the rule's tags speak of. Of several tactics the one nearest to the break-in counts, and what only
/// persists or hides is neither attempt nor use.
Question question_of(const sigma::Rule& rule) {
    std::set<std::string> words;
    for (const std::string& tag : rule.tags) words.insert(lower(tag));
    auto any = [&](std::initializer_list<const char*> tags) {
        return std::ranges::any_of(tags, [&](const char* tag) {
            auto dashed = fmt::format("attack.{}", tag), lined = dashed;
            std::ranges::replace(lined, '-', '_');
            return words.contains(dashed) || words.contains(lined);
        });
    };
    if (any({"t1505.003"})) return Question::shell;
    if (any({"initial-access", "reconnaissance", "t1190"})) return Question::attempted;
    if (any({"execution", "discovery", "credential-access", "lateral-movement", "collection", "command-and-control",
             "exfiltration", "impact"}))
        return Question::used;
    if (any({"persistence"})) return Question::persistence;
    if (any({"defense-evasion", "stealth", "defense-impairment"})) return Question::hiding;
    return Question::attempted;
}

/// "sigma." and the id, or what stands for it, in letters that are safe anywhere.
std::string detector_name(const sigma::Rule& rule) {
    std::string name(rule.id.substr(0, 64));
    for (char& c : name)
        if (!is_made_of({&c, 1}, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")) c = '_';
    return "sigma." + (name.empty() ? to_hex(sha256(rule.title)).substr(0, 16) : name);
}

/// What the rule says of any of its hits.
void describe(Finding& finding, const sigma::Rule& rule) {
    finding.detector = detector_name(rule);
    finding.severity = finding.level == Level::scan ? std::min(severity_of(sigma::rank_of(rule)), Severity::low)
                                                    : severity_of(sigma::rank_of(rule));
    finding.probability = probability_of(rule, finding.level);
    finding.question = question_of(rule);
    finding.techniques = techniques_of(rule);
    finding.cves = cves_of(rule);
    finding.statement = fmt::format("Sigma rule \"{}\" was hit.", rule.title.substr(0, kRuleText));
    finding.time = finding.raw_time;  // until correlate has looked at the clocks
}

/// A row that a correlation counts.
struct Place {
    Time time = kNoTime;
    Ref ref;
    std::uint32_t rule = 0;
    friend auto operator<=>(const Place&, const Place&) = default;
};
using Fields = std::map<std::string, std::string>;

class RuleFindings {
public:
    void observe(const RecordBatch& batch, const Intel& intel) {
        if (!intel.rules) return;
        auto& [rules, matcher, sieve, correlator] = judges_of(intel.rules);
        matcher.enter(batch);
        for (const auto& choice : sieve.rows(batch, matcher)) {
            Row row = batch[choice.row];
            for (const sigma::Hit& hit : sieve.match(row, choice, matcher)) {
                const sigma::Rule& rule = rules->rules()[hit.rule];
                if (correlator.counts(hit.rule)) mark(hit, row, batch, correlator, matcher);
                if (rule.silent) continue;
                Finding finding;
                finding.level = level_of(rule, hit.scan);
                auto [address, page] = finding.level == Level::scan ? About{} : about(batch.kind(), row);
                finding.address = address;
                finding.page = page;
                hits_.add({fmt::format("{}\n{}\n{}", hit.rule, address, page), std::move(finding)}, row, batch);
            }
        }
    }

    void merge(const RuleFindings& other) {
        hits_.merge(other.hits_);
        marks_.insert(other.marks_.begin(), other.marks_.end());
        add_up(marked_, other.marked_);
        trim();
    }

    Conclusion conclude(const Intel& intel) const {
        if (!intel.rules) return {};
        auto rules = intel.rules->rules();
        std::map<std::pair<std::uint32_t, Level>, std::vector<const Group*>> by_rule;
        for (const auto& [key, group] : hits_.groups()) {
            std::uint32_t rule = 0;
            auto [end, fault] = std::from_chars(key.key.data(), key.key.data() + key.key.size(), rule);
            if (fault == std::errc() && rule < rules.size()) by_rule[{rule, key.level}].push_back(&group);
        }
        Conclusion conclusion;
        for (auto& [place, groups] : by_rule) {
            auto finding = joined(groups);
            describe(finding, rules[place.first]);
            conclusion.findings.push_back(std::move(finding));
        }
        correlate(*intel.rules, conclusion);
        if (auto left = hits_.overflow(); left > 0 && !conclusion.findings.empty())
            conclusion.findings.back().statement +=
                fmt::format(" ({} more rows were beyond the limit of {} groups.)", left, kKeys);
        return conclusion;
    }

    void save(Writer& out) const {
        hits_.save(out);
        out.little(marked_);
        out.count(marks_.size());
        for (const auto& [place, fields] : marks_) {
            save_time(out, place.time);
            save_ref(out, place.ref);
            out.little(place.rule);
            out.count(fields.size());
            for (const auto& [name, value] : fields) out.text(name), out.text(value);
        }
    }

    static Result<RuleFindings> load(Reader& in) {
        RuleFindings state;
        state.hits_ = TRY(Hits::load(in));
        state.marked_ = TRY(in.little<std::uint64_t>("sigma.marked"));
        auto count = TRY(in.count("sigma.marks"));
        if (count > kMarksKept) return std::unexpected(Error{Fault::too_large, "sigma.marks", in.offset(), count});
        for (std::uint32_t i = 0; i < count; ++i) {
            Place place;
            place.time = TRY(load_time(in));
            place.ref = TRY(load_ref(in));
            place.rule = TRY(in.little<std::uint32_t>("sigma.mark.rule"));
            auto fields = TRY(load_fields(in));
            if (!state.marks_.empty() && !(std::prev(state.marks_.end())->first < place))
                return std::unexpected(Error{Fault::bad_value, "sigma.mark.order", in.offset()});
            state.marks_.emplace_hint(state.marks_.end(), place, std::move(fields));
        }
        return state;
    }

private:
    static Result<Fields> load_fields(Reader& in) {
        auto count = TRY(in.count("sigma.mark.fields"));
        if (count > kMarkFields) return std::unexpected(Error{Fault::too_large, "sigma.mark.fields", in.offset()});
        Fields fields;
        for (std::uint32_t i = 0; i < count; ++i) {
            auto name = TRY(in.text("sigma.mark.name"));
            auto value = TRY(in.text("sigma.mark.value"));
            if (value.size() > kMarkValue || (!fields.empty() && fields.rbegin()->first >= name))
                return std::unexpected(Error{Fault::bad_value, "sigma.mark.value", in.offset()});
            fields.emplace(name, value);
        }
        return fields;
    }

    /// The groups of one rule as one finding: the earliest speaks; address and page only where all have the same.
    static Finding joined(std::vector<const Group*>& groups) {
        std::ranges::stable_sort(groups,
                                 [](const Group* a, const Group* b) { return a->kept.front() < b->kept.front(); });
        auto finding = finding_of(*groups.front());
        for (const Group* group : groups) {
            if (group == groups.front()) continue;
            add_evidence(finding, *group);
            if (finding.evidence.size() > 2 * kEvidenceListed) settle(finding);
            if (group->finding.address != finding.address) finding.address.clear();
            if (group->finding.page != finding.page) finding.page.clear();
        }
        settle(finding);
        return finding;
    }

    void mark(const sigma::Hit& hit, const Row& row, const RecordBatch& batch, const sigma::Correlator& correlator,
              sigma::Matcher& matcher) {
        ++marked_;
        Place place{row.time, row.ref, hit.rule};
        if (marks_.size() >= kMarksKept && std::prev(marks_.end())->first < place) return;
        Fields fields;
        for (const std::string& name : correlator.fields_of(hit.rule))
            if (auto value = matcher.field(hit, name); value && fields.size() < kMarkFields)
                fields.emplace(name, value->substr(0, kMarkValue));
        batch.cite(row);
        marks_.emplace(place, std::move(fields));
        trim();
    }

    /// What stays are the earliest, whatever the order of merges.
    void trim() {
        while (marks_.size() > kMarksKept) marks_.erase(std::prev(marks_.end()));
    }

    void correlate(const sigma::RuleSet& rules, Conclusion& conclusion) const {
        if (marks_.empty()) return;
        sigma::Correlator correlator(rules);
        for (const auto& [place, fields] : marks_)
            if (place.rule < rules.rules().size())
                correlator.add({.rule = place.rule, .time = place.time, .ref = place.ref, .fields = fields});
        std::map<std::uint32_t, Finding> by_rule;
        for (const sigma::Alert& alert : correlator.conclude()) {
            const sigma::Rule& rule = rules.rules()[alert.rule];
            auto [at, added] = by_rule.try_emplace(alert.rule);
            Finding& finding = at->second;
            finding.level = level_of(rule, false);
            finding.evidence.insert(finding.evidence.end(), alert.evidence.begin(), alert.evidence.end());
            finding.moments.push_back(alert.first);
            finding.moments.push_back(alert.last);
            finding.raw_time = added ? alert.first : std::min(*finding.raw_time, alert.first);
            finding.last = added ? alert.last : std::max(*finding.last, alert.last);
        }
        for (auto& [rule, finding] : by_rule) {
            std::set<Ref> rows(finding.evidence.begin(), finding.evidence.end());
            finding.evidence_total = rows.size();
            settle(finding);
            describe(finding, rules.rules()[rule]);
            if (marked_ > marks_.size())
                finding.statement += fmt::format(" ({} rows were beyond the limit and not counted.)",
                                                 marked_ - std::min<std::uint64_t>(marked_, marks_.size()));
            conclusion.findings.push_back(std::move(finding));
        }
    }

    Hits hits_;
    std::map<Place, Fields> marks_;
    std::uint64_t marked_ = 0;  // ever, kept or not
};

constexpr RecordKind kReads[] = {RecordKind::http_request,   RecordKind::exchange_request, RecordKind::exchange_command,
                                 RecordKind::exchange_trace, RecordKind::mail_event,       RecordKind::windows_event};

}  // namespace

extern const Detector kSigmaRules =
    fold_of<RuleFindings>("sigma.rules", "Hits of the Sigma rules given with --rules, one finding a rule", kReads);

}  // namespace ascribe
