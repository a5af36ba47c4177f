// A table of bounded size whose content does not depend on the order of rows or merges: of all keys ever seen it keeps
// the kLimit with the least hashes. A key that any part dropped had kLimit lesser ones beside it, so the whole drops it
// as well: what is kept is complete. While nothing was dropped the table is exact; afterwards it is an even sample
// (hashes know nothing of what a key did), and the greatest hash kept tells how many keys there were, to about
// 1/sqrt(kLimit) (Bar-Yossef et al., "Counting distinct elements in a data stream", 2002: k minimum values).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/reader.hpp"
#include "base/writer.hpp"

namespace ascribe::behaviour {

/// A longer key is cut, so that no line of a log can fill a state: longer paths are overflow probes.
inline constexpr std::size_t kSampleKey = 1'024;

/// 64 bits that look random for any two texts; the same on every machine. Steps and finaliser: SplitMix64 (Steele,
/// Lea and Flood, 2014).
inline std::uint64_t spread(std::string_view text) {
    auto mix = [](std::uint64_t x) {
        x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
        x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
        return x ^ (x >> 31);
    };
    std::uint64_t state = 0x9e3779b97f4a7c15 + text.size();
    while (text.size() >= 8) {
        std::uint64_t word;
        std::memcpy(&word, text.data(), 8);
        if constexpr (std::endian::native == std::endian::big) word = std::byteswap(word);
        state = mix(state ^ word) + 0x9e3779b97f4a7c15;
        text.remove_prefix(8);
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < text.size(); ++i) word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
    return mix(state ^ word);
}

/// `Value` has merge(const Value&), save(Writer&) and static Result<Value> load(Reader&), and starts empty. `Key` is a
/// text: made of one, and read as one; it may have a static spread(std::string_view) of its own.
template <class Value, std::size_t kLimit, class Key = std::string>
class Sample {
public:
    struct Entry {
        std::uint64_t hash;
        Key key;
        Value value;
    };
    using Kept = std::vector<const Entry*>;
    /// Where a value stands, until dropped() changes; kBeyond: nowhere, the key is not kept.
    using Place = std::uint32_t;
    static constexpr Place kBeyond = UINT32_MAX;

    /// The key's place, new where there was none.
    Place place(std::string_view key) {
        key = key.substr(0, kSampleKey);
        return place(hash_of(key), key);
    }
    /// The same of a key whose hash is known: its spread().
    Place place(std::uint64_t hash, std::string_view key) {
        if (hash > greatest_) return kBeyond;
        if (auto at = find_place(hash, key); at != kBeyond) return at;
        // Twice the limit before anything is dropped, so that dropping costs nothing for a row.
        if (entries_.size() >= 2 * kLimit) {
            settle();
            if (hash > greatest_) return kBeyond;
        }
        entries_.push_back({hash, Key(key), Value()});
        auto at = static_cast<Place>(entries_.size() - 1);
        if (entries_.size() * 2 > slots_.size())
            index();
        else
            file(at);
        return at;
    }
    /// False when a key with this hash is certainly not kept.
    bool may_keep(std::uint64_t hash) const { return hash <= greatest_; }
    /// The value at a place; one that nobody reads where there is none. It moves when a key is added.
    Value& at(Place place) { return place == kBeyond ? unread_ = Value() : entries_[place].value; }
    Value& operator[](std::string_view key) { return at(place(key)); }

    const Value* find(std::string_view key) const {
        key = key.substr(0, kSampleKey);
        auto at = find_place(hash_of(key), key);
        return at == kBeyond ? nullptr : &entries_[at].value;
    }

    void merge(const Sample& other) {
        bool gone = (cut_ && entries_.empty()) || (other.cut_ && other.entries_.empty());
        if (gone) return give_up();
        cut_ = cut_ || other.cut();
        for (const Entry& entry : other.entries_) at(place(entry.hash, entry.key)).merge(entry.value);
        settle();
    }

    /// Drops what is beyond the limit. Do so before looking at single entries.
    void settle() {
        if (entries_.size() <= kLimit) return;
        cut_ = true;
        ++dropped_;
        auto list = all();
        std::ranges::nth_element(list, list.begin() + kLimit - 1, is_before);
        greatest_ = list[kLimit - 1]->hash;
        std::vector<Entry> rest;
        rest.reserve(2 * kLimit);  // as it will grow to be
        for (std::size_t i = 0; i < kLimit; ++i) rest.push_back(std::move(entries_[place_of(list[i])]));
        entries_ = std::move(rest);
        index();
    }
    /// Drops everything for good: more keys than anybody wants to know.
    void give_up() {
        cut_ = true;
        ++dropped_;
        greatest_ = 0;
        entries_.clear();
        slots_.clear();
    }

    /// The entries that count, by hash.
    Kept kept() const {
        auto list = all();
        std::ranges::sort(list, is_before);
        if (list.size() > kLimit) list.resize(kLimit);
        return list;
    }

    /// True when there were more keys than the limit.
    bool cut() const { return cut_ || entries_.size() > kLimit; }
    /// How many different keys there were: exact until cut().
    std::uint64_t distinct() const {
        if (!cut()) return entries_.size();
        auto list = kept();
        if (list.size() < kLimit) return kLimit + 1;
        auto share = static_cast<double>(list.back()->hash) / 18'446'744'073'709'551'616.0;
        return static_cast<std::uint64_t>(static_cast<double>(kLimit - 1) / std::max(share, 1e-12));
    }
    bool empty() const { return entries_.empty(); }
    /// Changes whenever places have become void.
    std::uint64_t dropped() const { return dropped_; }

    void save(Writer& out) const {
        out.little(static_cast<std::uint8_t>(cut()));
        auto list = kept();
        out.count(list.size());
        for (const Entry* entry : list) {
            out.text(entry->key);
            entry->value.save(out);
        }
    }

    static Result<Sample> load(Reader& in) {
        Sample sample;
        auto offset = in.offset();
        sample.cut_ = TRY(in.little<std::uint8_t>("sample.cut")) != 0;
        auto count = TRY(in.count("sample.count"));
        if (count > kLimit) return std::unexpected(Error{Fault::bad_value, "sample.count", offset, count, kLimit});
        sample.entries_.reserve(count);
        for (std::uint32_t i = 0; i < count; ++i) {
            auto key = TRY(in.text("sample.key"));
            if (key.size() > kSampleKey)
                return std::unexpected(Error{Fault::too_large, "sample.key", in.offset(), key.size(), kSampleKey});
            auto value = TRY(Value::load(in));
            if (Key(key) != key) return std::unexpected(Error{Fault::bad_value, "sample.key", in.offset()});
            if (sample.place(key) + std::size_t{1} != i + std::size_t{1})
                return std::unexpected(Error{Fault::bad_value, "sample.repeated", in.offset()});
            sample.entries_.back().value = std::move(value);
        }
        if (sample.cut_ && count == 0) sample.give_up();
        return sample;
    }

private:
    static std::uint64_t hash_of(std::string_view key) {
        if constexpr (requires { Key::spread(key); })
            return Key::spread(key);
        else
            return spread(key);
    }
    static bool is_before(const Entry* a, const Entry* b) {
        return std::tuple(a->hash, std::string_view(a->key)) < std::tuple(b->hash, std::string_view(b->key));
    }
    Kept all() const {
        Kept list;
        list.reserve(entries_.size());
        for (const Entry& entry : entries_) list.push_back(&entry);
        return list;
    }
    std::size_t place_of(const Entry* entry) const { return static_cast<std::size_t>(entry - entries_.data()); }

    Place find_place(std::uint64_t hash, std::string_view key) const {
        if (slots_.empty()) {
            for (Place at = 0; at < entries_.size(); ++at)
                if (entries_[at].hash == hash && entries_[at].key == key) return at;
            return kBeyond;
        }
        for (auto slot = hash & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
            auto at = slots_[slot];
            if (at == kBeyond || (entries_[at].hash == hash && entries_[at].key == key)) return at;
        }
    }
    void file(Place at) {
        if (slots_.empty()) return;
        auto slot = entries_[at].hash & (slots_.size() - 1);
        while (slots_[slot] != kBeyond) slot = (slot + 1) & (slots_.size() - 1);
        slots_[slot] = at;
    }
    /// Files all entries anew; a handful is found without.
    void index() {
        slots_.clear();
        if (entries_.size() <= kFew) return;
        slots_.assign(std::bit_ceil(entries_.size() * 4), kBeyond);
        for (Place at = 0; at < entries_.size(); ++at) file(at);
    }
    static constexpr std::size_t kFew = 8;

    std::vector<Entry> entries_;
    std::vector<Place> slots_;  // an open hash table of places; empty while there are few
    Value unread_{};
    std::uint64_t greatest_ = UINT64_MAX;  // greater hashes are beyond the limit
    std::uint64_t dropped_ = 0;
    bool cut_ = false;
};

}  // namespace ascribe::behaviour
