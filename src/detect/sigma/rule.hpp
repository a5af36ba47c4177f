// A Sigma rule as read: what it is called, which logs it speaks of, and its condition as a graph of tests.
// https://github.com/SigmaHQ/sigma-specification (2.1.0)
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/pattern.hpp"

namespace re2 {
class RE2;
}

namespace ascribe::sigma {

/// An address range, IPv4 as IPv4-mapped IPv6.
struct Network {
    std::array<std::uint8_t, 16> address{};
    int bits = 128;

    static std::optional<Network> parse(std::string_view text);
    bool contains(std::string_view address) const;
};

enum class Comparison : std::uint8_t { less, less_equal, greater, greater_equal };
constexpr bool compares(double have, Comparison comparison, double wanted) {
    switch (comparison) {
        case Comparison::less: return have < wanted;
        case Comparison::less_equal: return have <= wanted;
        case Comparison::greater: return have > wanted;
        case Comparison::greater_equal: return have >= wanted;
    }
    return false;
}

enum class TimePart : std::uint8_t { none, minute, hour, day, week, month, year };

/// One value that a field may have.
struct Value {
    enum class Kind : std::uint8_t { text, regex, network, number, field, null, exists };
    Kind kind = Kind::text;
    std::vector<Pattern> patterns;          // text: any of them (base64offset has three)
    std::shared_ptr<const re2::RE2> regex;  // searched for, not anchored
    std::string expression;                 // regex: as the rule has it
    bool multiline = false;                 // regex
    bool has_end = false;                   // regex: it has a $ that is not one of lines
    Network network;
    Comparison comparison = Comparison::less;  // number
    double number = 0;
    std::string field;                                 // field: the one to compare with, raw for `cased`
    bool cased = false, starts = false, ends = false;  // field
    bool exists = true;
    std::string given;  // as the rule has it
    std::string key;    // what it says, unambiguously: equal keys, equal values
};

/// A field and what is asked of it.
struct Item {
    std::string field;  // "" for keywords: any value of the event
    std::vector<Value> values;
    bool all = false;                // every value, else any
    bool negated = false;            // neq
    TimePart part = TimePart::none;  // of the field's time, before comparing
};

/// The condition. Children come before their parents in Rule::nodes; the last node is the root.
struct Node {
    enum class Kind : std::uint8_t { item, all, any, none, at_least };
    Kind kind = Kind::item;
    std::uint32_t item = 0;               // index in Rule::items
    std::uint32_t count = 0;              // at_least
    std::vector<std::uint32_t> children;  // none: one
};

struct LogSource {
    std::string product, category, service;  // lower-case, "" where the rule names none
    friend auto operator<=>(const LogSource&, const LogSource&) = default;
};

enum class CorrelationType : std::uint8_t {
    event_count,
    value_count,
    temporal,
    temporal_ordered,
    value_sum,
    value_avg,
    value_percentile,
    value_median
};

/// A rule over the hits of other rules.
struct Correlation {
    CorrelationType type = CorrelationType::event_count;
    std::vector<std::string> rules;  // names or ids
    std::vector<std::string> group_by;
    std::int64_t timespan_seconds = 0;
    std::vector<std::string> fields;  // value_*: one, or for value_count several counted together
    double percentile = 50;
    struct Bound {
        Comparison comparison = Comparison::greater_equal;
        bool equal = false, unequal = false;  // eq, neq instead of a comparison
        double number = 0;
        bool holds(double have) const {
            return equal ? have == number : unequal ? have != number : compares(have, comparison, number);
        }
    };
    std::vector<Bound> bounds;                                          // all must hold
    std::map<std::string, std::map<std::string, std::string>> aliases;  // alias -> rule -> field
    bool generate = false;                                              // the rules counted also alert by themselves

    bool is_temporal() const { return type == CorrelationType::temporal || type == CorrelationType::temporal_ordered; }
    bool within_bounds(double have) const {
        return std::ranges::all_of(bounds, [&](const Bound& bound) { return bound.holds(have); });
    }
};

struct Rule {
    std::string id, name, title, status, level, description, author, file;
    std::vector<std::string> tags, false_positives;
    LogSource source;
    std::vector<Item> items;
    std::vector<Node> nodes;
    std::optional<Correlation> correlation;
    bool is_filter = false;                   // a global filter: its root is what to leave out
    std::vector<std::string> filtered_rules;  // names or ids; "any" in it: all of the log source
    bool silent = false;                      // only counted by a correlation

    /// Rules are named by id, name or title.
    bool is_called(std::string_view word) const {
        return !word.empty() && (word == id || word == name || word == title);
    }
    bool is_among(const std::vector<std::string>& names) const {
        return std::ranges::any_of(names, [&](const std::string& word) { return is_called(word); });
    }
    /// ATT&CK techniques of its tags: "T1505.003".
    std::vector<std::string> techniques() const;
};

/// A rule that cannot be used, and why.
struct Refusal {
    std::string file, title, reason;
};

struct RuleFile {
    std::vector<Rule> rules;
    std::vector<Refusal> refusals;
};

/// Values for `expand`: placeholder name -> values.
using Placeholders = std::map<std::string, std::vector<std::string>>;

// Limits, ours: the largest public rule is 30 KiB with 700 values in one list.
inline constexpr std::size_t kRuleFileLimit = 1 << 20;
inline constexpr std::size_t kRuleNodes = 50'000;
inline constexpr std::size_t kConditionDepth = 64;

class Cache;

/// All rules of one file's text. Never throws; what cannot be used is refused by name. Documents that `cache` remembers
/// are not parsed again.
RuleFile read_rules(std::string_view yaml, const std::string& file, const Placeholders& placeholders,
                    Cache* cache = nullptr);

/// 0 informational .. 4 critical; -1 for a word that is none.
int level_rank(std::string_view level);
/// The rank of a rule's level; a rule without one is of medium level.
int rank_of(const Rule& rule);

}  // namespace ascribe::sigma
