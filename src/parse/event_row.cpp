// One table of paths for every shape in which a Windows event is written down; see event_row.hpp.
// https://learn.microsoft.com/windows/win32/wes/eventschema-systempropertiestype-complextype
// https://www.elastic.co/docs/reference/beats/winlogbeat/exported-fields-winlog
#include "parse/event_row.hpp"

#include "base/text.hpp"

namespace ascribe {
namespace {

struct Place {
    std::string_view path;
    std::size_t column;
};

constexpr Place kPlaceOf[] = {
    // the event's own schema, and exports that keep its names on the top level
    {"System.Channel", WindowsEvent::channel},
    {"System.Provider.Name", WindowsEvent::provider},
    {"System.EventID", WindowsEvent::event_id},
    {"System.EventID.Value", WindowsEvent::event_id},
    {"System.EventRecordID", WindowsEvent::record_id},
    {"System.Computer", WindowsEvent::computer},
    {"System.Level", WindowsEvent::level},
    {"System.Security.UserID", WindowsEvent::user},
    {"System.TimeCreated.SystemTime", kEventCreated},
    {"System.TimeCreated", kEventCreated},
    {"RenderingInfo.Message", WindowsEvent::message},
    // flat
    {"Channel", WindowsEvent::channel},
    {"LogName", WindowsEvent::channel},
    {"SourceName", WindowsEvent::provider},
    {"ProviderName", WindowsEvent::provider},
    {"Provider", WindowsEvent::provider},
    {"EventID", WindowsEvent::event_id},
    {"EventId", WindowsEvent::event_id},
    {"RecordNumber", WindowsEvent::record_id},
    {"EventRecordID", WindowsEvent::record_id},
    {"RecordId", WindowsEvent::record_id},
    {"Hostname", WindowsEvent::computer},
    {"Computer", WindowsEvent::computer},
    {"MachineName", WindowsEvent::computer},
    {"Level", WindowsEvent::level},
    {"UserID", WindowsEvent::user},
    {"Message", WindowsEvent::message},
    {"@timestamp", kEventTime},
    {"TimeCreated", kEventCreated},
    {"SystemTime", kEventCreated},
    {"EventTime", kEventCreated},
    // winlogbeat 7 and later (ECS)
    {"winlog.channel", WindowsEvent::channel},
    {"winlog.provider_name", WindowsEvent::provider},
    {"winlog.event_id", WindowsEvent::event_id},
    {"winlog.record_id", WindowsEvent::record_id},
    {"winlog.computer_name", WindowsEvent::computer},
    {"winlog.user.identifier", WindowsEvent::user},
    {"log.level", WindowsEvent::level},
    {"message", WindowsEvent::message},
    {"host.name", kEventHost},
    // winlogbeat 6 and earlier
    {"log_name", WindowsEvent::channel},
    {"source_name", WindowsEvent::provider},
    {"event_id", WindowsEvent::event_id},
    {"record_number", WindowsEvent::record_id},
    {"computer_name", WindowsEvent::computer},
    {"level", WindowsEvent::level},
    {"user.identifier", WindowsEvent::user},
};

// What stands before the name of a datum. UserData wraps its data in an element of its own, so only the last name
// counts.
constexpr std::string_view kDataPrefixes[] = {"EventData.", "winlog.event_data.", "event_data."};
constexpr std::string_view kUserDataPrefixes[] = {"UserData.", "winlog.user_data.", "user_data."};

/// The path without the object that some exports wrap around the event.
std::string_view unwrapped(std::string_view path) { return path.starts_with("Event.") ? path.substr(6) : path; }

std::size_t place_of(std::string_view path) {
    for (const Place& place : kPlaceOf)
        if (place.path == path) return place.column;
    return kEventPlaces;
}

std::string_view last_name(std::string_view path) {
    auto dot = path.rfind('.');
    return path.substr(dot == std::string_view::npos ? 0 : dot + 1);
}

std::string_view field_name(std::string_view whole) {
    auto path = unwrapped(whole);
    for (auto prefix : kDataPrefixes)
        if (path.starts_with(prefix)) return path.substr(prefix.size());
    for (auto prefix : kUserDataPrefixes)
        if (path.starts_with(prefix)) return last_name(whole);
    return path;
}

/// True for "Data[3].Name", the attribute of "Data[3]" in converters' arrays; such a name renames the value beside it.
bool names_datum(const Leaf& name, const Leaf& value) {
    return name.path.size() == value.path.size() + 5 && name.path.ends_with(".Name") &&
           name.path.starts_with(value.path) && value.path.ends_with(']');
}

Time time_of(const Leaf* leaf) { return leaf != nullptr ? parse_log_time(leaf->text).value_or(kNoTime) : kNoTime; }

Cell cell(RecordBatch& batch, std::size_t column, const Leaf& leaf) {
    std::optional<std::int64_t> number;
    switch (column) {
        case WindowsEvent::event_id: return *parse_number(leaf.text) & 0xFFFF;  // old shippers leave qualifiers above
        case WindowsEvent::level: number = event_level(leaf.text); break;
        case WindowsEvent::record_id: number = parse_number(leaf.text); break;
        default: return batch.keep(leaf.text);
    }
    return number ? Cell(*number) : Cell();
}

}  // namespace

std::optional<std::int64_t> event_level(std::string_view text) {
    constexpr std::pair<std::string_view, std::int64_t> kLevels[] = {{"critical", 1},    {"error", 2}, {"warning", 3},
                                                                     {"information", 4}, {"info", 4},  {"verbose", 5}};
    for (auto [word, level] : kLevels)
        if (equals_folded(text, word)) return level;
    return parse_number(text);
}

EventTarget event_target(std::string_view path) { return {place_of(unwrapped(path)), field_name(path)}; }

Result<void> EventRows::add(Batcher& batcher, const std::vector<Leaf>& leaves, const EventPlace& place) {
    const Leaf* found[kEventPlaces] = {};
    is_field_.assign(leaves.size(), true);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        auto column = place_of(unwrapped(leaves[i].path));
        if (column == kEventPlaces || found[column] != nullptr) continue;  // a second one stays a field
        found[column] = &leaves[i];
        is_field_[i] = column >= WindowsEvent::kColumns;  // times and hosts stay readable, whichever becomes the row's
    }
    auto* id = found[WindowsEvent::event_id];
    bool from_log = found[WindowsEvent::channel] != nullptr || found[WindowsEvent::provider] != nullptr;
    if (id == nullptr || !parse_number(id->text) || !from_log)
        return std::unexpected(Error{Fault::bad_value, "event.identity", place.offset, 0, place.size});
    auto time = time_of(found[kEventTime]);
    if (time == kNoTime) time = time_of(found[kEventCreated]);
    if (time == kNoTime) time = place.fallback;
    auto*& computer = found[WindowsEvent::computer];
    if (computer == nullptr) computer = found[kEventHost];
    auto& batch = batcher.batch(RecordKind::windows_event, computer != nullptr ? computer->text : std::string_view{});
    auto row = batch.append(time, place.offset, place.size, place.line);
    for (std::size_t column = 0; column < WindowsEvent::kColumns; ++column)
        if (found[column] != nullptr && !found[column]->text.empty()) row[column] = cell(batch, column, *found[column]);
    for (std::size_t i = 0; i < leaves.size(); ++i) add_field(batch, leaves, i);
    return {};
}

void EventRows::add_field(RecordBatch& batch, const std::vector<Leaf>& leaves, std::size_t i) {
    if (!is_field_[i]) return;
    if (i + 1 < leaves.size() && names_datum(leaves[i], leaves[i + 1])) {
        batch.add_field(batch.keep(leaves[i].text), batch.keep(leaves[i + 1].text));
        is_field_[i + 1] = false;
    } else {
        batch.add_field(batch.keep(field_name(leaves[i].path)), batch.keep(leaves[i].text));
    }
}

}  // namespace ascribe
