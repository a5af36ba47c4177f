// Text logs of Microsoft's antivirus programs: the Safety Scanner (msert.log), the Malicious Software Removal Tool
// (mrt.log) and Defender's MPLog and MPDetection. They are free text for people, so a line is a record and what it says
// is left to detectors: such a log often is the only trace of a page that was cleaned away before the evidence was
// taken. MPLog lines begin with their time in UTC; the scanners write local times without a zone, which stay in the
// text. https://learn.microsoft.com/defender-endpoint/safety-scanner-download
#include <array>

#include "parse/text_lines.hpp"

namespace ascribe {
namespace {

constexpr std::array<std::string_view, 8> kMarks = {"Microsoft Safety Scanner v",
                                                    "Microsoft Windows Malicious Software Removal Tool v",
                                                    "Microsoft Support Emergency Response Tool",
                                                    "Threat Detected:",
                                                    "DETECTIONEVENT MPSOURCE_",
                                                    "DETECTION_ADD",
                                                    "MPLog-",
                                                    "Microsoft Antimalware Service Log"};

/// The time at the start of an MPLog line, "2021-03-08T10:45:21.123Z".
Time time_of(std::string_view line) {
    auto word = line.substr(0, line.find_first_of(" \t"));
    return word.ends_with('Z') ? parse_time(word).value_or(kNoTime) : kNoTime;
}

int claim(std::string_view, std::span<const std::byte> head) {
    if (head.empty() || as_text(head.first(1)) == "{") return 0;
    auto text = head_text(head);
    for (auto mark : kMarks)
        if (contains_folded(text, mark)) return 65;
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Batcher batcher(part, sink);
    for_each_text_line(part, sink, [&](const TextLine& line) {
        auto& batch = batcher.batch(RecordKind::exchange_trace, {});
        auto row = batch.append(time_of(line.text), line.offset, line.size, line.number);
        row[ExchangeTrace::log] = std::string_view("Antivirus");
        row[ExchangeTrace::message] = line.in(batch, trim(line.text));
    });
}

}  // namespace

extern const Parser kAntivirusParser;
const Parser kAntivirusParser{"antivirus",
                              "Antivirus logs: Safety Scanner, Malicious Software Removal Tool, Defender's MPLog",
                              "https://learn.microsoft.com/defender-endpoint/safety-scanner-download", claim, parse};

}  // namespace ascribe
