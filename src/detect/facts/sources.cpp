// facts.sources: which sources of evidence are there, and for which hours. Coverage is computed from nothing else, so a
// row of a log that says nothing suspicious still counts: it proves that the log was being kept at that hour.
//
// Hours are kept as days of 24 bits: exact, small (a year of every hour is 365 entries), and the same for any order of
// rows. HttpProxy keeps a log for each protocol and a listing may show one folder only, so these are kept by door as
// well. Listings, versions and configuration speak of the time they were collected, so they have rows but no hours.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <optional>

#include "base/text.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/facts/door.hpp"
#include "detect/facts/fold.hpp"
#include "detect/numbers.hpp"
#include "detect/web/request.hpp"
#include "model/web_log.hpp"

namespace ascribe {
namespace {

using Day = std::int32_t;  // days since 1970

// Only hours of these days are kept: Windows event logs and Exchange logs of our formats are younger than 2000, and a
// fixed window (unlike a cap on their number) gives the same hours for any order of rows. At most 36,525 days a source.
constexpr Day kFirstDay = 10'957;  // 2000-01-01
constexpr Day kLastDay = 47'481;   // 2099-12-31

/// Sources that a set of rows may belong to: a process creation is a Security event and a process event.
struct Membership {
    struct Place {
        Source source;
        std::optional<Door> door;
    };
    std::array<Place, 2> place{};
    std::size_t count = 0;
    void add(Source source, std::optional<Door> door = {}) { place[count++] = {source, door}; }
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
    Membership result;
    if (auto log = row.text(HttpRequest::log); !log.empty()) {
        // What another server passed on or answered says nothing of IIS, and an export nothing of what it leaves out.
        if (log != "FTP" && !proves_no_hours(log))
            result.add(log == "HTTPERR" ? Source::iis_errors : Source::access_log);
        return result;
    }
    result.add(request_of(RecordKind::http_request, row).back_end ? Source::iis_back_end : Source::iis_front_end);
    return result;
}

Membership of_exchange_log(std::string_view log) {
    static constexpr std::pair<std::string_view, Source> kLogs[] = {
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

Membership of_exchange_request(const Row& row) {
    auto log = row.text(ExchangeRequest::log);
    if (!equals_folded(log, "HttpProxy")) return of_exchange_log(log);
    Membership result;
    result.add(Source::http_proxy,
               door_of_request(row.text(ExchangeRequest::protocol), row.text(ExchangeRequest::stem)));
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
        result.add(Source::compiled_files, door_of_compiled(path));
    } else if (is_web_folder(path) && (listed || (has_times && is_server_executable(path)))) {
        // A file we merely hold proves nothing about its neighbours; a listing, or pages copied with true times, do.
        result.add(Source::web_root_listing);
        if (has_times) result.add(Source::file_times, door_of_page(path));
    }
    return result;
}

Membership of_setting(const Row& row) {
    Membership result;
    auto category = row.text(Setting::category);
    if (category == "compiled_page")
        result.add(Source::compiled_files, door_of_compiled(row.text(Setting::path)));
    else
        result.add(category == "prior_check" ? Source::prior_check : Source::configuration);
    return result;
}

Membership membership(RecordKind kind, const Row& row) {
    Membership result;
    switch (kind) {
        case RecordKind::http_request: return of_request(row);
        case RecordKind::exchange_request: return of_exchange_request(row);
        case RecordKind::exchange_command: return of_exchange_log(row.text(ExchangeCommand::log));
        case RecordKind::exchange_trace: return of_exchange_log(row.text(ExchangeTrace::log));
        case RecordKind::mail_event: result.add(Source::message_tracking); break;
        case RecordKind::windows_event: return of_event(row);
        case RecordKind::file_entry: return of_file(row);
        case RecordKind::installed_build: result.add(Source::file_versions); break;
        case RecordKind::setting: return of_setting(row);
        case RecordKind::recovered_event:  // remains say nothing of what else a log would have held
        case RecordKind::script_source: break;
    }
    return result;
}

/// Hours in which something was seen.
class Calendar {
public:
    /// Rows arrive mostly in order, thousands an hour.
    bool just_noted(Time time) const {
        return time == kNoTime || (time >= noted_ && time < noted_ + std::chrono::hours(1));
    }
    void note(Time time) {
        if (just_noted(time)) return;
        auto begin = std::chrono::floor<std::chrono::hours>(time);
        auto hour = begin.time_since_epoch().count();
        noted_ = begin;
        auto day = static_cast<Day>(hour >= 0 ? hour / 24 : -1);
        if (day < kFirstDay || day > kLastDay) return;
        days_[day] |= 1U << (hour % 24);
    }

    void note(const RecordBatch& batch, std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) note(batch.time(i));
    }

    void merge(const Calendar& other) {
        for (auto [day, hours] : other.days_) days_[day] |= hours;
    }

    std::vector<Hour> hours() const {
        std::vector<Hour> list;
        for (auto [day, hours] : days_)
            for (int hour = 0; hour < 24; ++hour)
                if (hours >> hour & 1) list.push_back(day * 24 + hour);
        return list;
    }

    void save(Writer& out) const {
        out.count(days_.size());
        for (auto [day, hours] : days_) {
            out.little(day);
            out.little(hours);
        }
    }

    static Result<Calendar> load(Reader& in) {
        Calendar calendar;
        auto days = TRY(in.count("sources.days"));
        for (std::uint32_t i = 0; i < days; ++i) {
            auto offset = in.offset();
            auto day = TRY(in.little<Day>("sources.day"));
            auto hours = TRY(in.little<std::uint32_t>("sources.hours"));
            if (day < kFirstDay || day > kLastDay || hours >> 24 != 0)
                return std::unexpected(Error{Fault::bad_value, "sources.day", offset});
            calendar.days_[day] |= hours;
        }
        return calendar;
    }

private:
    std::map<Day, std::uint32_t> days_;
    Time noted_{};  // the hour noted last; the first one of 1970 is beyond the days kept
};

/// What is kept of one source.
struct Kept {
    Extent extent;
    Calendar calendar;
    std::map<Door, Calendar> doors;

    void merge(const Kept& other) {
        extent.merge(other.extent);
        calendar.merge(other.calendar);
        for (const auto& [door, hours] : other.doors) doors[door].merge(hours);
    }

    void save(Writer& out) const {
        extent.save(out);
        calendar.save(out);
        out.count(doors.size());
        for (const auto& [door, hours] : doors) {
            out.little(static_cast<std::uint8_t>(door));
            hours.save(out);
        }
    }

    static Result<Kept> load(Reader& in) {
        Kept kept;
        kept.extent = TRY(Extent::load(in));
        kept.calendar = TRY(Calendar::load(in));
        auto doors = TRY(in.count("sources.doors"));
        for (std::uint32_t i = 0; i < doors; ++i) {
            auto offset = in.offset();
            auto door = TRY(in.little<std::uint8_t>("sources.door"));
            if (door >= kDoors) return std::unexpected(Error{Fault::bad_value, "sources.door", offset});
            kept.doors[static_cast<Door>(door)].merge(TRY(Calendar::load(in)));
        }
        return kept;
    }
};

/// Tells which rows of a batch are of the same sources one after the other: those of web logs whose telling texts are.
class SameRows {
public:
    explicit SameRows(const RecordBatch& batch) : size_(batch.size()) {
        if (batch.kind() == RecordKind::http_request)
            for (auto column : {HttpRequest::log, HttpRequest::site, HttpRequest::port})
                columns_.push_back(numbers_of(batch, column).rows());
        if (batch.kind() == RecordKind::exchange_request)
            for (auto column : {ExchangeRequest::log, ExchangeRequest::protocol, ExchangeRequest::stem})
                columns_.push_back(numbers_of(batch, column).rows());
    }
    /// Where those that begin at `row` end.
    std::size_t end(std::size_t row) const {
        auto end = columns_.empty() ? row + 1 : size_;
        for (auto column : columns_)
            end = static_cast<std::size_t>(std::ranges::find_if(column.subspan(row, end - row),
                                                                [&](auto number) { return number != column[row]; }) -
                                           column.begin());
        return end;
    }

private:
    std::size_t size_;
    std::vector<std::span<const std::uint32_t>> columns_;
};

class Sources {
public:
    void observe(const RecordBatch& batch, const Intel&) {
        std::array<BatchExtent, kSources> seen;
        SameRows same(batch);
        std::optional<NumberedRequests> requests;
        if (batch.kind() == RecordKind::http_request) requests.emplace(numbered_requests(batch));
        for (std::size_t begin = 0, end = 0; begin < batch.size(); begin = end) {
            end = same.end(begin);
            auto of = membership(batch.kind(), batch[begin]);
            for (std::size_t k = 0; k < of.count; ++k) {
                auto [source, door] = of.place[k];
                auto index = static_cast<std::size_t>(source);
                seen[index].add_rows(batch, begin, end, is_timeless(source));
                if (is_timeless(source)) {
                    if (door) kept_[index].doors[*door];  // without hours
                    continue;
                }
                kept_[index].calendar.note(batch, begin, end);
                if (door) kept_[index].doors[*door].note(batch, begin, end);
            }
            auto* answered = requests ? applications_of(of) : nullptr;
            for (std::size_t i = begin; answered != nullptr && i < end; ++i)
                if (!answered->just_noted(batch.time(i)) && is_answered(*requests, i)) answered->note(batch.time(i));
        }
        for (std::size_t source = 0; source < kSources; ++source) seen[source].fold_into(kept_[source].extent, batch);
    }

    void merge(const Sources& other) {
        for (std::size_t source = 0; source < kSources; ++source) kept_[source].merge(other.kept_[source]);
    }

    Conclusion conclude(const Intel&) const {
        Conclusion conclusion;
        for (std::size_t source = 0; source < kSources; ++source) {
            const auto& [extent, calendar, doors] = kept_[source];
            if (extent.rows == 0) continue;
            SourceSeen seen{static_cast<Source>(source), calendar.hours(), extent.rows,    extent.first_time(),
                            extent.last_time(),          extent.first.ref, extent.last.ref};
            for (const auto& [door, calendar_of] : doors)
                if (auto hours = calendar_of.hours(); !hours.empty() || is_timeless(seen.source))
                    seen.doors.push_back({door, std::move(hours)});
            conclusion.facts.sources.push_back(std::move(seen));
        }
        return conclusion;
    }

    void save(Writer& out) const {
        for (const Kept& kept : kept_) kept.save(out);
    }

    static Result<Sources> load(Reader& in) {
        Sources sources;
        for (Kept& kept : sources.kept_) kept = TRY(Kept::load(in));
        return sources;
    }

private:
    /// In which hours a web server answered where Exchange's applications are: told as its door `other`, all together.
    /// nullptr for what is no web server.
    Calendar* applications_of(const Membership& of) {
        if (of.count == 0 || of.place[0].source == Source::iis_errors) return nullptr;
        return &kept_[static_cast<std::size_t>(of.place[0].source)].doors[Door::other];
    }
    bool is_answered(const NumberedRequests& requests, std::size_t row) {
        constexpr int kSignIn = 401;
        const NumberedRequest& request = requests.rows[row];
        return (request.succeeded() || request.status == kSignIn) &&
               applications_.get(requests.stems, request.stem, is_exchange_application);
    }

    std::array<Kept, kSources> kept_;
    ByNumber<bool> applications_;
};

constexpr RecordKind kReads[] = {RecordKind::http_request,   RecordKind::exchange_request, RecordKind::exchange_command,
                                 RecordKind::exchange_trace, RecordKind::mail_event,       RecordKind::windows_event,
                                 RecordKind::file_entry,     RecordKind::installed_build,  RecordKind::setting};

}  // namespace

extern const Detector kFactsSources =
    fold_of<Sources>("facts.sources", "Which sources of evidence there are, and for which hours", kReads);

}  // namespace ascribe
