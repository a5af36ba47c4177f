// A Windows event laid flat becomes a row: what the schema knows goes to columns, all else to named fields. JSON lines
// and EVTX both end here, so an event reads the same whichever way it reached us.
#pragma once

#include <string>
#include <vector>

#include "parse/lines.hpp"

namespace ascribe {

/// One value of an event, named by its path: "System.Provider.Name", "EventData.Data[2]", "winlog.event_data.Image".
struct Leaf {
    std::string path;
    std::string_view text;  // numbers and booleans as text too
};

/// Where values go besides the columns of WindowsEvent. They stay fields as well, whichever becomes the row's.
inline constexpr std::size_t kEventTime = WindowsEvent::kColumns;  // the shipper's time
inline constexpr std::size_t kEventCreated =
    WindowsEvent::kColumns + 1;                                        // the event's own: used where there is no other
inline constexpr std::size_t kEventHost = WindowsEvent::kColumns + 2;  // the shipper's host: where no computer is named
inline constexpr std::size_t kEventPlaces = WindowsEvent::kColumns + 3;  // none of these: a field

/// Where the value of a path goes: at first a column or one of the places above, else the field of this name.
struct EventTarget {
    std::size_t place = kEventPlaces;
    std::string_view field;  // lies in the path
};
EventTarget event_target(std::string_view path);
/// A level as its number, or as the word that stands for it in English renderings.
std::optional<std::int64_t> event_level(std::string_view text);

/// Where the event's bytes are.
struct EventPlace {
    std::uint64_t offset = 0;
    std::uint32_t size = 0, line = 0;
    Time fallback = kNoTime;  // the row's time where the event itself states none
};

class EventRows {
public:
    /// Adds the event as a row; refuses one that names no event id, or no log it comes from.
    Result<void> add(Batcher& batcher, const std::vector<Leaf>& leaves, const EventPlace& place);

private:
    void add_field(RecordBatch& batch, const std::vector<Leaf>& leaves, std::size_t i);

    std::vector<bool> is_field_;  // of the event at hand
};

}  // namespace ascribe
