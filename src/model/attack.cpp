#include "model/attack.hpp"

#include <algorithm>
#include <functional>

#include "base/text.hpp"

namespace ascribe {
namespace {

template <class T, class Key>
std::optional<std::uint32_t> index_of(const std::vector<T>& sorted, std::string_view wanted, Key key) {
    auto at = std::ranges::lower_bound(sorted, wanted, {}, key);
    if (at == sorted.end() || std::invoke(key, *at) != wanted) return {};
    return static_cast<std::uint32_t>(at - sorted.begin());
}

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

bool remove_prefix(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

}  // namespace

std::optional<std::uint32_t> AttackKnowledge::item(std::string_view id) const {
    return index_of(items, upper(id), &AttackItem::id);
}

std::optional<std::uint32_t> AttackKnowledge::group(std::string_view id) const {
    return index_of(groups, upper(id), &AttackGroup::id);
}

std::optional<std::uint32_t> AttackKnowledge::report(std::string_view key) const {
    return index_of(reports, key, &AttackReport::key);
}

std::string report_key(std::string_view address, std::string_view name) {
    auto whole = lower(trim(address));
    std::string_view text = whole;
    auto scheme = [&] { return remove_prefix(text, "https://") || remove_prefix(text, "http://"); };
    scheme();
    // An archived copy is the report itself: web.archive.org/web/20210303000000/https://...
    std::string_view archived = text;
    if (remove_prefix(archived, "web.archive.org/web/")) {
        auto slash = archived.find('/');
        if (slash != std::string_view::npos && slash > 0 && archived[0] >= '0' && archived[0] <= '9') {
            text = archived.substr(slash + 1);
            scheme();
        }
    }
    remove_prefix(text, "www.");
    text = text.substr(0, text.find('#'));
    while (text.ends_with('/')) text.remove_suffix(1);
    return text.empty() ? std::string(name) : std::string(text);
}

}  // namespace ascribe
