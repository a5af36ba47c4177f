#include "detect/sigma/sieve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "base/text.hpp"
#include "detect/sigma/fold.hpp"

namespace ascribe::sigma {
namespace {

/// The columns that a field is made of.
std::vector<std::size_t> columns_of(const FieldPlace& place) {
    switch (place.kind) {
        case FieldPlace::Kind::named: return {};
        case FieldPlace::Kind::column: return {place.column};
        case FieldPlace::Kind::uri: return {HttpRequest::stem, HttpRequest::query};
        case FieldPlace::Kind::agent: return {HttpRequest::user_agent};
    }
    return {};
}

bool is_address(std::size_t column) { return column == HttpRequest::stem || column == HttpRequest::query; }

bool is_number(RecordKind kind, std::size_t column) {
    return record_schemas()[static_cast<std::size_t>(kind)].columns[column].type == ColumnType::number;
}

bool is_ascii(std::string_view text) {
    std::uint64_t bits = 0;
    std::size_t i = 0;
    for (; i + 8 <= text.size(); i += 8) {
        std::uint64_t eight;
        std::memcpy(&eight, text.data() + i, 8);
        bits |= eight;
    }
    for (; i < text.size(); ++i) bits |= static_cast<std::uint64_t>(static_cast<unsigned char>(text[i]));
    return (bits & 0x8080808080808080U) == 0;
}

}  // namespace

Sieve::Sieve(const RuleSet& rules) : rules_(rules) {}

Sieve::Plan& Sieve::plan_of(RecordKind kind) {
    auto [at, added] = plans_.try_emplace(kind);
    if (added) {
        at->second.kind = kind;
        at->second.bucket = rules_.bucket(kind, "", 0);
        if (at->second.bucket != nullptr) make(at->second);
    }
    return at->second;
}

void Sieve::make(Plan& plan) {
    const Bucket& bucket = *plan.bucket;
    plan.addresses = bucket.addresses.has_value();
    bool requests = plan.kind == RecordKind::http_request;
    plan.all = plan.kind == RecordKind::windows_event || (requests && !plan.addresses);
    // What rules without anchors read is looked up together: one lane.
    std::set<std::size_t> together, alone;
    for (auto candidate : bucket.always)
        for (const auto& step : rules_.programs()[bucket.programs[candidate]].steps) {
            if (step.op != Program::Op::test || plan.all) continue;
            const Atom& atom = rules_.atoms()[step.argument];
            auto columns =
                atom.field == kKeyword ? std::vector<std::size_t>() : columns_of(rules_.fields()[atom.field]);
            plan.all = columns.empty() || !atom.references.empty();  // a keyword or a named field, which has no lane
            together.insert(columns.begin(), columns.end());
        }
    auto is_scanned = [&](std::size_t column) { return requests && is_address(column); };
    plan.all = plan.all || std::ranges::any_of(together, is_scanned);
    if (plan.all) return;

    auto take = [&](std::size_t column) {
        if (!is_scanned(column) && !together.contains(column)) alone.insert(column);
    };
    for (const Bucket::Field& field : bucket.fields) {
        bool made = field.field != kKeyword && rules_.fields()[field.field].kind >= FieldPlace::Kind::uri;
        plan.all = plan.all || (made && !requests);  // made of an HttpRequest's columns only
        auto columns = field.field == kKeyword ? std::vector<std::size_t>() : columns_of(rules_.fields()[field.field]);
        plan.reads_named = plan.reads_named || columns.empty();
        std::ranges::for_each(columns, take);
        if (field.field != kKeyword) continue;
        bool numbers = !plan.addresses || bucket.addresses->number_keywords;
        auto count = record_schemas()[static_cast<std::size_t>(plan.kind)].columns.size();
        for (std::size_t column = 0; column < count; ++column)
            if (numbers || !is_number(plan.kind, column)) take(column);
    }
    if (plan.reads_named) plan.named = TextMemo<char>(kKnownTexts);

    auto add = [&](std::vector<std::size_t> columns, bool unanchored) {
        Lane lane;
        for (std::uint32_t field = 0; field < rules_.fields().size(); ++field) {
            const FieldPlace& place = rules_.fields()[field];
            if (place.record != plan.kind) continue;
            auto of = columns_of(place);
            auto has = [&](std::size_t column) { return std::ranges::find(columns, column) != columns.end(); };
            if (!of.empty() && std::ranges::all_of(of, has)) lane.fields.push_back(field);
        }
        lane.columns = std::move(columns);
        lane.unanchored = unanchored;
        plan.lanes.push_back(std::move(lane));
    };
    if (!bucket.always.empty()) add({together.begin(), together.end()}, true);
    for (auto column : alone) add({column}, false);
}

bool Sieve::look_up(Plan& plan, Lane& lane, const Row& row, Matcher& matcher) {
    std::string_view key;
    if (lane.columns.size() == 1 && !is_number(plan.kind, lane.columns.front())) {
        key = row.text(lane.columns.front());
        if (key.empty() && !lane.unanchored) return false;
        if (lane.last_wanted && key == lane.last) return *lane.last_wanted;
    } else {
        key_.clear();
        for (auto column : lane.columns) {
            auto text = row.text(column);
            // Sizes first, so that no two lists of texts make one key.
            auto number = row.number(column).value_or(-1);
            auto size = text.size();
            key_.append(reinterpret_cast<const char*>(&size), sizeof size);
            key_.append(reinterpret_cast<const char*>(&number), sizeof number);
            key_ += text;
        }
        key = key_;
    }
    auto judge = [&] { return matcher.may_hold(row, *plan.bucket, lane.fields, lane.columns, lane.unanchored); };
    auto [known, is_new] = lane.known.find(key);
    if (known == nullptr) return judge();
    if (is_new) *known = judge() ? 1 : 0;
    lane.last = key;
    lane.last_wanted = *known != 0;
    return *known != 0;
}

bool Sieve::look_up(Plan& plan, const ascribe::Field& field, const Row& row, Matcher& matcher) {
    key_.assign(field.name);
    key_ += '\0';
    if (auto* text = std::get_if<std::string_view>(&field.value)) key_ += *text;
    if (auto* number = std::get_if<std::int64_t>(&field.value)) key_ += fmt::format_int(*number).c_str();
    auto judge = [&] { return matcher.may_hold(row, *plan.bucket, field); };
    auto [known, is_new] = plan.named.find(key_);
    if (known == nullptr) return judge();
    if (is_new) *known = judge() ? 1 : 0;
    return *known != 0;
}

/// Marks the rows whose address holds an anchor.
void Sieve::scan_addresses(const Plan& plan, const RecordBatch& batch, Matcher& matcher) {
    addresses_.clear();
    starts_.clear();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto row = batch[i];
        auto stem = row.text(HttpRequest::stem), query = row.text(HttpRequest::query);
        starts_.push_back(static_cast<std::uint32_t>(addresses_.size()));
        addresses_ += stem;
        if (!query.empty()) addresses_ += '?';
        addresses_ += query;
        addresses_ += '\n';
    }
    auto scan = [&](const Scanner& scanner) {
        ends_.clear();
        scanner.scan_many(addresses_, matcher.scratch(), ends_);
        for (auto end : ends_) {  // in no order that one could rely on
            auto next = std::ranges::upper_bound(starts_, end == 0 ? 0 : end - 1);
            wanted_[static_cast<std::size_t>(next - starts_.begin()) - 1] = 1;
        }
    };
    if (!plan.bucket->addresses->expressions.is_empty()) {
        // The expressions' automaton is made for text. The matcher knows what to do with a row that is none.
        bool ascii = is_ascii(addresses_);
        for (std::size_t i = 0; !ascii && i < starts_.size(); ++i) {
            auto end = i + 1 < starts_.size() ? starts_[i + 1] : addresses_.size();
            auto address = std::span(addresses_).subspan(starts_[i], end - starts_[i] - 1);
            if (is_utf8({address.data(), address.size()})) continue;
            wanted_[i] = 1;
            std::ranges::fill(address, ' ');
        }
        scan(plan.bucket->addresses->expressions);
    }
    fold_to(addresses_, addresses_.data());
    scan(plan.bucket->addresses->literals);
}

std::span<const std::uint32_t> Sieve::rows(const RecordBatch& batch, Matcher& matcher) {
    rows_.clear();
    Plan& plan = plan_of(batch.kind());
    if (plan.all || batch.kind() == RecordKind::windows_event) {
        rows_.resize(batch.size());
        std::iota(rows_.begin(), rows_.end(), 0U);
        return rows_;
    }
    if (plan.bucket == nullptr) return rows_;
    wanted_.assign(batch.size(), 0);
    if (plan.addresses) scan_addresses(plan, batch, matcher);
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
        auto row = batch[i];
        bool wanted = wanted_[i] != 0;
        for (auto lane = plan.lanes.begin(); !wanted && lane != plan.lanes.end(); ++lane)
            wanted = look_up(plan, *lane, row, matcher);
        if (plan.reads_named)
            for (auto field = row.fields.begin(); !wanted && field != row.fields.end(); ++field)
                wanted = look_up(plan, *field, row, matcher);
        if (wanted) rows_.push_back(i);
    }
    return rows_;
}

}  // namespace ascribe::sigma
