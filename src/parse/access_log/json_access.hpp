// One request as a JSON object: nginx's and Apache's formats that administrators write themselves, Caddy's and
// Traefik's own.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <simdjson.h>

#include "base/result.hpp"
#include "model/record.hpp"
#include "parse/access_log/named_request.hpp"

namespace ascribe {

class JsonAccess {
public:
    /// Reads the object into the cells of the batch's last row and returns the request's time. Values no column knows
    /// become named fields by their path. Errors carry the offset within the line.
    Result<Time> read(std::string_view line, RecordBatch& batch, std::span<Cell> row);
    /// The line that a container's runtime wrapped as {"log": "...", "stream": "stdout", ...}; nothing when it did not.
    std::optional<std::string_view> wrapped(std::string_view line, RecordBatch& batch);
    /// The text that a shipper carries as it was, where the object itself tells no request.
    std::optional<std::string_view> message(std::string_view line, RecordBatch& batch);

private:
    Result<simdjson::dom::object> parse(std::string_view line);
    Result<std::string_view> walk(simdjson::dom::object root, RecordBatch& batch, NamedRequest& seen);

    simdjson::dom::parser parser_;
    std::string repaired_, path_;
};

/// Whether the row is no other program's message: it has a status, or is of Amazon's firewall, which tells none of what
/// it lets pass.
bool is_surely_request(const Row& row);

}  // namespace ascribe
