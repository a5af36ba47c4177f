// A JSON object laid flat: one leaf for each value, named by its path, so that every shape of event is a table of
// paths.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

#include "parse/event_row.hpp"

namespace ascribe {

/// No event we know nests deeper than 6; what does is refused, not followed.
inline constexpr std::size_t kJsonDepthLimit = 32;
/// A line with more values than this is no event. Windows allows 128 data to an event's template; shippers add dozens.
inline constexpr std::size_t kLeafLimit = 16'384;

/// A longer path is cut: it would be kept once for each value below it. Honest ones have less than 200 bytes.
inline constexpr std::size_t kPathLimit = 1024;

class Leaves {
public:
    Leaves();
    /// Lays out the object `json`, which starts at `offset` of its artefact. Wrappers of attribute notations
    /// (#attributes, #text, @name) do not show in paths. Nulls are left out. The result lives until the next call.
    Result<const std::vector<Leaf>*> read(std::string_view json, std::uint64_t offset);

private:
    Result<simdjson::dom::element> parse(std::string_view json, std::uint64_t offset);
    Result<void> walk(simdjson::dom::object root, std::uint64_t offset);
    void add(std::string_view path, simdjson::dom::element value);

    simdjson::dom::parser parser_;
    std::string recoded_;  // a line that was Windows-1252
    std::vector<Leaf> leaves_;
    std::vector<std::string> numbers_;  // texts of numbers, reserved so that views stay
};

}  // namespace ascribe
