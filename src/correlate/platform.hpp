// What the evidence is of: an Exchange server, another web server, or something that nothing tells. Exposure, coverage
// and advice speak of Exchange's holes and logs, and must not of a server that never ran it.
#pragma once

#include <span>

#include "model/finding.hpp"

namespace ascribe {

enum class Platform : std::uint8_t { unknown, exchange, web_server };

/// Exchange, where a log, a build or a folder is its own, or where its applications answered in a fifth of the hours
/// of the web logs; a web server, where these logs say enough and show none of that; unknown otherwise.
Platform platform_of(const Facts& facts, std::span<const Finding> findings);

}  // namespace ascribe
