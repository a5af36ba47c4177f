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

    /// The last name of the path, an index with it.
    std::string_view name() const {
        auto dot = path.rfind('.');
        return std::string_view(path).substr(dot == std::string::npos ? 0 : dot + 1);
    }
};

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
