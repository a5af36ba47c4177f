// Objects of a JSON text that goes over several lines, or holds them in a list within an object: where each begins and
// ends, found by brackets and quotes alone, so that a text of any size is never taken apart as a whole.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "base/text.hpp"
#include "parse/access_log/array_line.hpp"

namespace ascribe {

inline constexpr std::string_view kJsonBlanks = " \t\r\n";

/// Lists of objects that stand in an object: where the next one begins. Tells apart what stands between quotes and
/// which names are of this object or of those up to kDepth below it.
class JsonLists {
public:
    /// `object` begins with its bracket and may lack its end.
    explicit JsonLists(std::string_view object) : object_(object) {}

    /// Where the first object of the next list begins; nothing when the object has no more lists.
    std::optional<std::size_t> next() {
        for (; at_ < object_.size(); ++at_) {
            char c = object_[at_];
            if (c == '"') {
                auto text = quoted();
                if (name_follows()) name_ = text;
                continue;
            }
            if (c == '[' || c == '{') ++depth_;
            if ((c == ']' || c == '}') && --depth_ == 0) return {};
            if (c == ',') name_ = {};
            if (c != '[' || depth_ > kDepth || !is_list(name_)) continue;
            auto first = object_.find_first_not_of(kJsonBlanks, at_ + 1);
            if (first != std::string_view::npos && object_[first] == '{') return first;
        }
        return {};
    }
    /// Goes on behind what somebody else took of a list: at its closing bracket.
    void pass(std::size_t at) { at_ = at; }
    std::size_t at() const { return at_; }

private:
    static constexpr std::size_t kDepth = 4;  // Elasticsearch's answers: {"hits": {"hits": [
    /// What search engines, clouds and proxies call their lists of records.
    static constexpr auto kLists = std::to_array<std::string_view>(
        {"hits", "value", "records", "results", "rows", "data", "logs", "entries", "events", "items", "requests"});

    static bool is_list(std::string_view name) {
        for (auto list : kLists)
            if (equals_folded(list, name)) return true;
        return false;
    }
    /// The text that begins at `at_`, which is moved to its closing quote.
    std::string_view quoted() {
        auto begin = ++at_;
        while (at_ < object_.size() && object_[at_] != '"') at_ += object_[at_] == '\\' ? 2 : 1;
        return object_.substr(begin, std::min(at_, object_.size()) - begin);
    }
    bool name_follows() const {
        auto next = at_ < object_.size() ? object_.find_first_not_of(kJsonBlanks, at_ + 1) : std::string_view::npos;
        return next != std::string_view::npos && object_[next] == ':';
    }

    std::string_view object_, name_;
    std::size_t at_ = 0, depth_ = 0;
};

/// Where an object that cannot be read ends when its closing bracket is missing: before the next line that begins as
/// the object's own does. `before` is what stands on its line before it.
inline std::size_t damaged_size(std::string_view object, std::string_view before) {
    std::string begin = "\n";
    begin += before;
    begin += '{';
    auto next = object.find(begin);
    return next == std::string_view::npos ? object.size() : next + 1;
}

}  // namespace ascribe
