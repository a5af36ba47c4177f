#include "detect/sigma/addresses.hpp"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <set>

#include "detect/sigma/fold.hpp"

namespace ascribe::sigma {
namespace {

/// Shorter literals of expressions tell nothing.
constexpr int kLeastLiteral = 2;

bool is_ascii(std::string_view text) {
    unsigned char bits = 0;
    for (char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c));
    return bits < 0x80;
}

}  // namespace

std::optional<std::vector<std::string>> masked_anchors(std::string_view literal) {
    std::vector<std::string> forms{std::string(literal)};
    auto head = static_cast<std::size_t>(std::ranges::find_if_not(literal, is_masked) - literal.begin());
    if (head == literal.size()) return head > kLongestRun ? std::optional(forms) : std::nullopt;
    std::size_t tail = 0;
    while (is_masked(literal[literal.size() - 1 - tail])) ++tail;
    auto inner = literal.substr(head, literal.size() - head - tail);
    std::size_t run = 0;
    for (char c : inner) {
        if (!is_masked(c) && is_masked_run(run)) return {};
        run = is_masked(c) ? run + 1 : 0;
    }
    bool head_is_cut = head > 0 && head <= kLongestRun, tail_is_cut = tail > 0 && tail <= kLongestRun;
    auto before = std::string(literal.substr(0, head)), behind = std::string(literal.substr(literal.size() - tail));
    if (head_is_cut) forms.push_back(kMask + std::string(inner) + behind);
    if (tail_is_cut) forms.push_back(before + std::string(inner) + kMask);
    if (head_is_cut && tail_is_cut) forms.push_back(kMask + std::string(inner) + kMask);
    return forms;
}

std::optional<std::vector<std::string>> needed_literals(const Scanner::Anchor& expression) {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(!expression.ignore_case);
    options.set_dot_nl(expression.dot_all);
    re2::FilteredRE2 filter(kLeastLiteral);
    int id = 0;
    if (filter.Add(expression.text, options, &id) != re2::RE2::NoError) return {};
    std::vector<std::string> literals;
    filter.Compile(&literals);
    std::vector<int> potentials;
    filter.AllPotentials({}, &potentials);
    // One that may match without any of its literals has none that it needs.
    if (!potentials.empty() || literals.empty() || !std::ranges::all_of(literals, is_ascii)) return {};
    std::ranges::sort(literals);
    return literals;
}

/// Writes the addresses of the batch one after the other, masked where that may be done.
void AddressScreen::write(const RecordBatch& batch) {
    batch.texts(HttpRequest::stem, stems_);
    batch.texts(HttpRequest::query, queries_);
    stems_.resize(batch.size());
    queries_.resize(batch.size());
    std::size_t most = kSlack;
    for (std::size_t i = 0; i < batch.size(); ++i) most += stems_[i].size() + queries_[i].size() + 2;
    if (addresses_.size() < most) addresses_.resize(most);
    begins_.resize(batch.size() + 1);
    best_address_way().write(stems_, queries_, addresses_.data(), begins_.data());
    if (!anchors_.masked) return;
    if (masked_.size() < addresses_.size()) masked_.resize(addresses_.size());
    best_address_way().mask(addresses_.data(), masked_.data(), begins_);
    addresses_.swap(masked_);
}

void AddressScreen::look(const RecordBatch& batch, hs_scratch* scratch, Candidates& candidates,
                         std::vector<Candidates::Set>& found) {
    write(batch);
    auto address = [&](std::size_t row) {
        return std::string_view(addresses_.data() + begins_[row], begins_[row + 1] - begins_[row] - 1);
    };
    hashes_.resize(batch.size());
    best_address_way().hash(addresses_.data(), begins_, hashes_.data());
    for (auto hash : hashes_) known_.expect(hash);
    unknown_.clear();
    starts_.clear();
    rows_.clear();
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
        auto known = known_.find(address(i), hashes_[i]).first;
        if (known != nullptr && known->known) {
            found[i] = known->set;
            continue;
        }
        rows_.push_back(i);
        starts_.push_back(static_cast<std::uint32_t>(unknown_.size()));
        unknown_.append(addresses_, begins_[i], begins_[i + 1] - begins_[i]);
    }
    if (!rows_.empty()) scan(scratch, candidates, found);
}

/// Scans what is not known and remembers it.
void AddressScreen::scan(hs_scratch* scratch, Candidates& candidates, std::vector<Candidates::Set>& found) {
    folded_.resize(unknown_.size());
    fold_to(unknown_, folded_.data());
    found_.clear();
    anchors_.literals.scan_many(folded_, scratch, found_);
    if (!std::ranges::is_sorted(found_, {}, &Scanner::Found::end)) std::ranges::sort(found_, {}, &Scanner::Found::end);
    auto at = found_.begin();
    std::vector<std::uint32_t> programs;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        auto end = i + 1 < starts_.size() ? starts_[i + 1] : unknown_.size();
        auto address = std::string_view(unknown_).substr(starts_[i], end - starts_[i] - 1);
        programs.clear();
        for (; at != found_.end() && at->end <= end; ++at) {
            const auto& told = anchors_.tell[at->anchor];
            programs.insert(programs.end(), told.begin(), told.end());
        }
        // Letters beyond ASCII have forms that literals of expressions do not tell.
        if (!anchors_.expressions.empty() && !is_ascii(address))
            programs.insert(programs.end(), anchors_.expressions.begin(), anchors_.expressions.end());
        auto set = found[rows_[i]] = programs.empty() ? 0 : candidates.number(programs);
        if (auto known = known_.find(address, hashes_[rows_[i]]).first) *known = {set, true};
    }
}

}  // namespace ascribe::sigma
