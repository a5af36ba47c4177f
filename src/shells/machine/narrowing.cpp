// What conditions say of data: behind `in_array($f, ['md5', 'sha1'])` $f is one of the two, and so it is behind
// `if (!in_array(...)) exit;` or `if (!in_array(...)) $f = 'md5';`. Data is known by the place it is read from and by
// its trail, so that what was stored there since is not taken for it.
#include <algorithm>

#include "shells/machine/machine.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostLinks = 8, kMostFacts = 64, kMostCopied = 16;

/// Whether a constant that is compared with says that the condition holds; nothing where it says neither.
std::optional<bool> says(const Value& constant) {
    bool plain = constant.kind == Kind::truth || constant.kind == Kind::number;
    return plain && !constant.tainted() ? truth_of(constant) : std::nullopt;
}

}  // namespace

/// How a place is written in the function under way; "" where that is not the same each time.
std::string Machine::place_of(std::int32_t at) const {
    std::string place;
    for (std::size_t links = 0; at >= 0 && links < kMostLinks; ++links) {
        const auto& node = paths_[static_cast<std::size_t>(at)];
        switch (node.kind) {
            case PathNode::Kind::variable: {
                if (node.name == "#any") return {};
                const auto& copied = frames_.back().copied;
                auto known = std::ranges::find_if(copied, [&](const auto& each) { return each.first == node.name; });
                auto name = known != copied.end() ? known->second : std::string("$").append(node.name);
                return (node.key.kind == Kind::number ? "global " : "") + name + place;
            }
            case PathNode::Kind::element: {
                auto key = node.key.tainted() || node.key.kind == Kind::list ? std::nullopt : text_of(node.key);
                if (!key || key->size() > kLongestName) return {};
                place.insert(0, "[" + *key + "]");
                break;
            }
            case PathNode::Kind::member: {
                if (node.key.kind != Kind::object) return {};
                auto number = reinterpret_cast<std::uintptr_t>(node.key.object);
                return std::to_string(number) + "->" + std::string(node.name) + place;
            }
            case PathNode::Kind::type_member: return std::string(node.key.view) + "::" + std::string(node.name) + place;
            default: return {};
        }
        at = node.before;
    }
    return {};
}

Value Machine::choice(std::int32_t path, const Value& data, std::shared_ptr<List> options) {
    auto condition = Value::unknown();
    if (options == nullptr || !data.tainted()) return condition;
    if (auto place = place_of(path); !place.empty())
        make_choice(condition, {std::move(place), data.trail, std::move(options), nullptr});
    return condition;
}

/// isset($map[$x]): $x is one of the keys of the map.
Value Machine::choice_of_key(std::int32_t path) {
    if (path < 0 || language() != Language::php) return Value::unknown();
    const auto& node = paths_[static_cast<std::size_t>(path)];
    if (node.kind != PathNode::Kind::element || !node.key.tainted() || node.before < 0) return Value::unknown();
    auto key = node.key;
    auto lay = node.key_path;
    const auto* container = resolve(node.before, false);
    if (container == nullptr) return Value::unknown();
    auto listed = choice(lay, key, keys_in(behind(*container)));
    auto in = summary(behind(*container));
    bool own = container->kind != Kind::nothing && !(in.tainted() && strongest(in.origins) < Origin::session);
    if (choice_of(listed) == nullptr && own) listed.flags |= flag::verifies;  // though nobody knows what the map holds
    return listed;
}

/// empty($map[$x]), !$map[$x]: where that does not hold, $x is one of the keys.
void Machine::deny_key(Value& condition, std::int32_t path) {
    auto listed = choice_of_key(path);
    const auto* choice = choice_of(listed);
    if (choice != nullptr && choice_of(condition) == nullptr)
        make_choice(condition, {choice->place, choice->trail, nullptr, choice->yes});
}

/// What is read from a place, where a condition on the way here says what it is.
Value Machine::narrowed(Value value, std::int32_t path) const {
    const auto& facts = frames_.back().facts;
    if (facts.empty() || !value.tainted()) return value;
    auto place = place_of(path);
    auto known = std::ranges::find_if(facts.rbegin(), facts.rend(), [&](const Fact& fact) {
        return fact.choice->place == place && is_same_data(fact.choice->trail, value);
    });
    return known == facts.rend() ? value : one_of(known->options);
}

/// The region that was just entered is walked where its condition holds, or where it does not.
void Machine::open_choice(const Value& condition, bool holds) {
    auto& frame = frames_.back();
    auto& region = frame.regions.back();
    region.holds = holds;
    if (choice_of(condition) == nullptr || frame.facts.size() >= kMostFacts) return;
    region.choice = std::static_pointer_cast<const Choice>(condition.owner);
    if (const auto& options = holds ? region.choice->yes : region.choice->no; options != nullptr)
        frame.facts.push_back({region.choice, options, frame.regions.size()});
}

/// "else"
void Machine::turn_choice() {
    auto& frame = frames_.back();
    auto depth = frame.regions.size();
    std::erase_if(frame.facts, [depth](const Fact& fact) { return fact.depth >= depth; });
    auto& region = frame.regions.back();
    region.holds = !region.holds;
    region.turned = true;
    if (region.choice == nullptr) return;
    if (const auto& options = region.holds ? region.choice->yes : region.choice->no; options != nullptr)
        frame.facts.push_back({region.choice, options, depth});
}

/// Who is in the region of that number goes no further: behind it the opposite holds.
void Machine::pass_choice(std::size_t depth) {
    auto& frame = frames_.back();
    const auto& region = frame.regions[depth];
    if (region.choice == nullptr || frame.facts.size() >= kMostFacts) return;
    if (const auto& options = region.holds ? region.choice->no : region.choice->yes; options != nullptr)
        frame.facts.insert(frame.facts.begin(), {region.choice, options, depth, frame.at});
}

/// Where "then" holds of data that it is one of a few, and "else" let pass only what is one of others: it is one of
/// all.
std::optional<Fact> Machine::fact_of_both() const {
    const auto& frame = frames_.back();
    const auto& region = frame.regions.back();
    if (region.choice == nullptr || !region.turned) return std::nullopt;
    const auto& first = region.holds ? region.choice->no : region.choice->yes;
    auto passed = std::ranges::find_if(frame.facts, [&](const Fact& fact) {
        bool same = fact.choice->place == region.choice->place && fact.choice->trail == region.choice->trail;
        return same && fact.made_at != 0 && fact.depth == frame.regions.size();
    });
    if (first == nullptr || passed == frame.facts.end()) return std::nullopt;
    auto all = either(one_of(first), one_of(passed->options));
    if (options_of(all) == nullptr) return std::nullopt;
    return Fact{region.choice, std::static_pointer_cast<List>(all.owner), frame.regions.size() - 1, passed->made_at};
}

/// A loop goes round: what is known of one round is not known of the next, nor behind the loop.
void Machine::forget_facts(std::uint32_t from, std::uint32_t to) {
    auto& facts = frames_.back().facts;
    if (!facts.empty())
        std::erase_if(facts, [&](const Fact& fact) { return fact.made_at >= from && fact.made_at <= to; });
}

void Machine::close_facts() {
    auto& frame = frames_.back();
    auto depth = frame.regions.size();
    if (!frame.facts.empty()) std::erase_if(frame.facts, [depth](const Fact& fact) { return fact.depth > depth; });
}

/// A comparison says something of data that is compared with a constant, or repeats what a condition said.
void Machine::compare_choice(Value& result, Operator what, const Slot& left, const Slot& right) {
    if (result.kind != Kind::unknown) return;
    if (what == Operator::logical_and || what == Operator::logical_or)
        return combine_choices(result, left.value, right.value, what == Operator::logical_and);
    bool equal = what == Operator::equal, greater = what == Operator::greater;
    if (!equal && !greater && what != Operator::not_equal) return;
    const Slot& data = choice_of(left.value) != nullptr || left.value.tainted() ? left : right;
    const Slot& constant = &data == &left ? right : left;
    if (const auto* known = choice_of(data.value)) {
        auto is = says(constant.value);
        if (!is || (greater && (*is || &data != &left))) return;
        bool same = greater || *is == equal;
        if (same)
            make_choice(result, *known);
        else
            negate_choice(result, data.value);
        return;
    }
    if (greater || constant.value.kind != Kind::text || constant.value.view.empty() || constant.value.tainted()) return;
    if (constant.value.view.size() > kLongestName) return;
    auto options = std::make_shared<List>();
    options->append(constant.value);
    auto told = choice(data.path, data.value, std::move(options));
    if (equal)
        make_choice(result, choice_of(told) != nullptr ? *choice_of(told) : Choice{});
    else
        negate_choice(result, told);
}

/// A switch looks at a copy: what is said of that is said of what it is a copy of.
void Machine::note_copy(std::int32_t to, std::int32_t from) {
    if (to < 0 || from < 0) return;
    const auto& node = paths_[static_cast<std::size_t>(to)];
    bool made =
        node.kind == PathNode::Kind::variable && node.name.starts_with('#') && !node.name.starts_with("#static");
    auto& copied = frames_.back().copied;
    if (!made) return;
    std::erase_if(copied, [&](const auto& each) { return each.first == node.name; });
    if (auto place = place_of(from); !place.empty() && copied.size() < kMostCopied)
        copied.emplace_back(node.name, std::move(place));
}

/// if (!in_array($f, $list)) $f = 'md5': behind it $f is the one or one of the others.
bool Machine::store_instead(std::int32_t at, Value& value) {
    auto& frame = frames_.back();
    auto is_at = [&](const std::string& place) { return place_of(at) == place; };
    const auto* region = frame.regions.empty() ? nullptr : &frame.regions.back();
    bool instead = region != nullptr && region->choice != nullptr && is_at(region->choice->place);
    if (!frame.facts.empty()) {
        auto place = place_of(at);
        std::erase_if(frame.facts, [&](const Fact& fact) { return fact.choice->place.starts_with(place); });
    }
    if (!instead) return false;
    const auto& options = region->holds ? region->choice->no : region->choice->yes;
    const auto* had = resolve(at, false);
    if (options == nullptr || had == nullptr || !is_same_data(region->choice->trail, behind(*had))) return false;
    value = either(one_of(options), value);
    return true;
}

}  // namespace ascribe::shells
