// Reading an event's named data.
#include "detect/events/fields.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/text.hpp"

namespace ascribe {
namespace {

std::optional<std::uint64_t> parse_unsigned(std::string_view text) {
    int base = 10;
    if (starts_folded(text, "0x")) {
        base = 16;
        text.remove_prefix(2);
    }
    std::uint64_t value = 0;
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return {};
    return value;
}

}  // namespace

bool is_sysmon(const Row& event) {
    return event.text(WindowsEvent::provider) == "Microsoft-Windows-Sysmon" ||
           event.text(WindowsEvent::channel) == "Microsoft-Windows-Sysmon/Operational";
}

bool is_security(const Row& event) { return equals_folded(event.text(WindowsEvent::channel), "Security"); }

bool is_event(const Row& event, std::string_view provider, std::int64_t id) {
    return event_id(event) == id && equals_folded(event.text(WindowsEvent::provider), provider);
}

std::int64_t event_id(const Row& event) { return event.number(WindowsEvent::event_id).value_or(-1); }

std::string_view datum(const Row& event, std::string_view name) {
    auto value = event.field(name);
    return value == "-" ? std::string_view{} : value;
}

std::string_view unnamed_datum(const Row& event, std::size_t index) {
    // Shippers number unnamed data in their own ways: winlogbeat param1.., exports Data[0] or Data_0, EVTX a run of
    // Data.
    for (const std::string& name : {fmt::format("param{}", index + 1), fmt::format("Data[{}]", index),
                                    fmt::format("Data_{}", index), fmt::format("Data{}", index)})
        if (auto value = event.field(name); !value.empty()) return value;
    std::size_t seen = 0;
    for (const Field& field : event.fields)
        if (field.name == "Data" || field.name.empty())
            if (auto* value = std::get_if<std::string_view>(&field.value); value && seen++ == index) return *value;
    return {};
}

std::optional<std::uint64_t> numeric_datum(const Row& event, std::string_view name) {
    for (const Field& field : event.fields) {
        if (field.name != name) continue;
        if (auto* number = std::get_if<std::int64_t>(&field.value)) return static_cast<std::uint64_t>(*number);
        if (auto* text = std::get_if<std::string_view>(&field.value)) return parse_unsigned(*text);
    }
    return {};
}

std::optional<Time> file_time(const Row& file) {
    static const Time kEarliest = *make_time(1601, 1, 1), kLatest = *make_time(9999, 12, 31);
    auto ticks = file.number(FileEntry::created);
    if (!ticks) ticks = file.number(FileEntry::modified);
    if (!ticks) return {};
    Time time{Ticks{*ticks}};
    return time < kEarliest || time > kLatest ? std::nullopt : std::optional(time);
}

std::string_view between(std::string_view text, std::string_view before, std::string_view after) {
    auto at = text.find(before);
    if (at == std::string_view::npos) return {};
    text.remove_prefix(at + before.size());
    return text.substr(0, text.find(after));
}

std::string hash_of(std::string_view hashes, std::string_view algorithm) {
    for (std::string_view part : split(hashes, ',')) {
        part = trim(part);
        if (starts_folded(part, algorithm) && part.size() > algorithm.size() && part[algorithm.size()] == '=')
            return lower(part.substr(algorithm.size() + 1));
    }
    return {};
}

}  // namespace ascribe
