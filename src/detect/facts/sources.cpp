// facts.sources: which sources of evidence are there, and for which hours. Coverage is computed from nothing else, so a
// row of a log that says nothing suspicious still counts: it proves that the log was being kept at that hour.
//
// Hours are kept as days of 24 bits: exact, small (a year of every hour is 365 entries), and the same for any order of
// rows. Listings, versions and configuration speak of the time they were collected, so they have rows but no hours.
#include <fmt/format.h>

#include <array>
#include <bit>
#include <map>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/facts/fold.hpp"

namespace ascribe {
namespace {

using Day = std::int32_t;  // days since 1970

// Only hours of these days are kept: Windows event logs and Exchange logs of our formats are younger than 2000, and a
// fixed window (unlike a cap on their number) gives the same hours for any order of rows. At most 36,525 days a source.
constexpr Day kFirstDay = 10'957;  // 2000-01-01
constexpr Day kLastDay = 47'481;   // 2099-12-31

/// Sources that a set of rows may belong to: a process creation is a Security event and a process event.
struct Membership {
    std::array<Source, 2> source{};
    std::size_t count = 0;
    void add(Source value) { source[count++] = value; }
};

bool is_timeless(Source source) {
    switch (source) {
        case Source::web_root_listing:
        case Source::compiled_files:
        case Source::file_versions:
        case Source::configuration:
        case Source::file_times:
        case Source::prior_check: return true;
        default: return false;
    }
}

Membership of_request(const Row& row) {
    // The back end listens on port 444 (Exchange's own binding); sites may be renumbered, ports hardly ever are.
    Membership result;
    bool back_end = row.text(HttpRequest::site) == "W3SVC2" || row.number(HttpRequest::port) == 444;
    result.add(row.field("log") == "HTTPERR" ? Source::iis_errors
               : back_end                    ? Source::iis_back_end
                                             : Source::iis_front_end);
    return result;
}

Membership of_exchange_log(std::string_view log) {
    static constexpr std::pair<std::string_view, Source> kLogs[] = {
        {"HttpProxy", Source::http_proxy},
        {"Ews", Source::ews},
        {"RpsHttp", Source::powershell},
        {"RpsCmdlet", Source::powershell},
        {"EcpServer", Source::ecp},
        {"EcpActivity", Source::ecp},
        {"OabGenerator", Source::oab_generator},
        {"Antivirus", Source::antivirus},
    };
    Membership result;
    for (const auto& [name, source] : kLogs)
        if (equals_folded(log, name)) result.add(source);
    return result;
}

Membership of_event(const Row& row) {
    static constexpr std::pair<std::string_view, Source> kChannels[] = {
        {"Security", Source::security},
        {"Microsoft-Windows-Sysmon/Operational", Source::sysmon},
        {"Application", Source::application},
        {"System", Source::system},
        {"MSExchange Management", Source::exchange_management},
        {"Windows PowerShell", Source::powershell},
        {"Microsoft-Windows-PowerShell/Operational", Source::powershell},
        {"PowerShellCore/Operational", Source::powershell},
        {"Microsoft-Windows-Windows Defender/Operational", Source::antivirus},
    };
    Membership result;
    auto channel = row.text(WindowsEvent::channel);
    auto id = row.number(WindowsEvent::event_id);
    for (const auto& [name, source] : kChannels) {
        if (!equals_folded(channel, name)) continue;
        result.add(source);
        if ((source == Source::security && id == 4688) || (source == Source::sysmon && id == 1))
            result.add(Source::process_events);
        break;
    }
    return result;
}

Membership of_file(const Row& row) {
    Membership result;
    auto path = row.text(FileEntry::path);
    bool has_times = row.number(FileEntry::created) || row.number(FileEntry::modified);
    bool listed = row.text(FileEntry::origin) != "evidence";
    if (is_compiled_trace(path)) {
        result.add(Source::compiled_files);
    } else if (is_web_folder(path) && (listed || (has_times && is_server_executable(path)))) {
        // A file we merely hold proves nothing about its neighbours; a listing, or pages copied with true times, do.
        result.add(Source::web_root_listing);
        if (has_times) result.add(Source::file_times);
    }
    return result;
}

Membership of_setting(const Row& row) {
    Membership result;
    auto category = row.text(Setting::category);
    result.add(category == "compiled_page" ? Source::compiled_files
               : category == "prior_check" ? Source::prior_check
                                           : Source::configuration);
    return result;
}

Membership membership(RecordKind kind, const Row& row) {
    Membership result;
    switch (kind) {
        case RecordKind::http_request: return of_request(row);
        case RecordKind::exchange_request: return of_exchange_log(row.text(ExchangeRequest::log));
        case RecordKind::exchange_command: return of_exchange_log(row.text(ExchangeCommand::log));
        case RecordKind::exchange_trace: return of_exchange_log(row.text(ExchangeTrace::log));
        case RecordKind::mail_event: result.add(Source::message_tracking); break;
        case RecordKind::windows_event: return of_event(row);
        case RecordKind::file_entry: return of_file(row);
        case RecordKind::installed_build: result.add(Source::file_versions); break;
        case RecordKind::setting: return of_setting(row);
        case RecordKind::script_source: break;
    }
    return result;
}

class Sources {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        std::array<BatchExtent, kSources> seen;
        for (std::size_t i = 0; i < batch.size(); ++i) {
            Row row = batch[i];
            auto of = membership(batch.kind(), row);
            for (std::size_t k = 0; k < of.count; ++k) {
                auto source = static_cast<std::size_t>(of.source[k]);
                if (is_timeless(of.source[k])) row.time = kNoTime;
                seen[source].add(row, i);
                note_hour(source, row.time);
            }
        }
        for (std::size_t source = 0; source < kSources; ++source) seen[source].fold_into(extents_[source], batch);
    }

    void merge(const Sources& other) {
        for (std::size_t source = 0; source < kSources; ++source) {
            extents_[source].merge(other.extents_[source]);
            for (auto [day, hours] : other.days_[source]) days_[source][day] |= hours;
        }
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (std::size_t source = 0; source < kSources; ++source) {
            const Extent& extent = extents_[source];
            if (extent.rows == 0) continue;
            SourceSeen seen{static_cast<Source>(source),
                            {},
                            extent.rows,
                            extent.first_time(),
                            extent.last_time(),
                            extent.first.ref,
                            extent.last.ref};
            for (auto [day, hours] : days_[source])
                for (int hour = 0; hour < 24; ++hour)
                    if (hours >> hour & 1) seen.hours.push_back(day * 24 + hour);
            conclusion.facts.sources.push_back(std::move(seen));
        }
        return conclusion;
    }

    void save(Writer& out) const {
        for (std::size_t source = 0; source < kSources; ++source) {
            extents_[source].save(out);
            out.count(days_[source].size());
            for (auto [day, hours] : days_[source]) {
                out.little(day);
                out.little(hours);
            }
        }
    }

    static Result<Sources> load(Reader& in) {
        Sources sources;
        for (std::size_t source = 0; source < kSources; ++source) {
            sources.extents_[source] = TRY(Extent::load(in));
            auto days = TRY(in.count("sources.days"));
            for (std::uint32_t i = 0; i < days; ++i) {
                auto offset = in.offset();
                auto day = TRY(in.little<Day>("sources.day"));
                auto hours = TRY(in.little<std::uint32_t>("sources.hours"));
                if (day < kFirstDay || day > kLastDay || hours >> 24 != 0)
                    return std::unexpected(Error{Fault::bad_value, "sources.day", offset});
                sources.days_[source][day] |= hours;
            }
        }
        return sources;
    }

private:
    // Rows arrive mostly in order, so the day of the row before is nearly always the day of this one.
    void note_hour(std::size_t source, Time time) {
        if (time == kNoTime) return;
        auto hour = std::chrono::floor<std::chrono::hours>(time).time_since_epoch().count();
        auto day = static_cast<Day>(hour >= 0 ? hour / 24 : -1);
        if (day < kFirstDay || day > kLastDay) return;
        auto& days = days_[source];
        auto at = !days.empty() && days.rbegin()->first == day ? std::prev(days.end()) : days.try_emplace(day).first;
        at->second |= 1U << (hour % 24);
    }

    std::array<Extent, kSources> extents_;
    std::array<std::map<Day, std::uint32_t>, kSources> days_;
};

constexpr RecordKind kReads[] = {RecordKind::http_request,   RecordKind::exchange_request, RecordKind::exchange_command,
                                 RecordKind::exchange_trace, RecordKind::mail_event,       RecordKind::windows_event,
                                 RecordKind::file_entry,     RecordKind::installed_build,  RecordKind::setting};

}  // namespace

extern const Detector kFactsSources =
    fold_of<Sources>("facts.sources", "Which sources of evidence there are, and for which hours", kReads);

}  // namespace ascribe
