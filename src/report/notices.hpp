// Notices of a watch, as lines for programs and for people.
#pragma once

#include <string>

#include "model/notice.hpp"

namespace ascribe {

/// One JSON object on one line, without its end; every character beyond ASCII escaped. At most kNoticeLine bytes.
std::string notice_json(const Notice& notice);
/// The largest datagram of UDP over IPv4, https://www.rfc-editor.org/rfc/rfc768, less room for a syslog header.
inline constexpr std::size_t kNoticeLine = 65'000;

/// Two or three lines for a terminal, nothing of the evidence unescaped.
std::string notice_text(const Notice& notice);

}  // namespace ascribe
