#include "report/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kRefsShown = 50;

/// Text as text; anything with many bytes that are not, as a hex dump of 16 bytes a line.
std::string bytes_of(std::string_view bytes) {
    bool binary = !is_utf8(bytes) && bytes.find('\0') != std::string_view::npos;
    if (!binary) return "    " + visible(bytes) + "\n";
    std::string out;
    for (std::size_t at = 0; at < bytes.size(); at += 16) {
        auto row = bytes.substr(at, 16);
        std::string hex, text;
        for (char c : row) {
            hex += fmt::format("{:02x} ", static_cast<unsigned char>(c));
            text += c >= 0x20 && c < 0x7F ? c : '.';
        }
        out += fmt::format("    {:08x}  {:<48} {}\n", at, hex, text);
    }
    return out;
}

std::string refs_of(const Case& investigated, const std::vector<Ref>& refs) {
    std::string out;
    for (std::size_t i = 0; i < refs.size() && i < kRefsShown; ++i) {
        const Ref& ref = refs[i];
        const Artefact* artefact = investigated.artefact(ref.artefact);
        auto quote = investigated.citations.find(ref);
        auto line = quote != investigated.citations.end() && quote->second.line > 0
                        ? fmt::format(", line {}", quote->second.line)
                        : std::string();
        out += fmt::format("  {} at offset {}, {} bytes{}\n", artefact ? visible(artefact->path) : "?", ref.offset,
                           ref.size, line);
        if (quote == investigated.citations.end()) {
            out += "    (the case holds no copy of these bytes)\n";
            continue;
        }
        out += bytes_of(quote->second.bytes);
        if (quote->second.bytes.size() < ref.size)
            out += fmt::format("    (the first {} of {} bytes)\n", quote->second.bytes.size(), ref.size);
    }
    if (refs.size() > kRefsShown) out += fmt::format("  and {} more\n", refs.size() - kRefsShown);
    return out;
}

std::string tell(const Case& investigated, const Incident& incident, const Finding& finding) {
    auto time = finding.time ? format_time(*finding.time) : std::string("no time");
    auto raw = finding.raw_time && finding.raw_time != finding.time
                   ? fmt::format(" (recorded as {})", format_time(*finding.raw_time))
                   : std::string();
    std::string out = fmt::format(
        "{}  {}\n  {} {}, {}, probability {:.2f}, detector {}, server {}\n  time {}{}, clock {}\n", finding.id,
        visible(finding.statement), to_string(finding.level), to_string(finding.question), to_string(finding.severity),
        finding.probability, finding.detector, visible(incident.server), time, raw, to_string(finding.clock));
    if (!finding.cves.empty()) out += fmt::format("  {}\n", fmt::join(finding.cves, " "));
    if (!finding.techniques.empty()) out += fmt::format("  ATT&CK {}\n", fmt::join(finding.techniques, " "));
    auto rows = std::max<std::uint64_t>(finding.evidence_total, finding.evidence.size());
    out += fmt::format("\n{} row{} of evidence{}:\n", rows, rows == 1 ? "" : "s",
                       rows > finding.evidence.size() ? fmt::format(", {} of them kept", finding.evidence.size()) : "");
    return out + refs_of(investigated, finding.evidence);
}

std::string window_of(const Exposure& exposure) {
    if (exposure.before_installation) return "never open: the installed update had the fix from its release";
    bool is_open = exposure.state == CveState::vulnerable;
    return fmt::format("open from {} until {}", exposure.from ? format_day(*exposure.from) : "an unknown day",
                       exposure.until ? format_day(*exposure.until)
                       : is_open      ? "the end of the evidence"
                                      : "an unknown day");
}

std::string tell(const Case& investigated, const Exposure& exposure) {
    return fmt::format("{}  {}: {}\n  {}\n\n", visible(exposure.cve), in_words(exposure.state),
                       visible(exposure.reason), window_of(exposure)) +
           refs_of(investigated, exposure.evidence);
}

std::string tell(const Case& investigated, const Incident& incident, const Coverage& coverage) {
    std::string out = fmt::format(
        "{} {}: {} of {} days covered between {} and {}, {}\n", visible(coverage.family), to_string(coverage.question),
        coverage.days_covered, coverage.days, format_time_prose(coverage.from.value_or(kNoTime)),
        format_time_prose(coverage.until.value_or(kNoTime)), coverage.answered ? "answered" : "cannot say");
    for (const Gap& gap : coverage.gaps)
        out += fmt::format("  gap {} to {}\n", format_time_prose(gap.from), format_time_prose(gap.until));
    for (Source source : coverage.sources)
        for (const SourceSeen& seen : incident.facts.sources)
            if (seen.source == source)
                out += fmt::format("  {}: {} records; the first and the last:\n", describe(source), seen.records) +
                       refs_of(investigated, {seen.first_ref, seen.last_ref});
    if (!coverage.collect.empty()) out += fmt::format("  to answer it, collect {}\n", visible(coverage.collect));
    return out;
}

}  // namespace

std::expected<std::string, std::string> why(const Case& investigated, std::string_view id) {
    std::string out;
    bool several = investigated.incidents.size() > 1;
    for (const Incident& incident : investigated.incidents) {
        const auto before = out.size();
        for (const Finding& finding : incident.findings)
            if (finding.id == id) out += tell(investigated, incident, finding);
        for (const Exposure& exposure : incident.exposures)
            if (equals_folded(exposure.cve, id)) out += tell(investigated, exposure);
        for (const Coverage& coverage : incident.coverage)
            if (equals_folded(fmt::format("coverage:{}:{}", coverage.family, to_string(coverage.question)), id))
                out += tell(investigated, incident, coverage);
        for (const Thread& thread : incident.threads) {
            if (thread.id != id) continue;
            std::set<std::string_view> own(thread.findings.begin(), thread.findings.end());
            for (const Finding& finding : incident.findings)
                if (own.contains(finding.id)) out += tell(investigated, incident, finding) + "\n";
        }
        for (std::size_t i = 0; i < incident.clocks.size(); ++i)
            if (fmt::format("clock:{}", i + 1) == id)
                out +=
                    visible(incident.clocks[i].statement) + "\n\n" + refs_of(investigated, incident.clocks[i].evidence);
        if (several && out.size() > before) out.insert(before, fmt::format("Server {}\n", visible(incident.server)));
    }
    for (std::size_t i = 0; i < investigated.damage.size(); ++i)
        if (fmt::format("D{}", i + 1) == id) {
            const Damage& damage = investigated.damage[i];
            const Artefact* artefact = investigated.artefact(damage.artefact);
            out += fmt::format("{}  {} ({}) in {} at offset {}, needed {}, had {}\n", id, visible(damage.what),
                               to_string(damage.fault), artefact ? visible(artefact->path) : "?", damage.offset,
                               damage.need, damage.have);
        }
    if (out.empty())
        return std::unexpected(
            fmt::format("nothing in this case is called '{}'; there are finding ids (F-...), CVE-..., T1, clock:1, "
                        "coverage:FAMILY:QUESTION and D1 (see 'ascribe report CASE --format md')",
                        id));
    // A case file that others wrote may hold anything even where we write plain words.
    std::string shown;
    out.pop_back();  // the last line's end
    for (auto line : split(out, '\n')) shown += visible(line) + "\n";
    return shown;
}

}  // namespace ascribe
