// The names of what the analyser speaks of, as tables, JSON and features write them.
#include <array>

#include "shells/analysis.hpp"
#include "shells/language.hpp"

namespace ascribe::shells {
namespace {

template <class Enum, std::size_t N>
std::string_view name_in(const std::array<std::string_view, N>& names, Enum value) {
    auto index = static_cast<std::size_t>(value);
    return index < N ? names[index] : "unknown";
}

}  // namespace

std::string_view to_string(Language language) {
    static constexpr std::array<std::string_view, 10> kNames = {"php",  "vbscript", "jscript", "csharp", "vbnet",
                                                                "java", "cfml",     "perl",    "python", "none"};
    return name_in(kNames, language);
}

std::string_view to_string(Platform platform) {
    static constexpr std::array<std::string_view, 8> kNames = {"php", "asp",  "aspx",   "jsp",
                                                               "cfm", "perl", "python", "unknown"};
    return name_in(kNames, platform);
}

std::string_view to_string(Capability capability) {
    static constexpr std::array<std::string_view, 14> kNames = {
        "code",     "command", "file_read", "file_write", "file_manage", "upload",  "download",
        "database", "tunnel",  "mail",      "loader",     "dropper",     "include", "inform"};
    return name_in(kNames, capability);
}

std::string_view to_string(Origin origin) {
    static constexpr std::array<std::string_view, 12> kNames = {"request",  "cookie",      "header",   "body",
                                                                "upload",   "session",     "file",     "network",
                                                                "database", "environment", "constant", "unknown"};
    return name_in(kNames, origin);
}

std::string_view to_string(Verdict verdict) {
    static constexpr std::array<std::string_view, 4> kNames = {"benign", "suspicious", "dual_use", "malicious"};
    return name_in(kNames, verdict);
}

}  // namespace ascribe::shells
