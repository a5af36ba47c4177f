#include "report/escape.hpp"

#include "base/text.hpp"

namespace ascribe {

std::string escape_html(std::string_view text) {
    std::string out;
    for (char c : visible(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += c;
        }
    }
    return out;
}

std::string escape_markdown(std::string_view text) {
    std::string out;
    for (char c : visible(text)) {
        if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '&')
            out += "&amp;";
        else {
            if (std::string_view("\\`*_{}[]()#+-.!|~:").find(c) != std::string_view::npos) out += '\\';
            out += c;
        }
    }
    return out;
}

std::string escape_csv(std::string_view text) {
    auto shown = visible(text);
    std::string out = "\"";
    if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) out += '\'';
    for (char c : shown) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

std::string valid_utf8(std::string_view text) {
    if (is_utf8(text)) return std::string(text);
    std::string out;
    while (!text.empty()) {
        std::size_t size = 1;
        while (size <= 4 && size <= text.size() && !is_utf8(text.substr(0, size))) ++size;
        if (size > 4 || size > text.size()) {
            out += "\xEF\xBF\xBD";
            size = 1;
        } else {
            out += text.substr(0, size);
        }
        text.remove_prefix(size);
    }
    return out;
}

}  // namespace ascribe
