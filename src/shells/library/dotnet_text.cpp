// Texts, numbers and lists of .NET's library: forms of the same.
// https://learn.microsoft.com/dotnet/api/system.string, https://learn.microsoft.com/dotnet/api/system.convert
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

using R = Result;

bool from_base_64(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto bytes = from_base64(*text);
    return bytes && call.give(std::move(*bytes));
}
bool bytes_text(Call& call) {  // Encoding.GetString(bytes), GetBytes(text): bytes are texts here, or lists of numbers
    if (call.size() == 0) return false;
    if (const auto* list = call.list(0)) {
        if (list->rest.kind != Kind::nothing) return false;
        std::string out;
        for (const auto& item : list->items) {
            auto number = number_of(item.value);
            if (!number || item.value.tainted() || out.size() > kMostMade) return false;
            auto code = letter_of(*number);
            if (code < 256)
                out += static_cast<char>(static_cast<unsigned char>(code));
            else
                append_utf8(out, code);
        }
        return call.give(std::move(out));
    }
    auto text = call.text(0);
    return text && call.give(std::string(*text));
}
bool concatenated(Call& call) {
    std::string out;
    for (std::size_t i = 0; i < call.size(); ++i) {
        if (const auto* list = call.list(i)) {
            for (const auto& item : list->items) {
                auto text = text_of(item.value);
                if (!text || item.value.tainted()) return false;
                out += *text;
            }
            continue;
        }
        auto text = call.text(i);
        if (!text || call.arguments[i].tainted()) return false;
        out += *text;
    }
    return call.give(std::move(out));
}
bool joined(Call& call) {
    auto between = call.text(0);
    if (!between || call.size() < 2) return false;
    std::string out;
    bool first = true;
    auto add = [&](const Value& value) {
        auto text = text_of(value);
        if (!text || value.tainted() || out.size() > kMostMade) return false;
        if (!first) out += *between;
        first = false;
        out += *text;
        return true;
    };
    if (const auto* list = call.list(1)) {
        for (const auto& item : list->items)
            if (!add(item.value)) return false;
    } else {
        for (std::size_t i = 1; i < call.size(); ++i)
            if (!add(call.arguments[i])) return false;
    }
    return call.give(std::move(out));
}
bool formatted(Call& call) {  // {0} {1:x}
    auto pattern = call.text(0);
    if (!pattern) return false;
    std::string out;
    auto last = pattern->rfind('}');
    for (std::size_t i = 0; i < pattern->size(); ++i) {
        char c = (*pattern)[i];
        if ((c == '{' || c == '}') && i + 1 < pattern->size() && (*pattern)[i + 1] == c) {
            out += c;
            ++i;
            continue;
        }
        auto close =
            c == '{' && last != std::string_view::npos && i < last ? pattern->find('}', i) : std::string_view::npos;
        if (close == std::string_view::npos) {
            out += c;
            continue;
        }
        auto number = clamped(leading_number(pattern->substr(i + 1, close - i - 1)), call.size()) + 1;
        auto text = call.text(number);
        if (!text || call.arguments[number].tainted() || out.size() > kMostMade) return false;
        out += *text;
        i = close;
    }
    return call.give(std::move(out));
}
bool substring(Call& call) {
    auto text = object_text(call);
    auto from = call.number(0);
    if (!text || !from || (call.size() > 1 && !call.number(1))) return false;
    auto begin = clamped(*from, text->size());
    return call.give(std::string(text->substr(begin, clamped(call.number(1, 1e9), text->size()))));
}
bool removed(Call& call) {
    auto text = object_text(call);
    auto from = call.number(0);
    if (!text || !from || (call.size() > 1 && !call.number(1))) return false;
    auto begin = clamped(*from, text->size());
    return call.give(std::string(*text).erase(begin, clamped(call.number(1, 1e9), text->size())));
}
bool inserted(Call& call) {
    auto text = object_text(call);
    auto at = call.number(0);
    auto more = call.text(1);
    if (!text || !at || !more || call.arguments[1].tainted()) return false;
    return call.give(std::string(*text).insert(clamped(*at, text->size()), *more));
}
bool replaced(Call& call) {
    auto text = object_text(call);
    auto from = call.text(0), to = call.text(1);
    if (!text || !from || !to || from->empty() || call.arguments[1].tainted()) return false;
    auto out = replaced_all(*text, *from, *to);
    return out && call.give(std::move(*out));
}
bool split(Call& call) {
    auto text = object_text(call);
    auto separators = call.list(0) != nullptr && !call.list(0)->items.empty() ? text_of(call.list(0)->items[0].value)
                      : call.text(0) ? std::optional<std::string>(*call.text(0))
                                     : std::nullopt;
    if (!text || !separators || separators->empty()) return false;
    return call.give(parts_of(*text, *separators));
}
bool same(Call& call) {
    if (call.object == nullptr || call.object->tainted()) return false;
    auto text = text_of(*call.object);
    return text && call.give(std::move(*text));
}
bool characters(Call& call) {
    auto text = object_text(call);
    if (!text || text->size() > kMostItems) return false;
    auto list = std::make_shared<List>();
    for (char c : *text) list->append(Value::text(std::string(1, c)));
    return call.give(std::move(list));
}
bool list_reversed(Call& call) {
    const auto* from = call.size() > 0 ? call.list(0) : nullptr;
    if (from == nullptr) return false;
    auto list = std::make_shared<List>();
    for (auto i = from->items.size(); i-- > 0;) list->append(from->items[i].value);
    auto value = Value::of_list(list);
    call.set(0, value);
    return call.give(std::move(value));
}
bool new_text(Call& call) { return bytes_text(call); }
bool number_from(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    if (call.number(1, 10) != 16) return call.give(leading_number(*text));
    double value = 0;
    for (char c : *text) {
        char d = lower(c);
        bool digit = d >= '0' && d <= '9';
        if (!digit && !(d >= 'a' && d <= 'f')) break;
        value = value * 16 + (digit ? d - '0' : d - 'a' + 10);
    }
    return call.give(value);
}
bool to_char(Call& call) {
    auto number = call.number(0);
    if (!number) return false;
    std::string text;
    append_utf8(text, letter_of(*number));
    return call.give(std::move(text));
}

/// A function looks at each, and some of them are given.
bool each_of_them(Call& call) {
    each_item(call);
    return false;
}
bool yielded(Call& call) {
    if (call.size() > 0) call.machine.yield(call.arguments[0]);
    return call.give(Value());
}

/// What is in a table besides is not known: it may have been filled for another request.
std::shared_ptr<List> empty_table() {
    auto table = std::make_shared<List>();
    table->rest = Value::unknown();
    return table;
}
bool table_of_values(Call& call) { return call.give(empty_table()); }
/// Add(key, value), Add({key, value}). Of large tables only what was sent or runs is told apart.
bool put_in_table(Call& call) {
    constexpr std::size_t kMostKept = 64;
    if (call.size() == 0 || call.object == nullptr || call.object->kind != Kind::list) return false;
    const auto* pair = call.size() == 1 ? call.list(0) : nullptr;
    bool two = call.size() > 1 || (pair != nullptr && pair->items.size() == 2);
    auto key = pair != nullptr && two ? behind(pair->items[0].value) : call.arguments[0];
    auto value = !two ? call.arguments[0] : pair != nullptr ? behind(pair->items[1].value) : call.arguments[1];
    bool plain = !summary(value).tainted() && value.kind != Kind::closure && !value.has(flag::name);
    if (plain && call.object->list().items.size() >= kMostKept) return call.give(Value());
    if (!two) key = Value::of_number(static_cast<double>(call.object->list().items.size()));
    call.put(std::move(key), std::move(value));
    return call.give(Value());
}
/// New Dictionary(Of K, V) From {{a, b}, {c, d}}: values by their keys; of other lists, the list.
bool table_of_pairs(Call& call) {
    const auto* pairs = call.size() == 1 ? call.list(0) : nullptr;
    if (pairs == nullptr) return false;
    auto table = empty_table();
    for (const auto& item : pairs->items) {
        const auto& pair = behind(item.value);
        bool two = pair.kind == Kind::list && pair.list().items.size() == 2;
        if (!two || behind(pair.list().items[0].value).kind != Kind::text) return call.give(Value(call.arguments[0]));
        table->at(key_of(behind(pair.list().items[0].value))) = behind(pair.list().items[1].value);
    }
    return call.give(std::move(table));
}

constexpr Entry kTable[] = {
    {.name = "Convert.FromBase64String", .result = R::decodes, .evaluate = from_base_64},
    {.name = ".FromBase64String", .result = R::decodes, .evaluate = from_base_64},
    {.name = "Convert.ToBase64String"},
    {.name = ".GetString", .result = R::letters, .evaluate = bytes_text},
    {.name = ".GetBytes", .evaluate = bytes_text},
    {.name = ".TransformFinalBlock", .result = R::decodes, .signal = "decrypt"},
    {.name = "new CryptoStream", .result = R::decodes, .signal = "decrypt"},
    {.name = "new GZipStream", .result = R::decodes},
    {.name = "new DeflateStream", .result = R::decodes},
    {.name = ".CreateDecryptor", .result = R::cleans, .signal = "decrypt"},
    {.name = "String.Concat", .evaluate = concatenated},
    {.name = "String.Format", .evaluate = formatted},
    {.name = "String.Join", .evaluate = joined},
    {.name = "string.Concat", .evaluate = concatenated},
    {.name = kSized, .evaluate = sized},
    {.name = "new String", .result = R::letters, .evaluate = new_text},
    {.name = "new StringBuilder"},
    {.name = "StringBuilder.Append", .fills = kObject},
    {.name = "StringBuilder.ToString"},
    {.name = "List.Add", .fills = kObject},
    {.name = ".Enqueue", .fills = kObject},
    {.name = ".Push", .fills = kObject},
    {.name = ".TryDequeue", .fills = kFirst},
    {.name = ".TryPop", .fills = kFirst},
    {.name = ".TryTake", .fills = kFirst},
    {.name = ".AddLast", .fills = kObject},
    {.name = ".AddFirst", .fills = kObject},
    {.name = ".AddRange", .fills = kObject},
    // Values by their keys
    {.name = "new Dictionary", .evaluate = table_of_values},
    {.name = "new ConcurrentDictionary", .evaluate = table_of_values},
    {.name = "new SortedDictionary", .evaluate = table_of_values},
    {.name = "new SortedList", .evaluate = table_of_values},
    {.name = "new Hashtable", .evaluate = table_of_values},
    {.name = "Array.Add", .evaluate = put_in_table},
    {.name = kTableOf, .evaluate = table_of_pairs},
    // What a function makes of each
    {.name = ".Select", .evaluate = each_item},
    {.name = ".SelectMany", .evaluate = each_item},
    {.name = ".Where", .evaluate = each_of_them},
    {.name = ".ForEach", .evaluate = each_item},
    {.name = ".ConvertAll", .evaluate = each_item},
    {.name = ".First", .evaluate = each_of_them},
    {.name = ".FirstOrDefault", .evaluate = each_of_them},
    {.name = ".Any", .evaluate = each_of_them},
    {.name = ".All", .evaluate = each_of_them},
    {.name = "#yield", .evaluate = yielded},
    {.name = "MemoryStream.Write", .result = R::letters, .fills = kObject},
    {.name = "Stream.Read", .fills = kFirst},
    {.name = ".Read", .fills = kFirst},
    {.name = "String.Substring", .evaluate = substring, .glances = true},
    {.name = "String.Remove", .evaluate = removed},
    {.name = "String.Insert", .evaluate = inserted},
    {.name = "String.Replace", .evaluate = replaced},
    {.name = "String.Split", .evaluate = split},
    {.name = "String.ToLower", .evaluate = low},
    {.name = "String.ToUpper", .evaluate = high},
    {.name = "String.ToString", .evaluate = same},
    {.name = "Number.ToString", .evaluate = same},
    {.name = "String.Trim", .evaluate = same},
    {.name = "String.ToCharArray", .evaluate = characters},
    {.name = "Array.Reverse", .fills = kFirst, .evaluate = list_reversed},
    {.name = "Convert.ToInt32", .result = R::numbers, .evaluate = number_from},
    {.name = "Convert.ToByte", .result = R::numbers, .evaluate = number_from},
    {.name = "Convert.ToChar", .result = R::letters, .evaluate = to_char},
    {.name = "int.Parse", .result = R::numbers},
    {.name = "Int16.Parse", .result = R::numbers},
    {.name = "Int32.Parse", .result = R::numbers},
    {.name = "Int64.Parse", .result = R::cleans},
    {.name = "UInt16.Parse", .result = R::numbers},
    {.name = "UInt32.Parse", .result = R::numbers},
    {.name = "UInt64.Parse", .result = R::cleans},
    {.name = "Byte.Parse", .result = R::numbers},
    {.name = "Guid.Parse", .result = R::cleans},
    {.name = "long.Parse", .result = R::numbers},
    {.name = "double.Parse", .result = R::cleans},
    {.name = "bool.Parse", .result = R::cleans},
    {.name = "DateTime.Parse", .result = R::cleans},
    {.name = "Convert.ToInt64", .result = R::numbers},
    {.name = "Convert.ToBoolean", .result = R::cleans},
    {.name = "Convert.ToDateTime", .result = R::cleans},
    {.name = "int.TryParse", .result = R::verifies},
    {.name = "Guid.TryParse", .result = R::verifies},
    {.name = "DateTime.TryParse", .result = R::verifies},
    {.name = "DateTime.TryParseExact", .result = R::verifies},
    {.name = "IPAddress.TryParse", .result = R::verifies},
    {.name = "Guid.NewGuid", .result = R::cleans},
    {.name = "String.IsNullOrEmpty", .result = R::cleans},
    {.name = "String.IsNullOrWhiteSpace", .result = R::cleans},
    {.name = "Convert.ToString"},
    {.name = "String.Copy"},
    {.name = "String.Intern"},
    {.name = "Strings.StrReverse"},
    {.name = "Strings.Trim"},
    {.name = "Strings.Mid"},
    {.name = "Strings.Replace"},
    {.name = "Strings.Split"},
    {.name = "Strings.Join"},
    {.name = "Regex.Match"},
    {.name = "Regex.Matches"},
    {.name = "Regex.Split"},
    {.name = "Regex.Unescape"},
    {.name = ".DeserializeObject"},
    {.name = "JsonConvert.DeserializeObject"},
    {.name = "JsonSerializer.Deserialize"},
    {.name = "JObject.Parse"},
    {.name = "JToken.Parse"},
    {.name = "JArray.Parse"},
    {.name = "XElement.Parse"},
    {.name = "XDocument.Parse"},
    {.name = "Tuple.Create"},
    {.name = "Task.FromResult"},
    {.name = "Enumerable.Repeat"},
    {.name = "Enumerable.Reverse"},
    {.name = "Enumerable.Concat"},
    {.name = "Encoding.Convert"},
    {.name = ".Length", .result = R::cleans},
    {.name = ".Count", .result = R::cleans},
    {.name = ".IndexOf", .result = R::numbers, .evaluate = index_in_list},
    {.name = ".LastIndexOf", .result = R::cleans},
    {.name = ".Equals", .result = R::verifies, .evaluate = equals},
    {.name = ".StartsWith", .result = R::verifies},
    {.name = ".EndsWith", .result = R::verifies},
    {.name = ".Contains", .result = R::verifies},
    {.name = ".ContainsKey", .result = R::verifies},
    {.name = ".IsMatch", .result = R::verifies},
    {.name = ".GetHashCode", .result = R::cleans},
    {.name = ".GetType", .result = R::cleans},
    {.name = ".IsInRole", .result = R::authenticates},
    {.name = "FormsAuthentication.Authenticate", .result = R::authenticates},
    {.name = "Membership.ValidateUser", .result = R::authenticates},
};

}  // namespace

const std::span<const Entry> kDotnetText = kTable;

}  // namespace ascribe::shells
