#include "detect/numbers.hpp"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <map>
#include <optional>

#include "base/text_memo.hpp"

namespace ascribe {
namespace {

// A busy server's pages, agents, accounts and a day's clients; with texts of some sixty bytes about 5 MB a column.
constexpr std::size_t kTexts = 1 << 15, kTextBytes = 4 << 20;
constexpr std::size_t kSlots = 1 << 10;  // to begin with

template <class Word>
std::uint64_t load(const char* at) {
    Word word;
    std::memcpy(&word, at, sizeof word);
    return word;
}

/// The first and the last bytes of a text of 1 to 16: with its size, all there is of it.
[[gnu::always_inline]] inline std::pair<std::uint64_t, std::uint64_t> short_text(std::string_view text) {
    auto size = text.size();
    if (size >= 8) return {load<std::uint64_t>(text.data()), load<std::uint64_t>(text.data() + size - 8)};
    if (size >= 4) return {load<std::uint32_t>(text.data()), load<std::uint32_t>(text.data() + size - 4)};
    auto byte = [&](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])); };
    return {byte(0) | byte(size / 2) << 8, byte(size - 1)};
}

/// Whether a text of more than 16 bytes is the one of the same size that begins at `other`.
bool is_same(const char* other, std::string_view text) {
    auto differ = [&](std::size_t at) {
        const char *a = text.data() + at, *b = other + at;
        return (load<std::uint64_t>(a) ^ load<std::uint64_t>(b)) |
               (load<std::uint64_t>(a + 8) ^ load<std::uint64_t>(b + 8));
    };
    auto last = text.size() - 16;
    for (std::size_t at = 0; at < last; at += 16)
        if (differ(at) != 0) return false;
    return differ(last) == 0;
}

std::uint64_t mixed(std::uint64_t first, std::uint64_t last, std::uint64_t size) {
    __extension__ using Wide = unsigned __int128;
    auto product = static_cast<Wide>(first ^ 0x9E3779B97F4A7C15U ^ size) * (last ^ 0xD1B54A32D192ED03U);
    return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

}  // namespace

Dictionary::Dictionary() { begin(); }

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

std::uint32_t Dictionary::add(std::string_view text) {
    entries_.push_back({text.data(), text.size()});
    return static_cast<std::uint32_t>(entries_.size() - 1);
}

std::uint32_t Dictionary::add(std::string_view text, Slot slot, std::size_t at) {
    auto kept = texts_.keep(text);
    bytes_ += text.size();
    slot.number = add(kept);
    slot.text = kept.data();
    slots_[at] = slot;
    if (entries_.size() * 2 > slots_.size()) grow();
    return slot.number;
}

std::uint64_t Dictionary::hash_of(std::string_view text) {
    if (text.size() > kMemoText || text.empty()) return 0;
    if (text.size() > kShort) return quick_hash(text);
    auto [first, last] = short_text(text);
    return mixed(first, last, text.size());
}

std::uint32_t Dictionary::number(std::string_view text, std::uint64_t hash) {
    if (text.empty()) return 0;
    if (text.size() > kMemoText) return add(text);
    auto mask = slots_.size() - 1;
    auto size = static_cast<std::uint32_t>(text.size());
    auto at = hash & mask;
    if (size <= kShort) {
        auto [first, last] = short_text(text);
        for (; slots_[at].number != 0; at = (at + 1) & mask) {
            const Slot& slot = slots_[at];
            if (slot.first == first && slot.last == last && slot.size == size) return slot.number;
        }
        return add(text, {.first = first, .last = last, .size = size}, at);
    }
    for (; slots_[at].number != 0; at = (at + 1) & mask) {
        const Slot& slot = slots_[at];
        if (slot.first == hash && slot.size == size && is_same(slot.text, text)) return slot.number;
    }
    return add(text, {.first = hash, .last = 0, .size = size}, at);
}

void Dictionary::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    auto mask = slots_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.number == 0) continue;
        auto at = (slot.size <= kShort ? mixed(slot.first, slot.last, slot.size) : slot.first) & mask;
        while (slots_[at].number != 0) at = (at + 1) & mask;
        slots_[at] = slot;
    }
}

void Numbers::number_texts(const RecordBatch& batch, std::size_t column) {
    thread_local std::vector<std::string_view> texts;
    thread_local std::vector<std::uint64_t> hashes;
    batch.texts(column, texts);
    rows_.resize(texts.size());
    hashes.resize(texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        hashes[i] = Dictionary::hash_of(texts[i]);
        texts_.expect(hashes[i]);
    }
    for (std::size_t i = 0; i < texts.size(); ++i) rows_[i] = texts_.number(texts[i], hashes[i]);
}

void Numbers::number_numbers(const RecordBatch& batch, std::size_t column) {
    if (small_of_ != texts_.generation()) small_.fill(0);
    small_of_ = texts_.generation();
    thread_local std::vector<std::optional<std::int64_t>> numbers;
    batch.numbers(column, numbers);
    rows_.resize(numbers.size());
    auto number = [&](std::int64_t value) {
        return texts_.number({reinterpret_cast<const char*>(&value), sizeof value});
    };
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        auto value = numbers[i].value_or(-1);
        if (!numbers[i]) {
            rows_[i] = 0;
        } else if (value >= 0 && static_cast<std::size_t>(value) < small_.size()) {
            auto& small = small_[static_cast<std::size_t>(value)];
            if (small == 0) small = number(value);
            rows_[i] = small;
        } else {
            rows_[i] = number(value);
        }
    }
}

const Numbers& numbers_of(const RecordBatch& batch, std::size_t column) {
    thread_local std::map<std::pair<RecordKind, std::size_t>, Numbers> all;
    Numbers& numbers = all[{batch.kind(), column}];
    if (numbers.of_ == batch.serial() && numbers.rows_.size() == batch.size()) return numbers;
    numbers.of_ = batch.serial();
    numbers.texts_.make_room(batch.size());
    bool is_text = record_schemas()[static_cast<std::size_t>(batch.kind())].columns[column].type == ColumnType::text;
    is_text ? numbers.number_texts(batch, column) : numbers.number_numbers(batch, column);
    if (numbers.rows_.empty()) {  // no row has the column
        numbers.rows_.resize(batch.size());
        numbers.all_empty_ = true;
        return numbers;
    }
    numbers.all_empty_ = std::ranges::all_of(numbers.rows_, [](auto number) { return number == 0; });
    return numbers;
}

}  // namespace ascribe
