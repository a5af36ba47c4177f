// simdjson's checked document is walked with a stack of our own; the path of a value is its name.
#include "parse/access_log/json_access.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "base/text.hpp"
#include "parse/access_log/named_request.hpp"

namespace ascribe {
namespace {

namespace dom = simdjson::dom;

constexpr std::size_t kDepthLimit = 8;     // Caddy's headers are at 4
constexpr std::size_t kValueLimit = 1024;  // Caddy writes some dozens
constexpr std::size_t kPathLimit = 1024;   // a longer one is cut: it would be kept once for each value below it

/// An object or array being walked, and how much of the path is its own.
struct Frame {
    std::variant<std::pair<dom::object::iterator, dom::object::iterator>,
                 std::pair<dom::array::iterator, dom::array::iterator>>
        rest;
    std::size_t path = 0;
    std::string_view name = {};  // of an object in a list that is a name and its value, as headers are told
};

std::string_view text_of(dom::element value, RecordBatch& batch) {
    switch (value.type()) {
        case dom::element_type::STRING: return batch.keep(value.get_string().value_unsafe());
        case dom::element_type::INT64: return batch.keep(fmt::to_string(value.get_int64().value_unsafe()));
        case dom::element_type::UINT64: return batch.keep(fmt::to_string(value.get_uint64().value_unsafe()));
        case dom::element_type::DOUBLE: {
            auto text = fmt::format("{}", value.get_double().value_unsafe());
            if (text.find_first_of(".e") == std::string::npos) text += ".0";  // still a fraction to whoever asks
            return batch.keep(text);
        }
        case dom::element_type::BOOL: return value.get_bool().value_unsafe() ? "true" : "false";
        default: return {};
    }
}

/// The name, where the object is a name and its value.
std::string_view name_of_pair(dom::object object) {
    std::string_view name;
    return object["value"].error() == simdjson::SUCCESS && object["name"].get(name) == simdjson::SUCCESS
               ? name
               : std::string_view{};
}

}  // namespace

/// nginx without escape=json writes \xhh into strings, which no JSON knows; just the lines with odd requests have it.
Result<dom::object> JsonAccess::parse(std::string_view line) {
    constexpr bool kCopyToPadded = true;  // the line ends where the map may end
    if (parser_.allocate(std::max(line.size() * 2, parser_.capacity()), kDepthLimit + 2) != simdjson::SUCCESS)
        return std::unexpected(Error{Fault::too_large, "access_log.memory", 0, line.size()});
    dom::object object;
    auto code = parser_.parse(line.data(), line.size(), kCopyToPadded).get(object);
    if (code == simdjson::SUCCESS) return object;
    repaired_.clear();
    for (std::size_t i = 0; i < line.size(); ++i) {
        repaired_ += line[i];
        if (line[i] != '\\' || i + 1 >= line.size()) continue;
        bool hex = line[i + 1] == 'x';
        repaired_ += hex ? std::string_view("u00") : line.substr(i + 1, 1);
        ++i;
    }
    if (code == simdjson::UTF8_ERROR) repaired_ = from_cp1252(repaired_);
    code = parser_.parse(repaired_.data(), repaired_.size(), kCopyToPadded).get(object);
    if (code == simdjson::SUCCESS) return object;
    auto fault = code == simdjson::DEPTH_ERROR       ? Fault::too_deep
                 : code == simdjson::UNCLOSED_STRING ? Fault::truncated
                                                     : Fault::bad_value;
    return std::unexpected(Error{fault, "access_log.json", 0, 0, line.size()});
}

Result<Time> JsonAccess::read(std::string_view line, RecordBatch& batch, std::span<Cell> row) {
    NamedRequest seen;
    auto root = TRY(parse(line));
    auto told = TRY(walk(root, batch, seen));
    if (!told.empty()) {
        root = TRY(parse(told));
        TRY(walk(root, batch, seen));
    }
    // Suricata tells a request once as itself and again in each alert that it set off.
    auto written = batch[batch.size() - 1];
    if (auto kind = written.field("event_type"); !kind.empty() && kind != "http" && !written.field("flow_id").empty())
        return std::unexpected(Error{Fault::bad_value, "access_log.no_request", 0});
    return fill_request(seen, "json", batch, row);
}

/// Takes what the object tells of a request. Returns an object that it carries as a text, as Azure's app services do.
Result<std::string_view> JsonAccess::walk(simdjson::dom::object root, RecordBatch& batch, NamedRequest& seen) {
    std::string_view told;
    std::size_t values = 0;
    path_.clear();
    std::vector<Frame> stack;
    stack.push_back({std::pair(root.begin(), root.end()), 0});
    while (!stack.empty()) {
        Frame& frame = stack.back();
        path_.resize(frame.path);
        dom::element value;
        bool more = std::visit([](auto& rest) { return rest.first != rest.second; }, frame.rest);
        if (!more) {
            stack.pop_back();
            continue;
        }
        if (auto* object = std::get_if<0>(&frame.rest)) {
            auto key = object->first.key();
            value = object->first.value();
            ++object->first;
            if (!frame.name.empty() && key == "name") continue;
            if (!path_.empty()) path_ += '.';
            path_ += !frame.name.empty() && key == "value" ? frame.name : key;
        } else {  // values of a list have the list's name
            value = *std::get<1>(frame.rest).first;
            ++std::get<1>(frame.rest).first;
        }
        if (++values > kValueLimit) return std::unexpected(Error{Fault::too_large, "access_log.values", 0});
        if (value.is_object() || value.is_array()) {
            if (stack.size() == kDepthLimit) return std::unexpected(Error{Fault::too_deep, "access_log.depth", 0});
            if (value.is_object()) {
                auto object = value.get_object().value_unsafe();
                bool is_listed = frame.rest.index() == 1;
                stack.push_back({std::pair(object.begin(), object.end()), path_.size(),
                                 is_listed ? name_of_pair(object) : std::string_view{}});
            } else {
                auto array = value.get_array().value_unsafe();
                stack.push_back({std::pair(array.begin(), array.end()), path_.size()});
            }
            continue;
        }
        auto text = text_of(value, batch);
        if (text.empty() || text == "-") continue;
        if (path_ == "properties" && text.starts_with('{')) {
            told = text;
            continue;
        }
        if (auto use = request_use_of(path_); !use || !seen.take(*use, text))
            batch.add_field(batch.keep(std::string_view(path_).substr(0, kPathLimit)), text);
    }
    return told;
}

bool is_surely_request(const Row& row) {
    return row.number(HttpRequest::status).has_value() || !row.field("webaclId").empty();
}

std::optional<std::string_view> JsonAccess::wrapped(std::string_view line, RecordBatch& batch) {
    if (line.find("\"stream\"") == std::string_view::npos) return {};
    auto root = parse(line);
    std::string_view text, stream;
    if (!root || (*root)["log"].get(text) != simdjson::SUCCESS || (*root)["stream"].get(stream) != simdjson::SUCCESS)
        return {};
    return batch.keep(trim(text));
}

std::optional<std::string_view> JsonAccess::message(std::string_view line, RecordBatch& batch) {
    auto root = parse(line);
    if (!root) return {};
    for (std::string_view name : {"message", "log", "line", "MESSAGE"}) {  // Filebeat, Fluent Bit, Promtail, journald
        std::string_view text;
        if ((*root)[name].get(text) == simdjson::SUCCESS && text.find_first_of("\"/") != std::string_view::npos)
            return batch.keep(trim(text));
    }
    return {};
}

}  // namespace ascribe
