// PHP's functions on text, computed when their arguments are constants. https://www.php.net/manual/en/ref.strings.php
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "detect/shells/library/encodings.hpp"
#include "detect/shells/library/php.hpp"
#include "detect/shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

template <std::string (*change)(std::string_view)>
bool one(Call& call) {
    auto text = call.text(0);
    return text && call.give(change(*text));
}

template <std::optional<std::string> (*change)(std::string_view)>
bool decode(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto done = change(*text);
    return done ? call.give(std::move(*done)) : call.give_truth(false);
}

std::optional<std::string> base64(std::string_view text) { return from_base64(text); }
std::optional<std::string> hex(std::string_view text) { return from_hex(text); }
std::optional<std::string> raw_inflate(std::string_view text) { return inflate(text, Deflated::raw); }
std::optional<std::string> zlib_inflate(std::string_view text) { return inflate(text, Deflated::zlib); }
std::optional<std::string> gzip_inflate(std::string_view text) { return inflate(text, Deflated::gzip); }
std::optional<std::string> any_inflate(std::string_view text) {
    for (auto form : {Deflated::zlib, Deflated::gzip, Deflated::raw})
        if (auto done = inflate(text, form)) return done;
    return std::nullopt;
}
std::string url(std::string_view text) { return from_percent(text, true); }
std::string raw_url(std::string_view text) { return from_percent(text, false); }
std::string reverse(std::string_view text) { return {text.rbegin(), text.rend()}; }
std::string low(std::string_view text) { return lower(text); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
std::string high(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
}
std::string first_high(std::string_view text) {
    std::string out(text);
    if (!out.empty()) out[0] = upper(out[0]);
    return out;
}
std::string first_low(std::string_view text) {
    std::string out(text);
    if (!out.empty()) out[0] = lower(out[0]);
    return out;
}
std::string words_high(std::string_view text) {
    std::string out(text);
    bool start = true;
    for (auto& c : out) {
        if (start) c = upper(c);
        start = c == ' ' || c == '\t' || c == '\n';
    }
    return out;
}
std::string without_slashes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    return out;
}
std::string without_c_slashes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            out += text[i];
            continue;
        }
        char e = text[++i];
        auto digit = [](char c) {
            return c >= '0' && c <= '9' ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
        };
        if (e == 'x') {
            int value = 0, digits = 0;
            while (digits < 2 && i + 1 < text.size() && digit(text[i + 1]) >= 0)
                value = value * 16 + digit(text[++i]), ++digits;
            out += static_cast<char>(value);
        } else if (e >= '0' && e <= '7') {
            int value = e - '0';
            for (int digits = 1; digits < 3 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '7';
                 ++digits)
                value = value * 8 + (text[++i] - '0');
            out += static_cast<char>(value);
        } else {
            constexpr std::string_view kFrom = "nrtvaf", kTo = "\n\r\t\v\a\f";
            auto at = kFrom.find(e);
            out += at == std::string_view::npos ? e : kTo[at];
        }
    }
    return out;
}
std::string slashes(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\'' || c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}
std::string without_tags(std::string_view text) {
    std::string out;
    bool inside = false;
    for (char c : text) {
        if (c == '<')
            inside = true;
        else if (c == '>' && inside)
            inside = false;
        else if (!inside)
            out += c;
    }
    return out;
}
std::string upper_hex(std::string_view text) { return to_hex_text(text); }

// -- Pieces of a text

/// Where PHP's (start, length) lie in `size` bytes.
std::pair<std::size_t, std::size_t> range(std::size_t size, double start, std::optional<double> length) {
    auto all = static_cast<double>(size);
    start = std::trunc(start);
    if (start < 0) start = std::max(0.0, all + start);
    if (start > all) return {size, 0};
    double count = length ? std::trunc(*length) : all;
    if (count < 0) count = std::max(0.0, all - start + count);
    count = std::min(count, all - start);
    return {static_cast<std::size_t>(start), static_cast<std::size_t>(count)};
}

bool substr(Call& call) {
    auto text = call.text(0);
    auto start = call.number(1);
    if (!text || !start) return false;
    std::optional<double> length;
    if (call.size() > 2 && call.arguments[2].kind != Kind::nothing) {
        length = call.number(2);
        if (!length) return false;
    }
    auto [at, count] = range(text->size(), *start, length);
    return call.give(std::string(text->substr(at, count)));
}

bool substr_replace(Call& call) {
    auto text = call.text(0), by = call.text(1);
    auto start = call.number(2);
    if (!text || !by || !start) return false;
    auto [at, count] = range(text->size(), *start, call.number(3));
    return call.give(std::string(text->substr(0, at)) + std::string(*by) + std::string(text->substr(at + count)));
}

std::string trimmed(std::string_view text, std::string_view what, bool left, bool right) {
    auto is = [&](char c) { return what.find(c) != std::string_view::npos; };
    while (left && !text.empty() && is(text.front())) text.remove_prefix(1);
    while (right && !text.empty() && is(text.back())) text.remove_suffix(1);
    return std::string(text);
}

template <bool left, bool right>
bool trim_call(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    std::string what(" \t\n\r\0\x0b", 6);
    if (call.size() > 1) {
        auto given = call.text(1);
        if (!given) return false;
        what.clear();
        for (std::size_t i = 0; i < given->size(); ++i) {
            if (i + 3 < given->size() && given->substr(i + 1, 2) == "..") {
                for (int c = static_cast<unsigned char>((*given)[i]); c <= static_cast<unsigned char>((*given)[i + 3]);
                     ++c)
                    what += static_cast<char>(c);
                i += 3;
            } else {
                what += (*given)[i];
            }
        }
    }
    return call.give(trimmed(*text, what, left, right));
}

bool replace_all(std::string& text, std::string_view from, std::string_view to, bool folded) {
    if (from.empty() || text.empty()) return true;
    std::string out;
    auto where = folded ? lower(text) : std::string();
    std::string_view look = folded ? std::string_view(where) : std::string_view(text);
    auto what = folded ? lower(from) : std::string(from);
    std::size_t at = 0;
    for (;;) {
        auto next = look.find(what, at);
        if (next == std::string_view::npos) break;
        out.append(text, at, next - at).append(to);
        at = next + what.size();
        if (out.size() > kMostInflated) return false;
    }
    if (at == 0) return true;
    out.append(text, at);
    text = std::move(out);
    return true;
}

bool str_replace_in(Call& call, const Value& subject, bool folded, std::string& out) {
    auto text = subject.kind == Kind::list ? std::nullopt : text_of(subject);
    if (!text || subject.tainted()) return false;
    out = std::move(*text);
    const auto* from = call.list(0);
    if (from == nullptr) {
        auto one_from = call.text(0), one_to = call.text(1);
        return one_from && one_to && replace_all(out, *one_from, *one_to, folded);
    }
    const auto* to = call.list(1);
    std::optional<std::string> same = to == nullptr
                                          ? (call.text(1) ? std::optional(std::string(*call.text(1))) : std::nullopt)
                                          : std::optional(std::string());
    if (!same || from->items.size() > 4096) return false;
    for (std::size_t i = 0; i < from->items.size(); ++i) {
        auto what = text_of(from->items[i].value);
        auto by = to == nullptr          ? same
                  : i < to->items.size() ? text_of(to->items[i].value)
                                         : std::optional(std::string());
        if (!what || !by || !call.machine.charge(1 + out.size() / 16) || !replace_all(out, *what, *by, folded))
            return false;
    }
    return true;
}

template <bool folded>
bool str_replace(Call& call) {
    if (call.size() < 3) return false;
    std::string out;
    if (const auto* subjects = call.list(2)) {
        auto list = std::make_shared<List>();
        for (const auto& item : subjects->items) {
            if (!str_replace_in(call, item.value, folded, out)) return false;
            list->at(item.key) = Value::text(out);
        }
        return call.give(std::move(list));
    }
    return str_replace_in(call, call.arguments[2], folded, out) && call.give(std::move(out));
}

bool strtr(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    if (call.size() == 3) {
        auto from = call.text(1), to = call.text(2);
        if (!from || !to) return false;
        std::string out(*text);
        std::array<char, 256> map{};
        for (int i = 0; i < 256; ++i) map[static_cast<std::size_t>(i)] = static_cast<char>(i);
        for (std::size_t i = 0; i < std::min(from->size(), to->size()); ++i)
            map[static_cast<unsigned char>((*from)[i])] = (*to)[i];
        for (auto& c : out) c = map[static_cast<unsigned char>(c)];
        return call.give(std::move(out));
    }
    const auto* pairs = call.list(1);
    if (pairs == nullptr || pairs->items.size() > 1024) return false;
    std::vector<std::pair<std::string, std::string>> all;
    std::size_t longest = 0;
    for (const auto& item : pairs->items) {
        auto to = text_of(item.value);
        if (!to) return false;
        all.emplace_back(key_text(item.key), std::move(*to));
        longest = std::max(longest, all.back().first.size());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    std::array<std::vector<std::size_t>, 256> by_first;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!all[i].first.empty()) by_first[static_cast<unsigned char>(all[i].first[0])].push_back(i);
    std::string out;
    if (!call.machine.charge(text->size())) return false;
    for (std::size_t at = 0; at < text->size();) {
        bool done = false;
        for (auto i : by_first[static_cast<unsigned char>((*text)[at])]) {
            if (!text->substr(at).starts_with(all[i].first)) continue;
            out += all[i].second;
            at += all[i].first.size();
            done = true;
            break;
        }
        if (!done) out += (*text)[at++];
        if (out.size() > kMostInflated) return false;
    }
    return call.give(std::move(out));
}

bool implode(Call& call) {
    const auto* list = call.list(0);
    std::string_view glue;
    if (list != nullptr) {
        if (call.size() > 1) {
            auto given = call.text(1);
            if (!given) return false;
            glue = *given;
        }
    } else {
        list = call.list(1);
        auto given = call.text(0);
        if (list == nullptr || !given) return false;
        glue = *given;
    }
    if (list->rest.kind != Kind::nothing) return false;
    std::string out;
    std::uint16_t flags = 0;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const auto& value =
            list->items[i].value.kind == Kind::reference ? list->items[i].value.cell->value : list->items[i].value;
        auto text = value.kind == Kind::unknown || value.tainted() ? std::nullopt : text_of(value);
        if (!text || out.size() > kMostInflated) return false;
        if (i > 0) out += glue;
        out += *text;
        flags |= value.flags & flag::decoded;
    }
    if (!call.give(std::move(out))) return false;
    call.result.flags |= flags;
    return true;
}

bool explode(Call& call) {
    auto by = call.text(0), text = call.text(1);
    if (!by || !text || by->empty()) return false;
    auto most = call.number(2).value_or(1e9);
    auto list = std::make_shared<List>();
    auto rest = *text;
    while (static_cast<double>(list->items.size()) + 1 < most || most < 0) {
        auto end = rest.find(*by);
        if (end == std::string_view::npos || list->items.size() > 100000) break;
        list->append(Value::text(std::string(rest.substr(0, end))));
        rest.remove_prefix(end + by->size());
    }
    list->append(Value::text(std::string(rest)));
    if (most < 0)
        for (auto drop = most; drop < 0 && !list->items.empty(); ++drop) list->items.pop_back();
    for (auto& item : list->items) item.value.flags |= flag::assembled;
    return call.give(std::move(list));
}

bool str_split(Call& call) {
    auto text = call.text(0);
    auto size = call.number(1, 1);
    if (!text || size < 1) return false;
    auto step = static_cast<std::size_t>(std::min(size, 1e9));
    if (text->size() / step > 100000) return false;
    auto list = std::make_shared<List>();
    for (std::size_t at = 0; at < text->size(); at += step)
        list->append(Value::text(std::string(text->substr(at, step))));
    if (text->empty()) list->append(Value::constant(""));
    for (auto& item : list->items) item.value.flags |= flag::assembled;
    return call.give(std::move(list));
}

bool str_repeat(Call& call) {
    auto text = call.text(0);
    auto times = call.number(1);
    if (!text || !times || *times < 0 ||
        static_cast<double>(text->size()) * *times > static_cast<double>(kMostInflated))
        return false;
    std::string out;
    for (int i = 0; !text->empty() && i < static_cast<int>(*times); ++i) out += *text;
    return call.give(std::move(out));
}

bool str_pad(Call& call) {
    auto text = call.text(0);
    auto size = call.number(1);
    auto with = call.size() > 2 ? call.text(2) : std::optional<std::string_view>(" ");
    if (!text || !size || !with || with->empty() || *size > static_cast<double>(kMostInflated)) return false;
    std::string out(*text), fill;
    auto want = static_cast<std::size_t>(std::max(0.0, *size));
    while (out.size() + fill.size() < want) fill += (*with)[fill.size() % with->size()];
    return call.give(call.number(3, 1) == 0 ? fill + out : out + fill);
}

bool chr(Call& call) {
    auto code = call.number(0);
    if (!code) return false;
    auto byte = static_cast<int>(std::fmod(std::trunc(*code), 256));
    if (!call.give(std::string(1, static_cast<char>(byte < 0 ? byte + 256 : byte)))) return false;
    call.result.flags |= flag::decoded;
    return true;
}

bool ord(Call& call) {
    auto text = call.text(0);
    return text && call.give(text->empty() ? 0.0 : static_cast<double>(static_cast<unsigned char>((*text)[0])));
}

template <bool folded, bool last>
bool position(Call& call) {
    auto text = call.text(0), what = call.text(1);
    if (!text || !what) return false;
    auto from = static_cast<std::size_t>(std::clamp(call.number(2, 0), 0.0, static_cast<double>(text->size())));
    std::string a(*text), b(*what);
    if (folded) a = lower(a), b = lower(b);
    if (!call.machine.charge(1 + a.size() / 16)) return false;
    auto at = last ? a.rfind(b) : a.find(b, from);
    return at == std::string::npos ? call.give_truth(false) : call.give(static_cast<double>(at));
}

template <bool last>
bool tail(Call& call) {  // strstr, strrchr
    auto text = call.text(0), what = call.text(1);
    if (!text || !what) return false;
    auto at = last ? text->rfind(what->substr(0, 1)) : text->find(*what);
    if (at == std::string_view::npos) return call.give_truth(false);
    bool before = !last && call.size() > 2 && truth_of(call.arguments[2]).value_or(false);
    return call.give(std::string(before ? text->substr(0, at) : text->substr(at)));
}

bool strlen_call(Call& call) {
    auto text = call.text(0);
    return text && call.give(static_cast<double>(text->size()));
}

bool substr_count(Call& call) {
    auto text = call.text(0), what = call.text(1);
    if (!text || !what || what->empty()) return false;
    double count = 0;
    for (auto at = text->find(*what); at != std::string_view::npos; at = text->find(*what, at + what->size())) ++count;
    return call.give(count);
}

// -- Numbers as text

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

std::optional<std::string> formatted(std::string_view format, std::span<const Value> values) {
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
            case 'c': piece = std::string(1, static_cast<char>(static_cast<int>(n) & 0xff)); break;
            case 'x': piece = in_base(n, 16); break;
            case 'X': piece = high(in_base(n, 16)); break;
            case 'o': piece = in_base(n, 8); break;
            case 'b': piece = in_base(n, 2); break;
            case 'f':
            case 'F': piece = fmt::format("{:.{}f}", n, std::min<std::size_t>(precision, 40)); break;
            default: return std::nullopt;
        }
        if (format[i] == 's' && precise) piece.resize(std::min(piece.size(), precision));
        if (piece.size() < width) piece.insert(left ? piece.size() : 0, width - piece.size(), fill);
        out += piece;
        if (out.size() > kMostInflated) return std::nullopt;
    }
    return out;
}

bool sprintf(Call& call) {
    auto format = call.text(0);
    if (!format) return false;
    auto out = formatted(*format, call.arguments.subspan(1));
    return out && call.give(std::move(*out));
}
bool vsprintf(Call& call) {
    auto format = call.text(0);
    const auto* list = call.list(1);
    if (!format || list == nullptr) return false;
    std::vector<Value> values;
    for (const auto& item : list->items) values.push_back(item.value);
    auto out = formatted(*format, values);
    return out && call.give(std::move(*out));
}

bool pack(Call& call) {
    auto format = call.text(0);
    if (!format) return false;
    std::string out;
    std::size_t next = 1;
    for (std::size_t i = 0; i < format->size();) {
        if (out.size() > kMostInflated) return false;
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
    auto format = call.text(0), data = call.text(1);
    if (!format || !data) return false;
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
        if (size == 0) return false;
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

// -- Digests

template <std::string (*digest)(std::string_view)>
bool digested(Call& call) {
    if (auto text = call.text(0); text && !call.arguments[0].tainted()) return call.give(digest(*text));
    call.result = Value::unknown();
    for (const auto& argument : call.arguments) taint(call.result, summary(argument));
    call.result.flags |= flag::hashed;
    return true;
}
bool hashed(Call& call) {
    call.result = Value::unknown();
    for (const auto& argument : call.arguments) taint(call.result, summary(argument));
    call.result.flags |= flag::hashed;
    return true;
}
bool crc(Call& call) {
    auto text = call.text(0);
    return text && call.give(static_cast<double>(crc32(*text)));
}

// -- Patterns

struct Pattern {
    std::string text, modifiers;
};
std::optional<Pattern> pattern_of(std::string_view raw) {
    raw = trim(raw);
    if (raw.size() < 2) return std::nullopt;
    char open = raw[0];
    char close = open == '(' ? ')' : open == '{' ? '}' : open == '[' ? ']' : open == '<' ? '>' : open;
    auto end = raw.rfind(close);
    if (end == 0 || end == std::string_view::npos) return std::nullopt;
    Pattern pattern{std::string(raw.substr(1, end - 1)), std::string(raw.substr(end + 1))};
    return pattern;
}
std::unique_ptr<RE2> compiled(const Pattern& pattern) {
    if (pattern.text.size() > 2000) return nullptr;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    bool utf8 = pattern.modifiers.find('u') != std::string::npos;
    options.set_encoding(utf8 ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1);
    options.set_case_sensitive(pattern.modifiers.find('i') == std::string::npos);
    options.set_dot_nl(pattern.modifiers.find('s') != std::string::npos);
    std::string text = pattern.text;
    if (pattern.modifiers.find('m') != std::string::npos) text = "(?m)" + text;
    auto re = std::make_unique<RE2>(text, options);
    if (!re->ok() || re->NumberOfCapturingGroups() > 30) return nullptr;
    return re;
}

/// Matches of a pattern in a text, one after the other; at most some thousand.
std::vector<std::vector<re2::StringPiece>> matches_of(const RE2& re, std::string_view text) {
    std::vector<std::vector<re2::StringPiece>> all;
    auto groups = static_cast<std::size_t>(re.NumberOfCapturingGroups()) + 1;
    re2::StringPiece whole(text.data(), text.size());
    std::size_t at = 0;
    while (at <= text.size() && all.size() < 20000) {
        std::vector<re2::StringPiece> match(groups);
        if (!re.Match(whole, at, text.size(), RE2::UNANCHORED, match.data(), static_cast<int>(groups))) break;
        auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
        at = match[0].empty() ? end + 1 : end;
        all.push_back(std::move(match));
    }
    return all;
}

std::string expanded(std::string_view replacement, const std::vector<re2::StringPiece>& match, bool quoted) {
    std::string out;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        char c = replacement[i];
        auto at = i + 1;
        bool braces = c == '$' && at < replacement.size() && replacement[at] == '{';
        if (braces) ++at;
        if ((c == '\\' || c == '$') && at < replacement.size() && replacement[at] >= '0' && replacement[at] <= '9') {
            auto group = static_cast<std::size_t>(replacement[at] - '0');
            if (at + 1 < replacement.size() && replacement[at + 1] >= '0' && replacement[at + 1] <= '9')
                group = group * 10 + static_cast<std::size_t>(replacement[++at] - '0');
            if (group < match.size()) {
                std::string_view text(match[group].data(), match[group].size());
                out += quoted ? slashes(text) : std::string(text);
            }
            i = at + (braces ? 1 : 0);
            continue;
        }
        out += c;
    }
    return out;
}

bool replace_pattern(Call& call, std::string_view raw, std::string_view replacement, std::string& subject) {
    auto pattern = pattern_of(raw);
    auto re = pattern ? compiled(*pattern) : nullptr;
    if (re == nullptr || !call.machine.charge(1 + subject.size() / 2)) return false;
    std::string out;
    std::size_t at = 0;
    for (const auto& match : matches_of(*re, subject)) {
        auto begin = static_cast<std::size_t>(match[0].data() - subject.data());
        out.append(subject, at, begin - at).append(expanded(replacement, match, false));
        at = begin + match[0].size();
        if (out.size() > kMostInflated) return false;
    }
    out.append(subject, at);
    subject = std::move(out);
    return true;
}

/// The modifier of PHP before 7 that runs the replacement as code.
bool evaluates(const Value& pattern) {
    if (pattern.kind == Kind::list) {
        for (const auto& item : pattern.list().items)
            if (item.value.kind == Kind::text && evaluates(item.value)) return true;
        return false;
    }
    if (pattern.kind != Kind::text) return false;
    auto parts = pattern_of(pattern.view);
    return parts && parts->modifiers.find('e') != std::string::npos;
}

const Value& first_of(const Value& value) {
    return value.kind == Kind::list && !value.list().items.empty() ? value.list().items.front().value : value;
}

bool run_replacement(Call& call) {
    call.machine.signal("sink.preg_e", call.span);
    const auto& replacement = first_of(call.arguments[1]);
    auto subject = call.size() > 2 ? summary(call.arguments[2]) : Value::constant("");
    if (replacement.tainted() || replacement.kind == Kind::unknown)
        call.machine.flow(Capability::code, replacement, call.name, call.span);
    else if (subject.tainted())
        call.machine.flow(Capability::code, subject, call.name, call.span);
    if (replacement.kind != Kind::text || replacement.tainted()) return false;
    std::string code(replacement.view);
    auto text = call.size() > 2 && call.arguments[2].kind != Kind::list ? call.text(2) : std::nullopt;
    if (text && !subject.tainted()) {
        auto pattern = pattern_of(first_of(call.arguments[0]).view);
        auto re = pattern ? compiled(*pattern) : nullptr;
        if (re != nullptr) {
            auto all = matches_of(*re, *text);
            if (!all.empty()) code = expanded(code, all.front(), true);
        }
    }
    auto value = Value::text("return " + code + ";");
    value.flags = static_cast<std::uint16_t>(replacement.flags | flag::assembled);
    value.trail = replacement.trail;
    call.give(call.machine.evaluate(value, Language::php, call.name, call.span));
    return true;
}

bool preg_replace(Call& call) {
    if (call.size() < 2) return false;
    if (evaluates(call.arguments[0])) return run_replacement(call);
    auto pattern = summary(call.arguments[0]);
    auto by = summary(call.arguments[1]);
    if (pattern.tainted() && by.tainted()) {  // who names the pattern names its modifiers
        call.machine.flow(Capability::code, by, call.name, call.span);
        return false;
    }
    auto subject = call.size() > 2 && call.arguments[2].kind != Kind::list ? call.text(2) : std::nullopt;
    if (!subject || call.arguments[2].tainted()) return false;
    std::string out(*subject);
    const auto* patterns = call.list(0);
    if (patterns == nullptr) {
        auto raw = call.text(0), to = call.text(1);
        if (!raw || !to || !replace_pattern(call, *raw, *to, out)) return false;
        return call.give(std::move(out));
    }
    const auto* to = call.list(1);
    for (std::size_t i = 0; i < patterns->items.size() && i < 256; ++i) {
        auto raw = text_of(patterns->items[i].value);
        auto with = to == nullptr          ? (call.text(1) ? std::optional(std::string(*call.text(1))) : std::nullopt)
                    : i < to->items.size() ? text_of(to->items[i].value)
                                           : std::optional(std::string());
        if (!raw || !with || !replace_pattern(call, *raw, *with, out)) return false;
    }
    return call.give(std::move(out));
}

bool mb_ereg_replace(Call& call) {
    auto options = call.text(3);
    if (options && options->find('e') != std::string_view::npos && call.size() > 2) {
        auto replacement = call.arguments[1];
        call.machine.signal("sink.preg_e", call.span);
        if (replacement.tainted() || replacement.kind == Kind::unknown)
            call.machine.flow(Capability::code, replacement, call.name, call.span);
        return call.give(call.machine.evaluate(replacement, Language::php, call.name, call.span));
    }
    if (call.size() > 3 && call.arguments[3].tainted())
        call.machine.flow(Capability::code, call.arguments[1], call.name, call.span);
    return false;
}

bool preg_replace_callback(Call& call) {
    if (call.size() < 3) return false;
    auto raw = call.text(0), subject = call.text(2);
    auto pattern = raw ? pattern_of(*raw) : std::nullopt;
    auto re = pattern ? compiled(*pattern) : nullptr;
    if (re == nullptr || !subject || call.arguments[2].tainted()) {
        auto match = std::make_shared<List>();
        auto any = Value::unknown();
        taint(any, summary(call.arguments[2]));
        match->append(any);
        match->append(any);
        auto got = call.machine.call_back(call.arguments[1], {Value::of_list(std::move(match))}, call.span);
        taint(any, got);
        return call.give(std::move(any));
    }
    std::string text(*subject), out;
    std::size_t at = 0, done = 0;
    for (const auto& match : matches_of(*re, text)) {
        if (++done > 2000 || !call.machine.charge(1)) return false;
        auto groups = std::make_shared<List>();
        for (const auto& group : match)
            groups->append(Value::text(std::string(group.data() == nullptr ? "" : group.data(), group.size())));
        auto got = call.machine.call_back(call.arguments[1], {Value::of_list(std::move(groups))}, call.span);
        auto piece = got.kind == Kind::unknown ? std::nullopt : text_of(got);
        if (!piece) return false;
        auto begin = static_cast<std::size_t>(match[0].data() - text.data());
        out.append(text, at, begin - at).append(*piece);
        at = begin + match[0].size();
    }
    out.append(text, at);
    return call.give(std::move(out));
}

template <bool all_of_them>
bool preg_match(Call& call) {
    auto raw = call.text(0), subject = call.text(1);
    auto pattern = raw ? pattern_of(*raw) : std::nullopt;
    auto re = pattern && subject && !call.arguments[1].tainted() ? compiled(*pattern) : nullptr;
    if (re == nullptr || !call.machine.charge(1 + subject->size() / 2)) {
        if (call.size() > 2) {
            auto filled = Value::unknown();
            taint(filled, summary(call.arguments[1]));
            call.set(2, filled);
        }
        return false;
    }
    auto all = matches_of(*re, *subject);
    auto list = std::make_shared<List>();
    auto text = [](const re2::StringPiece& piece) {
        return Value::text(std::string(piece.data() == nullptr ? "" : piece.data(), piece.size()));
    };
    if (!all_of_them) {
        if (!all.empty())
            for (const auto& group : all.front()) list->append(text(group));
    } else {
        auto groups = static_cast<std::size_t>(re->NumberOfCapturingGroups()) + 1;
        for (std::size_t g = 0; g < groups; ++g) {
            auto column = std::make_shared<List>();
            for (const auto& match : all) column->append(text(match[g]));
            list->append(Value::of_list(std::move(column)));
        }
    }
    auto count = all_of_them ? static_cast<double>(all.size()) : all.empty() ? 0.0 : 1.0;
    if (call.size() > 2) call.set(2, Value::of_list(std::move(list)));
    return call.give(count);
}

bool preg_split(Call& call) {
    auto raw = call.text(0), subject = call.text(1);
    auto pattern = raw ? pattern_of(*raw) : std::nullopt;
    auto re = pattern && subject && !call.arguments[1].tainted() ? compiled(*pattern) : nullptr;
    if (re == nullptr || !call.machine.charge(1 + subject->size() / 2)) return false;
    bool no_empty = (static_cast<int>(call.number(3, 0)) & 1) != 0;
    auto list = std::make_shared<List>();
    std::size_t at = 0;
    auto add = [&](std::string_view piece) {
        if (!(no_empty && piece.empty())) list->append(Value::text(std::string(piece)));
    };
    for (const auto& match : matches_of(*re, *subject)) {
        auto begin = static_cast<std::size_t>(match[0].data() - subject->data());
        if (match[0].empty() && (begin == 0 || begin >= subject->size())) continue;
        add(subject->substr(at, begin - at));
        at = begin + match[0].size();
    }
    add(subject->substr(at));
    return call.give(std::move(list));
}

constexpr Entry kTable[] = {
    {.name = "strrev", .evaluate = one<reverse>},
    {.name = "strtolower", .evaluate = one<low>},
    {.name = "mb_strtolower", .evaluate = one<low>},
    {.name = "strtoupper", .evaluate = one<high>},
    {.name = "mb_strtoupper", .evaluate = one<high>},
    {.name = "ucfirst", .evaluate = one<first_high>},
    {.name = "lcfirst", .evaluate = one<first_low>},
    {.name = "ucwords", .evaluate = one<words_high>},
    {.name = "stripslashes", .evaluate = one<without_slashes>},
    {.name = "stripcslashes", .evaluate = one<without_c_slashes>},
    {.name = "addslashes", .evaluate = one<slashes>},
    {.name = "strip_tags", .evaluate = one<without_tags>},
    {.name = "bin2hex", .evaluate = one<upper_hex>},
    {.name = "base64_encode", .evaluate = one<to_base64>},
    {.name = "urldecode", .evaluate = one<url>},
    {.name = "rawurldecode", .evaluate = one<raw_url>},
    {.name = "html_entity_decode", .evaluate = one<from_entities>},
    {.name = "htmlspecialchars_decode", .evaluate = one<from_entities>},
    {.name = "str_rot13", .result = Result::decodes, .evaluate = one<rot13>},
    {.name = "quoted_printable_decode", .result = Result::decodes, .evaluate = one<from_quoted_printable>},
    {.name = "base64_decode", .result = Result::decodes, .evaluate = decode<base64>},
    {.name = "hex2bin", .result = Result::decodes, .evaluate = decode<hex>},
    {.name = "convert_uudecode", .result = Result::decodes, .evaluate = decode<from_uuencoded>},
    {.name = "gzinflate", .result = Result::decodes, .evaluate = decode<raw_inflate>},
    {.name = "gzuncompress", .result = Result::decodes, .evaluate = decode<zlib_inflate>},
    {.name = "gzdecode", .result = Result::decodes, .evaluate = decode<gzip_inflate>},
    {.name = "zlib_decode", .result = Result::decodes, .evaluate = decode<any_inflate>},
    {.name = "bzdecompress", .result = Result::decodes},
    {.name = "openssl_decrypt", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "mcrypt_decrypt", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "mdecrypt_generic", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "openssl_public_decrypt", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "sodium_crypto_secretbox_open", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "openssl_encrypt"},
    {.name = "substr", .evaluate = substr},
    {.name = "mb_substr", .evaluate = substr},
    {.name = "iconv_substr", .evaluate = substr},
    {.name = "mb_strcut", .evaluate = substr},
    {.name = "substr_replace", .evaluate = substr_replace},
    {.name = "trim", .evaluate = trim_call<true, true>},
    {.name = "ltrim", .evaluate = trim_call<true, false>},
    {.name = "rtrim", .evaluate = trim_call<false, true>},
    {.name = "chop", .evaluate = trim_call<false, true>},
    {.name = "str_replace", .evaluate = str_replace<false>},
    {.name = "str_ireplace", .evaluate = str_replace<true>},
    {.name = "strtr", .evaluate = strtr},
    {.name = "implode", .evaluate = implode},
    {.name = "join", .evaluate = implode},
    {.name = "explode", .evaluate = explode},
    {.name = "str_split", .evaluate = str_split},
    {.name = "mb_str_split", .evaluate = str_split},
    {.name = "str_repeat", .evaluate = str_repeat},
    {.name = "str_pad", .evaluate = str_pad},
    {.name = "chr", .result = Result::cleans, .evaluate = chr},
    {.name = "mb_chr", .result = Result::cleans, .evaluate = chr},
    {.name = "ord", .result = Result::cleans, .evaluate = ord},
    {.name = "strpos", .result = Result::verifies, .evaluate = position<false, false>},
    {.name = "stripos", .result = Result::verifies, .evaluate = position<true, false>},
    {.name = "strrpos", .result = Result::verifies, .evaluate = position<false, true>},
    {.name = "mb_strpos", .result = Result::verifies, .evaluate = position<false, false>},
    {.name = "strstr", .evaluate = tail<false>},
    {.name = "strrchr", .evaluate = tail<true>},
    {.name = "strlen", .result = Result::cleans, .evaluate = strlen_call},
    {.name = "mb_strlen", .result = Result::cleans, .evaluate = strlen_call},
    {.name = "substr_count", .result = Result::cleans, .evaluate = substr_count},
    {.name = "hexdec", .result = Result::cleans, .evaluate = hexdec},
    {.name = "bindec", .result = Result::cleans, .evaluate = bindec},
    {.name = "octdec", .result = Result::cleans, .evaluate = octdec},
    {.name = "dechex", .result = Result::cleans, .evaluate = to_base<16>},
    {.name = "decbin", .result = Result::cleans, .evaluate = to_base<2>},
    {.name = "decoct", .result = Result::cleans, .evaluate = to_base<8>},
    {.name = "base_convert", .result = Result::cleans, .evaluate = base_convert},
    {.name = "sprintf", .evaluate = sprintf},
    {.name = "vsprintf", .evaluate = vsprintf},
    {.name = "pack", .result = Result::decodes, .evaluate = pack},
    {.name = "unpack", .result = Result::decodes, .evaluate = unpack},
    {.name = "md5", .evaluate = digested<md5>},
    {.name = "sha1", .evaluate = digested<sha1>},
    {.name = "hash", .evaluate = hashed},
    {.name = "hash_hmac", .evaluate = hashed},
    {.name = "crypt", .evaluate = hashed},
    {.name = "password_hash", .evaluate = hashed},
    {.name = "md5_file", .evaluate = hashed},
    {.name = "sha1_file", .evaluate = hashed},
    {.name = "crc32", .evaluate = crc},
    {.name = "preg_replace", .evaluate = preg_replace},
    {.name = "preg_filter", .evaluate = preg_replace},
    {.name = "mb_ereg_replace", .evaluate = mb_ereg_replace},
    {.name = "mb_eregi_replace", .evaluate = mb_ereg_replace},
    {.name = "preg_replace_callback", .evaluate = preg_replace_callback},
    {.name = "mb_ereg_replace_callback", .evaluate = preg_replace_callback},
    {.name = "preg_match", .result = Result::verifies, .evaluate = preg_match<false>},
    {.name = "preg_match_all", .result = Result::verifies, .evaluate = preg_match<true>},
    {.name = "preg_split", .evaluate = preg_split},
    {.name = "preg_quote"},
    {.name = "ereg", .result = Result::verifies},
    {.name = "eregi", .result = Result::verifies},
    {.name = "fnmatch", .result = Result::verifies},
};

}  // namespace

const std::span<const Entry> kPhpText = kTable;

}  // namespace ascribe::shells
