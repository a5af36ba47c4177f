// Values by name, for scopes, objects and types of scripts: most hold a handful of names, are looked into all the time
// and live for as long as a call. What is kept stays where it is, and is gone through in the order in which it came.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace ascribe::shells {

/// Every byte counts: names that an intruder chooses alike in part do not meet.
inline std::uint32_t hash_of_name(std::string_view name) {
    constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio
    auto mixed = [](std::uint64_t hash, std::uint64_t word) {
        hash = (hash ^ word) * kOdd;
        return hash ^ hash >> 32;
    };
    auto word_at = [&](std::size_t at, std::size_t size) {
        std::uint64_t word = 0;
        std::memcpy(&word, name.data() + at, size);
        return word;
    };
    std::uint64_t hash = name.size() * kOdd;
    std::size_t at = 0;
    for (; at + 8 <= name.size(); at += 8) hash = mixed(hash, word_at(at, 8));
    if (name.size() >= 8) {
        if (at < name.size()) hash = mixed(hash, word_at(name.size() - 8, 8));
    } else if (name.size() >= 4) {
        hash = mixed(hash, word_at(0, 4) << 32 | word_at(name.size() - 4, 4));
    } else if (!name.empty()) {
        auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(name[i])}; };
        hash = mixed(hash, byte(0) << 16 | byte(name.size() / 2) << 8 | byte(name.size() - 1));
    }
    return static_cast<std::uint32_t>(hash);
}

/// Places of things in a row by their hashes: what is at a place is for the owner to compare.
class Places {
public:
    static constexpr std::uint32_t kNone = UINT32_MAX;

    bool empty() const { return slots_.empty(); }
    void clear() {
        slots_.clear();
        used_ = 0;
    }
    /// The place of that hash for which `is_same` holds; kNone when there is none.
    template <class Same>
    std::uint32_t find(std::uint32_t hash, Same is_same) const {
        if (slots_.empty()) return kNone;
        for (auto slot = hash & mask();; slot = (slot + 1) & mask()) {
            auto [known, place] = slots_[slot];
            if (place == kEmpty) return kNone;
            if (known == hash && place != kGone && is_same(place - 1)) return place - 1;
        }
    }
    void add(std::uint32_t hash, std::uint32_t place) {
        if (2 * (used_ + 1) > slots_.size()) grow();
        ++used_;
        enter({hash, place + 1});
    }
    void remove(std::uint32_t hash, std::uint32_t place) {
        if (slots_.empty()) return;
        auto slot = hash & mask();
        while (slots_[slot].place != kEmpty && slots_[slot].place != place + 1) slot = (slot + 1) & mask();
        if (slots_[slot].place != kEmpty) slots_[slot].place = kGone;
    }

private:
    static constexpr std::uint32_t kEmpty = 0, kGone = UINT32_MAX;
    struct Slot {
        std::uint32_t hash = 0, place = kEmpty;  // from 1
    };
    std::size_t mask() const { return slots_.size() - 1; }
    void enter(Slot entered) {
        auto slot = entered.hash & mask();
        while (slots_[slot].place != kEmpty) slot = (slot + 1) & mask();
        slots_[slot] = entered;
    }
    void grow() {
        constexpr std::size_t kFewest = 32;
        std::vector<Slot> had(std::max(kFewest, 2 * slots_.size()));
        had.swap(slots_);
        used_ = 0;
        for (const Slot& slot : had)
            if (slot.place != kEmpty && slot.place != kGone) {
                enter(slot);
                ++used_;
            }
    }

    std::vector<Slot> slots_;  // a power of two, at most half of it used
    std::size_t used_ = 0;
};

/// Names live as long as the map. Nothing is taken out.
template <class T>
class NameMap {
    struct Node {
        std::string_view first;
        T second{};
    };
    template <class Map, class Of>
    class Iterator {
    public:
        Iterator(Map* map, std::uint32_t at) : map_(map), at_(at) {}
        Of& operator*() const { return map_->node(at_); }
        Of* operator->() const { return &map_->node(at_); }
        Iterator& operator++() {
            ++at_;
            return *this;
        }
        bool operator==(const Iterator& other) const { return at_ == other.at_; }

    private:
        Map* map_;
        std::uint32_t at_;
    };

public:
    using iterator = Iterator<NameMap, Node>;
    using const_iterator = Iterator<const NameMap, const Node>;

    NameMap() = default;
    NameMap(const NameMap& other) { add_all(other); }
    NameMap& operator=(const NameMap& other) {
        if (this != &other) {
            size_ = 0;
            blocks_.clear();
            places_.clear();
            add_all(other);
        }
        return *this;
    }

    std::size_t size() const { return size_; }
    iterator begin() { return {this, 0}; }
    iterator end() { return {this, size_}; }
    const_iterator begin() const { return {this, 0}; }
    const_iterator end() const { return {this, size_}; }

    iterator find(std::string_view name) { return {this, place_of(name, hash_of_name(name))}; }
    const_iterator find(std::string_view name) const { return {this, place_of(name, hash_of_name(name))}; }
    bool contains(std::string_view name) const { return place_of(name, hash_of_name(name)) != size_; }
    T& operator[](std::string_view name) { return try_emplace(name).first->second; }

    template <class... Arguments>
    std::pair<iterator, bool> try_emplace(std::string_view name, Arguments&&... arguments) {
        auto hash = hash_of_name(name);
        if (auto at = place_of(name, hash); at != size_) return {iterator(this, at), false};
        auto at = add(name, hash);
        if constexpr (sizeof...(Arguments) > 0) node(at).second = T(std::forward<Arguments>(arguments)...);
        return {iterator(this, at), true};
    }

private:
    static constexpr std::uint32_t kFew = 8;     // are compared one by one
    static constexpr std::uint32_t kBlock = 16;  // of the others are made together

    Node& node(std::uint32_t at) {
        return at < kFew ? first_[at] : blocks_[(at - kFew) / kBlock][(at - kFew) % kBlock];
    }
    const Node& node(std::uint32_t at) const { return const_cast<NameMap*>(this)->node(at); }

    std::uint32_t place_of(std::string_view name, std::uint32_t hash) const {
        if (size_ <= kFew) {
            for (std::uint32_t i = 0; i < size_; ++i)
                if (few_[i] == hash && node(i).first == name) return i;
            return size_;
        }
        auto at = places_.find(hash, [&](std::uint32_t place) { return node(place).first == name; });
        return at == Places::kNone ? size_ : at;
    }

    std::uint32_t add(std::string_view name, std::uint32_t hash) {
        auto at = size_;
        if (at == 0) first_ = std::make_unique<Node[]>(kFew);
        if (at >= kFew && (at - kFew) % kBlock == 0) blocks_.push_back(std::make_unique<Node[]>(kBlock));
        node(at).first = name;
        ++size_;
        if (at < kFew) {
            few_[at] = hash;
            return at;
        }
        if (at == kFew)
            for (std::uint32_t i = 0; i < kFew; ++i) places_.add(few_[i], i);
        places_.add(hash, at);
        return at;
    }

    void add_all(const NameMap& other) {
        for (const auto& each : other) try_emplace(each.first).first->second = each.second;
    }

    std::uint32_t size_ = 0;
    std::array<std::uint32_t, kFew> few_{};  // hashes
    std::unique_ptr<Node[]> first_;
    std::vector<std::unique_ptr<Node[]>> blocks_;
    Places places_;  // when there are more
};

}  // namespace ascribe::shells
