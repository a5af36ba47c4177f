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
#include <unordered_map>
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

/// `Value` has merge(const Value&), save(Writer&) and static Result<Value> load(Reader&), and starts empty.
template <class Value, std::size_t kLimit>
class Sample {
public:
    struct Entry {
        std::uint64_t hash;
        Value value;
    };
    using Entries = std::unordered_map<std::string, Entry>;
    using Kept = std::vector<const typename Entries::value_type*>;

    /// The key's value, new where there was none. A key that is beyond the limit already gets a value nobody reads.
    Value& operator[](std::string_view key) {
        key = key.substr(0, kSampleKey);
        auto hash = spread(key);
        if (hash > greatest_) return unread_ = {};
        looked_up_.assign(key);
        if (auto at = entries_.find(looked_up_); at != entries_.end()) return at->second.value;
        // Twice the limit before anything is dropped, so that dropping costs nothing for a row.
        if (entries_.size() >= 2 * kLimit) settle();
        return entries_.try_emplace(looked_up_, Entry{hash, {}}).first->second.value;
    }

    const Value* find(const std::string& key) const {
        auto at = entries_.find(key);
        return at == entries_.end() ? nullptr : &at->second.value;
    }

    void merge(const Sample& other) {
        bool gone = (cut_ && entries_.empty()) || (other.cut_ && other.entries_.empty());
        if (gone) return give_up();
        cut_ = cut_ || other.cut();
        for (const auto* entry : other.kept()) (*this)[entry->first].merge(entry->second.value);
        settle();
    }

    /// Drops what is beyond the limit. Do so before looking at single entries.
    void settle() {
        if (entries_.size() <= kLimit) return;
        cut_ = true;
        ++dropped_;
        auto list = all();
        std::ranges::nth_element(list, list.begin() + kLimit - 1, is_before);
        greatest_ = list[kLimit - 1]->second.hash;
        for (std::size_t i = kLimit; i < list.size(); ++i) entries_.erase(std::string(list[i]->first));
    }
    /// Drops everything for good: more keys than anybody wants to know.
    void give_up() {
        cut_ = true;
        greatest_ = 0;
        entries_.clear();
    }

    /// The entries that count, by hash.
    Kept kept() const {
        auto list = order();
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
        auto share = static_cast<double>(list.back()->second.hash) / 18'446'744'073'709'551'616.0;
        return static_cast<std::uint64_t>(static_cast<double>(kLimit - 1) / std::max(share, 1e-12));
    }
    bool empty() const { return entries_.empty(); }
    /// Changes whenever pointers to values may have become stale.
    std::uint64_t dropped() const { return dropped_; }

    void save(Writer& out) const {
        out.little(static_cast<std::uint8_t>(cut()));
        auto list = kept();
        out.count(list.size());
        for (const auto* entry : list) {
            out.text(entry->first);
            entry->second.value.save(out);
        }
    }

    static Result<Sample> load(Reader& in) {
        Sample sample;
        auto offset = in.offset();
        sample.cut_ = TRY(in.little<std::uint8_t>("sample.cut")) != 0;
        auto count = TRY(in.count("sample.count"));
        if (count > kLimit) return std::unexpected(Error{Fault::bad_value, "sample.count", offset, count, kLimit});
        for (std::uint32_t i = 0; i < count; ++i) {
            auto key = TRY(in.text("sample.key"));
            if (key.size() > kSampleKey)
                return std::unexpected(Error{Fault::too_large, "sample.key", in.offset(), key.size(), kSampleKey});
            auto value = TRY(Value::load(in));
            sample.entries_.try_emplace(std::string(key), Entry{spread(key), std::move(value)});
        }
        if (sample.cut_ && count == 0) sample.give_up();
        if (sample.entries_.size() != count)
            return std::unexpected(Error{Fault::bad_value, "sample.repeated", in.offset()});
        return sample;
    }

private:
    static bool is_before(const typename Entries::value_type* a, const typename Entries::value_type* b) {
        return std::tie(a->second.hash, a->first) < std::tie(b->second.hash, b->first);
    }
    Kept all() const {
        Kept list;
        list.reserve(entries_.size());
        for (const auto& entry : entries_) list.push_back(&entry);
        return list;
    }
    Kept order() const {
        auto list = all();
        std::ranges::sort(list, is_before);
        return list;
    }

    Entries entries_;
    Value unread_{};
    std::string looked_up_;
    std::uint64_t greatest_ = UINT64_MAX;  // greater hashes are beyond the limit
    std::uint64_t dropped_ = 0;
    bool cut_ = false;
};

}  // namespace ascribe::behaviour
