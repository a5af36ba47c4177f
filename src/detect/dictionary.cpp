#include "detect/dictionary.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>

#include "base/text_memo.hpp"
#include "base/text_vectors.hpp"

namespace ascribe {
namespace {

// A busy server's pages, agents, accounts and a day's clients; with texts of some sixty bytes about 5 MB a column.
constexpr std::size_t kTexts = 1 << 15, kTextBytes = 4 << 20;
constexpr std::size_t kSlots = 1 << 10;  // to begin with

using Slot = Dictionary::Slot;

std::uint64_t hash_plain(std::string_view text) { return text.size() > kMemoText ? 0 : quick_hash(text); }
void hash_all_plain(std::span<const std::string_view> texts, std::uint64_t* hashes, std::span<const Slot> slots) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        hashes[i] = hash_plain(texts[i]);
        __builtin_prefetch(&slots.data()[hashes[i] & (slots.size() - 1)]);
    }
}
std::size_t find_plain(std::span<const Slot> slots, std::span<const std::string_view> texts,
                       const std::uint64_t* hashes, std::size_t from, std::uint32_t* numbers) {
    auto mask = slots.size() - 1;
    for (std::size_t i = from; i < texts.size(); ++i) {
        auto text = texts[i];
        numbers[i] = 0;
        for (auto at = hashes[i] & mask; !text.empty(); at = (at + 1) & mask) {
            const Slot& slot = slots.data()[at];
            if (slot.number == 0) return i;
            if (slot.hash != hashes[i] || slot.size != text.size() ||
                std::memcmp(slot.text, text.data(), text.size()) != 0)
                continue;
            numbers[i] = slot.number;
            break;
        }
    }
    return texts.size();
}

#ifdef __x86_64__

[[ASCRIBE_TEXT_VECTORS]] std::uint64_t hash_vectors(std::string_view text) {
    return text.size() > kTextVectors ? hash_plain(text) : hash_of(text_vectors(text), text.size());
}
[[ASCRIBE_TEXT_VECTORS]] void hash_all_vectors(std::span<const std::string_view> texts, std::uint64_t* hashes,
                                               std::span<const Slot> slots) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
        auto text = texts[i];
        hashes[i] = text.size() > kTextVectors ? hash_plain(text) : hash_of(text_vectors(text), text.size());
        __builtin_prefetch(&slots.data()[hashes[i] & (slots.size() - 1)]);
    }
}
[[ASCRIBE_TEXT_VECTORS]] std::size_t find_vectors(std::span<const Slot> slots, std::span<const std::string_view> texts,
                                                  const std::uint64_t* hashes, std::size_t from,
                                                  std::uint32_t* numbers) {
    auto mask = slots.size() - 1;
    for (std::size_t i = from; i < texts.size(); ++i) {
        auto text = texts[i];
        if (text.size() > kTextVectors) {
            if (find_plain(slots, texts.first(i + 1), hashes, i, numbers) == i) return i;
            continue;
        }
        numbers[i] = 0;
        auto vectors = text_vectors(text);
        for (auto at = hashes[i] & mask; !text.empty(); at = (at + 1) & mask) {
            const Slot& slot = slots.data()[at];
            if (slot.number == 0) return i;
            if (slot.hash != hashes[i] || slot.size != text.size() || !is_same(vectors, slot.text)) continue;
            numbers[i] = slot.number;
            break;
        }
    }
    return texts.size();
}

#endif

constexpr Dictionary::Way kWays[] = {
#ifdef __x86_64__
    {has_text_vectors, hash_vectors, hash_all_vectors, find_vectors},
#endif
    {[] { return true; }, hash_plain, hash_all_plain, find_plain},
};

}  // namespace

std::span<const Dictionary::Way> Dictionary::ways() { return kWays; }

const Dictionary::Way* Dictionary::best_way() {
    static const Way* best = std::ranges::find_if(kWays, [](const Way& way) { return way.is_supported(); });
    return best;
}

void Dictionary::begin() {
    static std::atomic<std::uint64_t> last = 0;
    generation_ = ++last;
    texts_ = Arena();
    bytes_ = 0;
    entries_.assign(1, {"", 0});
    slots_.assign(kSlots, {});
}

void Dictionary::make_room(std::size_t texts) {
    if (entries_.size() + texts > kTexts || bytes_ > kTextBytes) begin();
}

std::uint32_t Dictionary::number(std::string_view text) {
    if (text.empty()) return 0;
    auto hash = way_->hash(text);
    std::uint32_t number = 0;
    return way_->find(slots_, {&text, 1}, &hash, 0, &number) == 1 ? number : add(text, hash);
}

std::uint32_t Dictionary::add(std::string_view text, std::uint64_t hash) {
    auto number = static_cast<std::uint32_t>(entries_.size());
    if (text.size() > kMemoText) {
        entries_.push_back({text.data(), text.size()});
        return number;
    }
    auto kept = texts_.keep(text);
    bytes_ += text.size();
    entries_.push_back({kept.data(), kept.size()});
    auto at = hash & (slots_.size() - 1);
    while (slots_[at].number != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {hash, kept.data(), static_cast<std::uint32_t>(kept.size()), number};
    if (entries_.size() * 2 > slots_.size()) grow();
    return number;
}

void Dictionary::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    auto mask = slots_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.number == 0) continue;
        auto at = slot.hash & mask;
        while (slots_[at].number != 0) at = (at + 1) & mask;
        slots_[at] = slot;
    }
}

}  // namespace ascribe
