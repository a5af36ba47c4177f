#include "detect/sigma/addresses.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif
#include <re2/filtered_re2.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <set>

#include "detect/sigma/fold.hpp"

namespace ascribe::sigma {
namespace {

constexpr char kMask = '\x01';
constexpr std::size_t kChunk = 16;  // at most half a run, so that every run holds a whole one wherever counting begins
constexpr std::uint64_t kChunks = 0x0001'0001'0001'0001;  // where chunks begin
constexpr std::size_t kSlack = 64;                        // bytes that may be read or written behind a text
static_assert(2 * kChunk <= kShortestRun);
/// Shorter literals of expressions tell nothing.
constexpr int kLeastLiteral = 2;

bool is_masked(char c) {
    auto folded = static_cast<unsigned char>(c | 0x20);
    return (c >= '0' && c <= '9') || (folded >= 'a' && folded <= 'f') || c == '-';
}

bool is_masked_run(std::size_t size) { return size >= kShortestRun && size <= kLongestRun; }

/// A bit for each of 64 characters that may be masked.
std::uint64_t masked_bits(const char* at) {
    std::uint64_t bits = 0;
#ifdef __SSE2__
    auto within = [](__m128i from_zero, char last) {
        return _mm_cmpeq_epi8(_mm_min_epu8(from_zero, _mm_set1_epi8(last)), from_zero);
    };
    for (unsigned i = 0; i < 64; i += 16) {
        auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i));
        auto small = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
        auto digit = within(_mm_sub_epi8(bytes, _mm_set1_epi8('0')), 9);
        auto letter = within(_mm_sub_epi8(small, _mm_set1_epi8('a')), 5);
        auto dash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('-'));
        auto mask = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(digit, letter), dash));
        bits |= static_cast<std::uint64_t>(static_cast<unsigned>(mask)) << i;
    }
#else
    for (unsigned i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(is_masked(at[i])) << i;
#endif
    return bits;
}

/// The bits of `count` times 64 characters.
using MaskedFinder = void (*)(const char* at, std::size_t count, std::uint64_t* bits);

void find_masked(const char* at, std::size_t count, std::uint64_t* bits) {
    for (std::size_t i = 0; i < count; ++i) bits[i] = masked_bits(at + i * 64);
}

#ifdef __x86_64__
[[gnu::target("avx512f,avx512bw")]] void find_masked_avx512(const char* at, std::size_t count, std::uint64_t* bits) {
    auto from_zero = _mm512_set1_epi8('0'), digits = _mm512_set1_epi8(10), from_a = _mm512_set1_epi8('a'),
         letters = _mm512_set1_epi8(6), small = _mm512_set1_epi8(0x20), dash = _mm512_set1_epi8('-');
    for (std::size_t i = 0; i < count; ++i) {
        auto bytes = _mm512_loadu_si512(at + i * 64);
        auto letter = _mm512_sub_epi8(_mm512_or_si512(bytes, small), from_a);
        bits[i] = _mm512_cmplt_epu8_mask(_mm512_sub_epi8(bytes, from_zero), digits) |
                  _mm512_cmplt_epu8_mask(letter, letters) | _mm512_cmpeq_epi8_mask(bytes, dash);
    }
}
#endif

MaskedFinder best_finder() {
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512bw")) return find_masked_avx512;
#endif
    return find_masked;
}

bool is_ascii(std::string_view text) {
    unsigned char bits = 0;
    for (char c : text) bits = static_cast<unsigned char>(bits | static_cast<unsigned char>(c));
    return bits < 0x80;
}

}  // namespace

namespace {

/// The text as bits, one for each character that may be masked.
class MaskedBits {
public:
    void read(std::string_view text) {
        auto count = text.size() / 64;
        words_.resize(count + 1);
        static const auto find = best_finder();
        find(text.data(), count, words_.data());
        char rest[64] = {};
        text.copy(rest, text.size() % 64, count * 64);
        words_.back() = masked_bits(rest);
    }
    /// Calls take(begin, end) for every run that is masked, in their order.
    template <class Take>
    void each_run(Take take) const {
        std::size_t from = 0;
        for (std::size_t i = 0; i < words_.size(); ++i) {
            auto whole = words_[i] & words_[i] >> 1;
            whole &= whole >> 2;
            whole &= whole >> 4;
            whole &= whole >> 8;
            for (auto chunks = whole & kChunks; chunks != 0; chunks &= chunks - 1) {
                auto at = i * 64 + static_cast<std::size_t>(std::countr_zero(chunks));
                if (at < from) continue;
                auto begin = begin_of(at);
                from = end_of(at + kChunk);
                if (is_masked_run(from - begin)) take(begin, from);
            }
        }
    }

private:
    std::size_t begin_of(std::size_t at) const {
        if (at % 64 != 0) at -= static_cast<std::size_t>(std::countl_one(words_[at / 64] << (64 - at % 64)));
        if (at % 64 != 0) return at;
        while (at > 0 && words_[at / 64 - 1] == ~std::uint64_t{0}) at -= 64;
        return at == 0 ? 0 : at - static_cast<std::size_t>(std::countl_one(words_[at / 64 - 1]));
    }
    std::size_t end_of(std::size_t at) const {
        for (;;) {
            if (at / 64 >= words_.size()) return at;
            auto ones = static_cast<std::size_t>(std::countr_one(words_[at / 64] >> at % 64));
            at += ones;
            if (ones == 0 || at % 64 != 0) return at;
        }
    }

    std::vector<std::uint64_t> words_;
};

/// Copies a text in steps of a fixed size, which are faster than a call: up to kSlack bytes more are read and written.
void copy_over(char* to, const char* from, std::size_t size) {
    constexpr std::size_t kStep = 32;
    static_assert(kStep <= kSlack);
    for (std::size_t i = 0; i < size; i += kStep) std::memcpy(to + i, from + i, kStep);
}

}  // namespace

void append_masked(std::string_view text, std::string& out) {
    MaskedBits bits;
    bits.read(text);
    std::size_t from = 0;
    bits.each_run([&](std::size_t begin, std::size_t end) {
        out.append(text.substr(from, begin - from)) += kMask;
        from = end;
    });
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

/// Writes the addresses of the batch one after the other.
void AddressScreen::write(const RecordBatch& batch) {
    batch.texts(HttpRequest::stem, stems_);
    batch.texts(HttpRequest::query, queries_);
    stems_.resize(batch.size());
    queries_.resize(batch.size());
    std::size_t most = kSlack;
    for (std::size_t i = 0; i < batch.size(); ++i) most += stems_[i].size() + queries_[i].size() + 2;
    if (addresses_.size() < most) addresses_.resize(most);
    begins_.resize(batch.size() + 1);
    char* to = addresses_.data();
    auto add = [&](std::string_view text) {
        if (!text.empty()) std::memcpy(to, text.data(), text.size());
        to += text.size();
    };
    for (std::size_t i = 0; i < batch.size(); ++i) {
        begins_[i] = static_cast<std::uint32_t>(to - addresses_.data());
        add(stems_[i]);
        if (!queries_[i].empty()) *to++ = '?';
        add(queries_[i]);
        *to++ = '\n';
    }
    begins_.back() = static_cast<std::uint32_t>(to - addresses_.data());
    if (anchors_.masked) mask();
}

/// Masks the addresses. Neither '?' nor a line's end is masked, so no run reaches over them.
void AddressScreen::mask() {
    thread_local MaskedBits bits;
    bits.read({addresses_.data(), begins_.back()});
    if (masked_.size() < addresses_.size()) masked_.resize(addresses_.size());
    std::uint32_t from = 0, row = 0;
    char* to = masked_.data();
    // All that lies before `end` goes over, with the begins in it.
    auto copy_until = [&](std::size_t end) {
        auto moved = static_cast<std::uint32_t>(to - masked_.data()) - from;  // modulo 2^32: it moves forward only
        for (; row < begins_.size() && begins_[row] <= end; ++row) begins_[row] += moved;
        copy_over(to, addresses_.data() + from, end - from);
        to += end - from;
    };
    auto end = begins_.back();
    bits.each_run([&](std::size_t run, std::size_t run_end) {
        copy_until(run);
        *to++ = kMask;
        from = static_cast<std::uint32_t>(run_end);
    });
    copy_until(end);
    addresses_.swap(masked_);
}

void AddressScreen::look(const RecordBatch& batch, hs_scratch* scratch, Candidates& candidates,
                         std::vector<Candidates::Set>& found) {
    write(batch);
    auto address = [&](std::size_t row) {
        return std::string_view(addresses_.data() + begins_[row], begins_[row + 1] - begins_[row] - 1);
    };
    hashes_.resize(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        hashes_[i] = known_.hash_of(address(i));
        known_.expect(hashes_[i]);
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
        if (auto known = known_.find(address).first) *known = {set, true};
    }
}

}  // namespace ascribe::sigma
