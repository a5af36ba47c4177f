#include "detect/sigma/addresses.hpp"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <set>

#include "detect/numbers.hpp"
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

/// Has memory that will be read brought near.
template <class What>
void expect(const What& what) {
    for (std::size_t at = 0; at < sizeof what; at += 64) __builtin_prefetch(reinterpret_cast<const char*>(&what) + at);
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

std::uint64_t AddressScreen::hash_of(const MaskedQuery& query, std::uint32_t path) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U;  // of the golden ratio
    return (query.hash + path) * kOdd;
}

const AddressScreen::Known* AddressScreen::find(const MaskedQuery& query, std::uint32_t path,
                                                std::uint64_t hash) const {
    auto place = place_of(hash, kKnownAddresses);
    if (tags_[place] != tag_of(hash)) return nullptr;
    const Known& known = known_[place];
    return known.path == path && known.query == query ? &known : nullptr;
}

void AddressScreen::look(const RecordBatch& batch, hs_scratch* scratch, Candidates& candidates,
                         std::vector<Candidates::Set>& found) {
    batch.texts(HttpRequest::query, queries_);
    queries_.resize(batch.size());
    const Run* paths = run_of(batch, HttpRequest::stem);  // its numbers tell paths apart, and more
    if (auto generation = paths != nullptr ? paths->texts().generation() : 0; generation != generation_) {
        std::ranges::fill(tags_, 0);
        std::ranges::fill(seen_once_, 0);
        generation_ = generation;
    }
    unknown_.clear();
    rows_.clear();
    kept_.clear();
    constexpr std::size_t kTogether = 32;  // masked, and their places brought near, before they are looked up
    std::array<MaskedQuery, kTogether> masked;
    std::array<std::uint32_t, kTogether> path{};
    std::array<std::uint64_t, kTogether> hash{};
    for (std::size_t from = 0; from < batch.size(); from += kTogether) {
        auto queries = std::span(queries_).subspan(from, std::min(kTogether, batch.size() - from));
        best_masking_way().mask(queries, anchors_.masked, masked.data());
        for (std::size_t k = 0; k < queries.size(); ++k) {
            if (paths != nullptr) path[k] = (*paths)[from + k];
            hash[k] = hash_of(masked[k], path[k]);
            if (auto place = place_of(hash[k], kKnownAddresses); tags_[place] == tag_of(hash[k])) expect(known_[place]);
        }
        for (std::size_t k = 0; k < queries.size(); ++k)
            if (auto* known = masked[k].is_long() ? nullptr : find(masked[k], path[k], hash[k]))
                found[from + k] = known->set;
            else
                add_unknown(batch, static_cast<std::uint32_t>(from + k), masked[k], path[k], hash[k], found);
    }
    if (!rows_.empty()) scan(scratch, candidates, found);
}

/// A text of an address, masked where that may be done.
void AddressScreen::append(std::string_view text) {
    if (anchors_.masked && text.size() >= kShortestRun)
        append_masked(text, unknown_);
    else
        unknown_ += text;
}

/// Notes an address that is to be scanned, unless it is a long one that is known.
void AddressScreen::add_unknown(const RecordBatch& batch, std::uint32_t row, const MaskedQuery& query,
                                std::uint32_t path, std::uint64_t hash, std::vector<Candidates::Set>& found) {
    auto begin = unknown_.size();
    append(batch[row].text(HttpRequest::stem));
    if (!queries_[row].empty()) unknown_ += '?';
    if (query.is_long())
        append(queries_[row]);
    else
        query.append_to(unknown_);
    if (query.is_long()) {
        auto known = known_long_.find(std::string_view(unknown_).substr(begin)).first;
        if (known != nullptr && known->known) {
            found[row] = known->set;
            unknown_.resize(begin);
            return;
        }
    }
    unknown_ += '\n';
    auto kept = kNotKept;
    if (Tag& seen = seen_once_[place_of(hash, kSeenOnce)]; seen != tag_of(hash)) {
        seen = tag_of(hash);
    } else if (!query.is_long()) {
        kept = static_cast<std::uint32_t>(kept_.size());
        kept_.push_back({query, path, hash});
    }
    rows_.push_back({row, static_cast<std::uint32_t>(begin), query.is_long(), kept});
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
        const Unknown& of = rows_[i];
        auto end = i + 1 < rows_.size() ? rows_[i + 1].begin : unknown_.size();
        auto address = std::string_view(unknown_).substr(of.begin, end - of.begin - 1);
        programs.clear();
        for (; at != found_.end() && at->end <= end; ++at) {
            const auto& told = anchors_.tell[at->anchor];
            programs.insert(programs.end(), told.begin(), told.end());
        }
        // Letters beyond ASCII have forms that literals of expressions do not tell.
        if (!anchors_.expressions.empty() && !is_ascii(address))
            programs.insert(programs.end(), anchors_.expressions.begin(), anchors_.expressions.end());
        auto set = found[of.row] = programs.empty() ? 0 : candidates.number(programs);
        if (of.kept != kNotKept) {
            const Kept& kept = kept_[of.kept];
            auto place = place_of(kept.hash, kKnownAddresses);
            known_[place] = {kept.query, kept.path, set};
            tags_[place] = tag_of(kept.hash);
        }
        if (of.is_long)
            if (auto known = known_long_.find(address).first) *known = {set, true};
    }
}

}  // namespace ascribe::sigma
