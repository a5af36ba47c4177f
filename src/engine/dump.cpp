#include "engine/dump.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/in_order.hpp"

namespace ascribe {
namespace {

/// Printable ASCII and line ends only. A block is looked at without a way out, in bytes alone, so that the compiler can
/// take many at once.
bool is_plain(std::string_view text) {
    auto hard = [](char c) {
        auto beyond = static_cast<std::uint8_t>(static_cast<std::uint8_t>(c) - 0x20) > 0x7E - 0x20;
        return static_cast<std::uint8_t>(beyond & (c != '\n') & (c != '\r'));
    };
    constexpr std::size_t kBlock = 4096;
    for (; text.size() >= kBlock; text.remove_prefix(kBlock)) {
        std::uint8_t found = 0;
        for (std::size_t i = 0; i < kBlock; ++i) found |= hard(text[i]);
        if (found != 0) return false;
    }
    return std::ranges::none_of(text, hard);
}

/// Whether these are lines as RowLines writes them. The worker that made them read hostile bytes: had it been taken
/// over, nothing that a terminal obeys may pass. All but CSV is ASCII, where one look at each byte is enough.
bool is_printable(std::string_view lines) {
    if (is_plain(lines)) return true;
    for (auto line : split(lines, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (visible(line) != line) return false;
    }
    return true;
}

class LinesInOrder : public PartObserver {
public:
    LinesInOrder(Ledger& ledger, DumpResult& result, const std::function<void(std::string_view)>& write)
        : ledger_(ledger), result_(result), write_(write) {}

    void part(ArtefactId artefact, std::uint64_t begin, std::uint64_t end, Reply& reply) override {
        result_.rows += reply.rows_of_kind;
        result_.written += reply.rows_dumped;
        result_.not_written += reply.rows_not_dumped;
        result_.conditions_named |= reply.conditions_named;
        InOrder::Piece piece{.begin = begin, .end = end, .lines = reply.lines, .bytes = {}, .file = {}, .size = 0};
        if (reply.lines_bytes > 0) {
            if (reply.lines_file && reply.lines_bytes <= kDumpBytes) {
                piece.file = std::move(reply.lines_file);
                piece.size = reply.lines_bytes;
            } else {
                refuse(artefact, begin);
            }
        }
        order_.add(artefact, std::move(piece));
    }
    void closed(ArtefactId artefact) override { order_.close(artefact); }
    void finish() {
        order_.finish();
        if (order_.lost() > 0) ledger_.damage({ArtefactId{0}, Fault::io, "lines.lost", 0, order_.lost(), 0});
    }

private:
    void refuse(ArtefactId artefact, std::uint64_t offset) {
        ledger_.damage({artefact, Fault::bad_value, "worker.lines", offset, 0, 0});
    }

    Ledger& ledger_;
    DumpResult& result_;
    const std::function<void(std::string_view)>& write_;
    InOrder order_{[this](ArtefactId artefact, std::string_view lines, std::uint64_t) {
        if (is_printable(lines))
            write_(lines);
        else
            refuse(artefact, 0);
    }};
};

}  // namespace

std::expected<DumpResult, std::string> dump(const DumpOptions& options, const Intel& intel,
                                            const std::function<void(std::string_view)>& write) {
    Stages stages{.parsers = options.parsers, .detectors = {}, .intel = intel, .dump = &options.what};
    Pool pool = fork_workers(options, stages);
    Ledger ledger(stages);
    DumpResult result;
    LinesInOrder lines(ledger, result, write);
    IntakeOptions intake_options = options.intake;
    intake_options.observer = &lines;
    intake_options.hash = false;  // nothing is concluded that a hash would have to seal
    Intake intake(pool, ledger, intake_options);
    if (auto read = read_all(options.evidence, intake); !read) return std::unexpected(read.error());
    if (pool.stopped()) return std::unexpected("interrupted: what was printed is in order and incomplete");
    lines.finish();
    Case books;
    ledger.close_into(books);
    keep_books(std::move(books), pool, result);
    return result;
}

}  // namespace ascribe
