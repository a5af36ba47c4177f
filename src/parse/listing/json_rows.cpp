// Velociraptor's results, one JSON object a line: Uploads.json and All File Metadata.json of the KAPE targets, and rows
// of other artefacts that name a file. The true times of what it collected stand there; those in its zip are of the
// collection. https://docs.velociraptor.app/artifact_references/pages/windows.kapefiles.targets/
#include <fmt/format.h>
#include <simdjson.h>

#include <array>
#include <cmath>

#include "parse/listing/entry.hpp"

namespace ascribe {
namespace {

namespace dom = simdjson::dom;

// Names in the order of preference; different artefacts and versions use different ones.
constexpr std::array<std::string_view, 4> kPath = {"SourceFile", "OSPath", "FullPath", "FullName"};
constexpr std::array<std::string_view, 3> kSize = {"FileSize", "Size", "Length"};
constexpr std::array<std::string_view, 4> kCreated = {"Created", "Btime", "Created0x10", "CreationTimeUtc"};
constexpr std::array<std::string_view, 5> kModified = {"LastModified", "Modified", "Mtime", "LastModified0x10",
                                                       "LastWriteTimeUtc"};
constexpr std::array<std::string_view, 3> kSha256 = {"SourceFileSha256", "SHA256", "Sha256"};
constexpr std::size_t kObjectLimit = 1 << 20;  // bytes of one row; an honest one has less than 10 KiB

template <std::size_t N>
std::optional<dom::element> member(const dom::object& row, const std::array<std::string_view, N>& names) {
    for (auto name : names) {
        dom::element value;
        if (row.at_key(name).get(value) == simdjson::SUCCESS && !value.is_null()) return value;
    }
    return {};
}

std::string_view text_of(const std::optional<dom::element>& value) {
    std::string_view text;
    if (value && value->get_string().get(text) != simdjson::SUCCESS) return {};
    return text;
}

/// A text with a date, a number of seconds since 1970, or PowerShell's "/Date(milliseconds)/". Year 1 and 1601 mean
/// unset.
std::optional<Time> time_of(const std::optional<dom::element>& value) {
    if (!value) return {};
    double seconds = 0;
    if (value->get_double().get(seconds) == simdjson::SUCCESS) {
        constexpr double kLatest = 253'402'300'799.0;  // the end of the year 9999
        if (!(seconds > 0 && seconds < kLatest)) return {};
        return Time(Ticks(std::llround(seconds * 1e6) * 10));
    }
    auto text = text_of(value);
    if (text.starts_with("/Date(") && text.ends_with(")/"))
        if (auto milliseconds = parse_number(text.substr(6, text.size() - 8));
            milliseconds && *milliseconds < 253'402'300'799'000)
            return Time(std::chrono::milliseconds(*milliseconds));
    auto time = parse_time(text);
    return time && *time > *make_time(1601, 1, 2) ? time : std::nullopt;
}

/// The object of a line that may be an element of an array written over several lines.
std::string_view object_in(std::string_view line) {
    line = trim(line);
    if (line.starts_with('[')) line.remove_prefix(1);
    while (line.ends_with(',') || line.ends_with(']')) line.remove_suffix(1);
    return trim(line);
}

class Reading {
public:
    Reading(const Part& part, Sink& sink) : batcher_(part, sink), sink_(sink) {}
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void take(const TextLine& line) {
        auto json = object_in(line.text);
        if (json.empty()) {
            ++directives_;
            return;
        }
        if (json.size() > kObjectLimit)
            return sink_.bad({Fault::too_large, "listing.json.row", line.offset, kObjectLimit, json.size()});
        dom::object row;
        constexpr bool kCopyToPadded = true;  // the line ends where the map may end
        if (parser_.parse(json.data(), json.size(), kCopyToPadded).get_object().get(row) != simdjson::SUCCESS)
            return sink_.bad({Fault::bad_value, "listing.json.syntax", line.offset, 0, json.size()});
        auto path = text_of(member(row, kPath));
        if (path.empty()) return sink_.bad({Fault::bad_value, "listing.json.path", line.offset});
        ListedFile file{.path = path,
                        .origin = row.at_key("FullName").error() == simdjson::SUCCESS ? "listing" : "velociraptor"};
        if (auto size = member(row, kSize)) {
            std::int64_t bytes = 0;
            if (size->get_int64().get(bytes) == simdjson::SUCCESS && bytes >= 0) file.size = bytes;
        }
        file.created = time_of(member(row, kCreated));
        file.modified = time_of(member(row, kModified));
        file.sha256 = text_of(member(row, kSha256));
        dom::object hash;
        if (file.sha256.empty() && row.at_key("Hash").get_object().get(hash) == simdjson::SUCCESS)
            file.sha256 = text_of(member(hash, kSha256));
        add_listed(batcher_, line, file);
    }

private:
    dom::parser parser_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

template <std::size_t N>
bool names_any(std::string_view line, const std::array<std::string_view, N>& keys) {
    for (auto key : keys)
        if (line.find(fmt::format("\"{}\"", key)) != std::string_view::npos) return true;
    return false;
}

}  // namespace

bool is_json_listing(std::string_view head) {
    for (auto line : head_lines(as_bytes(head), 2)) {
        line = object_in(line);
        if (!line.starts_with('{')) continue;
        return names_any(line, kPath) &&
               (names_any(line, kCreated) || names_any(line, kModified) || names_any(line, kSha256));
    }
    return false;
}

void read_json_listing(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_text_line(part, sink, [&](const TextLine& line) { reading.take(line); });
}

}  // namespace ascribe
