#include "detect/numbers.hpp"

#include <atomic>
#include <map>

#include "base/text_memo.hpp"

namespace ascribe {
namespace {

// A busy server's pages, agents, accounts and a day's clients; with texts of some sixty bytes about 5 MB a column.
constexpr std::size_t kTexts = 1 << 15, kTextBytes = 4 << 20;
constexpr std::size_t kSlots = 1 << 10;  // to begin with

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

std::uint32_t Dictionary::number(std::string_view text) {
    if (text.empty()) return 0;
    if (text.size() > kMemoText) return add(text);
    auto tag = static_cast<std::uint32_t>(quick_hash(text) >> 20);
    auto mask = slots_.size() - 1;
    auto at = tag & mask;
    for (; slots_[at].number != 0; at = (at + 1) & mask)
        if (slots_[at].tag == tag && this->text(slots_[at].number) == text) return slots_[at].number;
    auto number = add(texts_.keep(text));
    bytes_ += text.size();
    slots_[at] = {tag, number};
    if (entries_.size() * 2 > slots_.size()) grow();
    return number;
}

void Dictionary::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    auto mask = slots_.size() - 1;
    for (const Slot& slot : old) {
        if (slot.number == 0) continue;
        auto at = slot.tag & mask;
        while (slots_[at].number != 0) at = (at + 1) & mask;
        slots_[at] = slot;
    }
}

const Numbers& numbers_of(const RecordBatch& batch, std::size_t column) {
    thread_local std::map<std::pair<RecordKind, std::size_t>, Numbers> all;
    Numbers& numbers = all[{batch.kind(), column}];
    if (numbers.of_ == batch.serial() && numbers.rows_.size() == batch.size()) return numbers;
    numbers.of_ = batch.serial();
    numbers.rows_.resize(batch.size());
    numbers.texts_.make_room(batch.size());
    bool is_text = record_schemas()[static_cast<std::size_t>(batch.kind())].columns[column].type == ColumnType::text;
    std::string_view last;  // servers, ports and days of one visitor hardly ever change from row to row
    std::uint32_t of_last = 0;
    std::int64_t value = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto row = batch[i];
        std::string_view text;
        if (is_text) {
            text = row.text(column);
        } else if (auto number = row.number(column)) {
            value = *number;
            text = {reinterpret_cast<const char*>(&value), sizeof value};
        }
        if (text != last || !is_text) of_last = numbers.texts_.number(text);
        last = text;
        numbers.rows_[i] = of_last;
    }
    return numbers;
}

}  // namespace ascribe
