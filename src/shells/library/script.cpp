// JScript's own objects. https://ecma-international.org/publications-and-standards/standards/ecma-262/
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/made.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"
#include "shells/page/decode.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

bool from_codes(Call& call) {
    std::string out;
    for (std::size_t i = 0; i < call.size(); ++i) {
        auto code = call.number(i);
        if (!code) return false;
        auto value = letter_of(*code) & 0xFFFF;
        if (value < 256)
            out += static_cast<char>(static_cast<unsigned char>(value));
        else
            append_utf8(out, value);
    }
    return call.give(std::move(out));
}
bool code_at(Call& call) {
    auto text = object_text(call);
    auto at = clamped(call.number(0, 0), SIZE_MAX / 2);
    if (!text || at >= text->size()) return false;
    return call.give(static_cast<double>(static_cast<unsigned char>((*text)[at])));
}
bool char_at(Call& call) {
    auto text = object_text(call);
    if (!text) return false;
    auto at = clamped(call.number(0, 0), SIZE_MAX / 2);
    return call.give(at < text->size() ? std::string(1, (*text)[at]) : std::string());
}
bool substring(Call& call) {  // begin, end
    auto text = object_text(call);
    if (!text || (call.size() > 0 && !call.number(0)) || (call.size() > 1 && !call.number(1))) return false;
    auto begin = clamped(call.number(0, 0), text->size()), end = clamped(call.number(1, 1e9), text->size());
    if (begin > end) std::swap(begin, end);
    return call.give(std::string(text->substr(begin, end - begin)));
}
bool substr(Call& call) {  // begin, size
    auto text = object_text(call);
    auto from = call.number(0);
    if (!text || !from || (call.size() > 1 && !call.number(1))) return false;
    auto size = static_cast<double>(text->size());
    auto begin = clamped(*from < 0 ? std::max(0.0, size + *from) : *from, text->size());
    return call.give(std::string(text->substr(begin, clamped(call.number(1, 1e9), text->size()))));
}
bool slice(Call& call) {
    auto text = object_text(call);
    auto from = call.number(0);
    if (!text || !from || (call.size() > 1 && !call.number(1))) return false;
    auto size = static_cast<double>(text->size());
    auto at = [&](double n) { return clamped(n < 0 ? std::max(0.0, size + n) : n, text->size()); };
    auto begin = at(*from), end = at(call.number(1, size));
    return call.give(std::string(text->substr(begin, end > begin ? end - begin : 0)));
}
bool trimmed(Call& call) {
    auto text = object_text(call);
    return text && call.give(std::string(trim(*text)));
}
bool same(Call& call) {
    auto text = object_text(call);
    return text && call.give(std::string(*text));
}
bool concatenated(Call& call) {
    auto text = object_text(call);
    if (!text) return false;
    std::string out(*text);
    for (std::size_t i = 0; i < call.size(); ++i) {
        auto more = call.text(i);
        if (!more || call.arguments[i].tainted()) return false;
        out += *more;
    }
    return call.give(std::move(out));
}
bool replaced(Call& call) {  // a plain text; of a pattern only its plain signs are known
    auto text = object_text(call);
    auto from = call.text(0), to = call.text(1);
    if (!text || !from || !to || from->empty() || call.arguments[1].tainted()) return false;
    if (from->find_first_of("[](){}\\^$|?*+.") != std::string_view::npos && from->size() > 1) return false;
    auto out = replaced_all(*text, *from, *to);
    return out && call.give(std::move(*out));
}
bool split(Call& call) {
    auto text = object_text(call);
    auto separator = call.text(0);
    if (!text || !separator) return false;
    if (separator->empty()) {
        if (text->size() > kMostItems) return false;
        auto list = std::make_shared<List>();
        for (char c : *text) list->append(Value::text(std::string(1, c)));
        return call.give(std::move(list));
    }
    return call.give(parts_of(*text, *separator));
}
bool joined(Call& call) {
    if (call.object == nullptr || call.object->kind != Kind::list) return false;
    auto separator = call.size() > 0 ? call.text(0) : std::optional<std::string_view>(",");
    if (!separator) return false;
    std::string out, between(*separator);
    bool first = true;
    for (const auto& item : call.object->list().items) {
        auto text = text_of(item.value);
        if (!text || item.value.tainted() || out.size() > kMostMade) return false;
        if (!first) out += between;
        first = false;
        out += *text;
    }
    return call.give(std::move(out));
}
bool reversed(Call& call) {
    if (call.object == nullptr || call.object->kind != Kind::list) return false;
    auto list = std::make_shared<List>();
    const auto& items = call.object->list().items;
    for (auto i = items.size(); i-- > 0;) list->append(items[i].value);
    return call.give(std::move(list));
}
/// text.replace(pattern, f): what is found is handed over.
bool replaced_by(Call& call) {
    if (call.object == nullptr || call.size() < 2 || call.arguments[1].kind != Kind::closure) return false;
    return call.give(call.machine.call_back(call.arguments[1], {*call.object}, call.span));
}
bool replaced_in(Call& call) { return replaced_by(call) || replaced(call); }
/// new Function("a", "return a"): parameters, then the body.
bool function_of(Call& call) {
    std::string parameters;
    for (std::size_t i = 0; i < call.size(); ++i) {
        auto text = call.text(i);
        if (!text || call.arguments[i].tainted()) return false;
        if (i + 1 == call.size()) {
            auto code = Value::text("return function(" + parameters + "){" + std::string(*text) + "};");
            taint(code, call.arguments[i]);
            code.flags |= static_cast<std::uint16_t>(call.arguments[i].flags & flag::assembled);
            return call.give(call.machine.evaluate(code, Language::jscript, call.entry.name, call.span));
        }
        parameters.append(i == 0 ? "" : ",").append(*text);
    }
    return false;
}
bool unescaped(Call& call) {
    auto text = call.text(0);
    return text && call.give(from_percent(decode_unicode_escapes(*text), false));
}
bool whole(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto base = call.number(1, 0);
    if (base == 16 || text->starts_with("0x")) {
        double value = 0;
        for (char c : text->substr(text->starts_with("0x") ? 2 : 0)) {
            char d = lower(c);
            bool digit = d >= '0' && d <= '9';
            if (!digit && !(d >= 'a' && d <= 'f')) break;
            value = value * 16 + (digit ? d - '0' : d - 'a' + 10);
        }
        return call.give(value);
    }
    return call.give(leading_number(*text));
}
bool plain_text(Call& call) {
    auto text = call.text(0);
    return text && call.give(std::string(*text));
}
bool length(Call& call) {
    auto text = object_text(call);
    return text && call.give(static_cast<double>(text->size()));
}

constexpr Entry kTable[] = {
    {.name = "eval", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = ".eval", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = "Function", .sink = C::code, .takes = kEvery, .code = Language::jscript, .evaluate = function_of},
    {.name = "closure.constructor",
     .sink = C::code,
     .takes = kEvery,
     .code = Language::jscript,
     .evaluate = function_of},
    {.name = "new Function", .sink = C::code, .takes = kEvery, .code = Language::jscript, .evaluate = function_of},
    {.name = "String.fromCharCode", .result = R::letters, .evaluate = from_codes},
    {.name = ".charCodeAt", .result = R::numbers, .evaluate = code_at, .glances = true},
    {.name = ".charAt", .evaluate = char_at, .glances = true},
    {.name = ".substring", .evaluate = substring, .glances = true},
    {.name = ".substr", .evaluate = substr, .glances = true},
    {.name = "String.slice", .evaluate = slice, .glances = true},
    {.name = ".toLowerCase", .evaluate = low},
    {.name = ".toUpperCase", .evaluate = high},
    {.name = "String.trim", .evaluate = trimmed},
    {.name = "String.toString", .evaluate = same},
    {.name = "String.valueOf", .evaluate = same},
    {.name = "String.concat", .evaluate = concatenated},
    {.name = "String.replace", .evaluate = replaced_in},
    {.name = ".replace", .evaluate = replaced_by},
    {.name = "String.split", .evaluate = split},
    {.name = "String.length", .result = R::cleans, .evaluate = length, .glances = true},
    {.name = ".length", .result = R::cleans},
    {.name = ".indexOf", .result = R::cleans},
    {.name = ".lastIndexOf", .result = R::cleans},
    {.name = ".test", .result = R::verifies},
    {.name = ".map", .evaluate = each_item},
    {.name = ".forEach", .evaluate = each_item},
    {.name = ".filter", .evaluate = each_item},
    {.name = ".some", .evaluate = each_item},
    {.name = ".every", .evaluate = each_item},
    {.name = "Array.join", .evaluate = joined},
    {.name = "Array.reverse", .evaluate = reversed},
    {.name = "Array.push", .fills = kObject},
    {.name = "unescape", .result = R::decodes, .evaluate = unescaped},
    {.name = "decodeURIComponent", .result = R::decodes, .evaluate = unescaped},
    {.name = "decodeURI", .result = R::decodes, .evaluate = unescaped},
    {.name = "parseInt", .result = R::numbers, .evaluate = whole},
    {.name = "parseFloat", .result = R::numbers, .evaluate = whole},
    {.name = "Number", .result = R::numbers, .evaluate = whole},
    {.name = "isNaN", .result = R::verifies},
    {.name = "isFinite", .result = R::verifies, .evaluate = is_number},
    {.name = "char", .result = R::letters, .evaluate = from_codes},  // JScript.NET's types convert
    {.name = "int", .result = R::numbers, .evaluate = whole},
    {.name = "String", .evaluate = plain_text},
    {.name = "new String", .evaluate = plain_text},
    {.name = "Math.floor", .result = R::cleans},
    {.name = "Math.random", .result = R::cleans},
    {.name = "new Date", .result = R::cleans},
};

}  // namespace

const std::span<const Entry> kScriptLibrary = kTable;

}  // namespace ascribe::shells
