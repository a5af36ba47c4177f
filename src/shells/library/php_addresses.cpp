// PHP's addresses and what they ask for: parse_url, parse_str. https://www.php.net/manual/en/ref.url.php
#include <array>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kLongest = 1 << 20;  // of a text that is taken apart

/// Parts of an address, in the order of PHP's constants PHP_URL_SCHEME ... PHP_URL_FRAGMENT.
constexpr std::array<std::string_view, 8> kParts{"scheme", "host", "port", "user", "pass", "path", "query", "fragment"};
using Parts = std::array<std::optional<std::string_view>, kParts.size()>;
enum Part : std::size_t { scheme, host, port, user, pass, path, query, fragment };

Parts parts_of(std::string_view address) {
    Parts parts;
    auto cut_behind = [&](char mark, Part part) {
        auto at = address.find(mark);
        if (at == std::string_view::npos) return;
        parts[part] = address.substr(at + 1);
        address = address.substr(0, at);
    };
    cut_behind('#', fragment);
    cut_behind('?', query);
    if (auto at = address.find("://"); at != std::string_view::npos) {
        parts[scheme] = address.substr(0, at);
        address.remove_prefix(at + 1);
    } else if (at = address.find(':'); at != std::string_view::npos && address.find('/') > at) {
        parts[scheme] = address.substr(0, at);
        address.remove_prefix(at + 1);
    }
    if (address.starts_with("//")) {
        address.remove_prefix(2);
        auto server = address.substr(0, address.find('/'));
        address.remove_prefix(server.size());
        if (auto at = server.rfind('@'); at != std::string_view::npos) {
            auto who = server.substr(0, at);
            auto colon = who.find(':');
            parts[user] = who.substr(0, colon);
            if (colon != std::string_view::npos) parts[pass] = who.substr(colon + 1);
            server.remove_prefix(at + 1);
        }
        auto colon = server.rfind(':');
        parts[host] = server.substr(0, colon);
        if (colon != std::string_view::npos) parts[port] = server.substr(colon + 1);
    }
    if (!address.empty()) parts[path] = address;
    return parts;
}

bool parse_url(Call& call) {
    auto text = call.size() == 0 || call.arguments[0].tainted() ? std::nullopt : call.text(0);
    if (!text || text->size() > kLongest) return false;
    auto parts = parts_of(*text);
    if (call.size() > 1) {
        auto which = call.number(1);
        if (!which || *which < 0 || *which >= static_cast<double>(kParts.size())) return false;
        auto part = parts[static_cast<std::size_t>(*which)];
        return part ? call.give(std::string(*part)) : call.give(Value());
    }
    auto list = std::make_shared<List>();
    for (std::size_t i = 0; i < kParts.size(); ++i)
        if (parts[i]) list->at(Value::constant(kParts[i])) = Value::text(std::string(*parts[i]));
    for (auto& item : list->items) item.value.flags |= flag::assembled;
    return call.give(std::move(list));
}

bool parse_str(Call& call) {
    if (call.size() == 0) return false;
    auto text = call.arguments[0].tainted() ? std::nullopt : call.text(0);
    if (text && text->size() <= kLongest) {
        auto list = std::make_shared<List>();
        for (auto pair : split(*text, '&')) {
            if (!call.machine.charge_bytes(sizeof(Item) + 64)) return false;
            auto equals = pair.find('=');
            auto name = from_percent(pair.substr(0, equals), true);
            auto value = equals == std::string_view::npos ? std::string() : from_percent(pair.substr(equals + 1), true);
            list->at(key_of(Value::text(name))) = Value::text(value);
        }
        if (call.size() > 1)
            call.set(1, Value::of_list(std::move(list)));
        else
            for (const auto& item : list->items)
                if (item.key.kind == Kind::text)
                    call.machine.set_variable(call.machine.intern(item.key.view), item.value);
        return call.give(Value());
    }
    auto whole = summary(call.arguments[0]);
    if (call.size() > 1) {
        call.set(1, whole);
    } else if (whole.tainted()) {
        call.machine.signal("variables.of_visitor", call.span);
        call.machine.scope().rest = whole;
    }
    return call.give(Value());
}

constexpr Entry kTable[] = {
    {.name = "parse_url", .evaluate = parse_url},
    {.name = "parse_str", .evaluate = parse_str},
    {.name = "mb_parse_str", .evaluate = parse_str},
};

}  // namespace

const std::span<const Entry> kPhpAddresses = kTable;

}  // namespace ascribe::shells
