// A line of a JSON array of objects: "[", "{...},", ",{...}", "{...}]", or the whole array in one line.
#pragma once

#include <string_view>

namespace ascribe {

/// Whether the line can only be one of an array's; an object alone, a line of JSON lines, is none.
inline bool is_array_line(std::string_view line) {
    constexpr std::string_view kBlank = " \t\r";
    auto begin = line.find_first_not_of(kBlank), end = line.find_last_not_of(kBlank);
    if (begin == std::string_view::npos) return false;
    if (line[begin] == '{') return begin > 0 || line[end] == ',' || line[end] == ']';
    if (line[begin] != '[' && line[begin] != ',' && line[begin] != ']') return false;
    auto next = line.find_first_not_of(kBlank, begin + 1);
    return next == std::string_view::npos || line[next] == '{' || line[next] == ']';
}

/// Where the object that `text` begins with ends; its size where it never does. Quotes and their escapes are heeded.
inline std::size_t object_size(std::string_view text) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            if (c == '"') quoted = false;
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            ++depth;
        } else if (c == '}' && --depth == 0) {
            return i + 1;
        }
    }
    return text.size();
}

/// Calls `take` for each object of an array's line, and for what stands there instead of one. Returns how many.
template <class Take>
std::size_t for_each_object(std::string_view line, Take take) {
    std::size_t count = 0;
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r,[]", at)) != std::string_view::npos; ++count) {
        auto rest = line.substr(at);
        auto object = rest.substr(0, rest[0] == '{' ? object_size(rest) : rest.size());
        take(object);
        at += object.size();
    }
    return count;
}

}  // namespace ascribe
