// The model's enumerations in words, and builds as text.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "model/incident.hpp"
#include "model/intel.hpp"

namespace ascribe {
namespace {

template <std::size_t N, class Enum>
std::string_view word(const std::string_view (&words)[N], Enum value) {
    auto index = static_cast<std::size_t>(value);
    return index < N ? words[index] : "unknown";
}

struct SourceWords {
    std::string_view name, about;
};
constexpr SourceWords kSourceWords[kSources] = {
    {"http_proxy", "HttpProxy logs"},
    {"ecp", "ECP Server logs"},
    {"oab_generator", "OABGenerator logs"},
    {"ews", "EWS logs"},
    {"iis_front_end", "IIS logs of the front end (W3SVC1)"},
    {"iis_back_end", "IIS logs of the back end (W3SVC2)"},
    {"iis_errors", "HTTPERR logs"},
    {"security", "Security events"},
    {"sysmon", "Sysmon events"},
    {"application", "Application events"},
    {"system", "System events"},
    {"exchange_management", "MSExchange Management events"},
    {"powershell", "PowerShell logs and events"},
    {"message_tracking", "message tracking logs"},
    {"web_root_listing", "listing of the web folders"},
    {"compiled_files", "compiled page traces (Temporary ASP.NET Files)"},
    {"file_versions", "file versions (ExSetup.exe and Exchange DLLs)"},
    {"configuration", "IIS and Exchange configuration files"},
    {"process_events", "process creation events (Security 4688, Sysmon 1)"},
    {"file_times", "true file times"},
    {"antivirus", "antivirus and MSERT logs"},
    {"prior_check", "output of an earlier check"},
    {"access_log", "access logs of Apache, nginx and others"},
};

}  // namespace

std::string_view to_string(Door door) {
    static constexpr std::string_view words[] = {"owa",        "ecp",       "autodiscover", "ews",
                                                 "powershell", "site_root", "other"};
    return word(words, door);
}
std::string_view to_string(Level level) {
    static constexpr std::string_view words[] = {"scan", "attempt", "success"};
    return word(words, level);
}
std::string_view to_string(Severity severity) {
    static constexpr std::string_view words[] = {"note", "low", "medium", "high", "critical"};
    return word(words, severity);
}
std::string_view to_string(Question question) {
    static constexpr std::string_view words[] = {"attempted", "exploited", "shell", "used", "persistence", "hiding"};
    return word(words, question);
}
std::string_view to_string(Clock clock) {
    static constexpr std::string_view words[] = {"log", "file_system", "embedded", "inferred"};
    return word(words, clock);
}
std::string_view to_string(CveState state) {
    static constexpr std::string_view words[] = {"fixed", "vulnerable", "mitigated", "cannot_tell"};
    return word(words, state);
}
std::string_view in_words(CveState state) { return state == CveState::cannot_tell ? "cannot tell" : to_string(state); }
std::string_view to_string(Answer answer) {
    static constexpr std::string_view words[] = {"no", "yes", "unknown"};
    return word(words, answer);
}
std::string_view to_string(State state) {
    static constexpr std::string_view words[] = {"compromised", "attempted", "no_evidence", "insufficient_evidence"};
    return word(words, state);
}
std::string_view to_string(Source source) {
    auto index = static_cast<std::size_t>(source);
    return index < kSources ? kSourceWords[index].name : "unknown";
}
std::string_view describe(Source source) {
    auto index = static_cast<std::size_t>(source);
    return index < kSources ? kSourceWords[index].about : "unknown";
}

std::optional<Build> parse_build(std::string_view text) {
    auto parts = split(text, '.');
    if (parts.size() != 4) return {};
    Build build;
    for (std::size_t i = 0; i < 4; ++i) {
        auto number = parse_number(parts[i]);
        if (!number || *number > 999'999) return {};
        build.part[i] = static_cast<std::uint32_t>(*number);
    }
    return build;
}

std::string to_string(const Build& build) { return fmt::format("{}", fmt::join(build.part, ".")); }

const Indicator* Intel::find(std::string_view type, std::string_view value) const {
    auto at = indicator_index.find(fmt::format("{}:{}", type, lower(value)));
    if (at == indicator_index.end()) return nullptr;
    auto best = std::ranges::max_element(at->second, {}, [&](std::size_t i) { return indicators[i].confidence; });
    return &indicators[*best];
}

std::string_view to_string(Soundness soundness) {
    return soundness == Soundness::low ? "Low" : soundness == Soundness::moderate ? "Moderate" : "High";
}

std::string percent(double probability) {
    return probability > 0.99   ? "over 99 %"
           : probability < 0.01 ? "under 1 %"
                                : fmt::format("{:.0f} %", probability * 100);
}

std::string_view actor_words(const Indicator& indicator) {
    std::string_view actor = indicator.actor;
    bool nobody = actor.empty() || actor == "any" || actor == "unspecified" || actor == "unknown";
    return nobody ? "no named actor" : actor;
}

}  // namespace ascribe
