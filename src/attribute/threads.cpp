#include "attribute/threads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <set>

#include "attribute/names.hpp"
#include "attribute/pool.hpp"
#include "attribute/sector.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "intel/day.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kMostRemoved = 3;               // who must remove more has another case
constexpr double kWorthTelling = 0.2302585092994046;  // a deciban; an item that weighs less speaks against nobody

/// Likelihood ratios of a matched indicator by how sure its source is. Judgements, not measurements
/// (docs/attribution.md): a hash of one intrusion's own file is a different thing from a file name.
double ratio_of(Confidence confidence) {
    return confidence == Confidence::high ? 20 : confidence == Confidence::medium ? 6 : 2;
}
/// A source that names an actor "and others" says little of who it was.
constexpr double kSharedRatio = 2;
/// How easily it is shared or planted: own binaries hardly, names and paths by copying, addresses by leasing.
double forgeability_of(std::string_view type) {
    if (type == "sha256" || type == "sha1" || type == "md5") return 0.1;
    return type == "ip" || type == "user_agent" || type == "domain" ? 0.5 : 0.3;
}
/// The server's own clock says when.
constexpr double kTimingForgeability = 0.02;
/// Before the patch a group not known to have had the exploit is this much less probable, and those known to have had
/// it share this much between them.
constexpr double kWithoutExploit = 1.0 / 20, kWithExploit = 8;

bool is_word_at(std::string_view text, std::size_t at, std::size_t size) {
    auto letter = [](char c) { return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z'); };
    return (at == 0 || !letter(text[at - 1])) && (at + size >= text.size() || !letter(text[at + size]));
}

/// Whole words, in the letters that the source uses: "Play" is a group, "play" is none.
bool mentions(std::string_view text, std::string_view name) {
    constexpr std::size_t kShortest = 4;
    if (name.size() < kShortest) return false;
    for (auto at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1))
        if (is_word_at(text, at, name.size())) return true;
    return false;
}

/// The one group that a source names, by name or alias; nobody where it names several.
std::optional<std::uint32_t> group_named(std::string_view actor, const AttackKnowledge& knowledge) {
    std::optional<std::uint32_t> found;
    for (std::uint32_t i = 0; i < knowledge.groups.size(); ++i) {
        const AttackGroup& group = knowledge.groups[i];
        bool named = mentions(actor, group.name) ||
                     std::ranges::any_of(group.aliases, [&](const auto& alias) { return mentions(actor, alias); });
        if (!named) continue;
        if (found) return {};
        found = i;
    }
    return found;
}

bool is_shared(std::string_view actor) {
    for (std::string_view word : {"+", "shared", "others", "unspecified", "-era"})
        if (actor.find(word) != std::string_view::npos) return true;
    return false;
}

bool too_old(const Indicator& indicator, const Finding& finding) {
    if (indicator.type != "ip" && indicator.type != "domain") return false;
    auto published = parse_time(indicator.date);
    return !published || !finding.time || *finding.time > *published + std::chrono::days(kAddressDays) ||
           *finding.time < *published - std::chrono::days(kAddressDays);
}

/// The strongest indicator of each type and group: several of one kind from one report are one piece of evidence.
void add_indicators(const std::vector<const Finding*>& findings, const Intel& intel, const AttackKnowledge& knowledge,
                    Observation& out) {
    std::map<std::pair<std::string, std::uint32_t>, ExpertEvidence> strongest;
    for (const Finding* finding : findings) {
        auto at = intel.indicator_index.find(finding->indicator);
        if (finding->indicator.empty() || at == intel.indicator_index.end()) continue;
        for (std::size_t index : at->second) {
            const Indicator& indicator = intel.indicators[index];
            auto group = group_named(indicator.actor, knowledge);
            if (!group || too_old(indicator, *finding)) continue;
            double ratio = is_shared(indicator.actor) ? kSharedRatio : ratio_of(indicator.confidence);
            auto& kept = strongest[{indicator.type, *group}];
            if (!kept.ratios.empty() && kept.ratios.front().second >= ratio) continue;
            kept = {.item = fmt::format("indicator {} of {}", indicator.type, knowledge.groups[*group].id),
                    .what = fmt::format("matched one published for {} by {}", knowledge.groups[*group].name,
                                        indicator.source),
                    .forgeability = forgeability_of(indicator.type),
                    .otherwise = 1,
                    .ratios = {{*group, ratio}},
                    .findings = {finding->id}};
        }
    }
    for (auto& [place, evidence] : strongest) out.expert.push_back(std::move(evidence));
}

/// Groups known to have had the exploits of a family by then.
std::vector<std::uint32_t> who_had(const std::string& family, Time when, const Intel& intel,
                                   const AttackKnowledge& knowledge) {
    std::vector<std::uint32_t> out;
    for (const Actor& actor : intel.actors) {
        auto group = knowledge.group(actor.attack_id);
        auto since = parse_time(actor.first_seen);
        bool had =
            group && since && contains_folded(actor.vulnerabilities, family) && *since <= when + std::chrono::days(1);
        if (had) out.push_back(*group);
    }
    return out;
}

/// Use of an exploit while it was no public knowledge: up to the day after its patch. The earliest use counts.
void add_timing(const std::vector<const Finding*>& findings, const Intel& intel, const AttackKnowledge& knowledge,
                Observation& out) {
    struct Use {
        const Finding* finding = nullptr;
        Time patched;
    };
    std::map<std::string, Use> earliest;  // by family
    for (const Finding* finding : findings)
        for (const Vulnerability& v : intel.vulnerabilities) {
            if (!finding->time || !v.patched || finding->level == Level::scan) continue;
            if (std::ranges::find(finding->cves, v.cve) == finding->cves.end()) continue;
            if (*finding->time >= *v.patched + std::chrono::days(1)) continue;
            auto& use = earliest[v.family];
            if (use.finding == nullptr || *finding->time < *use.finding->time) use = {finding, *v.patched};
        }
    for (const auto& [family, use] : earliest) {
        auto had = who_had(family, *use.finding->time, intel, knowledge);
        if (had.empty()) continue;  // nobody is known to have had it: it tells nothing
        ExpertEvidence evidence{
            .item = "timing",
            .what = fmt::format("{} was used on {}, before it was patched on {}; groups known to "
                                "have had it by then: {}",
                                family, format_day(*use.finding->time), format_day(use.patched), had.size()),
            .forgeability = kTimingForgeability,
            .otherwise = kWithoutExploit,
            .ratios = {},
            .findings = {use.finding->id}};
        for (auto group : had)
            evidence.ratios.emplace_back(group, std::max(1.0, kWithExploit / static_cast<double>(had.size())));
        out.expert.push_back(std::move(evidence));
    }
}

Observation observation_of(const Thread& thread, const std::vector<const Finding*>& findings, const Intel& intel,
                           const AttackKnowledge& knowledge) {
    std::set<std::string> ids;
    for (const Finding* finding : findings) {
        if (finding->level == Level::scan) continue;  // what anybody sends describes nobody
        ids.insert(finding->techniques.begin(), finding->techniques.end());
        ids.insert(finding->software.begin(), finding->software.end());
    }
    std::optional<Day> day;
    if (thread.first) day = day_of(*thread.first);
    auto out = observe(knowledge, thread.id, {ids.begin(), ids.end()}, day);
    add_indicators(findings, intel, knowledge, out);
    add_timing(findings, intel, knowledge, out);
    return out;
}

/// The fewest of the items that speak for the first actor whose removal, strongest first, changes its word.
std::vector<std::string> fewest_that_change(const View& view, const Observation& observation,
                                            const AttributionWeights& weights, const Attribution& answer) {
    const auto& leader = answer.hypotheses.front();
    std::vector<std::string> removed;
    for (auto line = answer.ledger.begin(); line != answer.ledger.end() - kKnownBeforehand; ++line) {
        if (line->nats <= 0 || removed.size() == kMostRemoved) continue;
        removed.push_back(line->item);
        double left = probability_of(view, without(view.knowledge(), observation, removed), weights, leader.group);
        if (yardstick(left) != yardstick(leader.probability)) return removed;
    }
    return {};
}

/// Which findings say that an item was seen.
std::vector<std::string> supporters(const std::string& item, const std::vector<const Finding*>& findings,
                                    const Observation& observation) {
    std::vector<std::string> out;
    for (const Finding* finding : findings) {
        if (finding->level == Level::scan) continue;
        auto says = [&](const std::string& id) { return id == item || id.starts_with(item + "."); };
        if (std::ranges::any_of(finding->techniques, says) || std::ranges::any_of(finding->software, says))
            out.push_back(finding->id);
    }
    for (const ExpertEvidence& evidence : observation.expert)
        if (evidence.item == item) out.insert(out.end(), evidence.findings.begin(), evidence.findings.end());
    return out;
}

/// The matrix: each item against each of the first actors, those that tell them apart most first.
std::vector<EvidenceLine> matrix_of(const View& view, const Observation& observation, const AttributionWeights& weights,
                                    const Attribution& answer, const std::vector<const Finding*>& findings) {
    std::vector<EvidenceLine> lines;
    auto leader = answer.hypotheses.front().group;
    for (std::size_t i = 0; i < answer.hypotheses.size() && i < kActorsTold; ++i) {
        auto ledger = ledger_of(view, observation, weights, answer.hypotheses[i].group);
        for (std::size_t k = 0; k < ledger.size(); ++k) {
            if (i == 0) lines.push_back({ledger[k].item, ledger[k].what, {}, 0, {}});
            lines[k].nats.push_back(ledger[k].nats);
        }
    }
    auto end = lines.end() - kKnownBeforehand;
    for (auto line = lines.begin(); line != end; ++line) {
        line->without = probability_of(view, without(view.knowledge(), observation, {line->item}), weights, leader);
        line->findings = supporters(line->item, findings, observation);
    }
    for (auto line = end; line != lines.end(); ++line) line->without = answer.hypotheses.front().probability;
    std::stable_sort(lines.begin(), end, [](const EvidenceLine& a, const EvidenceLine& b) {
        auto spread = [](const EvidenceLine& line) {
            return std::ranges::max(line.nats) - std::ranges::min(line.nats);
        };
        return spread(a) > spread(b);
    });
    return lines;
}

/// What others state of who is behind an actor; never computed here.
std::string sponsor_of(const AttackGroup& group, const Intel& intel, const ActorNames& names) {
    std::string out;
    auto add = [&](const std::string& statement) { out += (out.empty() ? "" : "; ") + statement; };
    for (const Actor& actor : intel.actors)
        if (actor.attack_id == group.id && !actor.basis.empty())
            add(fmt::format("{} (as stated by: {})", actor.basis, actor.source));
    auto stated = names.sponsors.find(group.id);
    if (stated == names.sponsors.end()) return out;
    for (const SponsorStatement& each : stated->second)
        add(fmt::format("{} (as stated by: {} on {})", each.sponsor, each.source,
                        each.date.empty() ? "a day not told" : each.date));
    return out;
}

/// Likelihood in one sentence, confidence in another.
void word(ThreadAttribution& out, const Attribution& answer, Scale scale) {
    const ActorChance& leader = out.actors.front();
    auto who = fmt::format("{} ({})", leader.name, leader.id);
    out.named = leader.probability >= kNamedFrom && answer.diagnostic;
    if (out.named)
        out.sentence =
            fmt::format("It is {} that thread {} was {}.", word_of(scale, leader.probability), out.thread, who);
    else if (leader.probability >= kNamedFrom)
        out.sentence = fmt::format(
            "Nobody is named for thread {}: {} fits best, but by habits that many share, so that it was they is at "
            "most {}.",
            out.thread, who, at_most(scale));
    else
        out.sentence = fmt::format(
            "Nobody is named for thread {}: of the actors known here {} fits best, and that it "
            "was they is {}.",
            out.thread, who, word_of(scale, leader.probability));
    out.confidence = fmt::format("Confidence in this assessment is {}: {}.", lower(to_string(answer.confidence)),
                                 answer.confidence_reason);
}

ThreadAttribution tell(const View& view, const Observation& observation, const AttributionWeights& weights,
                       const std::vector<const Finding*>& findings, const Intel& intel, const TellOptions& options) {
    const AttackKnowledge& knowledge = view.knowledge();
    static const ActorNames kNone;
    const ActorNames& names = options.names != nullptr ? *options.names : kNone;
    auto answer = attribute(view, observation, weights);
    ThreadAttribution out{.thread = observation.id, .soundness = answer.confidence};
    for (std::size_t i = 0; i < answer.hypotheses.size() && i < kActorsTold; ++i) {
        const Hypothesis& each = answer.hypotheses[i];
        const AttackGroup& group = knowledge.groups[each.group];
        out.actors.push_back({group.id, name_for(knowledge, names, group, options.vendor), each.probability, each.score,
                              sponsor_of(group, intel, names)});
    }
    out.other = answer.other;
    word(out, answer, options.scale);
    auto against = std::min_element(answer.ledger.begin(), answer.ledger.end() - kKnownBeforehand,
                                    [](const LedgerLine& a, const LedgerLine& b) { return a.nats < b.nats; });
    if (against != answer.ledger.end() - kKnownBeforehand && against->nats <= -kWorthTelling)
        out.against = against->item;
    constexpr double kDoubled = 2;
    out.if_planted = probability_of(view, observation, weights, answer.hypotheses.front().group, kDoubled);
    out.change = fewest_that_change(view, observation, weights, answer);
    out.evidence = matrix_of(view, observation, weights, answer, findings);
    auto carries = std::min_element(out.evidence.begin(), out.evidence.end() - kKnownBeforehand,
                                    [](const EvidenceLine& a, const EvidenceLine& b) { return a.without < b.without; });
    if (carries != out.evidence.end() - kKnownBeforehand && carries->without < answer.hypotheses.front().probability)
        out.carried_by = carries->item;
    out.unknown = observation.unknown;
    out.knowledge = fmt::format("ATT&CK {} ({})", knowledge.version, knowledge.origin);
    return out;
}

/// The answer for threads judged as one, or nothing where nothing speaks of who it was. `named` is what they are
/// called.
std::optional<ThreadAttribution> tell_threads(const Thread& named, const std::vector<const Finding*>& findings,
                                              const Intel& intel, const View& view, const AttributionWeights& weights,
                                              const TellOptions& options) {
    auto observation = observation_of(named, findings, intel, view.knowledge());
    if (observation.items.empty() && observation.expert.empty()) return {};
    if (!options.sector.empty() && options.names != nullptr)
        if (auto evidence = sector_evidence(options.sector, view.knowledge(), *options.names))
            observation.expert.push_back(std::move(*evidence));
    if (!options.as_of_thread || !observation.day) return tell(view, observation, weights, findings, intel, options);
    View then(view.knowledge(), known_before(view.knowledge(), *observation.day));
    return tell(then, observation, weights, findings, intel, options);
}

/// An incident's findings by their id: of a flood there are a hundred thousand.
using ById = std::map<std::string_view, const Finding*>;

ById by_id(const Incident& incident) {
    ById all;
    for (const Finding& finding : incident.findings) all.try_emplace(finding.id, &finding);
    return all;
}

std::vector<const Finding*> findings_of(const Thread& thread, const ById& known, const TellOptions& options) {
    std::vector<const Finding*> out;
    for (const std::string& id : thread.findings) {
        auto at = known.find(id);
        bool dropped = std::ranges::find(options.dropped, id) != options.dropped.end();
        if (at != known.end() && !dropped) out.push_back(at->second);
    }
    return out;
}

std::vector<const Thread*> threads_attributed(const Incident& incident, const ById& known) {
    using Weight = std::pair<Level, std::size_t>;
    std::vector<std::pair<const Thread*, Weight>> weighed;
    for (const Thread& thread : incident.threads) {
        auto furthest = Level::scan;
        for (const std::string& id : thread.findings)
            if (auto at = known.find(id); at != known.end()) furthest = std::max(furthest, at->second->level);
        weighed.push_back({&thread, {furthest, thread.findings.size()}});
    }
    if (weighed.size() > kThreadsAttributed) {
        std::ranges::stable_sort(weighed, std::greater<>(), &std::pair<const Thread*, Weight>::second);
        weighed.resize(kThreadsAttributed);
        std::ranges::sort(weighed);  // as they stood
    }
    std::vector<const Thread*> out;
    for (const auto& [thread, weight] : weighed) out.push_back(thread);
    return out;
}

/// The bodies of shells that the case holds and their keys, published hosts that matched, and addresses that the
/// Internet can tell apart.
HardLinks links_of(const Case& opened, const Thread& thread, const std::vector<const Finding*>& findings) {
    HardLinks out;
    if (thread.first) out.day = day_of(*thread.first);
    for (const std::string& address : thread.addresses)
        if (is_public_address(address)) out.links.push_back("address:" + address);
    for (const Finding* finding : findings) {
        if (finding->level == Level::scan) continue;
        out.links.insert(out.links.end(), finding->links.begin(), finding->links.end());
        if (finding->indicator.starts_with("domain:")) out.links.push_back("host:" + finding->indicator.substr(7));
        if (finding->level != Level::success || finding->page.empty()) continue;
        for (const Ref& ref : finding->evidence) {
            const Artefact* artefact = opened.artefact(ref.artefact);
            if (artefact == nullptr || !artefact->sha256) continue;
            if (equals_folded(base_name(artefact->path), base_name(finding->page)))
                out.links.push_back("sha256:" + to_hex(*artefact->sha256));
        }
    }
    return out;
}

}  // namespace

std::vector<ThreadAttribution> attribute_threads(const Incident& incident, const Intel& intel, const View& view,
                                                 const AttributionWeights& weights, const TellOptions& options) {
    std::vector<ThreadAttribution> out;
    if (view.knowledge().groups.empty()) return out;
    const auto known = by_id(incident);
    for (const Thread* thread : threads_attributed(incident, known))
        if (auto told = tell_threads(*thread, findings_of(*thread, known, options), intel, view, weights, options))
            out.push_back(std::move(*told));
    return out;
}

std::vector<ThreadAttribution> attribute_pools(const Case& opened, const Intel& intel, const View& view,
                                               const AttributionWeights& weights, const TellOptions& options) {
    struct Member {
        std::string name;
        const Thread* thread;
        std::vector<const Finding*> findings;
    };
    std::vector<Member> members;
    std::vector<HardLinks> links;
    for (const Incident& incident : opened.incidents) {
        const auto known = by_id(incident);
        for (const Thread& thread : incident.threads) {
            members.push_back(
                {fmt::format("{}/{}", incident.server, thread.id), &thread, findings_of(thread, known, options)});
            links.push_back(links_of(opened, thread, members.back().findings));
        }
    }
    std::vector<ThreadAttribution> out;
    if (view.knowledge().groups.empty()) return out;
    for (const auto& pool : pools_of(links)) {
        if (pool.size() < 2) continue;
        Thread whole;
        std::vector<const Finding*> findings;
        for (auto index : pool) {
            const Member& member = members[index];
            whole.id += (whole.id.empty() ? "" : " + ") + member.name;
            if (!whole.first || (member.thread->first && *member.thread->first < *whole.first))
                whole.first = member.thread->first;
            findings.insert(findings.end(), member.findings.begin(), member.findings.end());
        }
        if (auto told = tell_threads(whole, findings, intel, view, weights, options)) out.push_back(std::move(*told));
    }
    return out;
}

}  // namespace ascribe
