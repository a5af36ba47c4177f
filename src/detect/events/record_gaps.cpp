// hiding.record_gap: numbers missing from a channel's records. Windows numbers the records of a channel one by one, so
// a few numbers missing between many that are there were taken out, or their chunk was damaged. Exports that someone
// filtered lack most numbers; those are not judged.
//
// The numbers are kept exactly, as bits in blocks, so that the result is the same for any order of rows and merges. A
// channel whose numbers would need more than kMaxBlocks blocks is not judged either: the number of blocks of a union
// never shrinks, so this too does not depend on the order.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <map>

#include "base/text.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kBlockIds = 512;      // record numbers in a block
constexpr std::size_t kMaxBlocks = 65'536;  // 33 million records in sequence: beyond any channel's 4 GiB file
constexpr std::size_t kMaxChannels = 256;   // the first by name; a server with all roles has about 150 in use
constexpr std::size_t kMaxName = 256;       // longer channel names do not exist (Windows allows 255)
// A log is judged when at least this share of its numbers is there, in not too many pieces: deletions by hand are few,
// and filtered exports fall far below. Our choice; no published figure exists.
constexpr double kJudgedShare = 0.99;
constexpr std::uint64_t kJudgedRecords = 100;
constexpr std::size_t kJudgedGaps = 10;

using Block = std::array<std::uint64_t, kBlockIds / 64>;

struct Missing {
    std::uint64_t first, last;
};

class Numbers {
public:
    void add(std::uint64_t id) {
        if (full_) return;
        blocks_[id / kBlockIds][id % kBlockIds / 64] |= std::uint64_t{1} << (id % 64);
        check();
    }

    void merge(const Numbers& other) {
        if (other.full_) full_ = true;
        for (const auto& [index, block] : other.blocks_) {
            if (full_) break;
            for (std::size_t i = 0; i < block.size(); ++i) blocks_[index][i] |= block[i];
            check();
        }
        if (full_) blocks_.clear();
    }

    /// The gaps between the least and the greatest number, when the channel is one to be judged.
    std::vector<Missing> gaps() const {
        std::vector<Missing> found;
        std::uint64_t present = 0, first = 0, previous = 0;
        for (const auto& [index, block] : blocks_)
            for (std::size_t i = 0; i < kBlockIds; ++i) {
                if ((block[i / 64] >> (i % 64) & 1) == 0) continue;
                auto id = index * kBlockIds + i;
                if (present == 0)
                    first = id;
                else if (id != previous + 1) {
                    if (found.size() == kJudgedGaps) return {};
                    found.push_back({previous + 1, id - 1});
                }
                previous = id;
                ++present;
            }
        auto share = static_cast<double>(present) / static_cast<double>(previous - first + 1);
        return present >= kJudgedRecords && share >= kJudgedShare ? found : std::vector<Missing>{};
    }

    void save(Writer& out) const {
        out.little(static_cast<std::uint8_t>(full_));
        out.count(blocks_.size());
        for (const auto& [index, block] : blocks_) {
            out.little(index);
            for (auto bits : block) out.little(bits);
        }
    }

    static Result<Numbers> load(Reader& in) {
        Numbers numbers;
        numbers.full_ = TRY(in.little<std::uint8_t>("gaps.full")) != 0;
        auto count = TRY(in.count("gaps.blocks"));
        if (count > kMaxBlocks || (numbers.full_ && count > 0))
            return std::unexpected(Error{Fault::too_large, "gaps.blocks", in.offset(), count, kMaxBlocks});
        for (std::uint32_t i = 0; i < count; ++i) {
            auto index = TRY(in.little<std::uint64_t>("gaps.block"));
            if (index > UINT64_MAX / kBlockIds - 1)
                return std::unexpected(Error{Fault::bad_value, "gaps.block", in.offset()});
            for (auto& bits : numbers.blocks_[index]) bits |= TRY(in.little<std::uint64_t>("gaps.bits"));
        }
        return numbers;
    }

private:
    void check() {
        if (blocks_.size() <= kMaxBlocks) return;
        full_ = true;
        blocks_.clear();
    }

    std::map<std::uint64_t, Block> blocks_;
    bool full_ = false;
};

struct Channel {
    Numbers numbers;
    Extent extent;
};

class RecordGaps {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        std::map<std::string, BatchExtent, std::less<>> seen;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            auto id = row.number(WindowsEvent::record_id);
            auto channel = row.text(WindowsEvent::channel);
            if (!id || *id <= 0 || channel.empty() || channel.size() > kMaxName) continue;
            auto at = seen.find(channel);
            if (at == seen.end()) at = seen.try_emplace(std::string(channel)).first;
            at->second.add({row.time, row.ref}, i);
            channels_[at->first].numbers.add(static_cast<std::uint64_t>(*id));
        }
        for (const auto& [channel, extent] : seen) extent.fold_into(channels_[channel].extent, batch);
        trim();
    }

    void merge(const RecordGaps& other) {
        for (const auto& [name, channel] : other.channels_) {
            channels_[name].numbers.merge(channel.numbers);
            channels_[name].extent.merge(channel.extent);
        }
        trim();
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (const auto& [name, channel] : channels_) {
            if (channel.extent.rows == 0) continue;  // no finding without evidence
            for (const Missing& gap : channel.numbers.gaps()) {
                Finding finding;
                finding.detector = "hiding.record_gap";
                // A note: a damaged chunk leaves the same gap, and the damage list tells them apart. 0.5 for want of
                // figures.
                finding.level = Level::scan;
                finding.severity = Severity::medium;
                finding.question = Question::hiding;
                finding.probability = 0.5;
                finding.techniques = {"T1070.001"};
                finding.statement =
                    fmt::format("The records {} to {} were missing from the event log {}.", gap.first, gap.last, name);
                finding.evidence = {channel.extent.first.ref, channel.extent.last.ref};
                finding.evidence_total = channel.extent.rows;
                conclusion.findings.push_back(std::move(finding));
            }
        }
        return conclusion;
    }

    void save(Writer& out) const {
        out.count(channels_.size());
        for (const auto& [name, channel] : channels_) {
            out.text(name);
            channel.numbers.save(out);
            channel.extent.save(out);
        }
    }

    static Result<RecordGaps> load(Reader& in) {
        RecordGaps gaps;
        auto count = TRY(in.count("gaps.channels"));
        if (count > kMaxChannels)
            return std::unexpected(Error{Fault::too_large, "gaps.channels", in.offset(), count, kMaxChannels});
        for (std::uint32_t i = 0; i < count; ++i) {
            auto name = TRY(in.text("gaps.channel"));
            if (name.size() > kMaxName)
                return std::unexpected(Error{Fault::too_large, "gaps.channel", in.offset(), name.size(), kMaxName});
            auto numbers = TRY(Numbers::load(in));
            auto extent = TRY(Extent::load(in));
            auto& channel = gaps.channels_[std::string(name)];
            channel.numbers.merge(numbers);
            channel.extent.merge(extent);
        }
        return gaps;
    }

private:
    void trim() {
        while (channels_.size() > kMaxChannels) channels_.erase(std::prev(channels_.end()));
    }

    std::map<std::string, Channel, std::less<>> channels_;
};

constexpr RecordKind kReads[] = {RecordKind::windows_event};

}  // namespace

extern const Detector kRecordGaps =
    fold_of<RecordGaps>("hiding.record_gap", "Numbers missing from a channel's records", kReads);

}  // namespace ascribe
