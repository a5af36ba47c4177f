// What the tables of several languages need to make values of constants.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {

/// Name of a type that begins with a namespace of the application's own: what a visitor adds chooses among its types.
inline bool names_own_type(const Value& name) {
    auto begin = beginning_of(name);
    constexpr std::string_view kPlatforms[] = {"system.", "microsoft.", "java.", "javax.", "sun.", "com.sun.", "jdk."};
    auto of = [&](std::string_view platform) { return starts_folded(begin, platform); };
    return begin.contains('.') && std::ranges::none_of(kPlatforms, of);
}
/// It, as what was checked.
inline Value own_type(const Value& name) {
    auto type = Value::unknown();
    taint(type, name);
    type.flags |= flag::checked | flag::part;
    return type;
}

/// Longest text that one function makes; a longer one is left unknown or cut.
inline constexpr std::size_t kMostMade = 1 << 20;

/// Most items of one list that a function makes; what is beyond is left out, or the list unknown.
inline constexpr std::size_t kMostItems = 200'000;

/// A text with every `from`, which is not empty, replaced; nothing where it becomes longer than kMostMade.
inline std::optional<std::string> replaced_all(std::string_view text, std::string_view from, std::string_view to) {
    std::string out;
    std::size_t at = 0;
    for (auto next = text.find(from); next != std::string_view::npos; next = text.find(from, at)) {
        out.append(text, at, next - at).append(to);
        at = next + from.size();
        if (out.size() > kMostMade) return {};
    }
    out.append(text, at);
    return out;
}

/// What stands between separators, which are not empty.
inline std::shared_ptr<List> parts_of(std::string_view text, std::string_view separator) {
    auto list = std::make_shared<List>();
    for (std::size_t at = 0;;) {
        auto next = text.find(separator, at);
        list->append(Value::text(std::string(text.substr(at, next == std::string_view::npos ? next : next - at))));
        if (next == std::string_view::npos || list->items.size() > kMostItems) return list;
        at = next + separator.size();
    }
}

/// The text of the object a method is called on, where it is a constant that no visitor had a hand in.
inline std::optional<std::string_view> object_text(const Call& call) {
    if (call.object == nullptr || call.object->kind != Kind::text || call.object->tainted()) return std::nullopt;
    return call.object->view;
}

/// A script's number as a count from 0 to `most`; what is no number counts as 0.
inline std::size_t clamped(double number, std::size_t most) {
    if (!(number > 0)) return 0;
    return number > static_cast<double>(most) ? most : static_cast<std::size_t>(number);
}

/// A script's number as that of a letter, without its sign; beyond Unicode's last it is any.
inline char32_t letter_of(double number) {
    constexpr std::size_t kLast = 0x1FFFFF;
    return static_cast<char32_t>(clamped(number < 0 ? -number : number, kLast));
}

/// Whether a script is made to be called at a prompt: it looks at its arguments, and at nothing that a server hands to
/// it. RFC 3875, sections 4.1 and 6.3
inline bool is_called_at_prompt(Call& call) {
    auto text = call.machine.own_text();
    if (!call.machine.charge(1 + text.size() / 16)) return false;
    auto has = [text](std::string_view sign) { return contains_folded(text, sign); };
    constexpr std::string_view kArguments[] = {"argv", "argparse", "optparse", "getopt", "add_argument", "__main__"};
    constexpr std::string_view kServer[] = {"content-type", "content_length", "request_method", "query_string",
                                            "http_"};
    return std::ranges::any_of(kArguments, has) && std::ranges::none_of(kServer, has);
}

// Functions that several languages have, each under a name of its own.

/// The one byte of this number.
inline bool chr(Call& call) {
    auto code = call.number(0);
    if (!code || *code < 0 || *code > 255) return false;
    return call.give(std::string(1, static_cast<char>(static_cast<unsigned char>(*code))));
}

/// What a text holds in base64, and in hexadecimal digits.
inline bool base64(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto bytes = from_base64(*text);
    return bytes && call.give(std::move(*bytes));
}
inline bool hex(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto bytes = from_hex(*text);
    return bytes && call.give(std::move(*bytes));
}

/// The object a method is called on, in small letters, and in capitals.
inline bool low(Call& call) {
    auto text = object_text(call);
    return text && call.give(lower(*text));
}
inline bool high(Call& call) {
    auto text = object_text(call);
    if (!text) return false;
    std::string out(*text);
    for (auto& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return call.give(std::move(out));
}

/// Whether a text is written as a number.
inline bool is_number(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto digits = trim(*text);
    bool number = !digits.empty() &&
                  std::ranges::all_of(digits, [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == '-'; });
    return call.give_truth(number);
}

/// A list of a size, all zeros; of a size that is not known or long, one of which only that is known.
inline bool sized(Call& call) {
    constexpr double kMost = 256;
    auto list = std::make_shared<List>();
    auto size = call.size() == 1 && !call.arguments[0].tainted() ? call.number(0) : std::nullopt;
    if (size && *size >= 0 && *size <= kMost)
        for (double i = 0; i < *size; ++i) list->append(Value::of_number(0));
    else
        list->rest = Value::of_number(0);
    return call.give(std::move(list));
}

/// A wrapper is what it wraps: new BufferedWriter(new FileWriter(x)) writes that file.
inline bool wrapped(Call& call) {
    if (call.size() == 0 || call.arguments[0].type().empty() || call.arguments[0].has(flag::name)) return false;
    return call.give(call.arguments[0]);
}

/// No application lets a visitor say which database to open, and as whom.
inline bool opens_database(Call& call) {
    for (const auto& argument : call.arguments)
        if (argument.tainted() && strongest(argument.origins) < Origin::session)
            call.machine.signal("console.database", call.span);
    return false;
}

/// The settings of the web server itself, or its accounts: ADSI paths.
inline bool reads_directory(Call& call) {
    auto path = call.text(0);
    bool server = path && (starts_folded(*path, "IIS://") || starts_folded(*path, "WinNT://"));
    if (server) call.machine.signal("inform.directory", call.span);
    return false;
}

/// Where a list has what a visitor sent, if it has that: list.indexOf(x), Array.IndexOf(list, x). A number of that, and
/// what it is compared with a check. In an alphabet everything is found.
inline bool index_in_list(Call& call) {
    bool of_type = call.object != nullptr && call.object->has(flag::name);
    if (call.size() < (of_type ? 2u : 1u) || call.object == nullptr) return false;
    const Value& list = of_type ? call.arguments[0] : *call.object;
    auto sought = summary(call.arguments[of_type ? 1 : 0]);
    if (list.kind == Kind::text || summary(list).tainted() || !sought.tainted()) return false;
    auto index = number_of_data(sought);
    index.flags |= flag::verifies;
    index.trail = sought.trail;
    return call.give(std::move(index));
}

/// The page ends here, for whom the condition before it does not let pass.
inline bool ends_page(Call& call) {
    call.machine.end_page();
    return call.give(Value::unknown());
}

/// [a, b].map(f), .forEach(f), ...: each item is handed over, with its number; of what is not a list, what it holds.
inline bool each_item(Call& call) {
    constexpr std::size_t kMostCalls = 4096;
    if (call.object == nullptr || call.size() == 0 || call.arguments[0].kind != Kind::closure) return false;
    auto function = call.arguments[0];
    if (call.object->kind != Kind::list) {
        auto any = summary(*call.object);
        return any.tainted() && call.give(call.machine.call_back(function, {any, Value::unknown()}, call.span));
    }
    if (call.object->list().items.size() > kMostCalls) return false;
    auto items = call.object->list().items;  // a copy: the function may change the list
    auto out = std::make_shared<List>();
    for (auto& item : items) {
        auto value = item.value.kind == Kind::reference ? item.value.cell->value : item.value;
        out->append(call.machine.call_back(function, {std::move(value), item.key}, call.span));
        if (call.machine.over()) return false;
    }
    return call.give(std::move(out));
}

/// Whether a visitor says who a mail goes to: the argument of that number. An address that was checked is that of a
/// form's sender.
template <std::size_t recipient>
bool tells_recipient(Call& call) {
    if (call.size() <= recipient) return false;
    auto to = summary(call.arguments[recipient]);
    bool visitors = to.tainted() && strongest(to.origins) <= Origin::upload;
    if (visitors && !to.has(flag::checked) && !call.machine.verified(to))
        call.machine.signal("mail.recipient", call.span);
    return false;
}

/// a.equals(b), String.Equals(a, b): as the operator of other languages.
inline bool equals(Call& call) {
    bool two = call.size() > 1 && (call.object == nullptr || call.object->has(flag::name));
    if (two) return call.give(call.compared(call.arguments[0], call.arguments[1]));
    if (call.object == nullptr || call.size() == 0 || call.object->has(flag::name)) return false;
    return call.give(call.compared(*call.object, call.arguments[0]));
}

}  // namespace ascribe::shells
