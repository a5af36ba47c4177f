// Small values typed by hand: one server, one vulnerability, findings and sources as a test needs them.
#pragma once

#include <random>

#include "correlate/clocks.hpp"
#include "correlate/correlate.hpp"
#include "correlate/exposure.hpp"
#include "correlate/threads.hpp"

namespace ascribe::test {

inline Time utc(std::string_view text) { return parse_time(text).value(); }
inline Build build(std::string_view text) { return parse_build(text).value(); }
inline Ref ref(std::uint32_t artefact, std::uint64_t offset = 0) { return {{artefact}, 10, offset}; }

/// ProxyLogon and an older hole, with the builds that matter. First fixed builds: Microsoft's table of March 2021.
inline Intel intel() {
    Intel intel;
    auto known = [&](const char* product, const char* update, const char* security, const char* text, const char* day) {
        intel.builds.push_back({build(text), product, update, security, day, "", "Microsoft"});
    };
    known("Exchange Server 2016", "CU7", "", "15.1.1261.35", "2017-09-19");
    known("Exchange Server 2016", "CU14", "", "15.1.1847.3", "2019-09-17");
    known("Exchange Server 2016", "CU14", "Feb20SU", "15.1.1847.7", "2020-02-11");
    known("Exchange Server 2016", "CU14", "Mar21SU", "15.1.1847.12", "2021-03-02");
    known("Exchange Server 2016", "CU18", "", "15.1.2106.2", "2020-09-15");
    known("Exchange Server 2016", "CU18", "Mar21SU", "15.1.2106.13", "2021-03-02");
    known("Exchange Server 2016", "CU20", "", "15.1.2242.4", "2021-03-16");
    known("Exchange Server 2016", "CU21", "", "15.1.2308.8", "2021-06-29");

    Vulnerability proxylogon{.cve = "CVE-2021-26855",
                             .family = "ProxyLogon",
                             .title = "",
                             .products = {"2013", "2016", "2019"},
                             .disclosed = utc("2021-03-02"),
                             .patched = utc("2021-03-02"),
                             .first_exploited = utc("2021-01-03"),
                             .first_exploited_text = "",
                             .source = "",
                             .fixed_in = {},
                             .build_decides = true,
                             .condition = "",
                             .mitigations = {"X-BEResource Abort - inbound"},
                             .known_exploited = true};
    for (auto [update, text] : {std::pair{"CU8", "15.1.1415.8"},
                                {"CU8", "15.1.1415.10"},
                                {"CU14", "15.1.1847.12"},
                                {"CU18", "15.1.2106.13"},
                                {"CU20 and later", "15.1.2242.4"}})
        proxylogon.fixed_in.push_back({"Exchange Server 2016", update, build(text), "Microsoft"});
    intel.vulnerabilities.push_back(proxylogon);

    Vulnerability key{.cve = "CVE-2020-0688",
                      .family = "static validationKey",
                      .title = "",
                      .products = {"2010", "2013", "2016", "2019"},
                      .disclosed = utc("2020-02-11"),
                      .patched = utc("2020-02-11"),
                      .first_exploited = utc("2020-02-26"),
                      .first_exploited_text = "",
                      .source = "",
                      .fixed_in = {},
                      .build_decides = true,
                      .condition = "",
                      .mitigations = {},
                      .known_exploited = true};
    key.fixed_in = {{"Exchange Server 2016", "CU14", build("15.1.1847.7"), "Microsoft"},
                    {"Exchange Server 2016", "CU16 and later", build("15.1.1979.3"), "Microsoft"}};
    intel.vulnerabilities.push_back(key);
    intel.stock_names = {"logon.aspx", "proxylogon.ecp"};
    return intel;
}

inline BuildSeen seen(std::string_view text, std::optional<Time> first = {}, std::optional<Time> last = {}) {
    return {build(text), first ? "http_proxy" : "pe_version", first, last, ref(50), ref(51)};
}

inline Finding finding(std::string id, Level level, Question question, std::optional<Time> time,
                       std::string detector = "exchange.proxylogon") {
    Finding finding;
    finding.id = std::move(id);
    finding.detector = std::move(detector);
    finding.level = level;
    finding.question = question;
    finding.probability = 0.97;
    finding.raw_time = time;
    finding.time = time;
    finding.statement = "Something was seen.";
    finding.evidence = {ref(1)};
    finding.evidence_total = 1;
    return finding;
}

/// A source with a record in every hour of [from, until), or without times for listings and versions.
inline SourceSeen source(Source source, std::optional<Time> from = {}, std::optional<Time> until = {}) {
    SourceSeen seen{source, {}, 1, from, until, ref(60), ref(61)};
    auto add_doors = [&](std::initializer_list<Door> doors) {
        for (Door door : doors) seen.doors.push_back({door, seen.hours});
    };
    if (source == Source::file_times) add_doors({Door::owa, Door::ecp, Door::site_root});
    if (source == Source::compiled_files) add_doors({Door::owa, Door::ecp});
    if (!from) return seen;
    auto hour = [](Time time) {
        return static_cast<Hour>(std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count());
    };
    for (Hour h = hour(*from); h < hour(*until); ++h) seen.hours.push_back(h);
    seen.records = seen.hours.size();
    // The logs of Exchange's sites show its applications.
    if (source == Source::iis_front_end || source == Source::iis_back_end) add_doors({Door::other});
    if (source == Source::http_proxy)
        add_doors({Door::owa, Door::ecp, Door::autodiscover, Door::ews, Door::powershell, Door::other});
    return seen;
}

inline bool is_timeless(Source s) {
    return s == Source::web_root_listing || s == Source::compiled_files || s == Source::file_versions ||
           s == Source::configuration || s == Source::file_times;
}

/// The sixteen classes of evidence of issue 2.
inline constexpr Source kClasses[] = {Source::http_proxy,     Source::ecp,
                                      Source::iis_front_end,  Source::iis_back_end,
                                      Source::security,       Source::sysmon,
                                      Source::application,    Source::exchange_management,
                                      Source::powershell,     Source::web_root_listing,
                                      Source::compiled_files, Source::file_versions,
                                      Source::configuration,  Source::process_events,
                                      Source::file_times,     Source::message_tracking};

/// A server that was open from the start, patched on 12 March 2021, with every class of evidence from January to 20
/// March.
inline Conclusion watched_server() {
    Conclusion seen;
    auto begin = utc("2021-01-01"), end = utc("2021-03-20"), patch = utc("2021-03-12T21:00:00Z");
    for (Source s : kClasses) seen.facts.sources.push_back(is_timeless(s) ? source(s) : source(s, begin, end));
    seen.facts.builds = {test::seen("15.1.2106.2", begin, patch),
                         test::seen("15.1.2106.13", patch + std::chrono::minutes{40}, end)};
    return seen;
}

inline Incident run(Conclusion seen, const CorrelateOptions& options = {}) {
    return correlate("mail01", std::move(seen), options, intel());
}

}  // namespace ascribe::test
