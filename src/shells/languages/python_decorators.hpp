// What Python's decorators say of the function below them: that a web framework calls it, with what a visitor sends.
// https://flask.palletsprojects.com/quickstart/#routing, https://fastapi.tiangolo.com/tutorial/path-params/,
// https://bottlepy.org/docs/dev/tutorial.html#request-routing
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace ascribe::shells {

inline constexpr std::size_t kLongestDecorator = 4096;  // bytes; of a longer one, the rest is no decorator's

/// Where the line ends that begins at `at`, with all that its brackets hold.
inline std::size_t end_of_logical_line(std::string_view text, std::size_t at) {
    auto stop = std::min(text.size(), at + kLongestDecorator);
    std::size_t depth = 0;
    for (char quote = '\0'; at < stop; ++at) {
        char c = text[at];
        if (quote != '\0') {
            if (c == '\\') ++at;
            if (c == quote || c == '\n') quote = '\0';
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if ((c == ')' || c == ']' || c == '}') && depth > 0) {
            --depth;
        }
        if (c == '\n' && depth == 0) break;
    }
    return std::min(at, text.size());
}

/// The address in `@app.route("/x/<name>")`; empty where it decorates something else.
inline std::string_view route_of(std::string_view decorator) {
    constexpr std::string_view kNames[] = {"route", "get", "post", "put", "patch", "delete", "api_route", "websocket"};
    auto open = decorator.find('(');
    if (open == std::string_view::npos) return {};
    auto name = trim(decorator.substr(1, open - 1));
    name = name.substr(name.rfind('.') + 1);
    if (std::ranges::find(kNames, name) == std::end(kNames)) return {};
    auto quote = decorator.find_first_of("\"'", open);
    if (quote == std::string_view::npos) return {};
    auto end = decorator.find(decorator[quote], quote + 1);
    auto route = decorator.substr(quote + 1, end == std::string_view::npos ? end : end - quote - 1);
    return route.starts_with('/') ? route : std::string_view{};
}

/// Whether a part of an address holds a text of this name: <name>, <path:name>, {name}, no number.
inline bool takes_text(std::string_view route, std::string_view name) {
    for (auto at = route.find(name); at != std::string_view::npos; at = route.find(name, at + 1)) {
        auto end = at + name.size();
        bool closed = end < route.size() && (route[end] == '>' || route[end] == '}' || route[end] == ':');
        auto open = route.substr(0, at).find_last_of("<{");
        if (!closed || open == std::string_view::npos) continue;
        auto converter = route.substr(open + 1, at - open - 1);
        if (converter.empty() || converter == "path:" || converter == "string:") return true;
    }
    return false;
}

/// Parameters of the function below the decorator at the begin of `text` that a visitor says: those of the address, and
/// of FastAPI's functions all that are texts. `end` becomes where the decorator is over.
inline std::vector<std::string_view> visitors_parameters(std::string_view text, std::size_t& end) {
    constexpr std::string_view kTexts[] = {"str", "bytes", "str | None", "Optional[str]"};
    end = end_of_logical_line(text, 0);
    auto route = route_of(text.substr(0, end));
    if (route.empty()) return {};
    auto below = text.substr(end, kLongestDecorator);
    auto header = below.find("def ");
    if (header == std::string_view::npos) return {};
    auto open = below.find('(', header);
    if (open == std::string_view::npos) return {};
    auto list = below.substr(open + 1, end_of_logical_line(below, open) - open - 1);
    list = list.substr(0, list.rfind(')'));
    std::vector<std::string_view> names;
    for (auto parameter : split(list, ',')) {
        auto name = trim(parameter.substr(0, parameter.find_first_of(":=")));
        auto colon = parameter.find(':');
        auto type = colon == std::string_view::npos
                        ? std::string_view{}
                        : trim(parameter.substr(colon + 1, parameter.find('=') - colon - 1));
        bool text_type = std::ranges::find(kTexts, type) != std::end(kTexts);
        if (!name.empty() && (text_type || (type.empty() && takes_text(route, name)))) names.push_back(name);
    }
    return names;
}

}  // namespace ascribe::shells
