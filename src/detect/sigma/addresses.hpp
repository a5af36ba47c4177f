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
    struct Answer {
        Candidates::Set set = 0;
        bool known = false;
    };
    /// Those that come again and again are few; more places would only push them out of the processor's cache.
    static constexpr std::size_t kKnownAddresses = 1 << 12;

    void write(const RecordBatch& batch);
    void scan(hs_scratch* scratch, Candidates& candidates, std::vector<Candidates::Set>& found);

    const Bucket::Addresses& anchors_;
    TextMemo<Answer> known_{kKnownAddresses};
    // The addresses of the batch, a line each, where each begins, and its hash.
    std::vector<std::string_view> stems_, queries_;
    std::string addresses_, masked_;
    std::vector<std::uint32_t> begins_;
    std::vector<std::uint64_t> hashes_;
    // The same of those that are not known, and their rows.
    std::string unknown_, folded_;
    std::vector<std::uint32_t> starts_, rows_;
    std::vector<Scanner::Found> found_;
};

}  // namespace ascribe::sigma
