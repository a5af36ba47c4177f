#include "shells/library/formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/made.hpp"

namespace ascribe::shells {

std::string in_base(double number, int base) {
    std::string out;
    auto value = static_cast<std::uint64_t>(std::clamp(number, 0.0, 1.8e19));
    do {
        out += "0123456789abcdefghijklmnopqrstuvwxyz"[value % static_cast<unsigned>(base)];
        value /= static_cast<unsigned>(base);
    } while (value > 0);
    std::reverse(out.begin(), out.end());
    return out;
}

std::optional<std::string> printed(std::string_view format, std::span<const Value> values) {
    std::string out;
    std::size_t next = 0;
    for (std::size_t i = 0; i < format.size(); ++i) {
        if (format[i] != '%' || i + 1 >= format.size()) {
            out += format[i];
            continue;
        }
        if (format[++i] == '%') {
            out += '%';
            continue;
        }
        auto number = [&] {
            std::size_t value = 0;
            while (i < format.size() && format[i] >= '0' && format[i] <= '9' && value < 100000)
                value = value * 10 + static_cast<std::size_t>(format[i++] - '0');
            return value;
        };
        char fill = ' ';
        bool left = false;
        std::size_t width = 0, which = next, precision = 6;
        auto begin = i;
        auto position = number();
        if (i < format.size() && format[i] == '$' && position > 0) {
            which = position - 1;
            ++i;
        } else {
            i = begin;
        }
        while (i < format.size() && std::string_view("-+0 '").find(format[i]) != std::string_view::npos) {
            if (format[i] == '-') left = true;
            if (format[i] == '0') fill = '0';
            if (format[i] == '\'' && i + 1 < format.size()) fill = format[++i];
            ++i;
        }
        width = number();
        bool precise = i < format.size() && format[i] == '.';
        if (precise) {
            ++i;
            precision = number();
        }
        if (i >= format.size() || which >= values.size()) return std::nullopt;
        if (which == next) ++next;
        const auto& value = values[which];
        if (!value.is_scalar() || value.tainted()) return std::nullopt;
        auto n = number_of(value).value_or(0);
        std::string piece;
        switch (format[i]) {
            case 's': piece = text_of(value).value_or(""); break;
            case 'd':
            case 'i':
            case 'u': piece = number_text(std::trunc(n)); break;
            case 'c':
                piece = std::string(1, static_cast<char>(static_cast<unsigned char>(std::fmod(std::abs(n), 256))));
                break;
            case 'x': piece = in_base(n, 16); break;
            case 'X':
                piece = in_base(n, 16);
                for (auto& c : piece) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
                break;
            case 'o': piece = in_base(n, 8); break;
            case 'b': piece = in_base(n, 2); break;
            case 'f':
            case 'F': piece = fmt::format("{:.{}f}", n, std::min<std::size_t>(precision, 40)); break;
            default: return std::nullopt;
        }
        if (format[i] == 's' && precise) piece.resize(std::min(piece.size(), precision));
        if (piece.size() < width) piece.insert(left ? piece.size() : 0, width - piece.size(), fill);
        out += piece;
        if (out.size() > kMostMade) return std::nullopt;
    }
    return out;
}

std::optional<std::string> braced(std::string_view format, std::span<const Value> values,
                                  const std::function<const Value*(std::string_view)>& named) {
    std::string out;
    std::size_t next = 0;
    for (std::size_t i = 0; i < format.size() && out.size() <= kMostMade; ++i) {
        char c = format[i];
        if (c != '{' && c != '}') {
            out += c;
            continue;
        }
        if (i + 1 < format.size() && format[i + 1] == c) {
            out += format[i++];
            continue;
        }
        auto end = format.find('}', i);
        if (c == '}' || end == std::string_view::npos) return std::nullopt;
        auto field = format.substr(i + 1, end - i - 1);
        field = field.substr(0, field.find_first_of("!:,"));
        bool number = field.find_first_not_of("0123456789") == std::string_view::npos && field.size() < 6;
        auto which = field.empty() ? next++ : static_cast<std::size_t>(leading_number(field));
        const auto* value = !number ? named(field) : which < values.size() ? &values[which] : nullptr;
        auto piece = value == nullptr || value->tainted() || !value->is_scalar() ? std::nullopt : text_of(*value);
        if (!piece) return std::nullopt;
        out += *piece;
        i = end;
    }
    if (out.size() > kMostMade) return std::nullopt;
    return out;
}

}  // namespace ascribe::shells
