// Web logs in formats that IIS can write and Exchange servers do not by default: NCSA common and IIS's own
// comma-separated one. They are recognised so that they can be named as not read; both give local times without a zone
// or lack columns we need. https://learn.microsoft.com/windows/win32/http/iis-logging
// https://learn.microsoft.com/windows/win32/http/ncsa-logging
#include <algorithm>

#include "base/text.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

/// 192.0.2.1 - CORP\alice [02/Mar/2021:10:00:00 +0000] "GET / HTTP/1.1" 200 1234
bool is_ncsa(std::string_view line) {
    auto open = line.find('['), close = line.find("] \"");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return false;
    auto time = line.substr(open + 1, close - open - 1);
    return time.size() == 26 && time[2] == '/' && time[6] == '/' && time[11] == ':' &&
           std::ranges::count(line.substr(0, open), ' ') == 3;
}

/// 192.0.2.1, CORP\alice, 3/2/2021, 10:00:00, W3SVC1, EX01, 10.0.0.5, 15, 300, 1234, 200, 0, GET, /owa/, -,
bool is_native(std::string_view line) {
    auto cells = split(line, ',');
    if (cells.size() < 15) return false;
    auto date = trim(cells[2]), time = trim(cells[3]), site = trim(cells[4]);
    return std::ranges::count(date, '/') == 2 && std::ranges::count(time, ':') == 2 && site.starts_with("W3SVC");
}

std::string_view format_of(std::span<const std::byte> head) {
    for (auto line : head_lines(head, 1)) {
        if (is_ncsa(line)) return "web_log.ncsa_common";
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
const Parser kWebLogParser{"web_log", "NCSA and native IIS logs, named as not read",
                           "https://learn.microsoft.com/windows/win32/http/iis-logging", claim, parse};

}  // namespace ascribe
