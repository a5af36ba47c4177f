#include "detect/sigma/addresses.hpp"

#ifdef __SSE2__
#include <emmintrin.h>
#endif
#include <re2/filtered_re2.h>

#include <algorithm>
#include <set>

#include "detect/sigma/fold.hpp"

namespace ascribe::sigma {
namespace {

constexpr char kMask = '\x01';
constexpr std::size_t kChunk = 16;  // at most half a run, so that every run holds a whole one wherever counting begins
static_assert(2 * kChunk <= kShortestRun);
/// Shorter literals of expressions tell nothing.
constexpr int kLeastLiteral = 2;

bool is_masked(char c) {
    auto folded = static_cast<unsigned char>(c | 0x20);
    return (c >= '0' && c <= '9') || (folded >= 'a' && folded <= 'f') || c == '-';
}

bool is_masked_run(std::size_t size) { return size >= kShortestRun && size <= kLongestRun; }

bool is_masked_chunk(const char* at) {
#ifdef __SSE2__
    auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    auto within = [](__m128i from_zero, char last) {
        return _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(last)), from_zero);
    };
    auto small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
    auto digit = within(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), 9);
    auto letter = within(_mm_sub_epi8(small, _mm_set1_epi8('a')), 5);
    auto dash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
    return _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(digit, letter), dash)) == 0xFFFF;
#else
    return std::all_of(at, at + kChunk, is_masked);
#endif
}

bool is_ascii(std::string_view text) {
    unsigned char bits = 0;
    for (char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c));
    return bits < 0x80;
}

}  // namespace

void append_masked(std::string_view text, std::string& out) {
    std::size_t from = 0;
    for (std::size_t at = 0; at + kChunk <= text.size();) {
        if (!is_masked_chunk(text.data() + at)) {
            at += kChunk;
            continue;
        }
        auto begin = at;
        while (begin > from && is_masked(text[begin - 1])) --begin;
        at += kChunk;
        while (at + kChunk <= text.size() && is_masked_chunk(text.data() + at)) at += kChunk;
        while (at < text.size() && is_masked(text[at])) ++at;
        if (!is_masked_run(at - begin)) continue;
        out.append(text.substr(from, begin - from)) += kMask;
        from = at;
    }
    out.append(text.substr(from));
}

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

/// Writes the addresses of the batch one after the other, before any is looked up: what was just written is slow to
/// read.
void AddressScreen::write(const RecordBatch& batch) {
    addresses_.clear();
    begins_.clear();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto row = batch[i];
        auto stem = row.text(HttpRequest::stem), query = row.text(HttpRequest::query);
        begins_.push_back(static_cast<std::uint32_t>(addresses_.size()));
        if (anchors_.masked) {
            append_masked(stem, addresses_);
            if (!query.empty()) append_masked(query, addresses_ += '?');
        } else {
            addresses_ += stem;
            if (!query.empty()) (addresses_ += '?') += query;
        }
        addresses_ += '\n';
    }
    begins_.push_back(static_cast<std::uint32_t>(addresses_.size()));
}

void AddressScreen::look(const RecordBatch& batch, hs_scratch* scratch, Candidates& candidates,
                         std::vector<Candidates::Set>& found) {
    write(batch);
    auto address = [&](std::size_t row) {
        return std::string_view(addresses_).substr(begins_[row], begins_[row + 1] - begins_[row] - 1);
    };
    hashes_.clear();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        hashes_.push_back(known_.hash_of(address(i)));
        known_.expect(hashes_.back());
    }
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
    std::ranges::sort(found_, {}, &Scanner::Found::end);
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
        if (auto known = known_.find(address).first) *known = {set, true};
    }
}

}  // namespace ascribe::sigma
