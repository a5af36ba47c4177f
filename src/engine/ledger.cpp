#include "engine/ledger.hpp"

#include <algorithm>
#include <utility>

#include "base/saturating.hpp"
#include "base/text.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kOthers = "(others)";
// Of a citation in its table, besides the bytes it quotes: a node of a tree, a ref, a line, a time, a text's head.
constexpr std::size_t kCitationSize = 128;

/// "MXS01.azsentinel.local" and "mxs01" are one server; an address stays whole.
std::string short_name(std::string_view host) {
    bool address = host.find_first_not_of("0123456789.:") == std::string_view::npos;
    return lower(address ? host : host.substr(0, host.find('.')));
}

/// Findings' ids: the same claim about the same bytes has the same id in every run and container.
void name_findings(std::vector<Finding>& findings, const std::vector<Artefact>& artefacts) {
    std::map<std::string, int> seen;
    for (Finding& finding : findings) {
        Writer claim;
        claim.text(finding.detector);
        if (!finding.evidence.empty()) {
            const Ref& ref = finding.evidence.front();
            const auto& digest = artefacts[ref.artefact.value].sha256;
            claim.text(as_text(digest.value_or(Digest{})));
            claim.little(ref.offset);
        }
        for (const std::string* part : {&finding.address, &finding.page, &finding.account, &finding.session})
            claim.text(*part);
        claim.little(static_cast<std::uint8_t>(finding.question));
        std::string id = "F-" + to_hex(sha256(claim.bytes())).substr(0, 10);
        int repeated = seen[id]++;
        finding.id = repeated == 0 ? id : id + "-" + std::to_string(repeated + 1);
    }
}

/// Everything sorted by what the evidence says, never by the order in which workers finished.
void put_in_order(Conclusion& conclusion) {
    std::ranges::stable_sort(conclusion.findings, [](const Finding& a, const Finding& b) {
        auto key = [](const Finding& f) {
            return std::tuple(f.raw_time.value_or(kNoTime), std::string_view(f.detector),
                              f.evidence.empty() ? Ref{} : f.evidence.front(), std::string_view(f.statement));
        };
        return key(a) < key(b);
    });
}

void append(Conclusion& all, Conclusion&& more) {
    auto join = [](auto& into, auto& from) {
        into.insert(into.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    };
    join(all.findings, more.findings);
    join(all.facts.builds, more.facts.builds);
    join(all.facts.sources, more.facts.sources);
    join(all.facts.clocks, more.facts.clocks);
    join(all.facts.settings, more.facts.settings);
    join(all.facts.hashes, more.facts.hashes);
    all.facts.hashes_cut = all.facts.hashes_cut || more.facts.hashes_cut;
}

void collect_refs(const Incident& incident, std::set<Ref>& refs) {
    auto add = [&](const std::vector<Ref>& list) { refs.insert(list.begin(), list.end()); };
    for (const Finding& finding : incident.findings) add(finding.evidence);
    for (const Exposure& exposure : incident.exposures) add(exposure.evidence);
    for (const ClockNote& note : incident.clocks) add(note.evidence);
    for (const BuildSeen& build : incident.facts.builds) add({build.first_ref, build.last_ref});
    for (const SourceSeen& source : incident.facts.sources) add({source.first_ref, source.last_ref});
    for (const ClockSeen& clock : incident.facts.clocks) refs.insert(clock.sample);
    for (const SettingSeen& setting : incident.facts.settings) refs.insert(setting.ref);
    for (const HashSeen& hash : incident.facts.hashes) refs.insert(hash.ref);
}

}  // namespace

ArtefactId Ledger::add(Artefact artefact) {
    artefact.id = ArtefactId{static_cast<std::uint32_t>(artefacts_.size())};
    if (!artefact.windows_path.empty() && !artefact.group.empty()) server_groups_.insert(artefact.group);
    artefacts_.push_back(std::move(artefact));
    return artefacts_.back().id;
}

void Ledger::set_aside(ArtefactId copy, ArtefactId first, const Digest& digest) {
    artefacts_[copy.value].sha256 = digest;
    artefacts_[copy.value].parser = artefacts_[first.value].parser;
    damage({copy, Fault::repeated, "evidence.same_bytes: " + path(first), 0, 0, 0});
    set_aside_.insert(copy);
}

void Ledger::book(ArtefactId id, std::uint64_t begin, Reply&& reply) {
    Artefact& artefact = artefacts_[id.value];
    if (reply.hashed) artefact.sha256 = reply.digest;
    if (reply.parser < stages_.parsers.size()) artefact.parser = stages_.parsers[reply.parser].name;
    if (!reply.head.empty()) heads_[id] = std::move(reply.head);
    if (reply.scanned > 0 || reply.records + reply.recovered + reply.bad + reply.directives > 0) {
        Accounting& account = accounting_[id];
        account.artefact = id;
        add_up(account.records, reply.records);
        add_up(account.recovered, reply.recovered);
        add_up(account.bad, reply.bad);
        add_up(account.directives, reply.directives);
        add_up(account.scanned, reply.scanned);
    }
    if (reply.scanned > 0) lines_[id].push_back({begin, reply.lines});  // a hash job reads no lines
    if (!reply.header.empty()) headers_[id] = std::move(reply.header);
    if (!reply.unreadable.empty()) damage_.add({id, Fault::unsupported, reply.unreadable, 0, 0, 0});
    for (Damage& damage : reply.damage) {
        damage.artefact = id;
        damage_.add(std::move(damage));
    }
    // A worker may cite only the artefact it was given.
    std::erase_if(reply.citations, [&](const auto& citation) { return citation.first.artefact != id; });
    for (auto& [host, detectors] : reply.states) {
        States& states = states_of({artefact.group, host});
        for (auto& [index, bytes] : detectors) {
            if (index >= stages_.detectors.size()) continue;
            const Detector& detector = stages_.detectors[index];
            Reader in(as_bytes(bytes));
            auto state = detector.load(in);
            if (!state) {
                damage_.add({id, Fault::bad_value, "worker.state." + std::string(detector.name), begin, 0, 0});
                continue;
            }
            if (!states[index].has_value()) states[index] = detector.begin();
            detector.merge(states[index], *state);
        }
    }
    take_citations(std::move(reply.citations));
}

/// After the states that rest on them.
void Ledger::take_citations(Citations&& citations) {
    auto size_of = [](const Citations& some) {
        std::size_t size = 0;
        for (const auto& [ref, citation] : some) size += kCitationSize + citation.bytes.size();
        return size;
    };
    cited_bytes_ += size_of(citations);
    citations_.merge(citations);
    cited_bytes_ -= size_of(citations);  // those that were there already
    if (cited_bytes_ > cited_limit_) forget_citations();
}

/// Keeps the rows that the merged states hold. What they let go of they never ask for again, whatever comes, so
/// nothing is missed in the end. Looked through anew when twice as much has come together: the work stays in
/// proportion.
void Ledger::forget_citations() {
    RefsSaved saved;
    for (const auto& [key, states] : states_)
        for (std::size_t i = 0; i < states.size(); ++i) {
            Writer out;
            if (states[i].has_value()) stages_.detectors[i].save(states[i], out);
        }
    auto held = saved.take();
    cited_bytes_ = 0;
    std::erase_if(citations_, [&](const auto& citation) {
        bool is_held = std::ranges::binary_search(held, citation.first);
        if (is_held) cited_bytes_ += kCitationSize + citation.second.bytes.size();
        return !is_held;
    });
    cited_limit_ = std::max(cited_least_, 2 * cited_bytes_);
}

/// A server's states. Of more servers than are told apart the last by name are joined: whichever those are in the end
/// were among the last all along, so their rows come together in any order.
Ledger::States& Ledger::states_of(Key key) {
    const Key others{std::string(kOthers), ""};
    auto named = states_.size() - (states_.contains(others) ? 1 : 0);
    if (named >= kServers && !states_.contains(key) && key != others) {
        auto last = std::prev(states_.end());
        if (last->first == others) --last;
        auto& joined = states_.try_emplace(others, stages_.detectors.size()).first->second;
        if (last->first < key) return joined;
        merge(joined, std::move(last->second));
        states_.erase(last);
    }
    return states_.try_emplace(std::move(key), stages_.detectors.size()).first->second;
}

void Ledger::merge(States& into, States from) const {
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!from[i].has_value()) continue;
        if (into[i].has_value())
            stages_.detectors[i].merge(into[i], from[i]);
        else
            into[i] = std::move(from[i]);
    }
}

/// A worker may cite only the artefact it was given; what its states say of rows that it did not cite is no evidence.
void Ledger::drop_what_nobody_cited(Conclusion& conclusion) {
    auto is_unknown = [this](const Ref& ref) { return !citations_.contains(ref); };
    auto loses_all = [&](Finding& finding) {
        return std::erase_if(finding.evidence, is_unknown) > 0 && finding.evidence.empty();
    };
    if (std::erase_if(conclusion.findings, loses_all) > 0)
        damage({ArtefactId{0}, Fault::bad_value, "worker.evidence", 0, 0, 0});
    Facts& facts = conclusion.facts;
    std::erase_if(facts.builds, [&](const auto& b) { return is_unknown(b.first_ref) || is_unknown(b.last_ref); });
    std::erase_if(facts.sources, [&](const auto& s) { return is_unknown(s.first_ref) || is_unknown(s.last_ref); });
    std::erase_if(facts.clocks, [&](const auto& c) { return is_unknown(c.sample); });
    std::erase_if(facts.settings, [&](const auto& s) { return is_unknown(s.ref); });
    std::erase_if(facts.hashes, [&](const auto& h) { return is_unknown(h.ref); });
}

std::string Ledger::header(ArtefactId id) const {
    auto at = headers_.find(id);
    return at == headers_.end() ? std::string() : at->second;
}

void Ledger::observe(const Key& key, const RecordBatch& batch) {
    States& states = states_of(key);
    for (std::size_t i = 0; i < stages_.detectors.size(); ++i) {
        const Detector& detector = stages_.detectors[i];
        if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
        if (!states[i].has_value()) states[i] = detector.begin();
        detector.observe(states[i], batch, stages_.intel);
    }
}

void Ledger::observe_files() {
    for (const Artefact& artefact : artefacts_) {
        if (artefact.windows_path.empty() || set_aside_.contains(artefact.id))
            continue;  // a file whose place on the server is unknown says nothing of the server, nor does a second copy
        auto head = heads_.find(artefact.id);
        RecordBatch batch(RecordKind::file_entry, artefact.id, Bytes::copy(head == heads_.end() ? "" : head->second));
        auto digest = artefact.sha256 ? to_hex(*artefact.sha256) : std::string();
        auto cells = batch.append(artefact.modified.value_or(kNoTime), 0,
                                  static_cast<std::uint32_t>(std::min<std::uint64_t>(artefact.size, kQuotedHead)));
        cells[FileEntry::path] = std::string_view(artefact.windows_path);
        cells[FileEntry::origin] = std::string_view("evidence");
        cells[FileEntry::size] = static_cast<std::int64_t>(artefact.size);
        if (artefact.created) cells[FileEntry::created] = artefact.created->time_since_epoch().count();
        if (artefact.modified) cells[FileEntry::modified] = artefact.modified->time_since_epoch().count();
        if (!digest.empty()) cells[FileEntry::sha256] = std::string_view(digest);
        observe({artefact.group, ""}, batch);
        for (const auto& [ref, citation] : batch.citations()) citations_.try_emplace(ref, citation);
    }
}

// A listing or an export lies beside the server's files or above them, in folders of any name. The innermost folder
// that a layout, elsewhere in the case, says is a server's decides; else the outermost.
std::string Ledger::settled(const std::string& group) const {
    auto folders = split(group, '/');
    for (auto folder = folders.rbegin(); folder != folders.rend(); ++folder)
        if (server_groups_.contains(*folder)) return std::string(*folder);
    return folders.empty() ? std::string() : std::string(folders.front());
}

std::map<std::string, std::vector<Ledger::Key>> Ledger::servers() const {
    std::map<std::string, std::set<std::string>> hosts_of;  // group -> short names seen in it
    std::set<std::string> all;
    for (const auto& [key, states] : states_)
        if (!key.host.empty()) {
            hosts_of[settled(key.group)].insert(short_name(key.host));
            all.insert(short_name(key.host));
        }
    std::map<std::string, std::vector<Key>> servers;
    for (const auto& [key, states] : states_) {
        auto group = settled(key.group);
        const auto& hosts = hosts_of[group];
        std::string name = short_name(key.host);
        // Rows that name no server belong to the only one their collection names, else to the only one of the case,
        // else to the collection itself.
        if (name.empty() && hosts.size() == 1) name = *hosts.begin();
        if (name.empty() && hosts.empty() && group.empty() && all.size() == 1) name = *all.begin();
        if (name.empty()) name = group.empty() ? "server" : short_name(group);
        servers[name].push_back(key);
    }
    return servers;
}

std::vector<ServerConclusion> Ledger::conclude() {
    std::vector<ServerConclusion> conclusions;
    for (const auto& [server, keys] : servers()) {
        States merged(stages_.detectors.size());
        std::set<std::string> names;
        for (const Key& key : keys) {
            if (!key.host.empty()) names.insert(key.host);
            merge(merged, std::exchange(states_.at(key), {}));
        }
        ServerConclusion concluded{server, {names.begin(), names.end()}, {}};
        for (std::size_t i = 0; i < merged.size(); ++i)
            if (merged[i].has_value())
                append(concluded.conclusion, stages_.detectors[i].conclude(merged[i], stages_.intel));
        drop_what_nobody_cited(concluded.conclusion);
        put_in_order(concluded.conclusion);
        name_findings(concluded.conclusion.findings, artefacts_);
        conclusions.push_back(std::move(concluded));
    }
    return conclusions;
}

void Ledger::close_into(Case& result) {
    for (auto& [id, parts] : lines_) std::ranges::sort(parts, {}, &Lines::begin);
    std::set<Ref> refs;
    for (const Incident& incident : result.incidents) collect_refs(incident, refs);
    for (const Ref& ref : refs) {
        auto at = citations_.find(ref);
        if (at == citations_.end()) continue;
        Citation citation = std::move(at->second);
        if (citation.line > 0) {  // lines were counted within the part: add those of the parts before it
            std::uint64_t before = 0, own = 0;
            for (const Lines& part : lines_[ref.artefact]) {
                if (part.begin > ref.offset) break;
                before += own;
                own = part.lines;
            }
            citation.line += static_cast<std::uint32_t>(before);
        }
        result.citations.emplace_hint(result.citations.end(), ref, std::move(citation));
    }
    for (auto& [id, account] : accounting_) result.accounting.push_back(account);
    result.damage = damage_.take();
    for (Artefact& artefact : artefacts_) artefact.group = settled(artefact.group);
    result.artefacts = std::move(artefacts_);
}

}  // namespace ascribe
