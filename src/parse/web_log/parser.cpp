// IIS's own comma-separated web logs, which Exchange servers do not write by default. They are recognised so that they
// can be named as not read: they give local times without a zone.
// https://learn.microsoft.com/windows/win32/http/iis-logging
#include <algorithm>

#include "base/text.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

/// 192.0.2.1, CORP\alice, 3/2/2021, 10:00:00, W3SVC1, EX01, 10.0.0.5, 15, 300, 1234, 200, 0, GET, /owa/, -,
bool is_native(std::string_view line) {
    auto cells = split(line, ',');
    if (cells.size() < 15) return false;
    auto date = trim(cells[2]), time = trim(cells[3]), site = trim(cells[4]);
    return std::ranges::count(date, '/') == 2 && std::ranges::count(time, ':') == 2 && site.starts_with("W3SVC");
}

std::string_view format_of(std::span<const std::byte> head) {
    for (auto line : head_lines(head, 1)) {
        if (is_native(line)) return "web_log.iis_native";
    }
    return {};
}

int claim(std::string_view, std::span<const std::byte> head) { return format_of(head).empty() ? 0 : 60; }

void parse(const Part& part, Sink& sink) {
    if (part.base != 0) return;
    auto bytes = part.whole.view();
    sink.damage({Fault::unsupported, format_of(bytes.first(std::min(bytes.size(), kHeadBytes)))});
}

}  // namespace

extern const Parser kWebLogParser;
const Parser kWebLogParser{"web_log", "native IIS logs, named as not read",
                           "https://learn.microsoft.com/windows/win32/http/iis-logging", claim, parse};

}  // namespace ascribe
