// Pages and scripts that a web server runs: their text as it is, for detectors that read it. By content as well as by
// name, since an intruder's page may have been collected under any name.
// https://learn.microsoft.com/previous-versions/aspnet/2wawkw1c(v=vs.100)
// https://www.php.net/manual/language.basic-syntax.phptags.php
#include <algorithm>

#include "base/text.hpp"
#include "model/stage.hpp"

namespace ascribe {
namespace {

/// Longer pages are cut. Exchange's longest stock page has less than 200 KB; the analyser of web shells reads as much.
constexpr std::size_t kScriptLimit = 16 << 20;

// What IIS with ASP.NET and classic ASP runs by default, and what PHP, Java, ColdFusion and CGI run.
constexpr std::string_view kExtensions[] = {
    ".aspx",   ".ashx",   ".asmx",   ".asp", ".asa",  ".cer",  ".ascx", ".asax", ".svc",   ".soap", ".rem",
    ".cshtml", ".vbhtml", ".master", ".php", ".php3", ".php4", ".php5", ".php7", ".phtml", ".pht",  ".phar",
    ".jsp",    ".jspx",   ".jspf",   ".cfm", ".cfc",  ".cfml", ".cgi",  ".pl",   ".py"};

bool is_script_name(std::string_view path) {
    return std::ranges::any_of(kExtensions, [&](auto known) { return equals_folded(extension(path), known); });
}

std::string decoded(std::string_view text) {
    if (text.starts_with("\xFF\xFE")) return from_utf16(text.substr(2));
    if (text.starts_with("\xFE\xFF")) {
        std::string swapped(text.substr(2));
        for (std::size_t i = 0; i + 1 < swapped.size(); i += 2) std::swap(swapped[i], swapped[i + 1]);
        return from_utf16(swapped);
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    if (is_utf8(text)) return std::string(text);
    return from_cp1252(text);
}

int claim(std::string_view path, std::span<const std::byte> head) {
    if (is_script_name(path)) return 80;
    auto text = decoded(as_text(head.first(std::min<std::size_t>(head.size(), 4096))));
    for (std::string_view directive :
         {"<%@ Page", "<%@Page", "<%@ WebHandler", "<%@ WebService", "<%@ Language", "<%@ Control", "<?php"})
        if (contains_folded(text, directive)) return 60;
    return 0;
}

void parse(const Part& part, Sink& sink) {
    if (part.base != 0) return;  // the first segment has said all that fits the limit
    auto text = part.whole.text();
    if (text.empty()) return;
    if (text.size() > kScriptLimit)
        sink.damage({Fault::too_large, "page.limit", kScriptLimit, text.size(), kScriptLimit});
    RecordBatch batch(RecordKind::script_source, part.artefact, part.whole, part.base);
    auto row = batch.append(kNoTime, 0, static_cast<std::uint32_t>(std::min<std::size_t>(text.size(), UINT32_MAX)));
    row[ScriptSource::path] = batch.keep(part.path);
    row[ScriptSource::text] = batch.keep(decoded(text.substr(0, kScriptLimit)));
    sink.batch(std::move(batch));
}

}  // namespace

extern const Parser kPageParser;
const Parser kPageParser{"page", "Pages and scripts that the web server runs",
                         "https://learn.microsoft.com/previous-versions/aspnet/2wawkw1c(v=vs.100)", claim, parse};

}  // namespace ascribe
