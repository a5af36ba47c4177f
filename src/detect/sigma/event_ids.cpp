#include "detect/sigma/event_ids.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "base/text.hpp"

namespace ascribe::sigma {
namespace {

EventIds ids_of(const Item& item, const Source& source) {
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

/// All children must hold: the ids that every child allows.
EventIds in_each(const Node& node, const std::vector<EventIds>& of) {
    EventIds common;
    for (auto child : node.children) {
        if (!of[child]) continue;
        if (!common) {
            common = of[child];
            continue;
        }
        std::set<std::int64_t> both;
        std::ranges::set_intersection(*common, *of[child], std::inserter(both, both.end()));
        common = std::move(both);
    }
    return common;
}

/// One child is enough: the ids that some child allows.
EventIds in_any(const Node& node, const std::vector<EventIds>& of) {
    std::set<std::int64_t> either;
    for (auto child : node.children) {
        if (!of[child]) return {};
        either.insert(of[child]->begin(), of[child]->end());
    }
    return node.children.empty() ? EventIds() : either;
}

}  // namespace

EventIds event_ids_of(const Rule& rule, const Source& source) {
    std::vector<EventIds> of(rule.nodes.size());
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        const Node& node = rule.nodes[i];
        switch (node.kind) {
            case Node::Kind::item: of[i] = ids_of(rule.items[node.item], source); break;
            case Node::Kind::all: of[i] = in_each(node, of); break;
            case Node::Kind::any:
            case Node::Kind::at_least: of[i] = in_any(node, of); break;
            case Node::Kind::none: break;  // what does not hold speaks of any event
        }
    }
    return of.back();
}

}  // namespace ascribe::sigma
