// Walks simdjson's checked document with a stack of our own: the depth is bounded before and by the walk.
// https://github.com/simdjson/simdjson/blob/master/doc/dom.md
#include "parse/event_json/leaves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "base/text.hpp"

namespace ascribe {
namespace {

namespace dom = simdjson::dom;

/// An object or array being walked, and the path of it.
struct Frame {
    std::variant<std::pair<dom::object::iterator, dom::object::iterator>,
                 std::pair<dom::array::iterator, dom::array::iterator>>
        rest;
    std::string path;
    std::size_t index = 0;
};

Frame frame_of(dom::object object, std::string path) {
    return {std::pair(object.begin(), object.end()), std::move(path)};
}
Frame frame_of(dom::array array, std::string path) { return {std::pair(array.begin(), array.end()), std::move(path)}; }

/// The path of a member: names of attribute notations (evtx_dump's #attributes and #text, @Name of XML converters)
/// vanish.
std::string member_path(const std::string& parent, std::string_view key) {
    if (key == "#attributes" || key == "#text") return parent;
    if (key.size() > 1 && key[0] == '@' && !parent.empty()) key.remove_prefix(1);
    if (parent.empty()) return std::string(key);
    std::string path;
    path.reserve(parent.size() + 1 + key.size());
    return path.append(parent).append(1, '.').append(key);
}

Fault fault_of(simdjson::error_code code) {
    switch (code) {
        case simdjson::DEPTH_ERROR: return Fault::too_deep;
        case simdjson::UNCLOSED_STRING:
        case simdjson::EMPTY: return Fault::truncated;
        default: return Fault::bad_value;
    }
}

}  // namespace

Leaves::Leaves() { numbers_.reserve(kLeafLimit); }

Result<const std::vector<Leaf>*> Leaves::read(std::string_view json, std::uint64_t offset) {
    leaves_.clear();
    numbers_.clear();
    auto root = TRY(parse(json, offset));
    dom::object object;
    if (root.get_object().get(object) != simdjson::SUCCESS)
        return std::unexpected(Error{Fault::bad_value, "event_json.object", offset});
    TRY(walk(object, offset));
    return &leaves_;
}

Result<dom::element> Leaves::parse(std::string_view json, std::uint64_t offset) {
    if (parser_.allocate(std::max(json.size(), parser_.capacity()), kJsonDepthLimit) != simdjson::SUCCESS)
        return std::unexpected(Error{Fault::too_large, "event_json.memory", offset, json.size()});
    constexpr bool kCopyToPadded =
        true;  // the line ends where the map may end: simdjson reads past it only in its own copy
    dom::element root;
    auto code = parser_.parse(json.data(), json.size(), kCopyToPadded).get(root);
    if (code == simdjson::UTF8_ERROR) {  // a shipper that wrote Windows-1252: read all the same
        recoded_ = from_cp1252(json);
        code = parser_.parse(recoded_.data(), recoded_.size(), kCopyToPadded).get(root);
    }
    if (code != simdjson::SUCCESS)
        return std::unexpected(Error{fault_of(code), "event_json.syntax", offset, 0, json.size()});
    return root;
}

Result<void> Leaves::walk(dom::object root, std::uint64_t offset) {
    std::vector<Frame> stack;
    stack.push_back(frame_of(root, {}));
    while (!stack.empty()) {
        Frame& frame = stack.back();
        std::string path;
        dom::element value;
        if (auto* object = std::get_if<0>(&frame.rest)) {
            if (object->first == object->second) {
                stack.pop_back();
                continue;
            }
            path = member_path(frame.path, object->first.key().substr(0, kPathLimit));
            value = object->first.value();
            ++object->first;
        } else {
            auto& array = std::get<1>(frame.rest);
            if (!(array.first != array.second)) {
                stack.pop_back();
                continue;
            }
            path = fmt::format("{}[{}]", frame.path, frame.index++);
            value = *array.first;
            ++array.first;
        }
        path.resize(std::min(path.size(), kPathLimit));
        if (leaves_.size() == kLeafLimit)
            return std::unexpected(Error{Fault::too_large, "event_json.values", offset, 0, kLeafLimit});
        if (value.is_object() || value.is_array()) {
            if (stack.size() == kJsonDepthLimit)
                return std::unexpected(Error{Fault::too_deep, "event_json.depth", offset, 0, kJsonDepthLimit});
            stack.push_back(value.is_object() ? frame_of(value.get_object().value_unsafe(), std::move(path))
                                              : frame_of(value.get_array().value_unsafe(), std::move(path)));
        } else {
            add(path, value);
        }
    }
    return {};
}

void Leaves::add(std::string_view path, dom::element value) {
    auto written = [this](auto number) -> std::string_view { return numbers_.emplace_back(fmt::to_string(number)); };
    std::string_view text;
    switch (value.type()) {
        case dom::element_type::STRING: text = value.get_string().value_unsafe(); break;
        case dom::element_type::INT64: text = written(value.get_int64().value_unsafe()); break;
        case dom::element_type::UINT64: text = written(value.get_uint64().value_unsafe()); break;
        case dom::element_type::DOUBLE: text = written(value.get_double().value_unsafe()); break;
        case dom::element_type::BOOL: text = value.get_bool().value_unsafe() ? "true" : "false"; break;
        default: return;  // null
    }
    leaves_.push_back({std::string(path), text});
}

}  // namespace ascribe
