// A file of Sigma rules written by anybody: every document becomes a rule or a refusal, the rules compile together, and
// judging an event and concluding the correlations ends. (Time and memory are the fuzzer's to watch.)
#include <cstdlib>
#include <string_view>

#include "detect/sigma/correlation.hpp"
#include "detect/sigma/matcher.hpp"

using namespace ascribe;

namespace {

const std::vector<sigma::Source>& sources() {
    static const auto kSources = *sigma::read_sources(R"(
record: windows_event
fields: {EventID: "@event_id", Channel: "@channel", Level: "@level"}
sources:
  - {product: windows}
  - {product: windows, service: security, channel: Security}
  - {product: windows, category: process_creation, channel: Microsoft-Windows-Sysmon/Operational, ids: [1]}
)",
                                                      "sources");
    return kSources;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    auto rules =
        sigma::RuleSet::compile(sigma::read_rules(text, "fuzz", {{"Administrators", {"alice", "adm_*"}}}), sources());
    sigma::Matcher matcher(*rules);
    sigma::Correlator correlator(*rules);
    RecordBatch batch(RecordKind::windows_event, ArtefactId{1}, Bytes::copy("event"));
    for (int event = 0; event < 4; ++event) {
        auto cells = batch.append(Time(std::chrono::seconds(event)), 0, 5);
        cells[WindowsEvent::channel] =
            std::string_view(event % 2 == 0 ? "Microsoft-Windows-Sysmon/Operational" : "Security");
        cells[WindowsEvent::event_id] = std::int64_t{event % 2 == 0 ? 1 : 4625};
        cells[WindowsEvent::level] = std::int64_t{2};
        batch.add_field("Image", std::string_view("C:\\Windows\\System32\\cmd.exe"));
        batch.add_field("CommandLine", std::string_view("cmd /c whoami /all \xE2\x80\x93"
                                                        "enc SQBFAFgA"));
        batch.add_field("User", std::string_view("AUTORITE NT\\SYST\xC3\x88ME"));
        batch.add_field("DestinationIp", std::string_view("10.0.0.1"));
        batch.add_field("UtcTime", std::string_view("2021-03-02 04:00:00.000"));
        batch.add_field("Data[0]", std::string_view("\xFF\x00\x80", 3));
    }
    matcher.enter(batch);
    for (std::size_t i = 0; i < batch.size(); ++i) {
        Row row = batch[i];
        for (const auto& hit : matcher.match(row)) {
            if (hit.rule >= rules->rules().size()) std::abort();
            matcher.matched_fields(hit);
            if (correlator.counts(hit.rule))
                correlator.add({hit.rule, row.time, row.ref, {{"User", "alice"}, {"Image", "1"}}});
        }
    }
    correlator.conclude();
    return 0;
}
