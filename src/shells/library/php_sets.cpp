// PHP's functions that look things up in arrays or compare these, computed when all they hold is constant: names are
// put together of what is left over. Data that is in a list of constants is one of them.
// https://www.php.net/manual/en/ref.array.php
#include <unordered_set>

#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostItems = 20000;

/// What an item is compared by; nothing when it is not constant.
template <bool keys>
std::optional<std::string> token_of(const Item& item) {
    if (keys) return key_text(item.key);
    const auto& value = behind(item.value);
    return value.tainted() || value.kind == Kind::list ? std::nullopt : text_of(value);
}

/// What a visitor sends, as far as it is in a list of constants: some of these. Nothing known where that is not so.
Value some_of(Call& call) {
    if (call.size() != 2) return Value::unknown();
    std::size_t sent = summary(call.arguments[0]).tainted() ? 0 : 1;
    auto options = options_in(call.arguments[1 - sent]);
    if (options == nullptr || !summary(call.arguments[sent]).tainted()) return Value::unknown();
    auto some = std::make_shared<List>();
    some->rest = one_of(std::move(options));
    return Value::of_list(std::move(some));
}

/// The first array's items that are in all others (`common`), or in none of them.
template <bool keys, bool common>
bool compare(Call& call) {
    if (common && !keys)
        if (auto some = some_of(call); some.is_known()) return call.give(std::move(some));
    const auto* first = call.list(0);
    if (first == nullptr || call.size() < 2 || first->rest.kind != Kind::nothing || first->items.size() > kMostItems)
        return false;
    std::vector<std::unordered_set<std::string>> others;
    for (std::size_t i = 1; i < call.size(); ++i) {
        const auto* list = call.list(i);
        if (list == nullptr || list->rest.kind != Kind::nothing || list->items.size() > kMostItems) return false;
        if (!call.machine.charge(1 + list->items.size())) return false;
        auto& known = others.emplace_back();
        for (const auto& item : list->items) {
            auto token = token_of<keys>(item);
            if (!token) return false;
            known.insert(std::move(*token));
        }
    }
    auto out = std::make_shared<List>();
    for (const auto& item : first->items) {
        auto token = token_of<keys>(item);
        if (!token || !call.machine.charge(others.size())) return false;
        std::size_t in = 0;
        for (const auto& known : others) in += known.contains(*token) ? 1 : 0;
        if (common ? in == others.size() : in == 0) out->at(item.key) = item.value;
    }
    for (auto& item : out->items) item.value.flags |= flag::assembled;
    return call.give(std::move(out));
}

bool array_unique(Call& call) {
    const auto* list = call.list(0);
    if (list == nullptr || list->rest.kind != Kind::nothing || list->items.size() > kMostItems) return false;
    if (!call.machine.charge(1 + list->items.size())) return false;
    std::unordered_set<std::string> seen;
    auto out = std::make_shared<List>();
    for (const auto& item : list->items) {
        auto token = token_of<false>(item);
        if (!token) return false;
        if (seen.insert(std::move(*token)).second) out->at(item.key) = item.value;
    }
    return call.give(std::move(out));
}

/// A list of which all items are known; else nothing.
const List* whole(Call& call, std::size_t i) {
    const auto* list = call.list(i);
    bool known = list != nullptr && list->rest.kind == Kind::nothing;
    return known && call.machine.charge(1 + list->items.size() / 4) ? list : nullptr;
}

/// A check of data, which says that it is one of a few constants.
bool looked_up(Call& call, std::shared_ptr<List> options) {
    if (options == nullptr || call.paths.empty()) return false;
    auto result = call.machine.choice(call.paths[0], call.arguments[0], std::move(options));
    result.flags |= flag::verifies;
    if (call.arguments[0].has(flag::login | flag::hashed)) result.flags |= flag::authenticates;
    return call.give(std::move(result));
}
bool in_array(Call& call) {
    // What a visitor sends is looked through, not looked up.
    if (call.size() > 1 && !summary(call.arguments[0]).tainted() && summary(call.arguments[1]).tainted())
        return call.give(Value::unknown());
    const auto* list = whole(call, 1);
    if (list != nullptr && call.arguments[0].tainted()) return looked_up(call, options_in(call.arguments[1]));
    auto text = call.size() > 0 && !call.arguments[0].tainted() ? call.text(0) : std::nullopt;
    if (list == nullptr || !text) return false;
    for (const auto& item : list->items) {
        auto each = text_of(behind(item.value));
        if (!each) return false;
        if (*each == *text) return call.give_truth(true);
    }
    return call.give_truth(false);
}
bool array_search(Call& call) {
    const auto* list = whole(call, 1);
    if (list != nullptr && call.arguments[0].tainted())  // where in the list it is
        if (auto keys = keys_in(call.arguments[1])) return call.give(one_of(std::move(keys)));
    auto text = call.size() > 0 && !call.arguments[0].tainted() ? call.text(0) : std::nullopt;
    if (list == nullptr || !text) return false;
    for (const auto& item : list->items) {
        auto each = text_of(behind(item.value));
        if (!each) return false;
        if (*each == *text) return call.give(item.key);
    }
    return call.give_truth(false);
}
bool key_exists(Call& call) {
    const auto* list = whole(call, 1);
    if (list != nullptr && call.arguments[0].tainted()) return looked_up(call, keys_in(call.arguments[1]));
    auto text = call.size() > 0 && !call.arguments[0].tainted() ? call.text(0) : std::nullopt;
    if (list == nullptr || !text) return false;
    return call.give_truth(call.machine.charge(1) &&
                           const_cast<List*>(list)->find(key_of(call.arguments[0])) != nullptr);
}

/// Names that hash() knows, as far as functions have them too. https://www.php.net/manual/en/function.hash-algos.php
bool hash_algos(Call& call) {
    auto names = std::make_shared<List>();
    for (std::string_view name : {"md5", "sha1", "sha256", "sha512", "crc32b", "adler32", "whirlpool", "xxh3"})
        names->append(Value::constant(name));
    return call.give(std::move(names));
}

constexpr Entry kTable[] = {
    {.name = "in_array", .result = Result::verifies, .evaluate = in_array},
    {.name = "array_search", .evaluate = array_search},
    {.name = "array_key_exists", .result = Result::verifies, .evaluate = key_exists, .glances = true},
    {.name = "key_exists", .result = Result::verifies, .evaluate = key_exists, .glances = true},
    {.name = "hash_algos", .evaluate = hash_algos},
    {.name = "hash_hmac_algos", .evaluate = hash_algos},
    {.name = "array_diff", .evaluate = compare<false, false>},
    {.name = "array_diff_key", .evaluate = compare<true, false>},
    {.name = "array_intersect", .evaluate = compare<false, true>},
    {.name = "array_intersect_key", .evaluate = compare<true, true>},
    {.name = "array_unique", .evaluate = array_unique},
};

}  // namespace

const std::span<const Entry> kPhpSets = kTable;

}  // namespace ascribe::shells
