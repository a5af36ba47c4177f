// Which addresses of a batch (path and query) may hold what rules look for in them. Most addresses differ only in ids:
// long runs of hexadecimal digits. So every such run is masked, and what is left, which repeats, is looked up; only
// what is new is scanned, the masked texts of a whole batch one after the other, for masked anchors.
//
// Nothing is lost by it. A mask stands for a run of so many digits and dashes with none before and behind it, so an
// anchor that reaches into one from either side stands beside the mask with all of its own digits there cut off:
// masked_anchors() has these forms too. An anchor that may lie within a mask cannot be looked for so, and rules that
// have one have their addresses scanned as they are.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/text_memo.hpp"
#include "detect/sigma/address_text.hpp"
#include "detect/sigma/candidates.hpp"
#include "detect/sigma/rule_set.hpp"
#include "model/record.hpp"

namespace ascribe::sigma {

/// All forms in which an anchor can stand in a masked text; nothing when it cannot be looked for there.
std::optional<std::vector<std::string>> masked_anchors(std::string_view literal);

/// Literals of which a text that the expression matches must hold one, in small letters; nothing when there are none.
std::optional<std::vector<std::string>> needed_literals(const Scanner::Anchor& expression);

class AddressScreen {
public:
    explicit AddressScreen(const Bucket::Addresses& anchors) : anchors_(anchors) {}
    /// Of each row of the batch, the programs that anchors in its address speak for.
    void look(const RecordBatch& batch, hs_scratch* scratch, Candidates& candidates,
              std::vector<Candidates::Set>& found);

private:
    /// What is known of an address: its path by number (detect/numbers.hpp), its query in full.
    struct Known {
        MaskedQuery query;
        std::uint32_t path = 0;
        Candidates::Set set = 0;
    };
    using Tag = std::uint32_t;  // of an address's hash; 0: none
    /// The same of a longer one.
    struct Answer {
        Candidates::Set set = 0;
        bool known = false;
    };
    struct Unknown {
        std::uint32_t row, begin;  // in the batch; in `unknown_`
        bool is_long;
        std::uint32_t kept;  // in kept_, of one that came before; kNotKept
    };
    struct Kept {
        MaskedQuery query;
        std::uint32_t path;
        std::uint64_t hash;
    };
    static constexpr std::uint32_t kNotKept = UINT32_MAX;
    /// Those that come again and again are few; more places would only push them out of the processor's cache.
    static constexpr std::size_t kKnownAddresses = 1 << 12;
    /// Tags of addresses that came once: nearly all of these never come again, and are not kept.
    static constexpr std::size_t kSeenOnce = 1 << 14;

    static std::uint64_t hash_of(const MaskedQuery& query, std::uint32_t path);
    static Tag tag_of(std::uint64_t hash) { return static_cast<Tag>(hash) | 1; }
    static std::size_t place_of(std::uint64_t hash, std::size_t places) { return (hash >> 32) % places; }
    const Known* find(const MaskedQuery& query, std::uint32_t path, std::uint64_t hash) const;
    void add_unknown(const RecordBatch& batch, std::uint32_t row, const MaskedQuery& query, std::uint32_t path,
                     std::uint64_t hash, std::vector<Candidates::Set>& found);
    void append(std::string_view text);
    void scan(hs_scratch* scratch, Candidates& candidates, std::vector<Candidates::Set>& found);

    const Bucket::Addresses& anchors_;
    std::vector<Known> known_{kKnownAddresses};
    std::vector<Tag> tags_ = std::vector<Tag>(kKnownAddresses);  // of the known: what is not there is not looked up
    std::vector<Tag> seen_once_ = std::vector<Tag>(kSeenOnce);
    TextMemo<Answer> known_long_{kKnownAddresses};
    std::uint64_t generation_ = 0;  // that the paths' numbers are of
    std::vector<std::string_view> queries_;
    // Of addresses that are not known: their texts, a line each, and whose they are.
    std::string unknown_, folded_;
    std::vector<Unknown> rows_;
    std::vector<Kept> kept_;
    std::vector<Scanner::Found> found_;
};

}  // namespace ascribe::sigma
