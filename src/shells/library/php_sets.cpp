// PHP's functions that compare arrays, computed when all they hold is constant: names are put together of what is left
// over. https://www.php.net/manual/en/ref.array.php
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

/// The first array's items that are in all others (`common`), or in none of them.
template <bool keys, bool common>
bool compare(Call& call) {
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

constexpr Entry kTable[] = {
    {.name = "array_diff", .evaluate = compare<false, false>},
    {.name = "array_diff_key", .evaluate = compare<true, false>},
    {.name = "array_intersect", .evaluate = compare<false, true>},
    {.name = "array_intersect_key", .evaluate = compare<true, true>},
    {.name = "array_unique", .evaluate = array_unique},
};

}  // namespace

const std::span<const Entry> kPhpSets = kTable;

}  // namespace ascribe::shells
