// Access logs of Apache, nginx and what writes like them (common, combined, with the virtual host before or addresses
// behind), and the same as JSON lines: nginx's, Caddy's, Traefik's, and what a container's runtime wrapped. All become
// the HttpRequest rows that IIS logs become. Lines of both kinds may stand in one file. Times are those the server
// wrote, turned to UTC; text is what the client sent, with the server's escapes undone.
// https://httpd.apache.org/docs/2.4/mod/mod_log_config.html  https://nginx.org/en/docs/http/ngx_http_log_module.html
#include "base/text.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/access_log/json_access.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

Result<Time> read_plain(std::string_view line, JsonAccess& json, RecordBatch& batch, std::span<Cell> row) {
    return line.starts_with('{') ? json.read(line, batch, row) : read_combined(line, batch, row);
}

/// One line of either kind. An error in what a container's runtime wrapped stands at the line's beginning: places in
/// the text that was undone are none of the artefact's.
Result<Time> read_line(std::string_view line, JsonAccess& json, RecordBatch& batch, std::span<Cell> row) {
    auto wrapped = line.starts_with('{') ? json.wrapped(line, batch) : std::nullopt;
    auto time = read_plain(wrapped.value_or(line), json, batch, row);
    if (!time && wrapped) time.error().offset = 0;
    return time;
}

int claim(std::string_view, std::span<const std::byte> head) {
    JsonAccess json;
    for (auto line : head_lines(head, 16)) {
        RecordBatch batch(RecordKind::http_request, {}, {});
        auto row = batch.append(kNoTime, 0, 0);
        // A request without a status may be any program's message.
        if (read_line(line, json, batch, row) && row[HttpRequest::status].index() != 0) return 85;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    JsonAccess json;
    Batcher batcher(part, sink);
    for_each_line(part, sink, [&](const Line& line) {
        auto& batch = batcher.batch(RecordKind::http_request, "");
        auto row = batch.append(kNoTime, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        auto time = read_line(line.text, json, batch, row);
        if (time) return batch.set_time(*time);
        batch.drop_last();
        auto error = time.error();
        error.offset += line.offset;
        sink.bad(error);
    });
}

}  // namespace

extern const Parser kAccessLogParser;
const Parser kAccessLogParser{"access_log",
                              "access logs of Apache, nginx, Caddy, Traefik: common, combined, JSON",
                              "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html",
                              claim,
                              parse,
                              kTextUnit};

}  // namespace ascribe
