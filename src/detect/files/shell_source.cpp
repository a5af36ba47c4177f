// files.shell_source: pages that are web shells by what they do. The analyser of src/shells follows what a
// visitor sends to where it does harm, through whatever disguise; three shapes of files are known by what they are
// besides: the virtual-directory settings that ProxyLogon wrote out as a page, exported mailboxes and certificate
// requests that are pages at the same time. (Facts PL-15, PS-07.)
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"
#include "shells/examine.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kCertificateRequestLimit = 10 << 10;  // signature-base: request shells are below 10 KB

bool has_script_block(std::string_view text) {
    return contains_folded(text, "<script") || contains_folded(text, "<%") || contains_folded(text, "runat=");
}

bool is_directory_dump(std::string_view text) {
    return contains_folded(text, "ExternalUrl") && contains_folded(text, "InternalAuthenticationMethods") &&
           contains_folded(text, "ExtendedProtectionTokenChecking") && has_script_block(text);
}

bool is_exported_mailbox(std::string_view text) {
    return text.starts_with("!BDN") && contains_folded(text, "Page Language=");
}

bool is_certificate_request(std::string_view text) {
    // DER: SEQUENCE with a two-byte length. The second byte may have been decoded from Windows-1252.
    bool der = text.starts_with("0\x82") || text.starts_with("0\xE2\x80\x9A");
    return der && text.size() < kCertificateRequestLimit && contains_folded(text, "Page Language");
}

/// "3/14/2021 6:40:12 AM" after a label, as the shell of an English Exchange prints dates: month first, and AM or PM
/// says so.
std::optional<Time> embedded_time(std::string_view text, std::string_view label) {
    auto line = between(text, label, "\n");
    auto colon = line.find(':');
    if (colon == std::string_view::npos) return {};
    line = trim(line.substr(colon + 1, 40));
    bool morning = ends_folded(line, "AM");
    if (!morning && !ends_folded(line, "PM")) return {};
    std::array<int, 6> part{};
    std::size_t at = 0;
    for (auto& value : part) {
        auto end = std::min(line.find_first_not_of("0123456789", at), line.size());
        auto number = parse_number(line.substr(at, end - at));
        if (!number || *number > 9999) return {};
        value = static_cast<int>(*number);
        at = std::min(end + 1, line.size());
    }
    if (part[3] < 1 || part[3] > 12) return {};
    return make_time(part[2], part[0], part[1], part[3] % 12 + (morning ? 0 : 12), part[4], part[5]);
}

Finding shell(std::string_view path, std::string_view what, double probability, std::vector<std::string> cves) {
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::critical;
    finding.question = Question::shell;
    finding.probability = probability;
    finding.techniques = {"T1505.003"};
    finding.cves = std::move(cves);
    finding.page = path;
    finding.clock = Clock::file_system;
    finding.statement = fmt::format("The file {} was {}.", path, what);
    return finding;
}

/// The flow that a person is told: the gravest that begins with the visitor, else the first.
const shells::Flow* told_flow(const shells::Analysis& analysis) {
    const shells::Flow* best = nullptr;
    auto rank = [](const shells::Flow& flow) {
        bool visitor = flow.origin <= shells::Origin::upload;
        return std::pair(!visitor, flow.capability);
    };
    for (const shells::Flow& flow : analysis.flows)
        if (best == nullptr || rank(flow) < rank(*best)) best = &flow;
    return best;
}

std::string_view words_for(shells::Capability capability) {
    using shells::Capability;
    switch (capability) {
        case Capability::code: return "run code";
        case Capability::command: return "run commands";
        case Capability::file_read: return "read files";
        case Capability::file_write: return "write files";
        case Capability::file_manage: return "manage files";
        case Capability::upload: return "take in files";
        case Capability::download: return "fetch from elsewhere";
        case Capability::database: return "query databases";
        case Capability::tunnel: return "relay connections";
        case Capability::mail: return "send mail";
        case Capability::loader: return "load libraries from bytes";
        case Capability::dropper: return "write scripts";
        case Capability::include: return "run files that a request names";
        case Capability::inform: return "tell about the system";
    }
    return "";
}

/// https://attack.mitre.org: what the capability serves beside being a web shell.
std::string_view technique_for(shells::Capability capability) {
    using shells::Capability;
    switch (capability) {
        case Capability::command: return "T1059";  // Command and Scripting Interpreter
        case Capability::download:
        case Capability::upload:
        case Capability::dropper: return "T1105";      // Ingress Tool Transfer
        case Capability::tunnel: return "T1090";       // Proxy
        case Capability::loader: return "T1620";       // Reflective Code Loading
        case Capability::file_manage: return "T1083";  // File and Directory Discovery
        case Capability::inform: return "T1082";       // System Information Discovery
        default: return "";
    }
}

std::string what_it_is(const shells::Analysis& analysis) {
    std::string text = analysis.verdict == shells::Verdict::malicious ? "a web shell" : "able to serve as a web shell";
    if (const auto* flow = told_flow(analysis))
        text += fmt::format(": {} reached {}{}", flow->source.empty() ? to_string(flow->origin) : flow->source,
                            flow->sink, flow->concealed ? ", hidden" : "");
    std::string can;
    for (auto capability : analysis.capabilities)
        can += (can.empty() ? "; it could " : ", ") + std::string(words_for(capability));
    text += can;
    if (!analysis.password.empty()) text += fmt::format("; \"{}\" opened it", analysis.password);
    if (!analysis.family.empty()) text += fmt::format("; it was built as {}", analysis.family);
    return text;
}

/// A key joins intrusions only where two intruders hardly chose the same: a name of the sort "cmd", "pass" or "orange"
/// is everybody's, and so is a word without a digit.
bool is_own_key(std::string_view key) {
    constexpr std::size_t kShortest = 8;
    auto has = [&](char from, char to) {
        return std::ranges::any_of(key, [&](char c) { return lower(c) >= from && lower(c) <= to; });
    };
    return key.size() >= kShortest && has('0', '9') && has('a', 'z');
}

/// What opens a shell: the constant that a request is compared with, and the name under which code is sent:
/// Request.Item['NO9BxmCXw0JE'].
std::vector<std::string> keys_of(const shells::Analysis& analysis) {
    std::vector<std::string> out;
    auto add = [&](std::string_view key) {
        auto link = fmt::format("key:{}", key);
        if (is_own_key(key) && std::ranges::find(out, link) == out.end()) out.push_back(std::move(link));
    };
    add(analysis.password);
    for (const shells::Flow& flow : analysis.flows)
        if (flow.capability == shells::Capability::code || flow.capability == shells::Capability::command)
            add(between(flow.source, "'", "'"));
    return out;
}

std::optional<Hit> judge_script(std::string_view path, std::string_view text, const std::string& key) {
    auto analysis = shells::examine(path, text);
    if (analysis.verdict != shells::Verdict::malicious && analysis.verdict != shells::Verdict::dual_use) return {};
    // The model's own probability, calibrated on files that it had not seen; docs/webshells.md has the sheet.
    auto finding = shell(path, what_it_is(analysis), std::max(analysis.probability, 0.5), {});
    if (analysis.verdict == shells::Verdict::dual_use) {
        finding.level = Level::attempt;  // an administrator's tool, unless somebody else brought it
        finding.severity = Severity::medium;
    }
    for (auto capability : analysis.capabilities)
        if (auto technique = technique_for(capability);
            !technique.empty() && std::ranges::find(finding.techniques, technique) == finding.techniques.end())
            finding.techniques.emplace_back(technique);
    if (analysis.layers.size() > 1 ||
        std::ranges::any_of(analysis.flows, [](const shells::Flow& flow) { return flow.concealed; }))
        finding.techniques.emplace_back("T1027");  // Obfuscated Files or Information
    finding.links = keys_of(analysis);
    return Hit{key, std::move(finding)};
}

std::optional<Hit> judge(const RecordBatch&, const Row& row, const Intel&) {
    auto path = row.text(ScriptSource::path), text = row.text(ScriptSource::text);
    auto key = lower(path);
    if (is_directory_dump(text)) {
        // 0.99: settings of a virtual directory never hold a script (MSTIC, CISA AR21-084A).
        auto finding =
            shell(path, "a dump of virtual-directory settings with a script in a URL", 0.99, {"CVE-2021-27065"});
        if (auto time = embedded_time(text, "WhenChangedUTC")) {
            finding.raw_time = time;
            finding.clock = Clock::embedded;
        }
        finding.links = keys_of(shells::examine(path, text));
        return Hit{key, std::move(finding)};
    }
    if (is_exported_mailbox(text))
        return Hit{key, shell(path, "an exported mailbox that is a page too", 0.99, {"CVE-2021-31207"})};
    if (is_certificate_request(text))
        return Hit{key, shell(path, "a certificate request that is a page too", 0.98, {"CVE-2021-31207"})};
    return is_server_executable(path) ? judge_script(path, text, key) : std::nullopt;
}

constexpr RecordKind kReads[] = {RecordKind::script_source};

}  // namespace

extern const Detector kFilesShellSource =
    hit_detector<"files.shell_source", judge>("Pages that are web shells by what they do", kReads);

}  // namespace ascribe
