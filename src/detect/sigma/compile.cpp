// From rules to a RuleSet: filters are built in, fields are looked up in the mapping, equal tests are one atom,
// conditions become steps, and every program is filed under the channel and event ids it can be about, behind the
// anchor that is rarest.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <thread>
#include <unordered_set>

#include "base/text.hpp"
#include "detect/sigma/addresses.hpp"
#include "detect/sigma/anchors.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {
namespace {

/// Events' buckets with fewer programs are judged one by one: a scan costs as much as some tests. Keywords are tests of
/// every value of the event, so they are always scanned for; and rows of logs go through the sieve, which needs
/// anchors.
constexpr std::size_t kScanFrom = 6;

using Op = Program::Op;

/// The event ids a condition can hold for; nothing: any.
using Ids = std::optional<std::set<std::int64_t>>;

Ids ids_of(const Item& item, const Source& source) {
    auto at = source.fields.find(item.field);
    if (at == source.fields.end() || at->second != "@event_id" || item.negated || item.all) return {};
    std::set<std::int64_t> ids;
    for (const Value& value : item.values) {
        if (value.kind != Value::Kind::text || value.patterns.size() != 1 ||
            value.patterns[0].kind() != Pattern::Kind::equal)
            return {};
        auto number = parse_number(value.patterns[0].longest_literal());
        if (!number) return {};
        ids.insert(*number);
    }
    return ids;
}

Ids ids_of(const Rule& rule, const Source& source) {
    std::vector<Ids> of(rule.nodes.size());
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        const Node& node = rule.nodes[i];
        if (node.kind == Node::Kind::item) of[i] = ids_of(rule.items[node.item], source);
        if (node.kind == Node::Kind::all)
            for (auto child : node.children) {
                if (!of[child]) continue;
                if (!of[i]) {
                    of[i] = of[child];
                    continue;
                }
                std::set<std::int64_t> both;
                std::ranges::set_intersection(*of[i], *of[child], std::inserter(both, both.end()));
                of[i] = std::move(both);
            }
        if ((node.kind == Node::Kind::any || node.kind == Node::Kind::at_least) && !node.children.empty()) {
            std::set<std::int64_t> either;
            bool known = true;
            for (auto child : node.children) {
                known = known && of[child].has_value();
                if (known) either.insert(of[child]->begin(), of[child]->end());
            }
            if (known) of[i] = std::move(either);
        }
    }
    return of.back();
}

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789-") == std::string_view::npos; }

bool names(const std::vector<std::string>& list, const Rule& rule) {
    return std::ranges::any_of(list, [&](const std::string& name) { return rule.is_called(name); });
}

/// Whether what `filter` names of a log source holds for `source`.
bool speaks_of(const LogSource& filter, const LogSource& source) {
    auto holds = [](const std::string& wanted, const std::string& have) { return wanted.empty() || wanted == have; };
    return holds(filter.product, source.product) && holds(filter.category, source.category) &&
           holds(filter.service, source.service);
}

/// Both conditions must hold: a filter says `not` itself.
void narrow(Rule& rule, const Rule& filter) {
    auto items = static_cast<std::uint32_t>(rule.items.size());
    auto nodes = static_cast<std::uint32_t>(rule.nodes.size());
    auto root = nodes - 1;
    rule.items.insert(rule.items.end(), filter.items.begin(), filter.items.end());
    for (Node node : filter.nodes) {
        node.item += items;
        for (auto& child : node.children) child += nodes;
        rule.nodes.push_back(std::move(node));
    }
    auto filtered = static_cast<std::uint32_t>(rule.nodes.size() - 1);
    rule.nodes.push_back({.kind = Node::Kind::all, .children = {root, filtered}});
}

/// At most one byte more than a rule file may have, which says that it has more.
std::string read_file(const std::filesystem::path& path) {
    constexpr std::size_t kBlock = 16 << 10;  // most rules are shorter
    std::ifstream file(path, std::ios::binary);
    std::string text;
    while (file && text.size() <= kRuleFileLimit) {
        auto before = text.size();
        text.resize(std::min(before + std::max(kBlock, before), kRuleFileLimit + 1));
        file.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
        text.resize(before + static_cast<std::size_t>(file.gcount()));
    }
    return text;
}

/// Each number below `count` once, by so many threads; none is left running.
void in_parallel(std::size_t threads, std::size_t count, const std::function<void(std::size_t)>& call) {
    std::atomic<std::size_t> next = 0;
    auto work = [&] {
        for (auto i = next++; i < count; i = next++) call(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < std::min(threads, count); ++thread) others.emplace_back(work);
    work();
}

}  // namespace

RuleNames::RuleNames(std::span<const Rule> rules) {
    for (std::size_t i = 0; i < rules.size(); ++i)
        for (const std::string& name : {rules[i].id, rules[i].name, rules[i].title})
            if (!name.empty()) index_.try_emplace(name, i);
}

std::optional<std::size_t> RuleNames::find(const std::string& name) const {
    auto at = index_.find(name);
    return at == index_.end() ? std::nullopt : std::optional(at->second);
}

class Compiler {
public:
    Compiler(RuleSet& set, const std::vector<Source>& sources, Cache* cache, std::size_t threads)
        : set_(set), sources_(sources), cache_(cache), threads_(threads) {}

    void compile(RuleFile loaded) {
        set_.refusals_ = std::move(loaded.refusals);
        apply_filters(loaded.rules);
        check_correlations(loaded.rules);
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
        file_programs();
        gather_keywords();
        gather_addresses();
    }

private:
    struct Filing {  // programs of one channel
        std::map<std::int64_t, std::vector<std::uint32_t>> by_id;
        std::vector<std::uint32_t> any;
    };

    static void apply_filters(std::vector<Rule>& rules) {
        std::vector<Rule> kept, filters;
        for (Rule& rule : rules) (rule.is_filter ? filters : kept).push_back(std::move(rule));
        for (const Rule& filter : filters)
            for (Rule& rule : kept) {
                bool any =
                    std::ranges::any_of(filter.filtered_rules, [](const auto& name) { return lower(name) == "any"; });
                if (!rule.correlation && speaks_of(filter.source, rule.source) &&
                    (any || names(filter.filtered_rules, rule)))
                    narrow(rule, filter);
            }
        rules = std::move(kept);
    }

    /// Refuses correlations that count what is not there, or themselves; rules that are only counted become silent.
    void check_correlations(std::vector<Rule>& rules) {
        RuleNames names(rules);
        std::vector<std::string> faults(rules.size());
        std::vector<std::size_t> open(rules.size()), ready;  // inner correlations not yet known to be good
        std::vector<std::vector<std::size_t>> users(rules.size());
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (!rules[i].correlation) continue;
            for (const std::string& name : rules[i].correlation->rules) {
                auto inner = names.find(name);
                if (!inner) {
                    faults[i] = fmt::format("correlation: there is no rule '{}'", name);
                    ++open[i];  // for ever
                } else if (rules[*inner].correlation) {
                    users[*inner].push_back(i);
                    ++open[i];
                }
            }
            if (open[i] == 0) ready.push_back(i);
        }
        while (!ready.empty()) {
            auto good = ready.back();
            ready.pop_back();
            for (auto user : users[good])
                if (--open[user] == 0) ready.push_back(user);
        }
        for (std::size_t i = 0; i < rules.size(); ++i) {
            if (open[i] == 0) continue;
            if (faults[i].empty()) faults[i] = "correlation: it counts itself, or one that is refused";
            set_.refusals_.push_back({rules[i].file, rules[i].title, faults[i]});
        }
        for (std::size_t i = 0; i < rules.size(); ++i)
            if (rules[i].correlation && open[i] == 0 && !rules[i].correlation->generate)
                for (const std::string& name : rules[i].correlation->rules) rules[*names.find(name)].silent = true;
        std::vector<Rule> kept;
        for (std::size_t i = 0; i < rules.size(); ++i)
            if (open[i] == 0) kept.push_back(std::move(rules[i]));
        rules = std::move(kept);
    }

    void note_asked(const Correlation& correlation) {
        asked_.insert(correlation.group_by.begin(), correlation.group_by.end());
        asked_.insert(correlation.fields.begin(), correlation.fields.end());
        for (const auto& [alias, fields] : correlation.aliases)
            for (const auto& [rule, field] : fields) asked_.insert(field);
    }

    void add(std::uint32_t rule, const Source& source) {
        const Rule& read = set_.rules_[rule];
        Ids ids = ids_of(read, source);
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
        FieldPlace place{.record = source.record, .kind = FieldPlace::Kind::named, .column = 0, .name = real};
        std::erase(place.name, ' ');
        if (real == "@uri")
            place.kind = FieldPlace::Kind::uri;
        else if (real == "@agent")
            place.kind = FieldPlace::Kind::agent;
        else if (real.starts_with('@')) {
            const auto& columns = record_schemas()[static_cast<std::size_t>(source.record)].columns;
            auto column = std::ranges::find(columns, std::string_view(real).substr(1), &ColumnSchema::name);
            if (column != columns.end()) {
                place.kind = FieldPlace::Kind::column;
                place.column = static_cast<std::size_t>(column - columns.begin());
            }
        }
        set_.fields_.push_back(std::move(place));
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

    // --- buckets ---------------------------------------------------------------------------------------------------

    void file_programs() {
        for (const auto& [record, channels] : filings_) {
            const Filing* everywhere = channels.contains("") ? &channels.at("") : nullptr;
            for (const auto& [name, filing] : channels) {
                RuleSet::Channel& channel = set_.channels_[record][name];
                std::set<std::int64_t> ids;
                for (const auto& [id, programs] : filing.by_id) ids.insert(id);
                if (everywhere != nullptr)
                    for (const auto& [id, programs] : everywhere->by_id) ids.insert(id);
                auto gather = [&](std::optional<std::int64_t> id) {
                    std::set<std::uint32_t> programs(filing.any.begin(), filing.any.end());
                    auto take = [&](const Filing& from) {
                        programs.insert(from.any.begin(), from.any.end());
                        if (id && from.by_id.contains(*id))
                            programs.insert(from.by_id.at(*id).begin(), from.by_id.at(*id).end());
                    };
                    take(filing);
                    if (everywhere != nullptr) take(*everywhere);
                    return bucket({programs.begin(), programs.end()}, record);
                };
                for (auto id : ids) channel.by_id[id] = gather(id);
                channel.other = gather({});
            }
        }
    }

    const Bucket* bucket(const std::vector<std::uint32_t>& programs, RecordKind record) {
        if (programs.empty()) return nullptr;
        auto [at, added] = bucket_index_.try_emplace(programs, nullptr);
        if (added) {
            set_.buckets_.push_back(std::make_unique<Bucket>(make_bucket(programs, record)));
            at->second = set_.buckets_.back().get();
        }
        return at->second;
    }

    Bucket make_bucket(const std::vector<std::uint32_t>& programs, RecordKind record) {
        Bucket bucket{.programs = programs, .needed = std::vector<std::uint8_t>(programs.size()), .fields = {}};
        // field and sort of anchor -> anchor -> covers
        std::map<std::pair<std::uint32_t, bool>, std::map<Scanner::Anchor, std::vector<Bucket::Mark>>> wanted;
        for (std::uint32_t i = 0; i < programs.size(); ++i) {
            const auto& covers = covers_[programs[i]];
            auto is_keyword = [](const Cover& cover) { return cover.anchors.front().field == kKeyword; };
            bool few = record == RecordKind::windows_event && programs.size() < kScanFrom;
            if (few && std::ranges::none_of(covers, is_keyword)) continue;
            for (std::size_t k = 0; k < covers.size(); ++k) {
                Bucket::Mark mark{i, static_cast<std::uint8_t>(1U << k)};
                bucket.needed[i] |= mark.bit;
                for (const Anchored& each : covers[k].anchors)
                    wanted[{each.field, each.anchor.expression}][each.anchor].push_back(mark);
            }
        }
        for (auto& [place, anchors] : wanted) {
            std::vector<Scanner::Anchor> list;
            Bucket::Field field{.field = place.first, .scanner = {}, .marks = {}};
            for (auto& [anchor, marks] : anchors) {
                list.push_back(anchor);
                field.shortest = std::min(field.shortest, anchor.expression ? 0 : anchor.text.size());
                field.marks.push_back(std::move(marks));
            }
            auto& [scanner, left] = scanners_[list];
            if (!scanner) scanner = std::make_shared<const Scanner>(list, left, cache_);
            field.scanner = scanner;
            for (auto number : left)  // cannot be looked for: as if it were always there
                for (auto [program, bit] : field.marks[number])
                    bucket.needed[program] &= static_cast<std::uint8_t>(~bit);
            bucket.fields.push_back(std::move(field));
        }
        for (std::uint32_t i = 0; i < programs.size(); ++i)
            if (bucket.needed[i] == 0) bucket.always.push_back(i);
        for (auto needed : bucket.needed)
            bucket.telling.push_back(static_cast<std::uint8_t>(needed & (~needed + 1)));  // the rarest
        return bucket;
    }

    bool is_of_address(std::uint32_t field) const {
        if (field == kKeyword) return true;
        const FieldPlace& place = set_.fields_[field];
        return place.kind == FieldPlace::Kind::uri ||
               (place.kind == FieldPlace::Kind::column &&
                (place.column == HttpRequest::stem || place.column == HttpRequest::query));
    }

    using Told = std::map<std::string, std::set<std::uint32_t>>;  // by literal: the programs it speaks for

    /// The anchors as they stand in masked addresses; as they are where one cannot be masked.
    static Bucket::Addresses addresses_of(const Told& literals, std::vector<std::uint32_t>& left, Cache* cache) {
        Told masked;
        bool all = true;
        for (const auto& [literal, programs] : literals) {
            auto forms = masked_anchors(literal);
            all = all && forms;
            if (forms)
                for (const std::string& form : *forms) masked[form].insert(programs.begin(), programs.end());
        }
        Bucket::Addresses addresses;
        std::vector<Scanner::Anchor> anchors;
        for (const auto& [literal, programs] : all ? masked : literals) {
            anchors.push_back({.text = literal, .every = true});
            addresses.tell.emplace_back(programs.begin(), programs.end());
        }
        addresses.literals = Scanner(anchors, left, cache);
        addresses.masked = all;
        return addresses;
    }

    void gather_addresses() {
        auto requests = set_.channels_.find(RecordKind::http_request);
        if (requests == set_.channels_.end()) return;
        for (auto& bucket : set_.buckets_) {
            bool is_theirs = std::ranges::any_of(
                requests->second, [&](const auto& channel) { return channel.second.other == bucket.get(); });
            if (!is_theirs) continue;
            Told literals;
            std::set<std::uint32_t> expressions;
            bool all = true, numbers = false;
            for (std::size_t i = 0; i < bucket->programs.size(); ++i) {
                const auto& covers = covers_[bucket->programs[i]];
                // What an address must hold tells more than a method or an agent.
                for (std::size_t k = covers.size(); k-- > 0;)
                    if ((bucket->needed[i] >> k & 1) != 0 &&
                        std::ranges::all_of(covers[k].anchors,
                                            [&](const auto& each) { return is_of_address(each.field); }))
                        bucket->telling[i] = static_cast<std::uint8_t>(1U << k);
                for (std::size_t k = 0; k < covers.size(); ++k) {
                    if (bucket->telling[i] != 1U << k) continue;
                    for (auto [field, anchor] : covers[k].anchors) {
                        if (!is_of_address(field)) continue;
                        numbers = numbers || (field == kKeyword && (anchor.expression || is_number(anchor.text)));
                        auto program = static_cast<std::uint32_t>(i);
                        if (anchor.expression) expressions.insert(program);
                        auto needed = anchor.expression ? needed_literals(anchor) : std::vector{anchor.text};
                        all = all && needed;
                        if (!needed) continue;
                        for (const std::string& literal : *needed) literals[literal].insert(program);
                    }
                }
            }
            std::vector<std::uint32_t> left;
            auto addresses = addresses_of(literals, left, cache_);
            addresses.expressions.assign(expressions.begin(), expressions.end());
            addresses.number_keywords = numbers;
            if (all && left.empty()) bucket->addresses = std::move(addresses);
        }
    }

    /// One scanner for all keywords, for batches whose texts lie together. Numbers do not lie there, and letters beyond
    /// ASCII have more than one form.
    void gather_keywords() {
        std::set<Scanner::Anchor> anchors;
        for (const auto& covers : covers_)
            for (const Cover& cover : covers)
                for (const auto& [field, anchor] : cover.anchors) {
                    if (field != kKeyword) continue;
                    bool ascii = std::ranges::all_of(anchor.text, [](char c) { return c > 0; });
                    if (anchor.expression || !ascii || is_number(anchor.text)) return;
                    anchors.insert({.text = anchor.text, .ignore_case = true});
                }
        std::vector<std::uint32_t> left;
        Scanner scanner({anchors.begin(), anchors.end()}, left, cache_);
        if (left.empty()) set_.keywords_ = std::move(scanner);
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
    struct Made {
        std::shared_ptr<const Scanner> scanner;
        std::vector<std::uint32_t> left;  // anchors it could not take
    };
    std::map<std::vector<Scanner::Anchor>, Made> scanners_;
    std::set<std::string> asked_;  // fields that correlations ask for
};

namespace {

RuleFile load_rule_file(const std::string& path, const Placeholders& placeholders, Cache* cache) {
    std::error_code error;
    if (std::filesystem::is_regular_file(path, error)) return read_rules(read_file(path), path, placeholders, cache);
    RuleFile unreadable;
    unreadable.refusals.push_back({path, "", "cannot be read"});
    return unreadable;
}

}  // namespace

RuleFile load_rules(const std::vector<std::string>& paths, const Placeholders& placeholders, Cache* cache,
                    std::size_t threads) {
    namespace fs = std::filesystem;
    std::set<std::string> names;
    RuleFile out;
    for (const std::string& path : paths) {
        std::error_code error;
        if (!fs::is_directory(path, error)) {
            names.insert(path);
            continue;
        }
        for (fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error), end;
             !error && at != end; at.increment(error)) {
            auto suffix = at->path().extension();
            if ((suffix == ".yml" || suffix == ".yaml") && at->is_regular_file(error))
                names.insert(at->path().string());
        }
        if (error) out.refusals.push_back({path, "", error.message()});
    }
    std::vector<std::string> files(names.begin(), names.end());
    std::vector<RuleFile> read(files.size());
    in_parallel(threads, files.size(), [&](std::size_t i) { read[i] = load_rule_file(files[i], placeholders, cache); });
    for (RuleFile& each : read) {
        std::ranges::move(each.rules, std::back_inserter(out.rules));
        std::ranges::move(each.refusals, std::back_inserter(out.refusals));
    }
    return out;
}

void select(RuleFile& rules, const Selection& selection) {
    auto wanted = [&](const Rule& rule) {
        if (rule.is_filter) return true;
        if (level_rank(rule.level) < selection.least_level) return false;
        if (!selection.statuses.empty() &&
            std::ranges::find(selection.statuses, rule.status) == selection.statuses.end())
            return false;
        return !names(selection.excluded, rule);
    };
    std::set<std::string> counted;
    for (const Rule& rule : rules.rules)
        if (rule.correlation && wanted(rule))
            counted.insert(rule.correlation->rules.begin(), rule.correlation->rules.end());
    std::erase_if(rules.rules, [&](const Rule& rule) {
        return !wanted(rule) && !counted.contains(rule.id) && !counted.contains(rule.name);
    });
}

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
