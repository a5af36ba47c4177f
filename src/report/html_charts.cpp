#include "report/html_charts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/escape.hpp"

namespace ascribe {
namespace {

constexpr double kLeft = 190, kWidth = 560, kRow = 26;  // drawing units; the page scales the drawing to its column

/// Maps times to the drawing.
struct Axis {
    Time from, until;
    double at(Time time) const {
        auto span = static_cast<double>((until - from).count());
        auto share = span > 0 ? static_cast<double>((std::clamp(time, from, until) - from).count()) / span : 0;
        return kLeft + kWidth * share;
    }
};

std::string open(double height, std::string_view title) {
    return fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">", kLeft + kWidth + 20,
                       height, escape_html(title));
}

std::string label(double y, std::string_view text) {
    return fmt::format("<text x=\"{:.0f}\" y=\"{:.1f}\" class=\"name\">{}</text>", kLeft - 10, y + 15,
                       escape_html(text));
}

std::string bar(const Axis& axis, Time from, Time until, double y, std::string_view kind) {
    auto x = axis.at(from);
    return fmt::format("<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"16\" class=\"{}\"/>", x, y + 3,
                       std::max(1.5, axis.at(until) - x), kind);
}

/// Day labels at both ends and in the middle.
std::string scale(const Axis& axis, double y) {
    std::string out;
    for (int i = 0; i <= 2; ++i) {
        auto time = axis.from + (axis.until - axis.from) / 2 * i;
        out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"day\" text-anchor=\"{}\">{}</text>", axis.at(time),
                           y + 14,
                           i == 0   ? "start"
                           : i == 1 ? "middle"
                                    : "end",
                           format_day(time));
    }
    return out;
}

std::optional<Axis> axis_of(const Incident& incident) {
    std::optional<Time> from, until;
    auto take = [&](const std::optional<Time>& time) {
        if (!time || *time == kNoTime) return;
        from = std::min(from.value_or(*time), *time);
        until = std::max(until.value_or(*time), *time);
    };
    for (const Coverage& coverage : incident.coverage) {
        take(coverage.from);
        take(coverage.until);
    }
    for (const Step& step : incident.timeline) take(step.time);
    if (!from || *from >= *until) return {};
    return Axis{*from, *until};
}

}  // namespace

std::string_view chart_patterns() {
    return "<svg width=\"0\" height=\"0\" aria-hidden=\"true\"><defs><pattern id=\"gap\" width=\"6\" height=\"6\" "
           "patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"2\" height=\"6\" "
           "class=\"hatch\"/></pattern></defs></svg>\n";
}

std::string draw_exposure(const Incident& incident) {
    struct Span {
        std::optional<Time> from, until;
        bool open = false;
    };
    std::map<std::string, Span> families;
    for (const Exposure& exposure : incident.exposures) {
        if (!exposure.open_in_window || !exposure.from) continue;
        Span& span = families[exposure.family];
        span.from = std::min(span.from.value_or(*exposure.from), *exposure.from);
        if (!exposure.until) span.open = true;
        if (exposure.until) span.until = std::max(span.until.value_or(*exposure.until), *exposure.until);
    }
    auto axis = axis_of(incident);
    if (families.empty() || !axis) return {};
    std::erase_if(families, [&](const auto& item) { return *item.second.from > axis->until; });
    std::string out = open(kRow * static_cast<double>(families.size() + 1), "exposure by family of vulnerabilities");
    double y = 0;
    for (const auto& [family, span] : families) {
        out += label(y, family) + bar(*axis, axis->from, axis->until, y, "ground") +
               bar(*axis, *span.from, span.open ? axis->until : span.until.value_or(axis->until), y, "exposed");
        y += kRow;
    }
    return out + scale(*axis, y) + "</svg>";
}

std::string draw_coverage(const Incident& incident) {
    auto axis = axis_of(incident);
    if (incident.coverage.empty() || !axis) return {};
    std::string out = open(kRow * static_cast<double>(incident.coverage.size() + 1), "coverage by question");
    double y = 0;
    for (const Coverage& coverage : incident.coverage) {
        out += label(y, fmt::format("{}: {}", coverage.family, to_string(coverage.question)));
        if (coverage.from && coverage.until) {
            out += bar(*axis, *coverage.from, *coverage.until, y, coverage.days_covered > 0 ? "covered" : "missing");
            for (const Gap& gap : coverage.gaps) out += bar(*axis, gap.from, gap.until, y, "missing");
        }
        y += kRow;
    }
    return out + scale(*axis, y) + "</svg>";
}

std::string draw_timeline(const Incident& incident) {
    if (incident.timeline.empty()) return {};
    std::optional<Time> from, until;
    std::map<std::string, double> rows;
    for (const Step& step : incident.timeline) {
        if (!step.time) continue;
        from = std::min(from.value_or(*step.time), *step.time);
        until = std::max(until.value_or(*step.time), *step.time);
        rows.try_emplace(step.thread, 0);
    }
    if (!from) return {};
    Axis axis{*from - std::chrono::minutes(1), *until + std::chrono::minutes(1)};
    double y = 0;
    std::string out;
    for (auto& [thread, at] : rows) {
        at = y;
        out += label(y, thread.empty() ? "no thread" : thread) +
               fmt::format("<line x1=\"{:.0f}\" x2=\"{:.0f}\" y1=\"{:.1f}\" y2=\"{:.1f}\" class=\"rail\"/>", kLeft,
                           kLeft + kWidth, y + 11, y + 11);
        y += kRow;
    }
    for (const Step& step : incident.timeline)
        if (step.time)
            out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4.5\" class=\"step\"/>", axis.at(*step.time),
                               rows[step.thread] + 11);
    return open(y + kRow, "timeline by thread") + out + scale(axis, y) + "</svg>";
}

std::string draw_ladder(const ThreadAttribution& attribution) {
    // The bands as published, 24 March 2025; between them nothing is said on purpose.
    struct Band {
        double from, until;
        std::string_view word;
    };
    static constexpr Band kBands[] = {
        {0, 0.05, "remote"},    {0.10, 0.20, "highly unlikely"}, {0.25, 0.35, "unlikely"},   {0.40, 0.50, "realistic"},
        {0.55, 0.75, "likely"}, {0.80, 0.90, "highly likely"},   {0.95, 1, "almost certain"}};
    double rows = static_cast<double>(attribution.actors.size() + 1), height = rows * kRow + 34;
    auto out = open(height, "Probabilities on the yardstick");
    for (const Band& band : kBands) {
        out += fmt::format("<rect x=\"{:.1f}\" y=\"0\" width=\"{:.1f}\" height=\"{:.0f}\" class=\"band\"/>",
                           kLeft + kWidth * band.from, kWidth * (band.until - band.from), rows * kRow);
        // Words in two lines, for neighbours are narrow.
        bool low = (&band - kBands) % 2 == 1;
        out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" class=\"day\" text-anchor=\"middle\">{}</text>",
                           kLeft + kWidth * (band.from + band.until) / 2, rows * kRow + (low ? 28 : 14), band.word);
    }
    double y = 0;
    auto rung = [&](std::string_view name, double p, std::string_view kind) {
        out += label(y, name);
        out += fmt::format(
            "<rect x=\"{:.0f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"16\" class=\"{}\"><title>{}"
            "</title></rect>",
            kLeft, y + 3, std::max(1.5, kWidth * std::clamp(p, 0.0, 1.0)), kind, percent(p));
        y += kRow;
    };
    for (const ActorChance& actor : attribution.actors) rung(actor.name, actor.probability, "rung");
    rung("not known here", attribution.other, "rung other");
    return out + "</svg>";
}

}  // namespace ascribe
