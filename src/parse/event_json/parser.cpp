// Windows events as JSON lines, as log shippers write them: flat (NXLog, Mordor), winlogbeat flat and nested (ECS), and the
// Event/System/EventData form of decoders. Every data value becomes a named field; nothing is dropped for being unknown.
// https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html
#include <fmt/format.h>
#include <simdjson.h>

#include <vector>

#include "base/text.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;
using simdjson::dom::object;

constexpr std::size_t kEventDepth = 16;     // nesting of a shipper's object; deeper is refused by the JSON reader itself
constexpr std::size_t kFieldLimit = 1'024;  // named values of one event; an event manifest allows 128 data items

/// What is known of an event while its object is read. Text points into the JSON reader until the row is built.
struct Event {
    std::string_view channel, provider, computer, user, message, time;
    std::optional<std::int64_t> id, record_id, level;
    std::vector<Field> fields;
};

/// How a key of a shipper's object is understood.
enum class Meaning : std::uint8_t { channel, provider, computer, user, message, time, id, record_id, level, nothing };
struct Key {
    std::string_view name;
    Meaning meaning;
};
// Earlier names win: @timestamp is the shipper's statement of when, TimeCreated the event's own copy of it.
constexpr Key kKeys[] = {
    {"@timestamp", Meaning::time},        {"TimeCreated", Meaning::time},      {"SystemTime", Meaning::time},   {"EventTime", Meaning::time},
    {"Channel", Meaning::channel},        {"channel", Meaning::channel},       {"log_name", Meaning::channel},  {"LogName", Meaning::channel},
    {"SourceName", Meaning::provider},    {"provider_name", Meaning::provider}, {"source_name", Meaning::provider}, {"ProviderName", Meaning::provider},
    {"Hostname", Meaning::computer},      {"computer_name", Meaning::computer}, {"Computer", Meaning::computer}, {"ComputerName", Meaning::computer},
    {"EventID", Meaning::id},             {"event_id", Meaning::id},           {"EventId", Meaning::id},        {"Id", Meaning::id},
    {"RecordNumber", Meaning::record_id}, {"record_id", Meaning::record_id},   {"EventRecordID", Meaning::record_id}, {"RecordId", Meaning::record_id},
    {"Level", Meaning::level},            {"Message", Meaning::message},       {"message", Meaning::message},   {"UserID", Meaning::user},
};

Meaning meaning_of(std::string_view key) {
    for (const Key& known : kKeys)
        if (known.name == key) return known.meaning;
    return Meaning::nothing;
}

std::optional<std::int64_t> number_of(const element& value) {
    std::int64_t number = 0;
    std::string_view text;
    if (value.get(number) == simdjson::SUCCESS) return number;
    if (value.get(text) == simdjson::SUCCESS) return parse_number(text);
    return {};
}

/// A scalar as text; numbers and booleans are written out into `batch`.
std::string_view text_of(const element& value, RecordBatch& batch) {
    switch (value.type()) {
        case element_type::STRING: return std::string_view(value);
        case element_type::INT64: return batch.keep(fmt::format("{}", std::int64_t(value)));
        case element_type::UINT64: return batch.keep(fmt::format("{}", std::uint64_t(value)));
        case element_type::DOUBLE: return batch.keep(fmt::format("{}", double(value)));
        case element_type::BOOL: return bool(value) ? "true" : "false";
        default: return {};
    }
}

/// Takes one key of the object, if it says something of the event itself.
bool understand(Event& event, Meaning meaning, const element& value) {
    std::string_view text;
    bool is_text = value.get(text) == simdjson::SUCCESS;
    auto take = [&](std::string_view& into) {
        if (is_text && into.empty()) into = text;
        return is_text;
    };
    auto count = [&](std::optional<std::int64_t>& into) {
        auto number = number_of(value);
        if (number && !into) into = number;
        return number.has_value();
    };
    switch (meaning) {
        case Meaning::time: return take(event.time);
        case Meaning::channel: return take(event.channel);
        case Meaning::provider: return take(event.provider);
        case Meaning::computer: return take(event.computer);
        case Meaning::message: return take(event.message);
        case Meaning::user: return take(event.user);
        case Meaning::id: return count(event.id);
        case Meaning::record_id: return count(event.record_id);
        case Meaning::level: return count(event.level);
        case Meaning::nothing: return false;
    }
    return false;
}

struct Open {
    element value;
    std::string name;       // the key it stands under, without its parents
    bool understood;        // its keys may speak of the event itself
};

/// Objects whose keys speak of the event, and objects that hold its data.
bool speaks_of_event(std::string_view name) {
    for (std::string_view known : {"winlog", "Event", "System", "host", "event", "log", "agent", "Provider", "TimeCreated", "Security", "#attributes", "Event.System"})
        if (name == known) return true;
    return false;
}

void read_object(const Open& open, Event& event, RecordBatch& batch, std::vector<Open>& stack) {
    for (auto [key, value] : object(open.value)) {
        auto type = value.type();
        if (type == element_type::OBJECT) {
            if (stack.size() < kEventDepth * 8) stack.push_back({value, std::string(key), open.understood && speaks_of_event(key)});
            continue;
        }
        if (type == element_type::ARRAY) {
            std::size_t index = 0;
            for (element item : simdjson::dom::array(value)) {
                auto name = fmt::format("{}[{}]", key, index++);
                std::string_view inner;
                element text;
                if (item.is_object() && item["#text"].get(text) == simdjson::SUCCESS) {
                    if (item["#attributes"]["Name"].get(inner) == simdjson::SUCCESS) name = std::string(inner);
                    item = text;
                }
                if (event.fields.size() < kFieldLimit && !item.is_object() && !item.is_array() && !item.is_null())
                    event.fields.push_back({batch.keep(name), text_of(item, batch)});
            }
            continue;
        }
        if (type == element_type::NULL_VALUE) continue;
        // winlogbeat: host.name, provider attributes: Name, TimeCreated: SystemTime, EventID with Qualifiers: #text.
        bool taken = false;
        if (open.understood) {
            auto meaning = meaning_of(key);
            if (open.name == "host" && key == "name") meaning = Meaning::computer;
            if ((open.name == "Provider" || open.name == "#attributes") && (key == "Name" || key == "EventSourceName")) meaning = Meaning::provider;
            if (open.name == "EventID" && key == "#text") meaning = Meaning::id;
            if (open.name == "log" && key == "level") meaning = Meaning::nothing;
            taken = meaning != Meaning::nothing && understand(event, meaning, value);
        }
        if ((!taken || key == "UtcTime") && event.fields.size() < kFieldLimit) event.fields.push_back({batch.keep(key), text_of(value, batch)});
    }
}

class Reading {
public:
    Reading(const Part& part, Sink& sink) : part_(part), sink_(sink) {}

    void take(const Line& line) {
        buffer_.resize(line.text.size() + simdjson::SIMDJSON_PADDING);
        std::memcpy(buffer_.data(), line.text.data(), line.text.size());
        element root;
        if (parser_.parse(buffer_.data(), line.text.size(), false).get(root) != simdjson::SUCCESS || !root.is_object())
            return sink_.bad({Fault::bad_value, "event.json", line.offset});
        if (!batch_) batch_.emplace(RecordKind::windows_event, part_.artefact, part_.whole, part_.base);
        Event event;
        // An explicit stack, first in first out, so that outer keys win over inner ones of the same name.
        std::vector<Open> stack{{root, "", true}};
        for (std::size_t i = 0; i < stack.size(); ++i) {
            Open open = std::move(stack[i]);
            read_object(open, event, *batch_, stack);
        }
        if (!event.id || (event.channel.empty() && event.provider.empty()))
            return sink_.bad({Fault::bad_value, "event.no_id_or_channel", line.offset});
        auto time = parse_time(event.time);
        add_row(line, event, time.value_or(kNoTime));
    }

    ~Reading() { flush(); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

private:
    void flush() {
        if (batch_ && batch_->size() > 0) sink_.batch(std::move(*batch_));
        batch_.reset();
    }

    void add_row(const Line& line, const Event& event, Time time) {
        // Values were kept in the batch at hand; a row of another host goes to a new one, with what it needs copied over.
        std::optional<RecordBatch> next;
        if (batch_->size() > 0 && (batch_->host != event.computer || batch_->size() >= RecordBatch::kRows))
            next.emplace(RecordKind::windows_event, part_.artefact, part_.whole, part_.base);
        RecordBatch& batch = next ? *next : *batch_;
        batch.host = event.computer;
        auto row = batch.append(time, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        auto put = [&](std::size_t column, std::string_view text) {
            if (!text.empty()) row[column] = batch.keep(text);
        };
        put(WindowsEvent::channel, event.channel);
        put(WindowsEvent::provider, event.provider);
        put(WindowsEvent::computer, event.computer);
        put(WindowsEvent::user, event.user);
        put(WindowsEvent::message, event.message);
        row[WindowsEvent::event_id] = *event.id & 0xFFFF;  // older shippers add qualifiers in the high half
        if (event.record_id) row[WindowsEvent::record_id] = *event.record_id;
        if (event.level) row[WindowsEvent::level] = *event.level;
        for (const Field& field : event.fields) {
            auto* text = std::get_if<std::string_view>(&field.value);
            batch.add_field(batch.keep(field.name), text ? Cell(batch.keep(*text)) : field.value);
        }
        if (next) {
            flush();
            batch_ = std::move(next);
        }
    }

    const Part& part_;
    Sink& sink_;
    simdjson::dom::parser parser_;
    std::vector<char> buffer_;
    std::optional<RecordBatch> batch_;
};

int claim(std::string_view, std::span<const std::byte> head) {
    for (auto line : head_lines(head, 4)) {
        if (!line.starts_with('{')) return 0;
        bool event = false, log = false;
        for (std::string_view key : {"\"EventID\"", "\"event_id\"", "\"EventId\""}) event = event || line.find(key) != std::string_view::npos;
        for (std::string_view key : {"\"Channel\"", "\"channel\"", "\"log_name\"", "\"SourceName\"", "\"provider_name\"", "\"winlog\"", "\"Provider\""})
            log = log || line.find(key) != std::string_view::npos;
        if (event && log) return 92;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

}  // namespace

extern const Parser kEventJsonParser;
const Parser kEventJsonParser{"event_json", "Windows events as JSON lines", "https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html", claim, parse, kTextUnit};

}  // namespace ascribe
