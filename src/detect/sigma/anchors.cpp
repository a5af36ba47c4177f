#include "detect/sigma/anchors.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <utility>

#include "detect/sigma/fold.hpp"

namespace ascribe::sigma {
namespace {

/// A single letter is in nearly every value and anchors nothing.
constexpr std::size_t kAnchorBytes = 2;

/// What command lines, paths and keys of any Windows server hold: a literal found in here tells next to nothing.
constexpr std::string_view kEverywhere =
    "c:\\windows\\system32\\cmd.exe /c c:\\windows\\syswow64\\windowspowershell\\v1.0\\powershell.exe -command "
    "c:\\program files (x86)\\microsoft \\program files\\common files\\ c:\\users\\public\\appdata\\local\\temp\\ "
    "c:\\programdata\\microsoft\\windows\\ \\appdata\\roaming\\microsoft\\windows\\start menu\\programs\\ "
    "\\registry\\machine\\software\\microsoft\\windows\\currentversion\\ hklm\\system\\currentcontrolset\\services\\ "
    "\\registry\\machine\\system\\controlset001\\control\\ hkey_local_machine hkcu\\software\\classes\\ nt authority "
    "c:\\windows\\system32\\svchost.exe c:\\windows\\explorer.exe rundll32.exe services.exe microsoft corporation "
    "system.dll http:// https://www. .com null \\\\127.0.0.1\\ localhost administrator true false -enc 0x";

double weight_of(const std::string& literal) {
    if (literal.size() < 3 || kEverywhere.find(literal) != std::string_view::npos) return 0.5;
    return static_cast<double>(literal.size());
}

/// A repeat of hundreds (`.{1000,}`) is tracked through every value by the automaton of a field: that alone took a
/// quarter of a hunt with 2,856 rules, and rules that count have other covers.
bool counts_far(std::string_view expression) {
    std::size_t digits = 0;
    bool counting = false;
    for (char c : expression) {
        bool digit = c >= '0' && c <= '9';
        if (c == '{') digits = 0;
        counting = c == '{' || (counting && (digit || c == ','));
        digits = counting && digit ? digits + 1 : 0;
        if (digits == 3) return true;
    }
    return false;
}

/// The cover that one value of an item gives; no anchors: none.
Cover cover_of(const Value& value, std::uint32_t field) {
    Cover cover{.anchors = {}, .weight = 1e9};
    if (value.kind == Value::Kind::regex) {
        if (counts_far(value.expression)) return {};
        auto& options = value.regex->options();
        cover.anchors.push_back({field,
                                 {.text = value.expression,
                                  .expression = true,
                                  .ignore_case = !options.case_sensitive(),
                                  .multiline = value.multiline,
                                  .dot_all = options.dot_nl()}});
        cover.weight = 2;
        return cover;
    }
    if (value.kind != Value::Kind::text) return {};
    for (const Pattern& pattern : value.patterns) {
        auto literal = folded(pattern.longest_literal());
        if (literal.size() < kAnchorBytes) return {};
        cover.weight = std::min(cover.weight, weight_of(literal));
        cover.anchors.push_back({field, {.text = std::move(literal)}});
    }
    return cover;
}

/// Any of these must occur: as rare as the least rare of them.
void add_choice(Cover& to, const Cover& choice) {
    to.weight = std::min(to.weight, choice.weight);
    for (const Anchored& anchor : choice.anchors)
        if (std::ranges::find(to.anchors, anchor) == to.anchors.end()) to.anchors.push_back(anchor);
}

void keep_rarest(std::vector<Cover>& covers) {
    std::ranges::stable_sort(covers, std::ranges::greater{}, &Cover::weight);
    std::vector<Cover> kept;
    for (Cover& cover : covers)
        if (kept.size() < kCovers && std::ranges::find(kept, cover) == kept.end()) kept.push_back(std::move(cover));
    covers = std::move(kept);
}

std::vector<Cover> covers_of(const Atom& atom) {
    const Item& item = *atom.item;
    if (item.negated || item.part != TimePart::none || item.values.empty()) return {};
    std::vector<Cover> covers;
    Cover any{.anchors = {}, .weight = 1e9};
    for (const Value& value : item.values) {
        auto cover = cover_of(value, atom.field);
        if (item.all) {
            if (!cover.anchors.empty()) covers.push_back(std::move(cover));
            continue;
        }
        if (cover.anchors.empty()) return {};
        add_choice(any, cover);
    }
    if (!item.all) covers.push_back(std::move(any));
    keep_rarest(covers);
    return covers;
}

}  // namespace

std::vector<Cover> covers_of(const Rule& rule, std::span<const Atom> atoms,
                             std::span<const std::uint32_t> atoms_of_items) {
    std::vector<std::vector<Cover>> of(rule.nodes.size());
    for (std::size_t i = 0; i < rule.nodes.size(); ++i) {
        const Node& node = rule.nodes[i];
        if (node.kind == Node::Kind::item) of[i] = covers_of(atoms[atoms_of_items[node.item]]);
        if (node.kind == Node::Kind::all) {
            for (auto child : node.children) of[i].insert(of[i].end(), of[child].begin(), of[child].end());
            keep_rarest(of[i]);
        }
        bool is_choice = node.kind == Node::Kind::any || node.kind == Node::Kind::at_least;
        if (node.kind == Node::Kind::any && node.children.size() == 1)
            of[i] = of[node.children.front()];  // a selection that is one map is a choice of one
        else if (is_choice && std::ranges::none_of(node.children, [&](auto child) { return of[child].empty(); })) {
            Cover any{.anchors = {}, .weight = 1e9};
            for (auto child : node.children) add_choice(any, of[child].front());
            if (!any.anchors.empty()) of[i] = {std::move(any)};
        }
    }
    return std::move(of.back());
}

}  // namespace ascribe::sigma
