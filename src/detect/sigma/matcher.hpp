// Judges records by a RuleSet. Holds scratch space, so one serves one thread or worker.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "detect/sigma/rule_set.hpp"
#include "model/record.hpp"

namespace ascribe::sigma {

struct Hit {
    std::uint32_t rule;     // index in RuleSet::rules
    std::uint32_t program;  // index in RuleSet::programs
    bool scan;              // a note of a scan, not an alert
};

class Matcher {
public:
    explicit Matcher(const RuleSet& rules);
    ~Matcher();
    Matcher(const Matcher&) = delete;
    Matcher& operator=(const Matcher&) = delete;

    /// The batch that the rows to come are of.
    void enter(const RecordBatch& batch);
    /// The rules that the row satisfies, ascending, each once; until the next call, as long as the row must be there.
    std::span<const Hit> match(const Row& row);
    /// The same where it is known which programs of the batch's bucket may hold: theirs and no others.
    std::span<const Hit> match(const Row& row, const Bucket& bucket, std::span<const std::uint32_t> programs);
    /// The programs of the batch's bucket of which match() could find something by what these fields hold (kKeyword: of
    /// the columns given), or that have no anchors; until the next call.
    std::span<const std::uint32_t> may_hold(const Row& row, const Bucket& bucket, std::span<const std::uint32_t> fields,
                                            std::span<const std::size_t> columns, bool unanchored);
    /// The same of one named field.
    std::span<const std::uint32_t> may_hold(const Row& row, const Bucket& bucket, const Field& field);
    hs_scratch* scratch() { return scratch_; }
    /// The fields that a hit of the last row rests on, as the record names them, with their values.
    std::vector<std::pair<std::string_view, std::string_view>> matched_fields(const Hit& hit);
    /// The last row's value of a field as the hit's rule would name it.
    std::optional<std::string_view> field(const Hit& hit, const std::string& name);
    /// How often each rule's condition was evaluated and held since the last call: (rule, evaluated, held).
    struct Cost {
        std::uint32_t rule;
        std::uint64_t judged, held;
    };
    std::vector<Cost> take_costs();
    /// Whether any rule reads records like the last one given.
    bool relevant() const { return relevant_; }

private:
    static constexpr std::uint32_t kNone = UINT32_MAX;
    struct Known;  // a text that was met before
    struct Text {
        std::string_view raw, folded;
        std::uint32_t next = kNone;  // further value of the same name
        bool is_folded = false, is_looked_up = false;
        Known* known = nullptr;
    };
    /// What is remembered of a text, so that what repeats (images, users, keys) is scanned and compared once.
    struct Known {
        std::uint64_t hash = 0;
        std::string text;
        struct Scan {
            const Bucket::Field* field;
            std::vector<std::uint32_t> found;
        };
        std::vector<Scan> scans;
        std::vector<std::pair<std::uint32_t, bool>> truths;  // by atom
    };
    struct Name {  // what a name of a record's field means, by where it stands: good while its owner lives
        const char* at = nullptr;
        std::uint32_t field = 0;
    };
    struct Met {  // covers of a program met by the row at hand
        std::uint32_t stamp = 0;
        std::uint8_t bits = 0;
    };

    void begin(const Row& row);
    void file_fields();
    std::span<const Hit> judge_candidates(const Bucket& bucket);
    std::uint32_t first_value(std::uint32_t field);
    std::uint32_t add_value(std::string_view text);
    std::uint32_t name_of(std::string_view name);
    Known* known(Text& text);
    std::string_view fold(Text& text);
    std::string_view text_of(const Cell& cell);
    const std::vector<std::uint32_t>& anchors_in(const Bucket::Field& field, Text& text);
    void look_in(const Bucket& bucket, const Bucket::Field& field, std::uint32_t value);
    void meet(const Bucket& bucket, Bucket::Mark mark);
    std::span<const std::uint32_t> all_values();
    bool run(const Program& program);
    bool holds(std::uint32_t atom);
    bool judge(std::uint32_t atom);
    bool compare(const Atom& atom, std::uint32_t first);
    bool satisfied(const Atom& atom, std::size_t index, std::uint32_t at);
    bool refers(const Value& value, std::uint32_t at, std::uint32_t other);
    bool keyword(const Atom& atom);
    char* room(std::size_t bytes);

    const RuleSet& rules_;
    hs_scratch* scratch_ = nullptr;
    RecordKind kind_ = RecordKind::windows_event;
    const Row* row_ = nullptr;
    bool relevant_ = false;
    std::uint32_t stamp_ = 0;
    std::vector<Text> values_;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> first_;  // by field: stamp, value
    std::vector<std::uint32_t> atom_stamp_;                       // by atom: stamp * 2 + truth
    std::vector<Met> met_;                                        // by program of the bucket
    const std::vector<std::uint8_t>* needed_ = nullptr;           // covers to be met instead of a bucket's
    std::vector<std::uint32_t> candidates_, found_;
    std::vector<Hit> hits_;
    std::vector<Cost> costs_;                             // by rule
    std::unordered_map<std::string, std::uint32_t> ids_;  // name without spaces -> named field
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> names_;  // as records write it -> named field
    std::vector<Name> recent_;
    std::shared_ptr<const void> owner_of_names_;  // kept alive, so that no other name can come to stand there
    std::vector<Known> memory_;
    std::vector<std::unique_ptr<char[]>> blocks_;
    std::size_t block_ = 0, used_ = 0;
    std::vector<std::uint32_t> counters_;
    std::vector<std::uint32_t> keyword_values_;
    bool has_keyword_values_ = false, has_filed_ = false;  // of the row at hand
    bool remembers_ = true;                                // the texts at hand
    bool may_have_keywords_ = true;                        // the batch at hand
    std::string channel_;
    std::string folded_channel_;
};

}  // namespace ascribe::sigma
