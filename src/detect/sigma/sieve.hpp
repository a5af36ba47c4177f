// Which rows of a batch are worth judging by rules. Of requests, nearly none is: agents, methods, accounts and
// addresses of clients repeat, so what rules could find in them is worked out once for each text, and stands under its
// number; paths and queries are looked at without the ids in them (addresses.hpp). What stays is judged in full by the
// Matcher: a row that is left out is one of which the Matcher would say nothing.
#pragma once

#include <cstdint>
#include <map>
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
    /// The rows to be judged, ascending, until the next call; all of them where nothing can be left out.
    std::span<const std::uint32_t> rows(const RecordBatch& batch, Matcher& matcher);

    /// Whether any rule reads records of the kind; of events, ask the matcher of each.
    bool reads(RecordKind kind) const { return rules_.bucket(kind, "", 0) != nullptr; }

private:
    /// Columns that are looked up together, for a rule that has no anchor reads them all.
    struct Lane {
        std::vector<std::size_t> columns;
        std::vector<std::uint32_t> fields;  // of the rules, that are made of these columns
        bool unanchored = false;
        ByNumber<bool> known;                  // of one column
        TextMemo<char> together{kKnownTexts};  // of several: by all their numbers
        std::uint64_t generations = 0;         // of the dictionaries that the numbers in `together` are of
    };
    static constexpr std::size_t kKnownTexts = 1 << 13;

    /// What to look at in records of one kind.
    struct Plan {
        RecordKind kind = RecordKind::http_request;
        const Bucket* bucket = nullptr;          // nullptr: no rule reads them
        bool all = false;                        // nothing can be left out
        std::optional<AddressScreen> addresses;  // for path and query together
        std::vector<Lane> lanes;
        TextMemo<char> named{1};  // of named fields; without room where no rule reads any
        bool reads_named = false;
    };

    Plan& plan_of(RecordKind kind);
    void make(Plan& plan);
    void look_up(Plan& plan, Lane& lane, const RecordBatch& batch, Matcher& matcher);
    void look_up_together(Plan& plan, Lane& lane, const RecordBatch& batch, Matcher& matcher);
    bool look_up(Plan& plan, const ascribe::Field& field, const Row& row, Matcher& matcher);

    const RuleSet& rules_;
    std::map<RecordKind, Plan> plans_;
    std::string key_;
    std::vector<std::uint32_t> rows_;
    std::vector<char> wanted_;  // by row
};

}  // namespace ascribe::sigma
