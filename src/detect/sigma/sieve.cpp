#include "detect/sigma/sieve.hpp"

#include <fmt/format.h>

#include <algorithm>
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
    plan.candidates.emplace(bucket.programs.size());
    if (bucket.addresses) plan.addresses.emplace(*bucket.addresses);
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
    if (plan.reads_named) plan.named = TextMemo<Candidates::Set>(kKnownTexts);

    if (!bucket.always.empty()) {
        plan.together = std::make_unique<Lane>();
        Lane& lane = *plan.together;
        lane.columns = {together.begin(), together.end()};
        lane.fields = fields_of(plan.kind, lane.columns);
    }
    for (auto column : alone) plan.columns[column].fields = fields_of(plan.kind, {&column, 1});
    plan.columns_read = {alone.begin(), alone.end()};
}

/// The rules' fields that are made of these columns alone.
std::vector<std::uint32_t> Sieve::fields_of(RecordKind kind, std::span<const std::size_t> columns) const {
    std::vector<std::uint32_t> fields;
    for (std::uint32_t field = 0; field < rules_.fields().size(); ++field) {
        const FieldPlace& place = rules_.fields()[field];
        auto of = columns_of(place);
        auto has = [&](std::size_t column) { return std::ranges::find(columns, column) != columns.end(); };
        if (place.record == kind && !of.empty() && std::ranges::all_of(of, has)) fields.push_back(field);
    }
    return fields;
}

namespace {

Candidates::Set number(Candidates& candidates, std::span<const std::uint32_t> programs) {
    return programs.empty() ? 0 : candidates.number({programs.begin(), programs.end()});
}

}  // namespace

auto Sieve::join_into(Plan& plan) {
    return [this, &plan](std::size_t row, Candidates::Set set) {
        if (set != 0) [[unlikely]]
            wanted_[row] = plan.candidates->join(wanted_[row], set);
    };
}

void Sieve::look_up(Plan& plan, const Run& run, const RecordBatch& batch, Matcher& matcher) {
    auto look = [&](std::size_t row) {
        Candidates::Set joined = 0;
        for (auto column : run.columns()) {
            auto at = plan.columns.find(column);
            if (at == plan.columns.end()) continue;
            Column& of = at->second;
            auto hold = [&](std::string_view) {
                return number(*plan.candidates,
                              matcher.may_hold(batch[row], *plan.bucket, of.fields, {&column, 1}, false));
            };
            joined = plan.candidates->join(joined, of.known.get(run.texts(column), run.number(run[row], column), hold));
        }
        return joined;
    };
    plan.known.each(run, look, join_into(plan));
}

Sieve::Together::Known Sieve::Together::find(std::span<const std::uint32_t> numbers) {
    if (sets_.empty()) {
        sets_.resize(kKnownTexts);
        taken_.assign(kKnownTexts, 0);
        numbers_.resize(kKnownTexts * numbers.size());
    }
    std::uint64_t hash = 0;
    for (auto number : numbers) hash = (hash ^ number) * 0x9E3779B97F4A7C15U;
    auto place = (hash >> 32) % kKnownTexts;
    auto held = std::span(numbers_).subspan(place * numbers.size(), numbers.size());
    bool is_new = taken_[place] == 0 || !std::equal(held.begin(), held.end(), numbers.begin());
    if (is_new) {
        std::ranges::copy(numbers, held.begin());
        taken_[place] = 1;
    }
    return {sets_[place], is_new};
}

void Sieve::look_up_together(Plan& plan, Lane& lane, const RecordBatch& batch, Matcher& matcher) {
    auto look = [&](std::size_t row) {
        return number(*plan.candidates, matcher.may_hold(batch[row], *plan.bucket, lane.fields, lane.columns, true));
    };
    auto join = join_into(plan);
    std::vector<std::size_t> filled;
    for (auto column : lane.columns)
        if (!numbers_of(batch, column).all_empty()) filled.push_back(column);
    if (filled.size() == 1) {
        if (lane.filled != filled.front()) lane.alone.forget();
        lane.filled = filled.front();
        const Numbers& numbers = numbers_of(batch, lane.filled);
        return lane.alone.each(numbers.texts(), numbers.rows(), look, join);
    }
    std::uint64_t generations = 0;
    lane.key.assign(lane.columns.size() * batch.size(), 0);
    for (std::size_t k = 0; k < lane.columns.size(); ++k) {
        const Numbers& numbers = numbers_of(batch, lane.columns[k]);
        generations += numbers.texts().generation();  // they only grow
        for (std::size_t i = 0; i < batch.size(); ++i) lane.key[i * lane.columns.size() + k] = numbers[i];
    }
    if (generations != lane.generations) lane.together.forget();
    lane.generations = generations;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        auto [known, is_new] = lane.together.find(
            std::span<const std::uint32_t>(lane.key).subspan(i * lane.columns.size(), lane.columns.size()));
        if (is_new) known = look(i);
        join(i, known);
    }
}

Candidates::Set Sieve::look_up(Plan& plan, const ascribe::Field& field, const Row& row, Matcher& matcher) {
    key_.assign(field.name);
    key_ += '\0';
    if (auto* text = std::get_if<std::string_view>(&field.value)) key_ += *text;
    if (auto* number = std::get_if<std::int64_t>(&field.value)) key_ += fmt::format_int(*number).c_str();
    auto judge = [&] { return number(*plan.candidates, matcher.may_hold(row, *plan.bucket, field)); };
    auto [known, is_new] = plan.named.find(key_);
    if (known == nullptr) return judge();
    if (is_new) *known = judge();
    return *known;
}

std::span<const Sieve::Choice> Sieve::rows(const RecordBatch& batch, Matcher& matcher) {
    rows_.clear();
    Plan& plan = plan_of(batch.kind());
    plan_ = &plan;
    if (plan.all || batch.kind() == RecordKind::windows_event) {
        for (std::uint32_t i = 0; i < batch.size(); ++i) rows_.push_back({i, 0});
        return rows_;
    }
    if (plan.bucket == nullptr) return rows_;
    wanted_.assign(batch.size(), 0);
    if (plan.addresses) plan.addresses->look(batch, matcher.scratch(), *plan.candidates, wanted_);
    if (plan.together) look_up_together(plan, *plan.together, batch, matcher);
    runs_of(batch, plan.columns_read, runs_);
    for (const Run* run : runs_) look_up(plan, *run, batch, matcher);
    if (plan.reads_named)
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto row = batch[i];
            for (const auto& field : row.fields)
                wanted_[i] = plan.candidates->join(wanted_[i], look_up(plan, field, row, matcher));
        }
    for (std::uint32_t i = 0; i < batch.size(); ++i)
        if (wanted_[i] != 0) rows_.push_back({i, wanted_[i]});
    return rows_;
}

std::span<const Hit> Sieve::match(const Row& row, const Choice& choice, Matcher& matcher) const {
    bool all = plan_->all || plan_->kind == RecordKind::windows_event;
    return all ? matcher.match(row) : matcher.match(row, *plan_->bucket, plan_->candidates->programs(choice.programs));
}

}  // namespace ascribe::sigma
