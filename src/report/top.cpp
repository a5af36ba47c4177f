#include "report/top.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kEvidenceBytes = 1'024;  // more of a text is never shown on a line
constexpr char32_t kFirstWide = 0x1100;        // Hangul Jamo: the first characters that may take two columns
constexpr std::size_t kHeadLines = 4, kLeast = 3;

using Named = std::pair<std::string_view, const Visits*>;

/// The first `most` by `order`, which decides ties by name.
std::vector<Named> first_of(const std::unordered_map<std::string, Visits>& names, std::size_t most, auto wanted,
                            auto order) {
    std::vector<Named> all;
    for (const auto& [name, visits] : names)
        if (wanted(visits)) all.emplace_back(name, &visits);
    auto count = std::min(most, all.size());
    std::ranges::partial_sort(all, all.begin() + static_cast<std::ptrdiff_t>(count),
                              [&](const Named& a, const Named& b) {
                                  auto x = order(*a.second), y = order(*b.second);
                                  return x != y ? x > y : a.first < b.first;
                              });
    all.resize(count);
    return all;
}

std::string count_text(std::uint64_t count) {
    if (count < 100'000) return fmt::format("{}", count);
    if (count < 10'000'000) return fmt::format("{} k", count / 1'000);
    return fmt::format("{} M", count / 1'000'000);
}

std::string percent(std::uint64_t part, std::uint64_t all) {
    return all == 0 ? "-" : fmt::format("{:.1f}%", 100.0 * static_cast<double>(part) / static_cast<double>(all));
}

/// Requests a minute of the last full minute and the mean of the last hour, in the log's own time.
std::string rates(const Traffic& traffic) {
    if (traffic.minutes.size() < 2) return "rate not known yet";
    auto last = std::prev(traffic.minutes.end(), 2);
    auto span = traffic.minutes.rbegin()->first - traffic.minutes.begin()->first + 1;
    std::uint64_t all = 0;
    for (auto [minute, requests] : traffic.minutes) all += requests;
    return fmt::format("{} a minute, {:.1f} on average", count_text(last->second),
                       static_cast<double>(all) / static_cast<double>(std::max<std::int64_t>(span, 1)));
}

class Screen {
public:
    Screen(std::size_t columns, std::size_t lines) : columns_(columns), left_(lines) {}

    void add(std::string_view text, Tone tone = Tone::plain) {
        if (left_ == 0) return;
        --left_;
        lines_.push_back({fitted(text, columns_), tone});
    }
    std::size_t left() const { return left_; }
    std::size_t columns() const { return columns_; }
    std::vector<ScreenLine> take() { return std::move(lines_); }

private:
    std::size_t columns_, left_;
    std::vector<ScreenLine> lines_;
};

void add_head(Screen& screen, const TopView& view) {
    const Traffic& traffic = *view.traffic;
    auto span = traffic.first == kNoTime ? std::string("no requests yet")
                                         : fmt::format("{} .. {}", format_time_prose(traffic.first).substr(0, 16),
                                                       format_time_prose(traffic.last).substr(0, 16));
    auto packed = view.archives == 0
                      ? std::string()
                      : fmt::format(" ({} archive{} not read)", view.archives, view.archives == 1 ? "" : "s");
    screen.add(fmt::format("ascribe top  {} log{}{}  {}{}", view.logs, view.logs == 1 ? "" : "s", packed, span,
                           view.reading ? "  reading" : ""),
               Tone::heading);
    screen.add(fmt::format("requests {}   {}   pages {}   clients {}", count_text(traffic.requests), rates(traffic),
                           count_text(traffic.pages.size()), count_text(traffic.clients.size())));
    auto all = traffic.requests;
    screen.add(fmt::format("status   2xx {}   3xx {}   4xx {}   5xx {}   probes {}   bad {}",
                           percent(traffic.status[2], all), percent(traffic.status[3], all),
                           percent(traffic.status[4], all), percent(traffic.status[5], all), count_text(traffic.probes),
                           count_text(view.bad)));
    screen.add("");
}

void add_suspects(Screen& screen, const TopView& view, std::size_t most) {
    screen.add(fmt::format("Suspects {}   (and {} addresses that only probed)", view.suspects.size(), view.scan_notes),
               Tone::heading);
    for (std::size_t i = 0; i < std::min(most, view.suspects.size()); ++i) {
        const Suspect& suspect = view.suspects[i];
        // Most statements begin with the address: it is not said twice.
        auto name = starts_folded(suspect.statement, suspect.name) ? std::string() : fitted(suspect.name, 40) + ": ";
        screen.add(fmt::format("{:<7} {:>6} rows  {}{}", to_string(suspect.level), count_text(suspect.rows), name,
                               visible(suspect.statement, kEvidenceBytes)),
                   suspect.level == Level::success ? Tone::success : Tone::attempt);
    }
    if (view.suspects.empty()) screen.add("none so far", Tone::faint);
}

/// Pages that were not asked for before the last day of the log, and were there. A log that is no older than a day
/// cannot tell.
void add_new_pages(Screen& screen, const Traffic& traffic, std::size_t most) {
    constexpr auto kDay = std::chrono::hours(24);
    if (traffic.first == kNoTime || traffic.last - traffic.first < kDay) {
        screen.add("Pages new since yesterday: not known, the log is no older than a day", Tone::heading);
        return;
    }
    auto since = traffic.last - kDay;
    auto is_new = [&](const Visits& visits) { return visits.was_there && visits.first >= since; };
    auto count = std::ranges::count_if(traffic.pages, [&](const auto& page) { return is_new(page.second); });
    screen.add(fmt::format("Pages new since yesterday {}", count), Tone::heading);
    for (auto [name, visits] : first_of(traffic.pages, most, is_new, [](const Visits& v) { return v.posts; }))
        screen.add(fmt::format("{:>8} {:>5} POST  {}", count_text(visits->requests), count_text(visits->posts),
                               visible(name, kEvidenceBytes)));
    if (count == 0) screen.add("none", Tone::faint);
}

void add_busiest(Screen& screen, std::string_view title, const std::unordered_map<std::string, Visits>& names,
                 const Visits& others, std::size_t most) {
    screen.add(title, Tone::heading);
    auto all = [](const Visits&) { return true; };
    for (auto [name, visits] : first_of(names, most, all, [](const Visits& v) { return v.requests; }))
        screen.add(fmt::format("{:>8} {:>6} errors  {}", count_text(visits->requests),
                               percent(visits->errors, visits->requests), visible(name, kEvidenceBytes)));
    if (others.requests > 0)
        screen.add(fmt::format("{:>8}         others, beyond {} names", count_text(others.requests), Traffic::kNames),
                   Tone::faint);
}

}  // namespace

std::string fitted(std::string_view text, std::size_t columns) {
    auto shown = visible(text);
    std::size_t used = 0, last = 0;  // last: bytes that leave a column for the mark
    for (std::size_t at = 0; at < shown.size();) {
        auto [code, size] = utf8_at(shown.data() + at, shown.size() - at);
        std::size_t width = code >= kFirstWide && size > 2 && code != U'…' ? 2 : 1;
        if (used + width > columns) return columns == 0 ? "" : shown.substr(0, last) + "…";
        used += width;
        at += std::max<std::size_t>(size, 1);
        if (used < columns) last = at;
    }
    return shown;
}

std::vector<ScreenLine> top_screen(const TopView& view, std::size_t columns, std::size_t lines) {
    Screen screen(columns, lines);
    add_head(screen, view);
    // Four lists with a heading and a blank line each; suspects get what they need, up to half.
    auto room = lines > kHeadLines + 8 ? lines - kHeadLines - 8 : 0;
    auto suspects = std::clamp(view.suspects.size(), std::size_t{1}, std::max(kLeast, room / 2));
    auto each = std::max<std::size_t>(1, (room - std::min(room, suspects)) / 3);
    add_suspects(screen, view, suspects);
    screen.add("");
    add_new_pages(screen, *view.traffic, each);
    screen.add("");
    add_busiest(screen, "Busiest pages", view.traffic->pages, view.traffic->other_pages, each);
    screen.add("");
    add_busiest(screen, "Busiest clients", view.traffic->clients, view.traffic->other_clients, each);
    return screen.take();
}

}  // namespace ascribe
