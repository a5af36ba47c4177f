// The languages that web servers run, as the front ends tell them apart.
#pragma once

#include <cstdint>
#include <string_view>

namespace ascribe::shells {

enum class Language : std::uint8_t { php, vbscript, jscript, csharp, vbnet, java, cfml, perl, python, none };
/// What a user calls a whole file: an .aspx page is ASP.NET, whatever its islands are written in.
enum class Platform : std::uint8_t { php, asp, aspnet, jsp, cfml, perl, python, unknown };

std::string_view to_string(Language language);  // "php", "vbscript", ...
std::string_view to_string(Platform platform);  // "php", "asp", "aspx", "jsp", "cfm", "perl", "python", "unknown"

}  // namespace ascribe::shells
