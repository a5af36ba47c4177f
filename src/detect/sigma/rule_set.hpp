// All rules compiled together. A record finds the rules of its log source and event id by one look-up; of these, only
// rules whose anchor (a literal or expression without which they cannot match) occurs in the record are judged at all.
// One automaton a field finds all anchors in one pass, so that a rule more costs next to nothing.
//
//     auto loaded = load_rules({"rules/"}, {});                      // before workers are forked
//     auto rules = RuleSet::compile(std::move(loaded), *builtin_sources());
//     Matcher matcher(*rules);                                       // one a worker: it holds scratch space
//     matcher.enter(batch);
//     for (std::size_t i = 0; i < batch.size(); ++i)
//         for (const Hit& hit : matcher.match(batch[i])) ...
#pragma once

#include <cstdint>
#include <expected>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "detect/sigma/rule.hpp"
#include "detect/sigma/scanner.hpp"
#include "detect/sigma/sources.hpp"

namespace ascribe::sigma {

/// The rules of files and folders (every .yml and .yaml below), in order of path. A path that cannot be read is
/// refused. The result does not depend on how many threads read; none is left running.
RuleFile load_rules(const std::vector<std::string>& paths, const Placeholders& placeholders, Cache* cache = nullptr,
                    std::size_t threads = 1);

/// What is wanted of a set.
struct Selection {
    int least_level = 0;                // as level_rank() has it
    std::vector<std::string> statuses;  // empty: any
    std::vector<std::string> excluded;  // ids, names or titles
};
/// Keeps what is selected, and the rules that a kept correlation counts, however many correlations are between.
void select(RuleFile& rules, const Selection& selection);

/// An Item whose fields are the record's.
struct Atom {
    std::uint32_t field = 0;  // index in RuleSet::fields; kKeyword: any value
    const Item* item = nullptr;
    std::vector<std::uint32_t> references;  // fields that values of kind field name, by value; empty: there are none
};
inline constexpr std::uint32_t kKeyword = UINT32_MAX;

/// Where a field's value is.
struct FieldPlace {
    enum class Kind : std::uint8_t { named, column, uri, agent };
    RecordKind record = RecordKind::windows_event;
    Kind kind = Kind::named;
    std::size_t column = 0;
    std::string name;  // named: without spaces
};

/// One rule's condition over one log source, as steps with jumps: no recursion, nothing judged that does not matter.
struct Program {
    enum class Op : std::uint8_t { test, jump_if_false, jump_if_true, negate, count_begin, count_add, count_end };
    struct Step {
        Op op;
        std::uint32_t argument = 0;  // atom, target step or counter
        std::uint32_t least = 0;     // count_end
    };
    std::uint32_t rule = 0;
    bool scan = false;
    std::vector<Step> steps;
    std::map<std::string, std::uint32_t> names;  // fields that correlations ask for besides
};

/// The programs that one kind of record may satisfy, numbered by their place here.
struct Bucket {
    struct Mark {  // a cover of a program
        std::uint32_t program;
        std::uint8_t bit;
    };
    struct Field {
        std::uint32_t field = 0;                 // kKeyword: every value
        std::shared_ptr<const Scanner> scanner;  // buckets that look for the same share one
        std::vector<std::vector<Mark>> marks;    // by anchor: the covers it is in
        std::size_t shortest = SIZE_MAX;         // no shorter text holds an anchor
    };
    std::vector<std::uint32_t> programs;  // index in RuleSet::programs, ascending
    std::vector<std::uint8_t> needed;     // the covers that must be met, a bit each; 0: judged always
    std::vector<std::uint8_t> telling;    // one of these, for who looks at parts of a record: see Sieve
    std::vector<std::uint32_t> always;    // programs that need none
    std::vector<Field> fields;

    /// Requests: the anchors that may stand in an address (path, query, keywords), to be looked for in the addresses of
    /// a whole batch at once. See Sieve.
    struct Addresses {
        Scanner literals;  // of folded addresses: what expressions cannot do without is among them
        std::vector<std::vector<std::uint32_t>> tell;  // by literal: the programs it speaks for, ascending
        std::vector<std::uint32_t> expressions;        // the programs that some expression speaks for
        bool masked = false;                           // addresses are masked first: see addresses.hpp
        bool number_keywords = false;                  // a keyword may be a number
    };
    std::optional<Addresses> addresses;  // nothing: not all of them can be looked for so
};

class RuleSet {
public:
    static std::shared_ptr<const RuleSet> compile(RuleFile rules, const std::vector<Source>& sources,
                                                  Cache* cache = nullptr, std::size_t threads = 1);

    std::span<const Rule> rules() const { return rules_; }
    std::span<const Refusal> refusals() const { return refusals_; }
    /// Rules that can match something here: those with a log source that is known.
    std::size_t active() const { return active_; }

    const Bucket* bucket(RecordKind record, std::string_view channel, std::int64_t id) const;
    std::span<const Atom> atoms() const { return atoms_; }
    std::span<const Program> programs() const { return programs_; }
    /// Finds something in any text, folded or not, that holds a keyword which some rule needs; nullptr: not for all
    /// keywords, so their absence cannot be told this way.
    const Scanner* keywords() const { return keywords_ ? &*keywords_ : nullptr; }
    std::span<const FieldPlace> fields() const { return fields_; }
    void each_bucket(const auto& call) const {
        for (const auto& bucket : buckets_) call(*bucket);
    }

private:
    friend class Compiler;
    struct Channel {
        std::unordered_map<std::int64_t, const Bucket*> by_id;
        const Bucket* other = nullptr;  // ids no rule names
    };
    std::vector<Rule> rules_;
    std::vector<Refusal> refusals_;
    std::vector<Atom> atoms_;
    std::vector<Program> programs_;
    std::vector<FieldPlace> fields_;
    std::vector<std::unique_ptr<Bucket>> buckets_;
    std::map<RecordKind, std::map<std::string, Channel, std::less<>>> channels_;
    std::optional<Scanner> keywords_;
    std::size_t active_ = 0;
};

}  // namespace ascribe::sigma
