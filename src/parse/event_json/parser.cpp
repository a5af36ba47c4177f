// Windows events as JSON, one object a line, as log shippers and converters write them. One table of paths knows every
// shape: flat (nxlog and the like), winlogbeat of any age, nested ECS, and the event's own XML turned into JSON. What
// is not a column is a named field; nothing is dropped. A row's time is the shipper's, for it is what the line is filed
// under: clocks that contradict it, such as Sysmon's UtcTime, stay fields for whoever compares clocks.
// https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog
// https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype
#include <algorithm>

#include "base/text.hpp"
#include "parse/event_json/leaves.hpp"
#include "parse/event_row.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

class Reading {
public:
    Reading(const Part& part, Sink& sink) : batcher_(part, sink), sink_(sink) {}

    void take(const Line& line) {
        auto leaves = leaves_.read(line.text, line.offset);
        if (!leaves) return sink_.bad(leaves.error());
        auto size = static_cast<std::uint32_t>(line.text.size());
        if (auto added = rows_.add(batcher_, **leaves, {line.offset, size, line.number}); !added)
            sink_.bad(added.error());
    }

private:
    Leaves leaves_;
    EventRows rows_;
    Batcher batcher_;
    Sink& sink_;
};

int claim(std::string_view, std::span<const std::byte> head) {
    constexpr std::string_view kKeys[] = {
        "\"EventID\"",    "\"event_id\"",    "\"Channel\"",         "\"channel\"",        "\"log_name\"",
        "\"@timestamp\"", "\"TimeCreated\"", "\"winlog.event_id\"", "\"winlog.channel\"", "\"EventRecordID\""};
    for (auto line : head_lines(head, 8)) {
        if (!line.starts_with('{')) continue;
        auto keys = std::ranges::count_if(kKeys, [&](auto key) { return line.find(key) != std::string_view::npos; });
        if (keys >= 2) return 92;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

}  // namespace

extern const Parser kEventJsonParser;
const Parser kEventJsonParser{"event_json",
                              "Windows events as JSON lines, from log shippers and converters",
                              "https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog",
                              claim,
                              parse,
                              kTextUnit};

}  // namespace ascribe
