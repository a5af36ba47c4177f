#include "detect/numbers.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <optional>

namespace ascribe {
namespace {

/// Columns that repeat together where they stand side by side, in the order of IIS's own fields: what was asked for
/// where; who asked, but for the address, for which that is only one of many; what with; what came of it.
const std::vector<std::size_t> kTogether[] = {
    {HttpRequest::site, HttpRequest::server, HttpRequest::server_ip, HttpRequest::method, HttpRequest::stem},
    {HttpRequest::port, HttpRequest::user},
    {HttpRequest::user_agent, HttpRequest::referrer, HttpRequest::host},
    {HttpRequest::status, HttpRequest::substatus, HttpRequest::win32_status},
};

bool are_together(RecordKind kind, std::size_t a, std::size_t b) {
    if (kind != RecordKind::http_request) return false;
    return std::ranges::any_of(kTogether, [&](const auto& columns) {
        auto has = [&](std::size_t column) { return std::ranges::find(columns, column) != columns.end(); };
        return has(a) && has(b);
    });
}

bool is_text(RecordKind kind, std::size_t column) {
    return record_schemas()[static_cast<std::size_t>(kind)].columns[column].type == ColumnType::text;
}

std::string_view as_bytes_of(const std::int64_t& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

}  // namespace

Run::Run(RecordKind kind, std::vector<std::size_t> columns, std::size_t place)
    : kind_(kind),
      columns_(std::move(columns)),
      place_(place),
      by_column_(columns_.size()),
      gathered_(columns_.size()) {
    if (!is_alone()) texts_of_.resize(columns_.size());
    for (std::size_t k = 0; k < columns_.size(); ++k) by_column_[k].texts_ = &texts(columns_[k]);
}

void Run::look(const RecordBatch& batch) {
    if (of_ == batch.serial() && rows_.size() == batch.size()) return;
    of_ = batch.serial();
    rows_.resize(batch.size());
    bool begun = false;
    for (Dictionary& texts : texts_of_) {
        auto generation = texts.generation();
        texts.make_room(batch.size());
        begun = begun || generation != texts.generation();
    }
    begun ? texts_.begin() : texts_.make_room(batch.size());
    is_alone() ? look_at_column(batch) : look_at_columns(batch);
}

void Run::look_at_column(const RecordBatch& batch) {
    thread_local std::vector<std::string_view> texts;
    thread_local std::vector<std::optional<std::int64_t>> values;
    texts.clear();
    if (is_text(kind_, columns_.front())) {
        batch.texts(columns_.front(), texts);
        texts.resize(batch.size());
    } else {
        batch.numbers(columns_.front(), values);
        texts.resize(batch.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            if (values[i]) texts[i] = as_bytes_of(*values[i]);
    }
    texts_.number(texts, rows_, [](std::size_t) {});
}

void Run::look_at_columns(const RecordBatch& batch) {
    thread_local std::vector<std::string_view> texts;
    thread_local std::vector<std::string> together;
    numbers_.resize(texts_.end() * columns_.size());  // cut where a generation began
    texts.resize(batch.size());
    if (batch.is_all_cut()) {
        auto place = [&](std::size_t column) { return batch.layout()->columns[column].place; };
        batch.each_span(place(columns_.front()), place(columns_.back()),
                        [&](std::size_t i, std::string_view text) { texts[i] = text; });
    } else {  // what would stand in the lines is put together
        together.resize(batch.size());
        for (std::size_t i = 0; i < batch.size(); ++i) {
            together[i].clear();
            for (auto column : columns_) {
                auto value = batch[i].number(column);
                (together[i] += value ? as_bytes_of(*value) : batch[i].text(column)) += '\0';
            }
            texts[i] = together[i];
        }
    }
    texts_.number(texts, rows_, [&](std::size_t i) { add(rows_[i], batch[i]); });
}

/// Numbers the texts of a run that is new.
void Run::add(std::uint32_t run, const Row& row) {
    numbers_.resize((run + std::size_t{1}) * columns_.size());
    for (std::size_t k = 0; k < columns_.size(); ++k) {
        auto value = row.number(columns_[k]);
        numbers_[run * columns_.size() + k] = texts_of_[k].number(value ? as_bytes_of(*value) : row.text(columns_[k]));
    }
}

const Numbers& Run::column(std::size_t column) {
    auto k = index_of(column);
    Numbers& numbers = by_column_[k];
    if (std::pair key(of_, rows_.size()); key != gathered_[k]) {
        gathered_[k] = key;
        numbers.rows_.resize(rows_.size());
        std::uint32_t any = 0;
        for (std::size_t i = 0; i < rows_.size(); ++i)
            any |= numbers.rows_[i] = is_alone() ? rows_[i] : numbers_[rows_[i] * columns_.size() + k];
        numbers.all_empty_ = any == 0;
    }
    return numbers;
}

/// The runs of one kind of record, made anew where lines have other columns.
class Runs {
public:
    explicit Runs(RecordKind kind) : kind_(kind) {
        none_.texts_ = &nothing_;
        plan();
    }

    Run* of(const RecordBatch& batch, std::size_t column) {
        if (const auto* layout = batch.layout(); layout != nullptr && *layout != layout_) {
            layout_ = *layout;
            plan();
        }
        auto& run = *runs_[run_of_column_[column]];
        if (batch.is_all_cut() && layout_.columns[column].place == LineLayout::kNone) return nullptr;
        run.look(batch);
        return &run;
    }
    const Dictionary& texts(const RecordBatch& batch, std::size_t column) {
        Run* run = of(batch, column);
        return run != nullptr ? run->texts(column) : nothing_;
    }
    const Numbers& numbers(const RecordBatch& batch, std::size_t column) {
        if (Run* run = of(batch, column)) return run->column(column);
        none_.rows_.assign(batch.size(), 0);
        return none_;
    }

private:
    void plan() {
        auto count = record_schemas()[static_cast<std::size_t>(kind_)].columns.size();
        std::vector<std::size_t> columns(count);
        std::iota(columns.begin(), columns.end(), std::size_t{0});
        auto place = [&](std::size_t column) {
            return layout_.columns.empty() ? LineLayout::kNone : layout_.columns[column].place;
        };
        std::ranges::stable_sort(columns, {}, place);
        runs_.clear();
        run_of_column_.assign(count, 0);
        for (std::size_t i = 0, end = 0; i < count; i = end) {
            for (end = i + 1; end < count; ++end) {
                bool adjacent =
                    place(columns[end]) != LineLayout::kNone && place(columns[end]) == place(columns[end - 1]) + 1;
                if (!adjacent || !are_together(kind_, columns[end - 1], columns[end])) break;
            }
            std::vector<std::size_t> of(columns.begin() + static_cast<std::ptrdiff_t>(i),
                                        columns.begin() + static_cast<std::ptrdiff_t>(end));
            for (auto column : of) run_of_column_[column] = runs_.size();
            runs_.push_back(std::unique_ptr<Run>(new Run(kind_, std::move(of), runs_.size())));
        }
    }

    RecordKind kind_;
    LineLayout layout_;
    std::vector<std::unique_ptr<Run>> runs_;
    std::vector<std::size_t> run_of_column_;
    Dictionary nothing_;
    Numbers none_;  // of columns that no row has
};

namespace {

Runs& runs_of(RecordKind kind) {
    thread_local std::map<RecordKind, Runs> all;
    return all.try_emplace(kind, kind).first->second;
}

}  // namespace

const Run* run_of(const RecordBatch& batch, std::size_t column) { return runs_of(batch.kind()).of(batch, column); }

void runs_of(const RecordBatch& batch, std::span<const std::size_t> columns, std::vector<const Run*>& out) {
    out.clear();
    for (auto column : columns)
        if (const Run* run = run_of(batch, column); run != nullptr && std::ranges::find(out, run) == out.end())
            out.push_back(run);
}

const Dictionary& texts_of(const RecordBatch& batch, std::size_t column) {
    return runs_of(batch.kind()).texts(batch, column);
}

const Numbers& numbers_of(const RecordBatch& batch, std::size_t column) {
    return runs_of(batch.kind()).numbers(batch, column);
}

}  // namespace ascribe
