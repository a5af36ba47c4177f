// PHP's numbers as text and bytes: bases, sprintf, pack. https://www.php.net/manual/en/function.pack.php
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/formats.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

bool from_base(Call& call, int base) {
    auto text = call.text(0);
    if (!text) return false;
    double value = 0;
    for (char c : *text) {
        int digit = c >= '0' && c <= '9' ? c - '0' : lower(c) >= 'a' && lower(c) <= 'z' ? lower(c) - 'a' + 10 : 99;
        if (digit < base) value = value * base + digit;
    }
    return call.give(value);
}
bool hexdec(Call& call) { return from_base(call, 16); }
bool bindec(Call& call) { return from_base(call, 2); }
bool octdec(Call& call) { return from_base(call, 8); }

template <int base>
bool to_base(Call& call) {
    auto number = call.number(0);
    return number && call.give(in_base(std::trunc(*number), base));
}
bool base_convert(Call& call) {
    auto from = call.number(1), to = call.number(2);
    if (!from || !to || *from < 2 || *from > 36 || *to < 2 || *to > 36) return false;
    if (!from_base(call, static_cast<int>(*from))) return false;
    return call.give(in_base(call.result.number, static_cast<int>(*to)));
}

// -- Formats

/// What stands behind a percent sign, and how long it is: its argument, and whether that is put there as a number.
struct Directive {
    std::size_t size = 0, argument = 0;
    bool number = false;
};
std::optional<Directive> directive_at(std::string_view format, std::size_t& next) {
    constexpr std::string_view kFlags = "0123456789$-+. ", kKinds = "sdufFeEgGoxXb";
    auto end = format.find_first_not_of(kFlags);
    if (end == std::string_view::npos || !kKinds.contains(format[end])) return std::nullopt;
    Directive found{end + 1, 0, format[end] != 's'};
    auto position = format.substr(0, end).find('$');
    if (position == std::string_view::npos) {
        found.argument = next++;
    } else {
        std::size_t number = 0;
        auto [at, error] = std::from_chars(format.data(), format.data() + position, number);
        if (error != std::errc() || number == 0) return std::nullopt;
        found.argument = number - 1;
    }
    return found;
}

/// A format of which not all arguments are known: one after the other, as they stand there.
bool give_in_turn(Call& call, std::string_view format, std::span<const Value> values) {
    constexpr std::size_t kMostPieces = 64;
    auto all = Value::text({});
    std::size_t next = 0;
    for (std::size_t pieces = 0; pieces < kMostPieces; ++pieces) {
        auto sign = format.find('%');
        bool escaped = sign != std::string_view::npos && format.substr(sign + 1).starts_with('%');
        auto literal = format.substr(0, sign == std::string_view::npos ? sign : sign + (escaped ? 1 : 0));
        if (!literal.empty()) all = call.concatenated(all, Value::text(std::string(literal)));
        if (sign == std::string_view::npos) {
            if (all.tainted()) call.machine.note(all, call.name, call.span);
            return call.give(std::move(all));
        }
        format.remove_prefix(sign + (escaped ? 2 : 1));
        if (escaped) continue;
        auto directive = directive_at(format, next);
        if (!directive || directive->argument >= values.size()) return false;
        const auto& value = values[directive->argument];
        bool data = directive->number && !value.is_known();
        all = call.concatenated(all, data ? number_of_data(value) : value);
        format.remove_prefix(directive->size);
    }
    return false;
}

bool give_formatted(Call& call, std::string_view format, std::span<const Value> values) {
    if (auto out = printed(format, values)) return call.give(std::move(*out));
    return give_in_turn(call, format, values);
}
bool sprintf(Call& call) {
    auto format = call.text(0);
    if (!format) return false;
    return give_formatted(call, *format, call.arguments.subspan(1));
}
bool vsprintf(Call& call) {
    auto format = call.text(0);
    const auto* list = call.list(1);
    if (!format || list == nullptr) return false;
    std::vector<Value> values;
    for (const auto& item : list->items) values.push_back(item.value);
    return give_formatted(call, *format, values);
}

/// date("\\s\\y\\s"): letters that stand for themselves.
bool date(Call& call) {
    auto format = call.text(0);
    if (!format) return false;
    std::string out;
    for (std::size_t i = 0; i < format->size(); ++i) {
        char c = (*format)[i];
        if (c == '\\' && i + 1 < format->size())
            out += (*format)[++i];
        else if (std::isalpha(static_cast<unsigned char>(c)) != 0)
            return false;
        else
            out += c;
    }
    return call.give(std::move(out));
}

/// sscanf(text, format, $a, $b): what is read out of constants is constant.
bool sscanf(Call& call) {
    if (call.size() < 3) return false;
    auto read = summary(call.arguments[0]);
    bool constant = !read.tainted() && call.text(0) && call.text(1);
    for (std::size_t i = 2; i < call.size(); ++i) call.set(i, constant ? Value::of_type(kComputed) : read);
    return false;
}

bool pack(Call& call) {
    auto format = call.text(0);
    if (!format) return false;
    std::string out;
    std::size_t next = 1;
    for (std::size_t i = 0; i < format->size();) {
        if (out.size() > kMostInflated) {
            call.machine.charge(out.size() / 16);
            return false;
        }
        char code = (*format)[i++];
        std::size_t count = 1;
        bool all = false, counted = false;
        if (i < format->size() && (*format)[i] == '*')
            all = true, ++i;
        else
            while (i < format->size() && (*format)[i] >= '0' && (*format)[i] <= '9') {
                if (!counted) count = 0;
                counted = true;
                count = std::min<std::size_t>(count * 10 + static_cast<std::size_t>((*format)[i++] - '0'), 1 << 20);
            }
        if (code == 'H' || code == 'h' || code == 'A' || code == 'a' || code == 'Z') {
            auto text = call.text(next++);
            if (!text) return false;
            if (code == 'H' || code == 'h') {
                std::string digits(all ? *text : text->substr(0, count));
                if (digits.size() % 2 != 0) digits += '0';
                if (code == 'h')
                    for (std::size_t d = 0; d + 1 < digits.size(); d += 2) std::swap(digits[d], digits[d + 1]);
                auto bytes = from_hex(digits);
                if (!bytes) return false;
                out += *bytes;
            } else {
                std::string piece(all ? *text : text->substr(0, count));
                if (!all) piece.resize(count, code == 'A' ? ' ' : '\0');
                out += piece;
            }
            continue;
        }
        int size = 0;
        bool big = false;
        switch (code) {
            case 'C':
            case 'c': size = 1; break;
            case 'n': big = true; [[fallthrough]];
            case 'v':
            case 's':
            case 'S': size = 2; break;
            case 'N': big = true; [[fallthrough]];
            case 'V':
            case 'l':
            case 'L':
            case 'i':
            case 'I': size = 4; break;
            case 'J': big = true; [[fallthrough]];
            case 'P':
            case 'q':
            case 'Q': size = 8; break;
            case 'x': out.append(all ? 0 : count, '\0'); continue;
            default: return false;
        }
        for (std::size_t k = 0; all ? next < call.size() : k < count; ++k) {
            auto number = call.number(next++);
            if (!number) return false;
            auto value = static_cast<std::uint64_t>(static_cast<std::int64_t>(std::clamp(*number, -9e18, 9e18)));
            for (int b = 0; b < size; ++b) out += static_cast<char>((value >> (8 * (big ? size - 1 - b : b))) & 0xff);
        }
    }
    return call.give(std::move(out));
}

bool unpack(Call& call) {
    constexpr std::size_t kLongestFormat = 4096;
    auto format = call.text(0), data = call.text(1);
    if (!format || !data || format->size() > kLongestFormat) return false;
    auto list = std::make_shared<List>();
    std::size_t at = 0;
    for (auto part : split(*format, '/')) {
        if (part.empty()) continue;
        char code = part[0];
        std::size_t i = 1, count = 1;
        bool all = false, counted = false;
        if (i < part.size() && part[i] == '*')
            all = true, ++i;
        else
            while (i < part.size() && part[i] >= '0' && part[i] <= '9') {
                if (!counted) count = 0;
                counted = true;
                count = std::min<std::size_t>(count * 10 + static_cast<std::size_t>(part[i++] - '0'), 1 << 20);
            }
        auto name = std::string(part.substr(i));
        if (code == 'H' || code == 'A' || code == 'a' || code == 'Z') {
            auto size = all ? data->size() - at : std::min(code == 'H' ? (count + 1) / 2 : count, data->size() - at);
            auto piece = data->substr(at, size);
            at += size;
            auto text = code == 'H' ? to_hex_text(piece) : std::string(piece);
            list->at(key_of(Value::text(name.empty() ? "1" : name))) = Value::text(std::move(text));
            continue;
        }
        std::size_t size = code == 'C' || code == 'c'   ? 1
                           : code == 'n' || code == 'v' ? 2
                           : code == 'N' || code == 'V' ? 4
                                                        : 0;
        if (size == 0 || !call.machine.charge(std::min(all ? data->size() : count, data->size()))) return false;
        bool big = code == 'n' || code == 'N';
        for (std::size_t k = 1; (all || k <= count) && at + size <= data->size() && k < 100000; ++k, at += size) {
            double value = 0;
            for (std::size_t b = 0; b < size; ++b)
                value = value * 256 + static_cast<unsigned char>((*data)[at + (big ? b : size - 1 - b)]);
            if (code == 'c' && value > 127) value -= 256;
            auto key = name.empty() ? std::to_string(k) : (count > 1 || all) ? name + std::to_string(k) : name;
            list->at(key_of(Value::text(std::move(key)))) = Value::of_number(value);
        }
    }
    return call.give(std::move(list));
}

constexpr Entry kTable[] = {
    {.name = "date", .result = Result::cleans, .evaluate = date},
    {.name = "gmdate", .result = Result::cleans, .evaluate = date},
    {.name = "DateTime.format", .result = Result::cleans, .evaluate = date},
    {.name = "sscanf", .evaluate = sscanf},
    {.name = "hexdec", .result = Result::numbers, .evaluate = hexdec},
    {.name = "bindec", .result = Result::numbers, .evaluate = bindec},
    {.name = "octdec", .result = Result::numbers, .evaluate = octdec},
    {.name = "dechex", .result = Result::cleans, .evaluate = to_base<16>},
    {.name = "decbin", .result = Result::cleans, .evaluate = to_base<2>},
    {.name = "decoct", .result = Result::cleans, .evaluate = to_base<8>},
    {.name = "base_convert", .result = Result::cleans, .evaluate = base_convert},
    {.name = "sprintf", .evaluate = sprintf},
    {.name = "vsprintf", .evaluate = vsprintf},
    {.name = "pack", .result = Result::decodes, .evaluate = pack},
    {.name = "unpack", .result = Result::decodes, .evaluate = unpack},
};

}  // namespace

const std::span<const Entry> kPhpFormats = kTable;

}  // namespace ascribe::shells
