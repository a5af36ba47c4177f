// Records of a chunk become rows: values are put into the columns and fields that the plans of their templates name.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "parse/evtx/plan.hpp"
#include "parse/evtx/value.hpp"

namespace ascribe::evtx {

/// Templates within values within templates. A forwarded event nests 3 deep.
inline constexpr std::size_t kNestingLimit = 16;
/// Work spent on one chunk, so that templates which instantiate each other cannot multiply it. A chunk of real events
/// has some 20,000 values and 2 MB of text; every byte of it would have to be a token of its own, 16 times over, to
/// reach these.
inline constexpr std::size_t kChunkSteps = 1 << 20;
inline constexpr std::size_t kChunkText = 16 << 20;

class RecordReader {
public:
    /// Rows are of `kind`, one of the kinds with the columns of WindowsEvent.
    explicit RecordReader(Batcher& batcher, RecordKind kind = RecordKind::windows_event)
        : batcher_(batcher), kind_(kind) {}

    /// The chunk that the records to come stand in.
    void enter(std::span<const std::byte> bytes, std::uint64_t start);
    /// Adds the event whose binary XML is [begin, end) of the chunk as a row. Refuses one that names no event id, or no
    /// log it comes from.
    Result<void> read(std::size_t begin, std::size_t end, const EventPlace& place);

private:
    /// A fragment being read (no plan), or a plan being followed.
    struct Frame {
        const Plan* plan = nullptr;
        std::size_t at = 0, end = 0;  // step of the plan; of a fragment: bytes of the chunk
        std::size_t values = 0;       // where the frame's values begin
        std::size_t gathered = 0;     // where the text begins that is being gathered
        const Node* within = nullptr;
        const Step* value = nullptr;  // of a fragment: whose value it is
        std::string_view renamed;
        bool is_renamed = false, is_absent = false;
    };
    /// What is known of the row being made.
    struct Found {
        std::array<bool, kEventPlaces> places{};
        bool has_id = false;
        std::string_view host;
        Time created = kNoTime;
    };

    Result<void> follow(std::size_t begin, std::size_t end);
    Result<void> finish(const EventPlace& place);
    Result<void> fragment();
    Result<void> steps();
    Result<void> enter_instance(const Instance& instance, const Node& within);
    Result<const Plan*> plan_of(const Instance& instance, const Node& within);
    Result<const Plan*> plan_of(std::size_t begin, std::size_t end, bool is_template, std::uint64_t name,
                                const Node& within);
    Result<void> push(Frame frame);
    Result<void> value(Frame& frame, const Step& step);
    bool plain_value(const Frame& frame, const Step& step);
    void piece(const Frame& frame, const Step& step, const Value& value);
    void leaf(const Frame& frame, const Step& step, std::string_view text, const Value& value);
    void array(const Frame& frame, const Step& step, const Value& value);

    Batcher& batcher_;
    RecordKind kind_;
    std::shared_ptr<Library> library_ = Library::shared();
    Chunk chunk_;
    std::uint32_t chunk_number_ = 0;
    struct Known {  // the plan of a definition, met before in this chunk
        std::uint32_t chunk = 0;
        std::size_t definition = 0;
        const Node* within = nullptr;
        const Plan* plan = nullptr;
    };
    std::array<Known, 256> known_{};
    std::vector<std::unique_ptr<const Plan>> local_;  // plans that are good for one record
    FlatTokens flat_;
    std::vector<Frame> frames_;
    std::vector<Value> values_;
    std::string gathered_;
    std::size_t steps_ = 0, text_ = 0;
    // the row at hand
    RecordBatch* batch_ = nullptr;
    std::span<Cell> cells_;
    Found found_;
    std::size_t unnamed_ = 0;
};

}  // namespace ascribe::evtx
