// Windows events as the detectors ask for them: by provider and id, and by named data whichever way a shipper wrote
// them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/record.hpp"

namespace ascribe {

bool is_sysmon(const Row& event);
bool is_security(const Row& event);
/// True when the event has that id and its provider's name is `provider` (folded).
bool is_event(const Row& event, std::string_view provider, std::int64_t id);
/// The event id, -1 when there is none.
std::int64_t event_id(const Row& event);

/// The named datum as text, "" when it is missing or "-".
std::string_view datum(const Row& event, std::string_view name);
/// The index-th unnamed datum: EventData.Data[0] of classic events, param1 where a shipper numbered them.
std::string_view unnamed_datum(const Row& event, std::size_t index);
/// A number that may be written in decimal or as 0x12019f, or be a number already.
std::optional<std::uint64_t> numeric_datum(const Row& event, std::string_view name);

/// When a FileEntry's file was created, else modified; nothing where the collection kept no times.
std::optional<Time> file_time(const Row& file);

/// The text between `before` and the next `after` (or the end), "" when `before` is not there.
std::string_view between(std::string_view text, std::string_view before, std::string_view after);
/// "SHA256" of "SHA1=..,MD5=..,SHA256=..": lower-case hexadecimal, "" when missing.
std::string hash_of(std::string_view hashes, std::string_view algorithm);

}  // namespace ascribe
