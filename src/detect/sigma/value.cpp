#include "detect/sigma/value.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

#include "base/result.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace ascribe::sigma {
namespace {

/// What the modifiers of one field say together.
struct Chain {
    bool contains = false, starts = false, ends = false, all = false, cased = false, windash = false, expand = false;
    bool regex = false, ignore_case = false, multiline = false, dot_all = false;
    bool base64 = false, base64_offset = false, network = false, exists = false, field = false, negated = false;
    enum class Wide { none, little, big, marked } wide = Wide::none;
    std::optional<Comparison> comparison;
    TimePart part = TimePart::none;
};

struct Modifier {
    std::string_view name;
    void (*apply)(Chain&);
};

constexpr Modifier kModifiers[] = {
    {"contains", [](Chain& c) { c.contains = true; }},
    {"startswith", [](Chain& c) { c.starts = true; }},
    {"endswith", [](Chain& c) { c.ends = true; }},
    {"all", [](Chain& c) { c.all = true; }},
    {"cased", [](Chain& c) { c.cased = true; }},
    {"windash", [](Chain& c) { c.windash = true; }},
    {"expand", [](Chain& c) { c.expand = true; }},
    {"re", [](Chain& c) { c.regex = true; }},
    {"i", [](Chain& c) { c.ignore_case = true; }},
    {"ignorecase", [](Chain& c) { c.ignore_case = true; }},
    {"m", [](Chain& c) { c.multiline = true; }},
    {"multiline", [](Chain& c) { c.multiline = true; }},
    {"s", [](Chain& c) { c.dot_all = true; }},
    {"dotall", [](Chain& c) { c.dot_all = true; }},
    {"base64", [](Chain& c) { c.base64 = true; }},
    {"base64offset", [](Chain& c) { c.base64_offset = true; }},
    {"wide", [](Chain& c) { c.wide = Chain::Wide::little; }},
    {"utf16le", [](Chain& c) { c.wide = Chain::Wide::little; }},
    {"utf16be", [](Chain& c) { c.wide = Chain::Wide::big; }},
    {"utf16", [](Chain& c) { c.wide = Chain::Wide::marked; }},
    {"cidr", [](Chain& c) { c.network = true; }},
    {"exists", [](Chain& c) { c.exists = true; }},
    {"fieldref", [](Chain& c) { c.field = true; }},
    {"neq", [](Chain& c) { c.negated = true; }},
    {"lt", [](Chain& c) { c.comparison = Comparison::less; }},
    {"lte", [](Chain& c) { c.comparison = Comparison::less_equal; }},
    {"gt", [](Chain& c) { c.comparison = Comparison::greater; }},
    {"gte", [](Chain& c) { c.comparison = Comparison::greater_equal; }},
    {"minute", [](Chain& c) { c.part = TimePart::minute; }},
    {"hour", [](Chain& c) { c.part = TimePart::hour; }},
    {"day", [](Chain& c) { c.part = TimePart::day; }},
    {"week", [](Chain& c) { c.part = TimePart::week; }},
    {"month", [](Chain& c) { c.part = TimePart::month; }},
    {"year", [](Chain& c) { c.part = TimePart::year; }},
};

/// Modifiers that decide what a value is; at most one kind may be given.
std::expected<void, std::string> check(const Chain& chain) {
    int kinds =
        chain.regex + chain.network + chain.exists + chain.field + (chain.comparison || chain.part != TimePart::none);
    bool text = chain.contains || (!chain.field && (chain.starts || chain.ends)) || chain.windash || chain.base64 ||
                chain.base64_offset || chain.wide != Chain::Wide::none;
    if (kinds > 1 || (kinds == 1 && text)) return std::unexpected("modifiers that exclude each other");
    if (!chain.regex && (chain.ignore_case || chain.multiline || chain.dot_all))
        return std::unexpected("modifiers i, m and s go with re only");
    return {};
}

std::string widen(std::string_view text, Chain::Wide wide) {
    std::string out = wide == Chain::Wide::marked ? "\xFF\xFE" : "";
    auto put = [&](std::uint32_t unit) {
        char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8 & 0xFF);
        out += wide == Chain::Wide::big ? high : low;
        out += wide == Chain::Wide::big ? low : high;
    };
    for (std::size_t i = 0; i < text.size();) {
        auto lead = static_cast<unsigned char>(text[i]);
        std::size_t size = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        std::uint32_t point = size == 1 ? lead : lead & (0xFFU >> (size + 1));
        for (std::size_t k = 1; k < size && i + k < text.size(); ++k)
            point = point << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        i += size;
        if (point >= 0x10000) {
            put(0xD800 + ((point - 0x10000) >> 10));
            put(0xDC00 + ((point - 0x10000) & 0x3FF));
        } else {
            put(point);
        }
    }
    return out;
}

std::string base64(std::string_view bytes) {
    static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t k = 0; k < 3; ++k)
            group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
        for (int k = 3; k >= 0; --k) out += kAlphabet[group >> (6 * k) & 63];
    }
    auto missing = (3 - bytes.size() % 3) % 3;
    for (std::size_t k = 0; k < missing; ++k) out[out.size() - 1 - k] = '=';
    return out;
}

/// The base64 that `bytes` give at each of the three places they may begin at, without what their neighbours decide.
std::vector<std::string> base64_at_any_offset(std::string_view bytes) {
    constexpr std::size_t kFirst[] = {0, 2, 3}, kLast[] = {0, 3, 2};
    std::vector<std::string> out;
    for (std::size_t offset = 0; offset < 3; ++offset) {
        auto text = base64(std::string(offset, ' ') + std::string(bytes));
        auto cut = kLast[(bytes.size() + offset) % 3];
        if (text.size() > kFirst[offset] + cut)
            out.push_back(text.substr(kFirst[offset], text.size() - kFirst[offset] - cut));
    }
    return out;
}

std::expected<Value, std::string> text_value(const Chain& chain, const std::string& text) {
    Value value;
    bool encoded = chain.base64 || chain.base64_offset;
    if (encoded || chain.wide != Chain::Wide::none) {
        if (Pattern::parse(text, true).has_wildcards()) return std::unexpected("an encoded value with wildcards");
        std::string bytes;
        for (std::size_t i = 0; i < text.size(); ++i) {  // \* is a plain *
            if (text[i] == '\\' && i + 1 < text.size() && std::strchr("*?\\", text[i + 1]) != nullptr) ++i;
            bytes += text[i];
        }
        if (chain.wide != Chain::Wide::none) bytes = widen(bytes, chain.wide);
        auto texts = chain.base64_offset ? base64_at_any_offset(bytes) : std::vector{encoded ? base64(bytes) : bytes};
        for (const auto& each : texts) value.patterns.push_back(Pattern::literal(each, chain.cased));
    } else {
        value.patterns.push_back(Pattern::parse(text, chain.cased));
    }
    for (Pattern& pattern : value.patterns) {
        if (chain.windash) pattern.loosen_dashes();
        if (chain.contains || chain.ends || chain.base64_offset) pattern.open_start();
        if (chain.contains || chain.starts || chain.base64_offset) pattern.open_end();
        value.key += pattern.key() + '\n';
    }
    return value;
}

std::expected<Value, std::string> regex_value(const Chain& chain, const std::string& text) {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_case_sensitive(!chain.ignore_case);
    options.set_dot_nl(chain.dot_all);
    // Four times its default: `.{1000,}` of a public rule then stays an automaton, sixty times as fast on long values.
    options.set_max_mem(32 << 20);
    Value value;
    value.kind = Value::Kind::regex;
    value.expression = text;
    value.multiline = chain.multiline;
    value.has_end = !chain.multiline && text.find('$') != std::string::npos;
    value.regex = std::make_shared<re2::RE2>(chain.multiline ? "(?m)" + text : text, options);
    if (!value.regex->ok())
        return std::unexpected(fmt::format("regular expression '{}': {}", text, value.regex->error()));
    value.key = fmt::format("re{}{}{}:{}", chain.ignore_case, chain.multiline, chain.dot_all, text);
    return value;
}

std::expected<Value, std::string> value_of(const Chain& chain, const Scalar& scalar) {
    Value value;
    if (!scalar) {
        value.kind = Value::Kind::null;
        value.key = "null";
        return value;
    }
    const std::string& text = *scalar;
    if (chain.exists) {
        value.kind = Value::Kind::exists;
        auto word = lower(text);
        if (word != "true" && word != "false" && word != "yes" && word != "no")
            return std::unexpected("exists needs true or false");
        value.exists = word == "true" || word == "yes";
        value.key = value.exists ? "exists" : "absent";
        return value;
    }
    if (chain.field) {
        value.kind = Value::Kind::field;
        value.field = text;
        value.cased = chain.cased;
        value.starts = chain.starts || chain.contains;
        value.ends = chain.ends || chain.contains;
        value.key = fmt::format("field{}{}{}:{}", chain.cased, value.starts, value.ends, text);
        return value;
    }
    if (chain.network) {
        value.kind = Value::Kind::network;
        auto network = Network::parse(text);
        if (!network) return std::unexpected(fmt::format("'{}' is no address range", text));
        value.network = *network;
        value.key = "cidr:" + text;
        return value;
    }
    if (chain.comparison) {
        value.kind = Value::Kind::number;
        auto number = number_in(text);
        if (!number) return std::unexpected(fmt::format("'{}' is no number", text));
        value.comparison = *chain.comparison;
        value.number = *number;
        value.key = fmt::format("number{}:{}", static_cast<int>(*chain.comparison), *number);
        return value;
    }
    return chain.regex ? regex_value(chain, text) : text_value(chain, text);
}

std::expected<Value, std::string> make_value(const Chain& chain, const Scalar& scalar) {
    auto value = TRY(value_of(chain, scalar));
    value.given = scalar.value_or("");
    return value;
}

/// %name% replaced by each of its values; all combinations of several placeholders. \% is a plain percent sign.
std::expected<std::vector<std::string>, std::string> expanded(const std::string& text,
                                                              const Placeholders& placeholders) {
    constexpr std::size_t kExpansions = 10'000;  // as many as the longest watch lists we know have names
    std::vector<std::string> done{""};
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::vector<std::string> one{text.substr(i, 1)};
        auto end = text[i] == '%' ? text.find('%', i + 1) : std::string::npos;
        if (text.substr(i, 2) == "\\%") {
            one = {"%"};
            ++i;
        } else if (end != std::string::npos && end > i + 1) {
            auto name = text.substr(i + 1, end - i - 1);
            auto at = placeholders.find(name);
            if (at == placeholders.end())
                return std::unexpected(
                    fmt::format("placeholder %{}% has no values; give them with --placeholders", name));
            one = at->second;
            i = end;
        }
        if (done.size() * one.size() > kExpansions)
            return std::unexpected("placeholders that expand to too many values");
        std::vector<std::string> longer;
        for (const auto& before : done)
            for (const auto& after : one) longer.push_back(before + after);
        done = std::move(longer);
    }
    std::ranges::sort(done);
    return done;
}

/// The $ of PCRE, which the specification names, stands before a newline that ends the text too; RE2's does not.
bool is_found(const Value& value, std::string_view text) {
    auto found = [&](std::string_view in) {
        return re2::RE2::PartialMatch(re2::StringPiece(in.data(), in.size()), *value.regex);
    };
    return found(text) || (value.has_end && text.ends_with('\n') && found(text.substr(0, text.size() - 1)));
}

/// Whether a part of a time is the number that the value compares it with, or has as text.
bool is_met_by(double part, const Value& value) {
    if (value.kind == Value::Kind::number) return compares(part, value.comparison, value.number);
    auto digits = fmt::format("{}", part);
    return std::ranges::any_of(value.patterns, [&](const Pattern& pattern) { return pattern.matches(digits, digits); });
}

}  // namespace

std::optional<double> number_in(std::string_view text) {
    text = trim(text);
    bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    double number = 0;
    if (hexadecimal) {
        std::uint64_t whole = 0;
        auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), whole, 16);
        if (error != std::errc{} || end != text.data() + text.size()) return {};
        return static_cast<double>(whole);
    }
    auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
    bool whole = error == std::errc{} && end == text.data() + text.size();
    return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

std::optional<Network> Network::parse(std::string_view text) {
    Network network;
    auto slash = text.find('/');
    std::string address(trim(text.substr(0, slash)));
    auto zone = address.find('%');
    if (zone != std::string::npos) address.resize(zone);
    bool four = inet_pton(AF_INET, address.c_str(), network.address.data() + 12) == 1;
    if (four)
        network.address[10] = network.address[11] = 0xFF;
    else if (inet_pton(AF_INET6, address.c_str(), network.address.data()) != 1)
        return {};
    if (slash != std::string_view::npos) {
        auto bits = parse_number(text.substr(slash + 1));
        if (!bits || *bits > (four ? 32 : 128)) return {};
        network.bits = static_cast<int>(*bits) + (four ? 96 : 0);
    }
    return network;
}

bool Network::contains(std::string_view text) const {
    if (text.size() > 64 || text.find('/') != std::string_view::npos) return false;
    auto other = parse(text);
    if (!other) return false;
    // A network that holds more than all of version 4 is one of version 6: ::/0 says nothing of 192.0.2.1.
    if (bits < 96 && text.find(':') == std::string_view::npos) return false;
    auto whole = static_cast<std::size_t>(bits / 8);
    if (std::memcmp(address.data(), other->address.data(), whole) != 0) return false;
    if (bits % 8 == 0) return true;
    auto mask = static_cast<std::uint8_t>(0xFF << (8 - bits % 8));
    return ((address[whole] ^ other->address[whole]) & mask) == 0;
}

std::optional<double> time_part(std::string_view text, TimePart part) {
    auto time = parse_time(text);
    if (!time) return number_in(text);
    using namespace std::chrono;
    auto day = floor<days>(*time);
    year_month_day date(day);
    hh_mm_ss clock(floor<seconds>(*time - day));
    switch (part) {
        case TimePart::none: break;
        case TimePart::minute: return static_cast<double>(clock.minutes().count());
        case TimePart::hour: return static_cast<double>(clock.hours().count());
        case TimePart::day: return static_cast<double>(static_cast<unsigned>(date.day()));
        case TimePart::month: return static_cast<double>(static_cast<unsigned>(date.month()));
        case TimePart::year: return static_cast<double>(static_cast<int>(date.year()));
        case TimePart::week: {  // ISO 8601: the week of the Thursday
            auto thursday = day - (weekday(day) - Monday) + days(3);
            auto first = sys_days(year_month_day(thursday).year() / January / 1);
            return static_cast<double>((thursday - first).count() / 7 + 1);
        }
    }
    return static_cast<double>(time->time_since_epoch().count());
}

bool is_met(const Value& value, TimePart part, std::string_view text) {
    if (part != TimePart::none && (value.kind == Value::Kind::text || value.kind == Value::Kind::number)) {
        auto number = time_part(text, part);
        return number && is_met_by(*number, value);
    }
    switch (value.kind) {
        case Value::Kind::regex: return is_found(value, text);
        case Value::Kind::network: return value.network.contains(text);
        case Value::Kind::number: {
            auto number = number_in(text);
            return number && compares(*number, value.comparison, value.number);
        }
        case Value::Kind::null: return text.empty();
        case Value::Kind::exists: return value.exists;
        case Value::Kind::text:
        case Value::Kind::field: break;  // the matcher's: it folds texts and finds fields
    }
    return false;
}

std::expected<Item, std::string> make_item(std::string_view key, const std::vector<Scalar>& values,
                                           const Placeholders& placeholders) {
    auto words = split(key, '|');
    Item item;
    item.field = words.empty() ? std::string() : std::string(trim(words.front()));
    Chain chain;
    bool asks_more = false;  // than neq
    for (std::size_t i = 1; i < words.size(); ++i) {
        auto name = lower(trim(words[i]));
        auto at = std::ranges::find(kModifiers, name, &Modifier::name);
        if (at == std::end(kModifiers))
            return std::unexpected(fmt::format("'{}': there is no modifier '{}' in Sigma 2.1", key, name));
        at->apply(chain);
        asks_more = asks_more || name != "neq";
    }
    auto refuse = [&](const std::string& why) { return std::unexpected(fmt::format("'{}': {}", key, why)); };
    if (auto checked = check(chain); !checked) return refuse(checked.error());
    if (values.empty()) return refuse("a list without values");
    if (std::ranges::find(values, Scalar()) != values.end()) {
        if (values.size() > 1) return refuse("null among other values; it needs a search of its own");
        if (asks_more) return refuse("null with a modifier that asks for a value");
    }
    item.all = chain.all;
    item.negated = chain.negated;
    item.part = chain.part;
    for (const Scalar& scalar : values) {
        std::vector<std::string> texts;
        if (chain.expand && scalar) {
            auto all = expanded(*scalar, placeholders);
            if (!all) return refuse(all.error());
            for (const std::string& text : *all) {
                auto value = make_value(chain, text);
                if (!value) return refuse(value.error());
                item.values.push_back(std::move(*value));
            }
            continue;
        }
        auto value = make_value(chain, scalar);
        if (!value) return refuse(value.error());
        item.values.push_back(std::move(*value));
    }
    // A keyword is looked for anywhere in the event's text.
    if (item.field.empty())
        for (Value& value : item.values)
            for (Pattern& pattern : value.patterns) pattern.open_start(), pattern.open_end();
    return item;
}

}  // namespace ascribe::sigma
