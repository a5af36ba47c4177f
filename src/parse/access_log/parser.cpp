// Access logs of Apache, nginx, HAProxy, Envoy and what writes like them (common, combined, with the virtual host
// before or addresses behind), and the same as JSON, a line each or as one array: nginx's, Caddy's, Traefik's, and what
// a container's runtime wrapped. All become the HttpRequest rows that IIS logs become. Lines of both kinds may stand in
// one file. Times are those the server
// wrote, turned to UTC; text is what the client sent, with the server's escapes undone.
// https://httpd.apache.org/docs/2.4/mod/mod_log_config.html  https://nginx.org/en/docs/http/ngx_http_log_module.html
#include "base/text.hpp"
#include "model/web_log.hpp"
#include "parse/access_log/array_line.hpp"
#include "parse/access_log/combined.hpp"
#include "parse/access_log/json_access.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

Result<Time> read_plain(std::string_view line, JsonAccess& json, RecordBatch& batch, std::span<Cell> row) {
    return line.starts_with('{') ? json.read(line, batch, row) : read_combined(line, batch, row);
}

/// One line of either kind as the batch's last row; none where it cannot be read. An error in what a container's
/// runtime wrapped stands at the line's beginning: places in the text that was undone are none of the artefact's.
Result<void> read_line(const Line& line, JsonAccess& json, RecordBatch& batch) {
    auto read = [&](std::string_view text) -> Result<void> {
        auto row = batch.append(kNoTime, line.offset, static_cast<std::uint32_t>(line.text.size()), line.number);
        auto time = read_plain(text, json, batch, row);
        if (!time) {
            batch.drop_last();
            return std::unexpected(time.error());
        }
        batch.set_time(*time);
        return {};
    };
    if (!line.text.starts_with('{')) return read(line.text);
    auto wrapped = json.wrapped(line.text, batch);
    auto done = read(wrapped.value_or(line.text));
    if (!done && !wrapped && done.error().what == "access_log.no_request")
        if (auto message = json.message(line.text, batch); message && read(*message)) return {};
    if (!done && wrapped) done.error().offset = 0;
    return done;
}

int claim(std::string_view, std::span<const std::byte> head) {
    constexpr std::size_t kLines = 64;  // what a program said when it started may stand before its requests
    JsonAccess json;
    bool ours = false;
    auto look = [&](std::string_view text) {
        RecordBatch batch(RecordKind::http_request, {}, {});
        if (ours || !read_line({text}, json, batch)) return;
        // A row of IIS's with nothing around it is of a log of its own.
        bool alone = batch[0].text(HttpRequest::log) == kIisExport && batch[0].field("prefix").empty();
        if (alone && !text.starts_with('{')) return;
        // mod_ssl's has no status either, and a shape of its own.
        ours = is_surely_request(batch[0]) || text.starts_with('[');
    };
    for (auto text : head_lines(head, kLines)) {
        if (is_array_line(text))
            for_each_object(text, look);
        else
            look(text);
        if (ours) return 85;
    }
    return 0;
}

void parse(const Part& part, Sink& sink) {
    JsonAccess json;
    Batcher batcher(part, sink);
    auto take = [&](const Line& line) {
        auto done = read_line(line, json, batcher.batch(RecordKind::http_request, ""));
        if (done) return;
        auto error = done.error();
        error.offset += line.offset;
        sink.bad(error);
    };
    std::uint64_t brackets = 0;  // lines of an array without an object
    for_each_line(part, sink, [&](const Line& line) {
        if (!is_array_line(line.text)) return take(line);
        auto objects = for_each_object(line.text, [&](std::string_view object) {
            take({object, line.offset + static_cast<std::uint64_t>(object.data() - line.text.data()), line.number});
        });
        if (objects == 0) ++brackets;
    });
    sink.directives(brackets);
}

}  // namespace

extern const Parser kAccessLogParser;
const Parser kAccessLogParser{"access_log",
                              "access logs of Apache, nginx, HAProxy, Envoy, Caddy, Traefik: common, combined, JSON",
                              "https://httpd.apache.org/docs/2.4/mod/mod_log_config.html",
                              claim,
                              parse,
                              kTextUnit};

}  // namespace ascribe
