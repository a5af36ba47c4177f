// VBScript's regular expressions, an object with settings: what they make of constants is computed.
// https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/scripting-articles/ms974570(v=msdn.10)
#include <re2/re2.h>

#include <memory>
#include <string>
#include <vector>

#include "shells/library/made.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using R = Result;
using Match = std::vector<re2::StringPiece>;

/// A setting of the object that a method is called on; nothing where that is not known.
const Value* setting(const Call& call, std::string_view name) {
    if (call.object == nullptr || call.object->kind != Kind::object) return nullptr;
    const auto& members = call.object->object->members;
    auto found = members.find(name);
    return found == members.end() ? nullptr : &behind(found->second);
}
bool is_set(const Call& call, std::string_view name) {
    const auto* value = setting(call, name);
    return value != nullptr && truth_of(*value).value_or(false);
}

std::unique_ptr<RE2> pattern_of(const Call& call) {
    constexpr std::size_t kLongest = 2000;
    constexpr int kMostGroups = 30;
    const auto* text = setting(call, "pattern");
    if (text == nullptr || text->kind != Kind::text || text->tainted() || text->view.size() > kLongest) return nullptr;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    options.set_encoding(RE2::Options::EncodingLatin1);
    options.set_case_sensitive(!is_set(call, "ignorecase"));
    auto pattern = std::make_unique<RE2>(std::string(text->view), options);
    return pattern->ok() && pattern->NumberOfCapturingGroups() <= kMostGroups ? std::move(pattern) : nullptr;
}

/// What it finds in a text: the first, or all.
std::vector<Match> matches_of(Call& call, const RE2& pattern, std::string_view text) {
    constexpr std::size_t kMostMatches = 20000;
    auto most = is_set(call, "global") ? kMostMatches : std::size_t{1};
    std::vector<Match> all;
    for (std::size_t at = 0; at <= text.size() && all.size() < most && call.machine.charge(4);) {
        Match match(static_cast<std::size_t>(pattern.NumberOfCapturingGroups()) + 1);
        if (!pattern.Match({text.data(), text.size()}, at, text.size(), RE2::UNANCHORED, match.data(),
                           static_cast<int>(match.size())))
            break;
        auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
        at = match[0].empty() ? end + 1 : end;
        all.push_back(std::move(match));
    }
    return all;
}

/// $1 and so on, of what was found.
std::string filled(std::string_view put, const Match& match) {
    std::string out;
    for (std::size_t i = 0; i < put.size(); ++i) {
        bool group = put[i] == '$' && i + 1 < put.size() && put[i + 1] >= '0' && put[i + 1] <= '9';
        auto number = group ? static_cast<std::size_t>(put[i + 1] - '0') : 0;
        if (!group || number >= match.size()) {
            out += put[i];
            continue;
        }
        out.append(match[number].data(), match[number].size());
        ++i;
    }
    return out;
}

bool replaced(Call& call) {
    auto text = call.text(0), put = call.text(1);
    if (!text || !put || call.arguments[0].tainted() || call.arguments[1].tainted()) return false;
    auto pattern = pattern_of(call);
    if (pattern == nullptr || !call.machine.charge(1 + text->size() / 2)) return false;
    std::string out;
    std::size_t at = 0;
    for (const auto& match : matches_of(call, *pattern, *text)) {
        auto begin = static_cast<std::size_t>(match[0].data() - text->data());
        out.append(*text, at, begin - at).append(filled(*put, match));
        at = begin + match[0].size();
        if (out.size() > kMostMade) return false;
    }
    return call.give(out.append(*text, at));
}

/// A list of what was found, each with its text and the texts of its groups.
bool found(Call& call) {
    auto text = call.text(0);
    if (!text || call.arguments[0].tainted()) return false;
    auto pattern = pattern_of(call);
    if (pattern == nullptr || !call.machine.charge(1 + text->size() / 2)) return false;
    auto all = std::make_shared<List>();
    auto text_of_group = [](re2::StringPiece group) { return Value::text(std::string(group.data(), group.size())); };
    for (const auto& match : matches_of(call, *pattern, *text)) {
        auto one = std::make_shared<List>(), groups = std::make_shared<List>();
        if (!call.machine.charge_bytes(sizeof(List) * 2 + match.size() * sizeof(Item))) return false;
        for (std::size_t i = 1; i < match.size(); ++i) groups->append(text_of_group(match[i]));
        one->at(Value::constant("value")) = text_of_group(match[0]);
        one->at(Value::constant("submatches")) = Value::of_list(std::move(groups));
        all->append(Value::of_list(std::move(one)));
    }
    return call.give(std::move(all));
}

bool made(Call& call) { return call.give_object("regexp"); }

constexpr Entry kTable[] = {
    {.name = "new RegExp", .evaluate = made},
    {.name = "RegExp.Replace", .evaluate = replaced},
    {.name = "RegExp.Execute", .evaluate = found},
    {.name = "RegExp.Test", .result = R::verifies},
};

}  // namespace

const std::span<const Entry> kAspPatterns = kTable;

}  // namespace ascribe::shells
