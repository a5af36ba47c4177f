// From rules to a RuleSet: filters are built in, fields are looked up in the mapping, equal tests are one atom,
// conditions become steps, and every program is filed under the channel and event ids it can be about, behind the
// anchor that is rarest.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "detect/sigma/buckets.hpp"
#include "detect/sigma/event_ids.hpp"
#include "detect/sigma/parallel.hpp"
#include "detect/sigma/relations.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {
namespace {

using Op = Program::Op;

/// `name` as a mapping has it: the record's own name, "@" and a column, or what is made of columns.
FieldPlace place_of(const std::string& name, RecordKind record) {
    FieldPlace place{.record = record, .kind = FieldPlace::Kind::named, .column = 0, .name = name};
    std::erase(place.name, ' ');
    if (name == "@uri") place.kind = FieldPlace::Kind::uri;
    if (name == "@agent") place.kind = FieldPlace::Kind::agent;
    if (!name.starts_with('@') || place.kind != FieldPlace::Kind::named) return place;
    const auto& columns = record_schemas()[static_cast<std::size_t>(record)].columns;
    auto column = std::ranges::find(columns, std::string_view(name).substr(1), &ColumnSchema::name);
    if (column == columns.end()) return place;
    place.kind = FieldPlace::Kind::column;
    place.column = static_cast<std::size_t>(column - columns.begin());
    return place;
}

}  // namespace

class Compiler {
public:
    Compiler(RuleSet& set, const std::vector<Source>& sources, Cache* cache, std::size_t threads)
        : set_(set), sources_(sources), cache_(cache), threads_(threads) {}

    void compile(RuleFile loaded) {
        set_.refusals_ = std::move(loaded.refusals);
        apply_filters(loaded.rules);
        std::ranges::move(settle_correlations(loaded.rules), std::back_inserter(set_.refusals_));
        set_.rules_ = std::move(loaded.rules);
        for (const Rule& rule : set_.rules_)
            if (rule.correlation) note_asked(*rule.correlation);
        std::unordered_set<std::uint32_t> active;
        for (std::uint32_t rule = 0; rule < set_.rules_.size(); ++rule) {
            if (set_.rules_[rule].correlation) continue;
            auto found = sources_of(set_.rules_[rule], sources_);
            for (const Source* source : found) add(rule, *source);
            if (!found.empty()) active.insert(rule);
        }
        set_.active_ = active.size();
        find_covers();
        set_.keywords_ = keyword_scanner(covers_, cache_);
        file_programs();
    }

private:
    struct Filing {  // programs of one channel
        std::map<std::int64_t, std::vector<std::uint32_t>> by_id;
        std::vector<std::uint32_t> any;

        /// Those of events with this id here; nothing: with an id that no rule names. `everywhere`: of all channels.
        std::vector<std::uint32_t> about(std::optional<std::int64_t> id, const Filing& everywhere) const {
            std::set<std::uint32_t> programs;
            for (const Filing* from : {this, &everywhere}) {
                programs.insert(from->any.begin(), from->any.end());
                if (id && from->by_id.contains(*id))
                    programs.insert(from->by_id.at(*id).begin(), from->by_id.at(*id).end());
            }
            return {programs.begin(), programs.end()};
        }
    };

    void note_asked(const Correlation& correlation) {
        asked_.insert(correlation.group_by.begin(), correlation.group_by.end());
        asked_.insert(correlation.fields.begin(), correlation.fields.end());
        for (const auto& [alias, fields] : correlation.aliases)
            for (const auto& [rule, field] : fields) asked_.insert(field);
    }

    void add(std::uint32_t rule, const Source& source) {
        const Rule& read = set_.rules_[rule];
        EventIds ids = event_ids_of(read, source);
        if (!source.ids.empty()) {
            std::set<std::int64_t> own(source.ids.begin(), source.ids.end());
            if (ids) std::erase_if(own, [&](auto id) { return !ids->contains(id); });
            ids = std::move(own);
        }
        Program program{.rule = rule, .scan = source.scan, .steps = {}};
        atoms_of_items_.clear();
        for (const Item& item : read.items) atoms_of_items_.push_back(atom(item, source));
        emit(read, static_cast<std::uint32_t>(read.nodes.size() - 1), 0, program.steps);
        for (const std::string& name : asked_) program.names.emplace(name, field(name, source));
        set_.programs_.push_back(std::move(program));
        items_.push_back(atoms_of_items_);
        auto index = static_cast<std::uint32_t>(set_.programs_.size() - 1);
        Filing& filing = filings_[source.record][source.channel];
        if (ids)
            for (auto id : *ids) filing.by_id[id].push_back(index);
        else
            filing.any.push_back(index);
    }

    void find_covers() {
        covers_.resize(set_.programs_.size());
        in_parallel(threads_, covers_.size(), [&](std::size_t i) {
            covers_[i] = covers_of(set_.rules_[set_.programs_[i].rule], set_.atoms_, items_[i]);
        });
    }

    std::uint32_t atom(const Item& item, const Source& source) {
        Atom made{.field = item.field.empty() ? kKeyword : field(item.field, source), .item = &item, .references = {}};
        std::string key = fmt::format("{} {} {} {}", made.field, item.all, item.negated, static_cast<int>(item.part));
        for (const Value& value : item.values) {
            key += '\0' + value.key;
            made.references.push_back(value.kind == Value::Kind::field ? field(value.field, source) : 0);
            if (value.kind == Value::Kind::field) key += fmt::format(" {}", made.references.back());
        }
        auto [at, added] = atom_index_.try_emplace(std::move(key), static_cast<std::uint32_t>(set_.atoms_.size()));
        if (std::ranges::none_of(item.values, [](const Value& value) { return value.kind == Value::Kind::field; }))
            made.references.clear();
        if (added) set_.atoms_.push_back(std::move(made));
        return at->second;
    }

    std::uint32_t field(const std::string& name, const Source& source) {
        auto mapped = source.fields.find(name);
        const std::string& real = mapped == source.fields.end() ? name : mapped->second;
        auto [at, added] =
            field_index_.try_emplace({source.record, real}, static_cast<std::uint32_t>(set_.fields_.size()));
        if (!added) return at->second;
        set_.fields_.push_back(place_of(real, source.record));
        return at->second;
    }

    /// Steps that leave the truth of `index` behind; as deep as conditions may be (kConditionDepth).
    void emit(const Rule& rule, std::uint32_t index, std::uint32_t counter, std::vector<Program::Step>& steps) {
        const Node& node = rule.nodes[index];
        switch (node.kind) {
            case Node::Kind::item: steps.push_back({Op::test, atoms_of_items_[node.item]}); return;
            case Node::Kind::none:
                emit(rule, node.children[0], counter, steps);
                steps.push_back({Op::negate});
                return;
            case Node::Kind::at_least:
                steps.push_back({Op::count_begin, counter});
                for (auto child : node.children) {
                    emit(rule, child, counter + 1, steps);
                    steps.push_back({Op::count_add, counter});
                }
                steps.push_back({Op::count_end, counter, node.count});
                return;
            case Node::Kind::all:
            case Node::Kind::any: break;
        }
        std::vector<std::size_t> jumps;
        for (std::size_t i = 0; i < node.children.size(); ++i) {
            emit(rule, node.children[i], counter, steps);
            if (i + 1 == node.children.size()) break;
            jumps.push_back(steps.size());
            steps.push_back({node.kind == Node::Kind::all ? Op::jump_if_false : Op::jump_if_true});
        }
        for (auto jump : jumps) steps[jump].argument = static_cast<std::uint32_t>(steps.size());
    }

    /// The buckets of every channel and id, once their covers are known.
    void file_programs() {
        BucketMaker maker(covers_, set_.fields_, cache_);
        for (const auto& [record, channels] : filings_) {
            const Filing everywhere = channels.contains("") ? channels.at("") : Filing();
            for (const auto& [name, filing] : channels) {
                RuleSet::Channel& channel = set_.channels_[record][name];
                for (const Filing* ids : {&filing, &everywhere})
                    for (const auto& [id, programs] : ids->by_id)
                        channel.by_id[id] = bucket(filing.about(id, everywhere), record, maker);
                channel.other = bucket(filing.about({}, everywhere), record, maker);
            }
        }
        if (auto requests = set_.channels_.find(RecordKind::http_request); requests != set_.channels_.end())
            for (auto& bucket : set_.buckets_)
                if (std::ranges::any_of(requests->second,
                                        [&](const auto& channel) { return channel.second.other == bucket.get(); }))
                    maker.look_at_addresses(*bucket);
    }

    const Bucket* bucket(const std::vector<std::uint32_t>& programs, RecordKind record, BucketMaker& maker) {
        if (programs.empty()) return nullptr;
        auto [at, added] = bucket_index_.try_emplace(programs, nullptr);
        if (added) {
            set_.buckets_.push_back(std::make_unique<Bucket>(maker.make(programs, record)));
            at->second = set_.buckets_.back().get();
        }
        return at->second;
    }

    RuleSet& set_;
    const std::vector<Source>& sources_;
    Cache* cache_;
    std::size_t threads_;
    std::vector<std::uint32_t> atoms_of_items_;      // of the rule at hand
    std::vector<std::vector<std::uint32_t>> items_;  // the same by program
    std::unordered_map<std::string, std::uint32_t> atom_index_;
    std::map<std::pair<RecordKind, std::string>, std::uint32_t> field_index_;
    std::map<RecordKind, std::map<std::string, Filing>> filings_;
    std::vector<std::vector<Cover>> covers_;  // by program
    std::map<std::vector<std::uint32_t>, const Bucket*> bucket_index_;
    std::set<std::string> asked_;  // fields that correlations ask for
};

std::shared_ptr<const RuleSet> RuleSet::compile(RuleFile rules, const std::vector<Source>& sources, Cache* cache,
                                                std::size_t threads) {
    auto set = std::make_shared<RuleSet>();
    Compiler compiler(*set, sources, cache, threads);
    compiler.compile(std::move(rules));
    return set;
}

const Bucket* RuleSet::bucket(RecordKind record, std::string_view channel, std::int64_t id) const {
    auto kind = channels_.find(record);
    if (kind == channels_.end()) return nullptr;
    auto at = kind->second.find(channel);
    if (at == kind->second.end()) at = kind->second.find("");
    if (at == kind->second.end()) return nullptr;
    auto by_id = at->second.by_id.find(id);
    return by_id == at->second.by_id.end() ? at->second.other : by_id->second;
}

}  // namespace ascribe::sigma
