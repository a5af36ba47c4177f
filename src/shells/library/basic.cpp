// Functions of VBScript and VB.NET, computed when their arguments are constants.
// https://learn.microsoft.com/previous-versions/3ca8tfek(v=vs.85)
#include <algorithm>
#include <cmath>
#include <string>

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

constexpr std::size_t kMostRepeated = 1 << 20;

std::size_t position(double number) {
    return number < 1 ? 1 : number > 1e9 ? 1'000'000'000 : static_cast<std::size_t>(number);
}

/// Text of an argument by letters; nothing when it is no constant.
const Letters* letters(Call& call, std::size_t i) {
    return call.text(i) ? &call.machine.letters(call.arguments[i]) : nullptr;
}
std::size_t count_of(double number) { return number < 0 ? 0 : static_cast<std::size_t>(std::min(number, 1e9)); }

bool chr(Call& call) {
    auto code = call.number(0);
    if (!code) return false;
    auto value = letter_of(*code);
    std::string text;
    bool wide = equals_folded(call.name, "ChrW");
    if (*code < 0) value = letter_of(std::max(65536 + *code, 0.0));
    if (value < 256) {
        text += static_cast<char>(static_cast<unsigned char>(value));
    } else if (*code < 0 && !wide) {  // two bytes of the code page
        text += static_cast<char>(static_cast<unsigned char>(value >> 8));
        text += static_cast<char>(static_cast<unsigned char>(value & 0xFF));
    } else {
        append_utf8(text, value & 0x10FFFF);
    }
    return call.give(std::move(text));
}
bool asc(Call& call) {
    const auto* text = letters(call, 0);
    if (text == nullptr || text->size() == 0) return false;
    auto letter = text->substr(0, 1);
    auto byte = [&](std::size_t i) { return static_cast<unsigned char>(letter[i]); };
    if (letter.size() == 2 && !is_utf8(letter)) return call.give(byte(0) * 256.0 + byte(1) - 65536);
    if (letter.size() == 2) return call.give((byte(0) & 0x1F) * 64.0 + (byte(1) & 0x3F));
    if (letter.size() == 3) return call.give((byte(0) & 0x0F) * 4096.0 + (byte(1) & 0x3F) * 64.0 + (byte(2) & 0x3F));
    return call.give(static_cast<double>(byte(0)));
}
bool mid(Call& call) {
    const auto* text = letters(call, 0);
    auto from = call.number(1);
    if (text == nullptr || !from) return false;
    auto size = call.number(2);
    return call.give(std::string(text->substr(position(*from) - 1, size ? count_of(*size) : text->size())));
}
bool left(Call& call) {
    const auto* text = letters(call, 0);
    auto size = call.number(1);
    return text != nullptr && size && call.give(std::string(text->substr(0, count_of(*size))));
}
bool right(Call& call) {
    const auto* text = letters(call, 0);
    auto size = call.number(1);
    if (text == nullptr || !size) return false;
    auto all = text->size();
    return call.give(std::string(text->substr(all - std::min(all, count_of(*size)), all)));
}
bool length(Call& call) {
    const auto* text = letters(call, 0);
    return text != nullptr && call.give(static_cast<double>(text->size()));
}
bool reverse(Call& call) {
    const auto* text = letters(call, 0);
    if (text == nullptr) return false;
    std::string out;
    for (auto i = text->size(); i-- > 0;) out += text->substr(i, 1);
    return call.give(std::move(out));
}
bool low(Call& call) {
    auto text = call.text(0);
    return text && call.give(lower(*text));
}
bool high(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    std::string out(*text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return call.give(std::move(out));
}
bool trimmed(Call& call) {
    auto text = call.text(0);
    return text && call.give(std::string(trim(*text)));
}
bool replace(Call& call) {
    auto text = call.text(0), from = call.text(1), to = call.text(2);
    if (!text || !from || !to) return false;
    if (from->empty()) return call.give(std::string(*text));
    auto out = replaced_all(*text, *from, *to);
    return out && call.give(std::move(*out));
}
bool split(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto separator = call.size() > 1 ? call.text(1) : std::optional<std::string_view>(" ");
    if (!separator || separator->empty()) return false;
    return call.give(parts_of(*text, *separator));
}
bool joined(Call& call) {
    const auto* list = call.list(0);
    auto separator = call.size() > 1 ? call.text(1) : std::optional<std::string_view>(" ");
    if (list == nullptr || !separator) return false;
    std::string out;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        auto text = text_of(list->items[i].value);
        if (!text || list->items[i].value.tainted() || out.size() > kMostRepeated) return false;
        if (i > 0) out += *separator;
        out += *text;
    }
    return call.give(std::move(out));
}
bool array(Call& call) {
    auto list = std::make_shared<List>();
    for (auto& value : call.arguments) list->append(value);
    return call.give(std::move(list));
}
bool in_text(Call& call) {
    std::size_t first = call.size() > 2 ? 1 : 0;
    auto text = call.text(first), part = call.text(first + 1);
    if (!text || !part || !call.machine.charge(1 + text->size() / 64)) return false;
    const auto& all = call.machine.letters(call.arguments[first]);
    auto from = all.byte_of(first == 1 ? position(call.number(0, 1)) - 1 : 0);
    for (auto at = text->find(*part, from); at != std::string_view::npos; at = text->find(*part, at + 1))
        if (auto letter = all.at_byte(at); letter != std::string_view::npos)
            return call.give(static_cast<double>(letter + 1));
    return call.give(0.0);
}
bool compared(Call& call) {
    auto a = call.text(0), b = call.text(1);
    if (call.size() < 2) return false;
    if (!a || !b || call.arguments[0].tainted() || call.arguments[1].tainted())
        return call.give(call.compared(call.arguments[0], call.arguments[1]));
    auto order = call.number(2, 0) == 1 ? lower(*a).compare(lower(*b)) : a->compare(*b);
    return call.give(order < 0 ? -1.0 : order > 0 ? 1.0 : 0.0);
}
bool hex(Call& call) {
    auto number = call.number(0);
    if (!number) return false;
    std::string digits;
    auto value = clamped(std::abs(*number), SIZE_MAX / 2);
    do digits += "0123456789ABCDEF"[value % 16];
    while ((value /= 16) != 0);
    return call.give(std::string(digits.rbegin(), digits.rend()));
}
bool number_from(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto digits = trim(*text);
    if (digits.size() > 2 && digits[0] == '&' && lower(digits[1]) == 'h') {
        double value = 0;
        for (char c : digits.substr(2)) {
            char d = lower(c);
            if (d >= '0' && d <= '9')
                value = value * 16 + (d - '0');
            else if (d >= 'a' && d <= 'f')
                value = value * 16 + (d - 'a' + 10);
            else
                break;
        }
        return call.give(value);
    }
    return call.give(leading_number(digits));
}
bool whole(Call& call) {
    auto number = call.number(0);
    return number && call.give(std::floor(*number));
}
bool as_text(Call& call) {
    if (call.size() > 0 && call.arguments[0].type() == kNumber) return call.give(Value(call.arguments[0]));
    auto text = call.text(0);
    return text && call.give(std::string(*text));
}
bool spaces(Call& call) {
    auto count = call.number(0);
    return count && *count >= 0 && *count < kMostRepeated &&
           call.give(std::string(static_cast<std::size_t>(*count), ' '));
}
bool repeated(Call& call) {
    auto count = call.number(0);
    auto text = call.text(1);
    if (!count || !text || text->empty() || *count < 0 || *count > kMostRepeated) return false;
    char c = call.arguments[1].kind == Kind::number ? static_cast<char>(letter_of(*call.number(1)) & 0xFF) : (*text)[0];
    return call.give(std::string(static_cast<std::size_t>(*count), c));
}
bool upper_bound(Call& call) {
    const auto* list = call.list(0);
    return list != nullptr && call.give(static_cast<double>(list->items.size()) - 1);
}
bool lower_bound(Call& call) { return call.give(0.0); }
bool unescape(Call& call) {
    auto text = call.text(0);
    return text && call.give(from_percent(*text, false));
}
bool get_ref(Call& call) {
    auto name = call.text(0);
    return name && call.give(call.machine.function_named(*name));
}

constexpr Entry kTable[] = {
    {.name = "IIf"},
    {.name = "Chr", .result = R::letters, .evaluate = chr},
    {.name = "ChrW", .result = R::letters, .evaluate = chr},
    {.name = "ChrB", .result = R::letters, .evaluate = chr},
    {.name = "Asc", .result = R::numbers, .evaluate = asc, .glances = true},
    {.name = "AscW", .result = R::numbers, .evaluate = asc, .glances = true},
    {.name = "AscB", .result = R::numbers, .evaluate = asc, .glances = true},
    {.name = "Mid", .evaluate = mid, .glances = true},
    {.name = "MidB", .evaluate = mid, .glances = true},
    {.name = "Left", .evaluate = left, .glances = true},
    {.name = "LeftB", .evaluate = left, .glances = true},
    {.name = "Right", .evaluate = right, .glances = true},
    {.name = "RightB", .evaluate = right, .glances = true},
    {.name = "Len", .result = R::cleans, .evaluate = length, .glances = true},
    {.name = "LenB", .result = R::cleans, .evaluate = length, .glances = true},
    {.name = "StrReverse", .evaluate = reverse},
    {.name = "LCase", .evaluate = low},
    {.name = "UCase", .evaluate = high},
    {.name = "Trim", .evaluate = trimmed},
    {.name = "LTrim", .evaluate = trimmed},
    {.name = "RTrim", .evaluate = trimmed},
    {.name = "Replace", .evaluate = replace},
    {.name = "Split", .evaluate = split},
    {.name = "Join", .evaluate = joined},
    {.name = "Array", .evaluate = array},
    {.name = "InStr", .result = R::cleans, .evaluate = in_text},
    {.name = "InStrRev", .result = R::cleans},
    {.name = "InStrB", .result = R::cleans},
    {.name = "StrComp", .result = R::verifies, .evaluate = compared},
    {.name = "Hex", .evaluate = hex},
    {.name = "CInt", .result = R::numbers, .evaluate = number_from},
    {.name = "CLng", .result = R::numbers, .evaluate = number_from},
    {.name = "CDbl", .result = R::numbers, .evaluate = number_from},
    {.name = "CSng", .result = R::cleans, .evaluate = number_from},
    {.name = "CByte", .result = R::numbers, .evaluate = number_from},
    {.name = "CBool", .result = R::cleans},
    {.name = "CDate", .result = R::cleans},
    {.name = "Val", .result = R::numbers, .evaluate = number_from},
    {.name = "Int", .result = R::numbers, .evaluate = whole},
    {.name = "Fix", .result = R::numbers, .evaluate = whole},
    {.name = "CStr", .evaluate = as_text},
    {.name = "Space", .evaluate = spaces},
    {.name = "String", .evaluate = repeated},
    {.name = "UBound", .result = R::cleans, .evaluate = upper_bound, .glances = true},
    {.name = "LBound", .result = R::cleans, .evaluate = lower_bound, .glances = true},
    {.name = "Unescape", .result = R::decodes, .evaluate = unescape},
    {.name = "GetRef", .evaluate = get_ref},
    {.name = "IsNumeric", .result = R::verifies, .evaluate = is_number},
    {.name = "IsEmpty", .result = R::cleans},
    {.name = "IsNull", .result = R::cleans},
    {.name = "IsObject", .result = R::cleans},
    {.name = "IsArray", .result = R::cleans},
    {.name = "IsDate", .result = R::verifies},
    {.name = "TypeName", .result = R::cleans},
    {.name = "VarType", .result = R::cleans},
    {.name = "Now", .result = R::cleans},
    {.name = "Date", .result = R::cleans},
    {.name = "DateDiff", .result = R::cleans},
    {.name = "FormatNumber", .result = R::cleans},
    {.name = "FormatDateTime", .result = R::cleans},
    {.name = "Rnd", .result = R::cleans},
    {.name = "Randomize", .result = R::cleans},
    {.name = "Shell", .sink = C::command, .takes = kFirst},  // VB.NET
    {.name = "Interaction.Shell", .sink = C::command, .takes = kFirst},
    {.name = "Environ", .result = R::source, .origin = O::environment, .signal = "inform.environment"},
};

}  // namespace

const std::span<const Entry> kBasicLibrary = kTable;

}  // namespace ascribe::shells
