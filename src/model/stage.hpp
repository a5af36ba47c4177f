// Extension points: constant structs of functions, listed in one array each. No base classes, no static registration;
// adding one is a folder or file and a line in all.cpp, and a completeness test complains of either without the other.
#pragma once

#include <any>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "model/case.hpp"
#include "model/intel.hpp"
#include "model/record.hpp"

namespace ascribe {

/// What of an artefact one call parses. Text parsers take every line that begins in [begin, end); a part never needs
/// another part's result, so parts run anywhere, in any order.
struct Part {
    ArtefactId artefact;
    std::string_view path;             // windows_path where known, else path: a hint, never trusted over content
    Bytes whole;                       // the artefact from `base` on (all of it, unless it is streamed)
    std::uint64_t base = 0;            // artefact offset of whole[0]
    std::uint64_t begin = 0, end = 0;  // artefact offsets; begin >= base
    std::string header;                // the header line in force at `header_at`, where somebody knows it
    std::uint64_t header_at = 0;       // <= begin; `base` of a streamed artefact
};

/// Where parsers put what they read. One sink a part; nothing is shared.
class Sink {
public:
    virtual ~Sink() = default;
    virtual void batch(RecordBatch batch) = 0;  // rows, any kind, in order of offset
    virtual void bad(
        const Error& error) = 0;  // one line or record that could not be read: counted, listed with its offset
    virtual void damage(
        const Error& error) = 0;  // trouble that is not a line of its own (a bad chunk checksum): listed, not counted
    virtual void directives(std::uint64_t lines) = 0;  // lines that carry no record (#Fields, blank)
    virtual void lines(
        std::uint64_t lines) = 0;  // line ends seen in the part, so that later parts know their line numbers
};

struct Parser {
    std::string_view name, about, spec;  // spec: link to the format's description
    /// 0: not mine .. 100: certain. Content first (`head`: the first kHeadBytes), path second.
    int (*claim)(std::string_view path, std::span<const std::byte> head);
    void (*parse)(const Part&, Sink&);
    std::uint64_t unit = 0;  // parts begin at origin + k * unit; 0: never split
    std::uint64_t origin = 0;
    /// The header line in force where the part begins; nullptr where a part needs none. A header changes only by
    /// directives. Asked for parts of members too long for memory, and so that nobody looks for it twice.
    std::string (*header)(const Part&) = nullptr;
};
inline constexpr std::size_t kHeadBytes =
    64 << 10;  // a #Fields line of 81 columns, a NUL run or a banner must fit before content

/// The parts' findings and facts.
struct Conclusion {
    std::vector<Finding> findings;
    Facts facts;
};

/// A text that a row must have before a detector can tell anything of it: a text of this column for which `may` holds.
/// A row of the kind without any such text is never shown. `may` is asked once for each different text, never for "".
struct Interest {
    RecordKind kind;
    std::size_t column;
    bool (*may)(std::string_view text, const Intel&);
};

/// A detector is a fold, so that it works in a thread, a worker process or a fleet with the same bytes out. Merging
/// does not depend on order. State holds the detector's own type; it is copyable.
struct Detector {
    std::string_view name, about;  // "exchange.proxylogon"
    std::span<const RecordKind> reads;
    std::any (*begin)();
    void (*observe)(std::any&, const RecordBatch&, const Intel&);
    void (*merge)(std::any&, const std::any&);
    Conclusion (*conclude)(const std::any&, const Intel&);
    void (*save)(const std::any&, Writer&);
    Result<std::any> (*load)(Reader&);  // checks everything: the bytes come from a worker that may be hostile
    /// For detectors that look at few rows: what these have in common, and observe() of those only. Rows in which
    /// nothing wanted is found must be rows that observe() passes over; a test compares.
    std::span<const Interest> wants = {};
    void (*observe_rows)(std::any&, const RecordBatch&, std::span<const std::uint32_t> rows, const Intel&) = nullptr;
};

struct Exporter {
    std::string_view name, about, suffix;  // "json", "...", ".json"
    std::string (*write)(const Case&);
};

}  // namespace ascribe
