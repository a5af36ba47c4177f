// Rows typed by hand for tests of detectors, and the laws that every detector keeps: one state, many states merged in
// any order, and states that crossed a process border all conclude the same; spoilt bytes are refused or read, never a
// crash.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "detect/screen.hpp"
#include "model/stage.hpp"

namespace ascribe::test {

/// One row of any kind: columns by name, and everything that is no column becomes a named field.
struct Line {
    RecordKind kind;
    std::string time;  // "" for none
    std::map<std::string, std::string> values;
};

inline Line event(std::string time, std::string channel, std::string provider, int id,
                  std::map<std::string, std::string> data = {}) {
    data["channel"] = std::move(channel);
    data["provider"] = std::move(provider);
    data["event_id"] = std::to_string(id);
    return {RecordKind::windows_event, std::move(time), std::move(data)};
}
inline Line sysmon(std::string time, int id, std::map<std::string, std::string> data) {
    return event(std::move(time), "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", id,
                 std::move(data));
}
inline Line security(std::string time, int id, std::map<std::string, std::string> data) {
    return event(std::move(time), "Security", "Microsoft-Windows-Security-Auditing", id, std::move(data));
}
inline Line row(RecordKind kind, std::map<std::string, std::string> values, std::string time = "") {
    return {kind, std::move(time), std::move(values)};
}

/// Batches of the lines: neighbours of one kind share one. `first` is the offset of the first line, `step` apart each.
inline std::vector<RecordBatch> batches(const std::vector<Line>& lines, std::uint64_t first = 0) {
    constexpr std::uint32_t kStep = 16;
    std::vector<RecordBatch> result;
    auto source = Bytes::copy(std::string(first + lines.size() * kStep, '.'));
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const Line& line = lines[i];
        if (result.empty() || result.back().kind() != line.kind) result.emplace_back(line.kind, ArtefactId{0}, source);
        RecordBatch& batch = result.back();
        auto time = line.time.empty() ? kNoTime : parse_time(line.time).value();
        auto cells = batch.append(time, first + i * kStep, kStep, static_cast<std::uint32_t>(i + 1));
        auto columns = record_schemas()[static_cast<std::size_t>(line.kind)].columns;
        for (const auto& [name, value] : line.values) {
            auto column = std::ranges::find(columns, name, &ColumnSchema::name);
            if (column == columns.end()) {
                batch.add_field(batch.keep(name), batch.keep(value));
            } else if (column->type == ColumnType::number) {
                cells[static_cast<std::size_t>(column - columns.begin())] = std::int64_t{std::stoll(value)};
            } else {
                cells[static_cast<std::size_t>(column - columns.begin())] = batch.keep(value);
            }
        }
    }
    return result;
}

inline const Detector& detector(std::span<const Detector> all, std::string_view name) {
    auto found = std::ranges::find(all, name, &Detector::name);
    if (found == all.end()) throw std::runtime_error(fmt::format("no detector {}", name));
    return *found;
}

inline void observe(const Detector& detector, std::any& state, const std::vector<Line>& lines, std::uint64_t first,
                    const Intel& intel) {
    for (const RecordBatch& batch : batches(lines, first))
        if (std::ranges::find(detector.reads, batch.kind()) != detector.reads.end())
            detector.observe(state, batch, intel);
}

inline Conclusion conclude(const Detector& detector, const std::vector<Line>& lines, const Intel& intel = {}) {
    auto state = detector.begin();
    observe(detector, state, lines, 0, intel);
    return detector.conclude(state, intel);
}

/// As workers do it: only the rows that the detector wants.
inline Conclusion conclude_wanted(const Detector& detector, const std::vector<Line>& lines, const Intel& intel = {}) {
    Screen screen({&detector, 1}, intel);
    auto state = detector.begin();
    for (const RecordBatch& batch : batches(lines)) {
        if (std::ranges::find(detector.reads, batch.kind()) == detector.reads.end()) continue;
        screen.look(batch);
        if (auto rows = screen.rows(0))
            detector.observe_rows(state, batch, *rows, intel);
        else
            detector.observe(state, batch, intel);
    }
    return detector.conclude(state, intel);
}

inline std::string text_of(const Ref& ref) { return fmt::format("{}:{}+{}", ref.artefact.value, ref.offset, ref.size); }
inline std::string text_of(const std::optional<Time>& time) { return time ? format_time(*time) : "-"; }

/// Everything that a conclusion says, for comparing.
inline std::string text_of(const Conclusion& conclusion) {
    std::string out;
    for (const Finding& f : conclusion.findings) {
        out += fmt::format("{} {} {} {} {:.3f} {} {} | {} | {} | {} |", f.detector, to_string(f.level),
                           to_string(f.severity), to_string(f.question), f.probability, text_of(f.raw_time),
                           to_string(f.clock), f.statement, fmt::join(f.techniques, ","), fmt::join(f.cves, ","));
        out += fmt::format(" {} {} {} {} {}:", f.address, f.page, f.account, f.session, f.evidence_total);
        for (const Ref& ref : f.evidence) out += " " + text_of(ref);
        out += "\n";
    }
    const Facts& facts = conclusion.facts;
    for (const SourceSeen& s : facts.sources)
        out += fmt::format("source {} {} {} {} {} {} [{}]\n", to_string(s.source), s.records, text_of(s.first),
                           text_of(s.last), text_of(s.first_ref), text_of(s.last_ref), fmt::join(s.hours, ","));
    for (const BuildSeen& b : facts.builds)
        out += fmt::format("build {} {} {} {} {} {}\n", to_string(b.build), b.source, text_of(b.first), text_of(b.last),
                           text_of(b.first_ref), text_of(b.last_ref));
    for (const ClockSeen& c : facts.clocks)
        out += fmt::format("clock {} {} {} {} {} {} {}\n", c.artefact.value, c.outer, c.inner, c.least.count(),
                           c.most.count(), c.rows, text_of(c.sample));
    for (const SettingSeen& s : facts.settings)
        out += fmt::format("setting {} {} {} {} {}\n", s.category, s.name, s.value, s.path, text_of(s.ref));
    for (const HashSeen& h : facts.hashes) out += fmt::format("hash {} {} {}\n", h.path, h.sha256, text_of(h.ref));
    return out;
}

inline std::string saved(const Detector& detector, const std::any& state) {
    Writer out;
    detector.save(state, out);
    return out.take();
}

inline std::any loaded(const Detector& detector, std::string_view bytes) {
    Reader in(as_bytes(bytes));
    auto state = detector.load(in);
    EXPECT_TRUE(state) << detector.name;
    EXPECT_EQ(in.left(), 0u) << detector.name << " left bytes behind";
    return state ? *state : detector.begin();
}

/// The laws of a fold, on these lines.
inline void expect_fold_laws(const Detector& detector, const std::vector<Line>& lines, const Intel& intel = {}) {
    constexpr std::uint64_t kStep = 16;
    auto whole = detector.begin();
    observe(detector, whole, lines, 0, intel);
    auto expected = text_of(detector.conclude(whole, intel));
    EXPECT_FALSE(expected.empty()) << detector.name << ": the sample says nothing";
    EXPECT_EQ(text_of(conclude_wanted(detector, lines, intel)), expected)
        << detector.name << " wants fewer rows than it judges";

    std::vector<std::string> parts;  // one state a line, each across a process border
    for (std::size_t i = 0; i < lines.size(); ++i) {
        auto state = detector.begin();
        observe(detector, state, {lines[i]}, i * kStep, intel);
        parts.push_back(saved(detector, state));
    }
    for (int order = 0; order < 3; ++order) {
        auto merged = detector.begin();
        for (const std::string& part : parts) detector.merge(merged, loaded(detector, part));
        EXPECT_EQ(text_of(detector.conclude(merged, intel)), expected) << detector.name << ", order " << order;
        if (order == 0)
            std::ranges::reverse(parts);
        else
            std::ranges::rotate(parts, parts.begin() + static_cast<std::ptrdiff_t>(parts.size() / 2));
    }
    auto bytes = saved(detector, whole);
    EXPECT_EQ(text_of(detector.conclude(loaded(detector, bytes), intel)), expected) << detector.name << ", saved";
    EXPECT_EQ(saved(detector, loaded(detector, bytes)), bytes) << detector.name << ", saved twice";

    for (std::size_t size = 0; size < bytes.size(); ++size) {
        Reader in(as_bytes(std::string_view(bytes).substr(0, size)));
        EXPECT_FALSE(detector.load(in)) << detector.name << ", truncated to " << size;
    }
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        auto spoilt = bytes;
        spoilt[i / 8] = static_cast<char>(spoilt[i / 8] ^ (1 << (i % 8)));
        Reader in(as_bytes(spoilt));
        if (auto state = detector.load(in)) {  // some bits are data: then the state must still work
            auto other = loaded(detector, bytes);
            detector.merge(other, *state);
            (void)detector.conclude(other, intel);
        }
    }
}

}  // namespace ascribe::test
