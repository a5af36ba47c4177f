#include "shells/machine/ledger.hpp"

#include <algorithm>
#include <bit>
#include <functional>

namespace ascribe::shells {
namespace {

bool is_constant(const Value& value) {
    bool plain = value.kind == Kind::text || value.kind == Kind::number || value.kind == Kind::truth;
    return plain && !value.tainted();
}

/// Of a text, what its size and its ends tell: one that grows by letters is not to be read whole with each.
std::uint64_t hash_of(const Value& value) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio: neighbours get far from each other
    constexpr std::size_t kEnds = 16;
    if (value.kind != Kind::text) return (std::bit_cast<std::uint64_t>(value.number) + 1) * kOdd;
    auto text = value.view;
    std::hash<std::string_view> hash;
    auto ends = hash(text.substr(0, kEnds)) * 3 + hash(text.substr(text.size() - std::min(text.size(), kEnds)));
    return (ends + text.size()) * kOdd;
}

std::int64_t size_of(const Value& value) {
    return value.kind == Kind::text ? static_cast<std::int64_t>(value.view.size()) : 1;
}

}  // namespace

void Ledger::add(const Value& value) {
    if (!is_constant(value)) return;
    values += hash_of(value);
    bytes += size_of(value);
}

void Ledger::remove(const Value& value) {
    if (!is_constant(value)) return;
    values -= hash_of(value);
    bytes -= size_of(value);
}

void Ledger::replace(const Value& before, const Value& after, bool within) {
    auto had = values;
    remove(before);
    add(after);
    if (within && values != had && is_constant(after) && after.kind == Kind::text) ++bytes;
}

}  // namespace ascribe::shells
