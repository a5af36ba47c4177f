// Numbers for texts. In logs nearly every page, agent, account and address has stood in the rows before. So the texts
// of a column are numbered once a batch, for all who look at it: equal texts have equal numbers, from batch to batch.
// What somebody works out of a text then stands in a plain array under its number (ByNumber), and a row that shows
// nothing new costs a few reads of arrays, however many detectors and rules look at it.
//
// cut (parse/cut_block.hpp) -> number -> screen (screen.hpp, sigma/sieve.hpp) -> fold (Detector::observe)
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "model/record.hpp"

namespace ascribe {

/// Texts and their numbers. Bounded: with too many texts all numbers become void and another generation begins.
class Dictionary {
public:
    Dictionary();

    /// The text's number: 0 for "", else the same for the same text throughout a generation. A text too long to be kept
    /// gets a number of its own each time.
    std::uint32_t number(std::string_view text) { return number(text, hash_of(text)); }
    /// The same of a text whose hash_of() is known.
    std::uint32_t number(std::string_view text, std::uint64_t hash);
    static std::uint64_t hash_of(std::string_view text);
    /// Has the place of a text that will be numbered brought near.
    void expect(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & (slots_.size() - 1)]); }
    /// Begins another generation unless there is room for `texts` more. Call before a batch, never within one.
    void make_room(std::size_t texts);

    /// The text of a number that the batch at hand was given.
    std::string_view text(std::uint32_t number) const { return {entries_[number].data, entries_[number].size}; }
    /// All numbers are below.
    std::uint32_t end() const { return static_cast<std::uint32_t>(entries_.size()); }
    /// Unlike that of any other dictionary of this process.
    std::uint64_t generation() const { return generation_; }

private:
    struct Entry {
        const char* data;
        std::size_t size;
    };
    /// A text of at most kShort bytes stands in its slot, so that one look tells whether it is the same: its first and
    /// last eight bytes, which overlap. Of a longer one, its hash and where it is.
    struct Slot {
        std::uint64_t first = 0, last = 0;
        std::uint32_t size = 0, number = 0;  // number 0: free
        const char* text = nullptr;
    };
    static constexpr std::size_t kShort = 16;

    std::uint32_t add(std::string_view text);
    std::uint32_t add(std::string_view text, Slot slot, std::size_t at);
    void begin();
    void grow();

    Arena texts_;
    std::size_t bytes_ = 0;
    std::vector<Entry> entries_;
    std::vector<Slot> slots_;
    std::uint64_t generation_ = 0;
};

/// One column of a batch, numbered.
class Numbers {
public:
    std::uint32_t operator[](std::size_t row) const { return rows_[row]; }
    std::span<const std::uint32_t> rows() const { return rows_; }
    const Dictionary& texts() const { return texts_; }
    /// Whether no row has anything in the column.
    bool all_empty() const { return all_empty_; }

private:
    friend const Numbers& numbers_of(const RecordBatch& batch, std::size_t column);
    void number_texts(const RecordBatch& batch, std::size_t column);
    void number_numbers(const RecordBatch& batch, std::size_t column);

    std::uint64_t of_ = 0;  // the batch's serial
    Dictionary texts_;
    std::vector<std::uint32_t> rows_;
    bool all_empty_ = true;
    std::array<std::uint32_t, 1024> small_{};  // of small numbers, which ports and answers are
    std::uint64_t small_of_ = 0;               // the generation they are of
};

/// The texts of a column, numbered for the first that asks; of a column of numbers, these as eight bytes. They hold
/// until the column of another batch of this kind is asked for.
const Numbers& numbers_of(const RecordBatch& batch, std::size_t column);

/// What was worked out of texts, by their numbers in one dictionary. A copy starts empty.
template <class What>
class ByNumber {
public:
    ByNumber() = default;
    ByNumber(const ByNumber&) {}
    ByNumber& operator=(const ByNumber&) {
        forget();
        return *this;
    }
    ByNumber(ByNumber&&) = default;
    ByNumber& operator=(ByNumber&&) = default;

    /// What `make` makes of the number's text.
    template <class Make>
    What& get(const Dictionary& texts, std::uint32_t number, Make make) {
        if (generation_ != texts.generation() || number >= known_.size()) make_room(texts);
        Slot& slot = known_[number];
        if (!slot.known) {
            slot.what = make(texts.text(number));
            slot.known = true;
        }
        return slot.what;
    }
    void forget() {
        known_.clear();
        generation_ = 0;
    }

private:
    struct Slot {
        What what{};
        bool known = false;
    };
    void make_room(const Dictionary& texts) {
        if (generation_ != texts.generation()) known_.clear();
        generation_ = texts.generation();
        known_.resize(texts.end());
    }
    std::vector<Slot> known_;
    std::uint64_t generation_ = 0;
};

}  // namespace ascribe
