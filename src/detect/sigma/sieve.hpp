// Which rows of a batch are worth judging by rules. Of requests, nearly none is: agents, methods, accounts and
// addresses of clients repeat, so what rules could find in them is worked out once for each text, and stands under its
// number; paths and queries are looked at without the ids in them (addresses.hpp). What is remembered of a text is
// which programs it speaks for (candidates.hpp), and a row is judged by those that its texts speak for: of a row that
// is left out, and of programs that are, the Matcher would say nothing.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/text_memo.hpp"
#include "detect/numbers.hpp"
#include "detect/sigma/addresses.hpp"
#include "detect/sigma/matcher.hpp"

namespace ascribe::sigma {

class Sieve {
public:
    explicit Sieve(const RuleSet& rules);
    struct Choice {
        std::uint32_t row;
        Candidates::Set programs;
    };
    /// The rows to be judged, ascending, until the next call; all of them where nothing can be left out.
    std::span<const Choice> rows(const RecordBatch& batch, Matcher& matcher);
    /// The rules that a row of the last batch satisfies, as Matcher::match() tells them.
    std::span<const Hit> match(const Row& row, const Choice& choice, Matcher& matcher) const;

    /// Whether any rule reads records of the kind; of events, ask the matcher of each.
    bool reads(RecordKind kind) const { return rules_.bucket(kind, "", 0) != nullptr; }

private:
    /// What was found for several numbers together. As in a TextMemo, what comes to a taken place takes it over.
    class Together {
    public:
        /// What is known for these numbers, to be filled in when they are new.
        struct Known {
            Candidates::Set& what;
            bool is_new;
        };
        Known find(std::span<const std::uint32_t> numbers);
        void forget() { sets_.clear(); }

    private:
        std::vector<std::uint32_t> numbers_;  // of one place after the other
        std::vector<Candidates::Set> sets_;
        std::vector<char> taken_;
    };

    /// Columns that are looked up together, for a rule that has no anchor reads them all.
    struct Lane {
        std::vector<std::size_t> columns;
        std::vector<std::uint32_t> fields;  // of the rules, that are made of these columns
        Together together;
        std::uint64_t generations = 0;  // of the dictionaries that the numbers in `together` are of
        std::vector<std::uint32_t> key;
        // Most logs have something in one of them only: then what is known stands under its number.
        ByNumber<Candidates::Set> alone;
        std::size_t filled = SIZE_MAX;
    };
    /// A column that is looked up by itself.
    struct Column {
        std::vector<std::uint32_t> fields;  // of the rules, that are made of it
        ByNumber<Candidates::Set> known;
    };
    static constexpr std::size_t kKnownTexts = 1 << 13;

    /// What to look at in records of one kind.
    struct Plan {
        RecordKind kind = RecordKind::http_request;
        const Bucket* bucket = nullptr;          // nullptr: no rule reads them
        bool all = false;                        // nothing can be left out
        std::optional<AddressScreen> addresses;  // for path and query together
        std::unique_ptr<Lane> together;          // what rules without anchors read
        std::map<std::size_t, Column> columns;   // what any other rule does
        std::vector<std::size_t> columns_read;   // the same columns
        ByRun<Candidates::Set> known;            // of these, joined
        TextMemo<Candidates::Set> named{1};      // of named fields; without room where no rule reads any
        bool reads_named = false;
        std::optional<Candidates> candidates;
    };

    Plan& plan_of(RecordKind kind);
    void make(Plan& plan);
    std::vector<std::uint32_t> fields_of(RecordKind kind, std::span<const std::size_t> columns) const;
    /// Joins to what a row wants what one of its texts speaks for: nearly always nothing.
    auto join_into(Plan& plan);
    void look_up(Plan& plan, const Run& run, const RecordBatch& batch, Matcher& matcher);
    void look_up_together(Plan& plan, Lane& lane, const RecordBatch& batch, Matcher& matcher);
    Candidates::Set look_up(Plan& plan, const ascribe::Field& field, const Row& row, Matcher& matcher);

    const RuleSet& rules_;
    std::map<RecordKind, Plan> plans_;
    std::string key_;
    std::vector<const Run*> runs_;
    const Plan* plan_ = nullptr;  // of the last batch
    std::vector<Choice> rows_;
    std::vector<Candidates::Set> wanted_;  // by row
};

}  // namespace ascribe::sigma
