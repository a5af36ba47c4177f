// Numbers for texts. In logs nearly every page, agent, account and address has stood in the rows before. So the texts
// of a column are numbered once a batch, for all who look at it: equal texts have equal numbers, from batch to batch.
// What somebody works out of a text then stands in a plain array under its number (ByNumber), and a row that shows
// nothing new costs a few reads of arrays, however many detectors and rules look at it.
//
// cut (parse/cut_block.hpp) -> number -> screen (screen.hpp, sigma/sieve.hpp) -> fold (Detector::observe)
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "detect/dictionary.hpp"
#include "model/record.hpp"

namespace ascribe {

/// One column of a batch, numbered.
class Numbers {
public:
    std::uint32_t operator[](std::size_t row) const { return rows_[row]; }
    std::span<const std::uint32_t> rows() const { return rows_; }
    const Dictionary& texts() const { return *texts_; }
    /// Whether no row has anything in the column.
    bool all_empty() const { return all_empty_; }

private:
    friend class Run;
    friend class Runs;
    const Dictionary* texts_ = nullptr;
    std::vector<std::uint32_t> rows_;
    bool all_empty_ = true;
};

/// Columns of a batch that are numbered as one text. In the lines of a log some columns stand side by side and repeat
/// together, such as an agent and its referrer; so one look at all of them tells the number of each, and what somebody
/// works out of any of them is remembered under the run's number. Any other column is a run of its own.
class Run {
public:
    /// As they stand in the lines.
    std::span<const std::size_t> columns() const { return columns_; }
    /// Which of the kind's runs it is: for tables of what was worked out by runs.
    std::size_t place() const { return place_; }
    std::uint32_t operator[](std::size_t row) const { return rows_[row]; }
    std::span<const std::uint32_t> rows() const { return rows_; }
    /// What the runs' numbers are of.
    const Dictionary& texts() const { return texts_; }
    /// The number of the column's text in a run, one of numbers_of().
    std::uint32_t number(std::uint32_t run, std::size_t column) const {
        return is_alone() ? run : numbers_[run * columns_.size() + index_of(column)];
    }
    const Dictionary& texts(std::size_t column) const { return is_alone() ? texts_ : texts_of_[index_of(column)]; }
    std::string_view text(std::uint32_t run, std::size_t column) const {
        return texts(column).text(number(run, column));
    }

private:
    friend class Runs;
    Run(RecordKind kind, std::vector<std::size_t> columns, std::size_t place);
    void look(const RecordBatch& batch);
    bool is_alone() const { return columns_.size() == 1; }
    void look_at_column(const RecordBatch& batch);
    void look_at_columns(const RecordBatch& batch);
    void add(std::uint32_t run, const Row& row);
    const Numbers& column(std::size_t column);
    std::size_t index_of(std::size_t column) const {
        std::size_t index = 0;
        while (columns_[index] != column) ++index;
        return index;
    }

    RecordKind kind_;
    std::vector<std::size_t> columns_;
    std::size_t place_;
    std::uint64_t of_ = 0;  // the batch's serial
    Dictionary texts_;
    std::vector<std::uint32_t> rows_;
    // Of several columns: the numbers of their texts, run by run, and what these are of.
    std::vector<std::uint32_t> numbers_;
    std::vector<Dictionary> texts_of_;
    std::vector<Numbers> by_column_;
    std::vector<std::pair<std::uint64_t, std::size_t>> gathered_;  // by column: of which batch its rows are
};

/// The run of a batch that a column is in; nullptr where no row has the column. It holds until another batch of this
/// kind is asked for.
const Run* run_of(const RecordBatch& batch, std::size_t column);
/// The runs that hold some columns, each once.
void runs_of(const RecordBatch& batch, std::span<const std::size_t> columns, std::vector<const Run*>& out);

/// What the numbers of a column are of.
const Dictionary& texts_of(const RecordBatch& batch, std::size_t column);
/// The texts of a column, numbered for the first that asks; of a column of numbers, these as eight bytes. They hold
/// until the column of another batch of this kind is asked for.
const Numbers& numbers_of(const RecordBatch& batch, std::size_t column);

/// What was worked out of texts, by their numbers in one dictionary. A copy starts empty.
template <class What>
class ByNumber {
public:
    ByNumber() = default;
    ByNumber(const ByNumber&) {}
    ByNumber& operator=(const ByNumber&) {
        forget();
        return *this;
    }
    ByNumber(ByNumber&&) = default;
    ByNumber& operator=(ByNumber&&) = default;

    /// What `make` makes of the number's text.
    template <class Make>
    What& get(const Dictionary& texts, std::uint32_t number, Make make) {
        if (generation_ != texts.generation() || number >= known_.size()) make_room(texts);
        Slot& slot = known_[number];
        if (!slot.known) {
            slot.what = make(texts.text(number));
            slot.known = true;
        }
        return slot.what;
    }
    /// take(row, what) of the number of each row; make(row) makes it of the first that has a number.
    template <class Make, class Take>
    void each(const Dictionary& texts, std::span<const std::uint32_t> rows, Make make, Take take) {
        if (generation_ != texts.generation() || known_.size() < texts.end()) make_room(texts);
        auto* slots = known_.data();  // what makes one asks for no other here
        for (std::size_t i = 0; i < rows.size(); ++i) {
            Slot& slot = slots[rows[i]];
            if (!slot.known) [[unlikely]] {
                slot.what = make(i);
                slot.known = true;
            }
            take(i, slot.what);
        }
    }
    void forget() {
        known_.clear();
        generation_ = 0;
    }

private:
    struct Slot {
        What what{};
        bool known = false;
    };
    void make_room(const Dictionary& texts) {
        if (generation_ != texts.generation()) known_.clear();
        generation_ = texts.generation();
        known_.resize(texts.end());
    }
    std::vector<Slot> known_;
    std::uint64_t generation_ = 0;
};

/// The same by the numbers of runs, of all runs of one kind of record.
template <class What>
class ByRun {
public:
    /// take(row, what) of each row's number in the run; make(row) makes it of the first that has one.
    template <class Make, class Take>
    void each(const Run& run, Make make, Take take) {
        of(run).each(run.texts(), run.rows(), make, take);
    }

private:
    ByNumber<What>& of(const Run& run) {
        if (run.place() >= known_.size()) known_.resize(run.place() + 1);
        return known_[run.place()];
    }
    std::vector<ByNumber<What>> known_;
};

}  // namespace ascribe
