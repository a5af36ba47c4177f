#include "cli/shells/print.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace ascribe {
namespace {

using nlohmann::ordered_json;
using shells::Analysis;
using ScriptVerdict = shells::Verdict;

std::string dumped(const ordered_json& value, int indent = -1) {
    return value.dump(indent, ' ', true, ordered_json::error_handler_t::replace) + '\n';
}

std::string_view name_of(ScriptVerdict verdict) { return to_string(verdict); }

ordered_json names_of(const auto& list) {
    auto names = ordered_json::array();
    for (const auto& item : list) names.push_back(to_string(item));
    return names;
}

ordered_json json_of(const shells::Place& place) {
    return {{"layer", place.layer}, {"offset", place.span.offset}, {"size", place.span.size}};
}

ordered_json reasons_of(const Analysis& analysis, std::size_t most) {
    auto reasons = ordered_json::array();
    for (const auto& reason : analysis.reasons) {
        if (reasons.size() >= most) break;
        ordered_json told{{"name", reason.name}, {"sentence", reason.sentence}, {"weight", reason.weight}};
        if (reason.place) told["place"] = json_of(*reason.place);
        reasons.push_back(std::move(told));
    }
    return reasons;
}

ordered_json head_of(const std::string& path, const ExaminedScript& script) {
    const Analysis& analysis = script.analysis;
    ordered_json out{{"path", path},
                     {"verdict", name_of(analysis.verdict)},
                     {"score", analysis.probability},
                     {"language", to_string(analysis.platform)}};
    if (script.hashed) out["sha256"] = to_hex(script.digest);
    return out;
}

void add_what_it_can(const Analysis& analysis, ordered_json& out) {
    if (!analysis.capabilities.empty()) out["capabilities"] = names_of(analysis.capabilities);
    if (!analysis.password.empty()) out["password"] = analysis.password;
    if (!analysis.family.empty()) out["family"] = analysis.family;
    if (!analysis.limits.empty()) out["limits"] = analysis.limits;
}

std::string joined(const auto& list) {
    std::string out;
    for (const auto& item : list) out += (out.empty() ? "" : ", ") + std::string(to_string(item));
    return out;
}

/// The reason a person is told first: the strongest that speaks for the verdict.
/// What it has, not what it lacks or is written in.
bool is_telling(const shells::Reason& reason) {
    return !reason.sentence.starts_with("not so: ") && !reason.name.starts_with("platform.");
}

std::string_view first_reason(const Analysis& analysis) {
    for (const auto& reason : analysis.reasons)
        if (reason.weight >= 0 && is_telling(reason))
            return reason.sentence;  // 0: it settles the verdict whatever the score
    return "";
}

std::string trail_of(const shells::Flow& flow) {
    std::string out = visible(flow.source, 80);
    for (const auto& step : flow.trail)
        if (step.what != flow.source && step.what != flow.sink) out += " -> " + visible(step.what, 80);
    return out + " -> " + visible(flow.sink, 80);
}

std::string words_of(const shells::Place& place) {
    return fmt::format("layer {} bytes {}..{}", place.layer, place.span.offset,
                       std::uint64_t{place.span.offset} + place.span.size);
}

/// Lines of a layer shown to a person; the JSON form has them all.
constexpr std::size_t kLines = 40, kLine = 200;

void print_layers(const Analysis& analysis, std::string& out) {
    out += "\nLayers\n";
    for (std::size_t i = 0; i < analysis.layers.size(); ++i) {
        const auto& layer = analysis.layers[i];
        if (i == 0)
            out += fmt::format("  {:<3} the file, {} bytes{}\n", i, layer.size,
                               layer.how.empty() ? "" : "; " + visible(layer.how, 80));
        else
            out += fmt::format("  {:<3} {} bytes of {}, out of {} by {}\n", i, layer.size, to_string(layer.language),
                               words_of(layer.from), layer.how.empty() ? "reading" : visible(layer.how, 200));
        std::size_t shown = 0;
        auto lines = split(layer.text, '\n');
        for (auto line : lines) {
            if (++shown > kLines) break;
            if (line.ends_with('\r')) line.remove_suffix(1);
            out += fmt::format("      | {}\n", visible(line, kLine));
        }
        if (lines.size() > kLines) out += fmt::format("      ... {} more lines\n", lines.size() - kLines);
    }
}

void print_flows(const Analysis& analysis, std::string& out) {
    if (analysis.flows.empty()) return;
    out += "\nFlows\n";
    for (const auto& flow : analysis.flows) {
        out += fmt::format("  {:<11} {}{}{}\n", to_string(flow.capability), trail_of(flow),
                           flow.concealed ? "  (hidden)" : "", flow.guarded ? "  (behind a check)" : "");
        for (const auto& step : flow.trail)
            out += fmt::format("              {:<28} {}\n", words_of(step.place), visible(step.what, 120));
    }
}

std::string_view level_of(ScriptVerdict verdict) {
    switch (verdict) {
        case ScriptVerdict::malicious: return "error";
        case ScriptVerdict::dual_use: return "warning";
        default: return "note";
    }
}

/// A path as a relative reference (RFC 3986): everything but unreserved characters and slashes in percent form.
std::string uri_of(std::string_view path) {
    std::string out;
    for (char c : path) {
        auto byte = static_cast<unsigned char>(c);
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     std::string_view("-._~/").find(c) != std::string_view::npos;
        out += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
    }
    return out;
}

ordered_json rule(std::string_view id, std::string_view name, std::string_view about, std::string_view level) {
    return {{"id", id},
            {"name", name},
            {"shortDescription", {{"text", about}}},
            {"defaultConfiguration", {{"level", level}}}};
}

/// Nothing was found that there is to tell, as in nearly every file of a web server, and the path needs no escapes.
bool is_silent(const std::string& path, const ExaminedScript& script) {
    const Analysis& analysis = script.analysis;
    bool plain = std::ranges::all_of(path, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
    return plain && analysis.probability == 0 && !script.hashed && analysis.reasons.empty() &&
           analysis.capabilities.empty() && analysis.password.empty() && analysis.family.empty() &&
           analysis.limits.empty() && script.rules.empty();
}

}  // namespace

std::string script_json(const std::string& path, const ExaminedScript& script, bool accepted) {
    if (!accepted && is_silent(path, script))
        return fmt::format(R"({{"path":"{}","verdict":"{}","score":0.0,"language":"{}","reasons":[]}})"
                           "\n",
                           path, name_of(script.analysis.verdict), to_string(script.analysis.platform));
    constexpr std::size_t kReasons = 8;
    auto out = head_of(path, script);
    out["reasons"] = reasons_of(script.analysis, script.analysis.verdict == ScriptVerdict::benign ? 0 : kReasons);
    add_what_it_can(script.analysis, out);
    if (!script.rules.empty()) out["yara"] = script.rules;
    if (accepted) out["accepted"] = true;
    return dumped(out);
}

std::string script_features_json(const std::string& path, const ExaminedScript& script) {
    ordered_json out{{"path", path}, {"language", to_string(script.analysis.platform)}};
    auto& features = out["features"] = ordered_json::object();
    for (const auto& feature : script.features) features[feature.name] = feature.value;
    return dumped(out);
}

std::string explain_script_json(const std::string& path, const ExaminedScript& script) {
    const Analysis& analysis = script.analysis;
    auto out = head_of(path, script);
    out["reasons"] = reasons_of(analysis, SIZE_MAX);
    add_what_it_can(analysis, out);
    auto& flows = out["flows"] = ordered_json::array();
    for (const auto& flow : analysis.flows) {
        ordered_json told{{"capability", to_string(flow.capability)},
                          {"origin", to_string(flow.origin)},
                          {"source", flow.source},
                          {"sink", flow.sink},
                          {"concealed", flow.concealed},
                          {"guarded", flow.guarded}};
        auto& trail = told["trail"] = ordered_json::array();
        for (const auto& step : flow.trail) {
            auto made = json_of(step.place);
            made["what"] = step.what;
            trail.push_back(std::move(made));
        }
        flows.push_back(std::move(told));
    }
    auto& layers = out["layers"] = ordered_json::array();
    for (std::size_t i = 0; i < analysis.layers.size(); ++i) {
        const auto& layer = analysis.layers[i];
        ordered_json told{{"layer", i}, {"language", to_string(layer.language)}, {"how", layer.how}};
        if (i > 0) told["from"] = json_of(layer.from);
        told["size"] = layer.size;
        told["text"] = layer.text;
        layers.push_back(std::move(told));
    }
    return dumped(out, 1);
}

std::string explain_script(const std::string& path, const ExaminedScript& script) {
    const Analysis& analysis = script.analysis;
    auto out = fmt::format("{}\n  {}, probability {:.3f}; {}\n", visible(path), name_of(analysis.verdict),
                           analysis.probability, to_string(analysis.platform));
    if (script.hashed) out += fmt::format("  sha256 {}\n", to_hex(script.digest));
    if (!analysis.capabilities.empty()) out += fmt::format("  can      {}\n", joined(analysis.capabilities));
    if (!analysis.password.empty()) out += fmt::format("  opens by {}\n", visible(analysis.password, 200));
    if (!analysis.family.empty()) out += fmt::format("  built as {}\n", visible(analysis.family, 200));
    for (const auto& limit : analysis.limits) out += fmt::format("  limit    {}\n", visible(limit, 200));
    print_flows(analysis, out);
    out += "\nReasons, with what each adds to the log odds\n";
    for (const auto& reason : analysis.reasons)
        out += fmt::format("  {:+6.2f}  {} [{}]{}\n", reason.weight, visible(reason.sentence, 200),
                           visible(reason.name, 80), reason.place ? "  " + words_of(*reason.place) : "");
    print_layers(analysis, out);
    return out;
}

std::string scripts_table(const std::vector<ScriptFound>& found, const ScanResult& result) {
    std::string out;
    std::map<ScriptVerdict, std::size_t> counts;
    std::size_t accepted = 0;
    for (auto verdict : {ScriptVerdict::malicious, ScriptVerdict::dual_use, ScriptVerdict::suspicious})
        for (const ScriptFound& file : found) {
            if (file.analysis.verdict != verdict) continue;
            if (file.accepted) {
                ++accepted;
                continue;
            }
            ++counts[verdict];
            out += fmt::format("{:<10} {:>5.1f} %  {:<4}  {}\n", name_of(verdict), 100 * file.analysis.probability,
                               to_string(file.analysis.platform), visible(file.path));
            auto line = [&](std::string_view text) { out += fmt::format("                           {}\n", text); };
            if (auto reason = first_reason(file.analysis); !reason.empty()) line(visible(reason, 160));
            if (!file.analysis.capabilities.empty()) line("can: " + joined(file.analysis.capabilities));
            if (!file.analysis.password.empty()) line("opens by: " + visible(file.analysis.password, 80));
            if (!file.analysis.family.empty()) line("built as: " + visible(file.analysis.family, 80));
            std::string rules;
            for (const auto& rule : file.rules) rules += (rules.empty() ? "" : ", ") + rule;
            if (!rules.empty()) line("rules: " + visible(rules, 400));
            for (const auto& limit : file.analysis.limits) line("limit: " + visible(limit, 80));
        }
    out += fmt::format("{}{} files read ({:.1f} MB): {} malicious, {} dual use, {} suspicious", out.empty() ? "" : "\n",
                       result.files, static_cast<double>(result.bytes) / 1e6, counts[ScriptVerdict::malicious],
                       counts[ScriptVerdict::dual_use], counts[ScriptVerdict::suspicious]);
    if (accepted > 0) out += fmt::format(", {} accepted by the baseline", accepted);
    if (auto unread = count_unread(result.damage)) out += fmt::format("; {} could not be read", unread);
    return out + "\n";
}

std::string scripts_sarif(const std::vector<ScriptFound>& found, std::string_view version) {
    auto results = ordered_json::array();
    for (const ScriptFound& file : found) {
        const Analysis& analysis = file.analysis;
        ordered_json region;
        std::string why;
        for (const auto& reason : analysis.reasons) {
            if (reason.weight < 0 || !is_telling(reason)) continue;
            if (why.size() < 400) why += (why.empty() ? "" : "; ") + visible(reason.sentence, 160);
            if (region.is_null() && reason.place && reason.place->layer == 0 && reason.place->span.size > 0)
                region = {{"byteOffset", reason.place->span.offset}, {"byteLength", reason.place->span.size}};
        }
        ordered_json place{{"artifactLocation", {{"uri", uri_of(file.path)}}}};
        if (!region.is_null()) place["region"] = region;
        ordered_json told{{"ruleId", name_of(analysis.verdict)},
                          {"level", level_of(analysis.verdict)},
                          {"message",
                           {{"text", fmt::format("{} ({:.1f} %): {}", name_of(analysis.verdict),
                                                 100 * analysis.probability, why.empty() ? "no single reason" : why)}}},
                          {"locations", ordered_json::array({{{"physicalLocation", place}}})},
                          {"properties",
                           {{"probability", analysis.probability},
                            {"language", to_string(analysis.platform)},
                            {"capabilities", names_of(analysis.capabilities)}}}};
        if (!file.rules.empty()) told["properties"]["yara"] = file.rules;
        if (!file.digest.empty()) told["partialFingerprints"] = {{"sha256/v1", file.digest}};
        if (file.accepted)
            told["suppressions"] =
                ordered_json::array({{{"kind", "external"}, {"justification", "accepted by the baseline"}}});
        results.push_back(std::move(told));
    }
    ordered_json rules = ordered_json::array(
        {rule("malicious", "WebShell", "A web shell, a dropper or another intruder's script", "error"),
         rule("dual_use", "AdministratorsTool", "It can what a web shell can, behind a log-in", "warning"),
         rule("suspicious", "SuspiciousScript", "More like intruders' scripts than like others; not decided", "note")});
    ordered_json out{
        {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs",
         ordered_json::array({{{"tool", {{"driver", {{"name", "ascribe"}, {"version", version}, {"rules", rules}}}}},
                               {"columnKind", "utf16CodeUnits"},
                               {"results", results}}})}};
    return dumped(out, 1);
}

}  // namespace ascribe
