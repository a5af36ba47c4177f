// What was worked out of a text, kept for when the same text comes again: in logs most pages, agents and accounts do. A
// table of fixed size with one place for each hash; a text that comes to a taken place takes it over, so hostile texts
// cost time, never memory, and a text is always compared in full: no collision can lend it another's result.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ascribe {

/// Fast and not secret: for tables that compare what they find. Eight bytes a step, the last ones overlapping.
inline std::uint64_t quick_hash(std::string_view text) {
    auto load = [](const char* at) {
        std::uint64_t value;
        std::memcpy(&value, at, sizeof value);
        return value;
    };
    auto mix = [](std::uint64_t a, std::uint64_t b) {
        __extension__ using Wide = unsigned __int128;
        auto product = static_cast<Wide>(a) * b;
        return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
    };
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15U, kOther = 0xD1B54A32D192ED03U;  // fractions of the golden ratio
    const char* at = text.data();
    auto left = text.size();
    std::uint64_t hash = left * kOdd;
    for (; left > 16; left -= 16, at += 16) hash = mix(load(at) ^ kOdd ^ hash, load(at + 8) ^ kOther);
    if (left >= 8) return mix(load(at) ^ kOdd ^ hash, load(at + left - 8) ^ kOther);
    std::uint64_t last = 0;
    if (left >= 4) {
        std::uint32_t low, high;
        std::memcpy(&low, at, 4);
        std::memcpy(&high, at + left - 4, 4);
        last = low | static_cast<std::uint64_t>(high) << 32;
    } else if (left > 0) {
        auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(at[i])); };
        last = byte(0) | byte(left / 2) << 8 | byte(left - 1) << 16;
    }
    return mix(last ^ kOdd ^ hash, kOther);
}

/// Texts longer than this repeat too seldom to be kept.
inline constexpr std::size_t kMemoText = 1024;

template <class What>
class TextMemo {
public:
    explicit TextMemo(std::size_t places) : places_(std::bit_ceil(places)) {}

    /// The text's place, and whether it has just taken it (`What` is then as made); nullptr for a text too long.
    std::pair<What*, bool> find(std::string_view text) { return find(text, hash_of(text)); }
    /// The same of a text whose hash_of() is known.
    std::pair<What*, bool> find(std::string_view text, std::uint64_t hash) {
        if (text.size() > kMemoText) return {nullptr, false};
        Place& place = places_[(hash >> 20) & (places_.size() - 1)];
        if (place.hash == hash && place.text == text) return {&place.what, false};
        place.hash = hash;
        place.text = text;
        place.what = What();
        return {&place.what, true};
    }

    static std::uint64_t hash_of(std::string_view text) { return quick_hash(text) | 1; }  // 0: never taken
    /// Has the place of a text that will be looked for brought near.
    void expect(std::uint64_t hash) const { __builtin_prefetch(&places_[(hash >> 20) & (places_.size() - 1)]); }

private:
    struct Place {
        std::uint64_t hash = 0;
        What what{};
        std::string text;
    };
    std::vector<Place> places_;
};

}  // namespace ascribe
