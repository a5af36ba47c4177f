// Texts and their numbers: what numbers.hpp stands on. A text is looked up by its hash and compared in full. Most texts
// of logs are no longer than 128 bytes and of any length below; so where the processor can, these are read as two
// vectors of 64 bytes whatever their length, for a loop or a branch that depends on the length is foretold wrongly for
// every other text, which costs more than the look-up.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"

namespace ascribe {

/// Bounded: with too many texts all numbers become void and another generation begins.
class Dictionary {
public:
    Dictionary() { begin(); }

    /// The text's number: 0 for "", else the same for the same text throughout a generation. A text too long to be kept
    /// gets a number of its own each time.
    std::uint32_t number(std::string_view text);
    /// The numbers of many texts, in their order; is_new(i) is called for each that had none before.
    template <class IsNew>
    void number(std::span<const std::string_view> texts, std::span<std::uint32_t> numbers, IsNew is_new);
    /// Begins another generation unless there is room for `texts` more. Call before a batch, never within one.
    void make_room(std::size_t texts);
    /// Begins another generation: all numbers become void.
    void begin();

    /// The text of a number that the batch at hand was given.
    std::string_view text(std::uint32_t number) const { return {entries_[number].data, entries_[number].size}; }
    /// All numbers are below.
    std::uint32_t end() const { return static_cast<std::uint32_t>(entries_.size()); }
    /// Unlike that of any other dictionary of this process.
    std::uint64_t generation() const { return generation_; }

    struct Slot {
        std::uint64_t hash = 0;
        const char* text = nullptr;
        std::uint32_t size = 0, number = 0;  // number 0: free
    };
    /// One way to look texts up, all of which must agree.
    struct Way {
        bool (*is_supported)();
        std::uint64_t (*hash)(std::string_view text);
        void (*hash_all)(std::span<const std::string_view> texts, std::uint64_t* hashes, std::span<const Slot> slots);
        /// The numbers of texts from `from` on, up to one that has none; where that is, or how many texts there are.
        std::size_t (*find)(std::span<const Slot> slots, std::span<const std::string_view> texts,
                            const std::uint64_t* hashes, std::size_t from, std::uint32_t* numbers);
    };
    /// The fastest first; the last runs everywhere.
    static std::span<const Way> ways();
    explicit Dictionary(const Way& way) : way_(&way) { begin(); }

private:
    struct Entry {
        const char* data;
        std::size_t size;
    };
    std::uint32_t add(std::string_view text, std::uint64_t hash);
    void grow();

    const Way* way_ = best_way();
    static const Way* best_way();
    Arena texts_;
    std::size_t bytes_ = 0;
    std::vector<Entry> entries_;
    std::vector<Slot> slots_;
    std::vector<std::uint64_t> hashes_;
    std::uint64_t generation_ = 0;
};

template <class IsNew>
void Dictionary::number(std::span<const std::string_view> texts, std::span<std::uint32_t> numbers, IsNew is_new) {
    hashes_.resize(texts.size());
    way_->hash_all(texts, hashes_.data(), slots_);
    for (std::size_t i = 0;; ++i) {
        i = way_->find(slots_, texts, hashes_.data(), i, numbers.data());
        if (i == texts.size()) return;
        numbers[i] = add(texts[i], hashes_[i]);
        is_new(i);
    }
}

}  // namespace ascribe
