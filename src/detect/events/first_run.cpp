// exchange.page_first_run: ASP.NET compiles a page when it is asked for the first time and leaves
// NAME.aspx.HASH.compiled in its temporary folder, where it survives the page. A .compiled of a page that Exchange does
// not ship proves that the page was run. JScript, the language of the China Chopper family, is compiled inside
// w3wp.exe: cvtres.exe starts below it without csc.exe, and the sources appear as App_Web_XXXXXXXX.N.js. Exchange ships
// no JScript pages. (Facts WS-02, WS-08.)
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "detect/events/fields.hpp"
#include "detect/events/processes.hpp"
#include "detect/exchange_paths.hpp"
#include "detect/hits.hpp"

namespace ascribe {
namespace {

/// The types that a shell comes in and that a request names. Controls, services and global.asax are compiled beside the
/// pages of Exchange and are not all in the list of stock pages.
bool is_page(std::string_view name) {
    auto type = extension(name);
    return equals_folded(type, ".aspx") || equals_folded(type, ".ashx") || equals_folded(type, ".asmx");
}

Finding ran(std::string statement, double probability) {
    Finding finding;
    finding.level = Level::success;
    finding.severity = Severity::critical;
    finding.question = Question::used;
    finding.probability = probability;
    finding.techniques = {"T1505.003"};
    finding.statement = std::move(statement);
    return finding;
}

/// "ohyeah.aspx" of "...\ohyeah.aspx.f5dba9b9.compiled"; "" for any other name.
std::string_view compiled_page(std::string_view path) {
    auto name = base_name(path);
    if (!ends_folded(name, ".compiled")) return {};
    name.remove_suffix(std::string_view(".compiled").size());
    auto dot = name.rfind('.');
    if (dot == std::string_view::npos || name.size() - dot != 9) return {};  // eight hexadecimal digits
    return name.substr(0, dot);
}

/// The application's name, the folder below "Temporary ASP.NET Files".
std::string_view application_of(std::string_view path) {
    constexpr std::string_view kFolder = "Temporary ASP.NET Files";
    auto at = path.find(kFolder);
    if (at == std::string_view::npos) return {};
    auto rest = path.substr(std::min(path.size(), at + kFolder.size() + 1));
    return rest.substr(0, rest.find_first_of("\\/"));
}

std::optional<Finding> judge_compiled(std::string_view path, const Intel& intel) {
    if (!is_compiled_trace(path)) return {};
    auto page = compiled_page(path);
    if (page.empty() || !is_page(page) || intel.stock_names.contains(lower(page))) return {};
    auto application = application_of(path);
    // 0.9: the file itself is proof of the run; that the page is foreign rests on the list of stock pages, which a
    // customised server may exceed.
    auto finding = ran(fmt::format("The page {}{} was run: ASP.NET compiled it on its first request.", page,
                                   application.empty() ? "" : fmt::format(" of the application {}", application)),
                       0.9);
    finding.page = page;
    return finding;
}

std::optional<Hit> judge_event(const Row& row, const Intel& intel) {
    if (is_sysmon(row) && event_id(row) == 11 && equals_folded(base_name(datum(row, "Image")), "w3wp.exe")) {
        auto path = datum(row, "TargetFilename");
        if (auto finding = judge_compiled(path, intel)) return Hit{lower(path), std::move(*finding)};
        auto name = base_name(path);
        if (is_compiled_trace(path) && starts_folded(name, "App_Web_") && ends_folded(name, ".js")) {
            auto assembly = name.substr(0, name.find('.'));
            auto application = application_of(path);
            return Hit{
                lower(fmt::format("{}/{}", application, assembly)),
                ran(fmt::format("A JScript page of the application {} was compiled as {}.", application, assembly),
                    0.9)};
        }
    }
    auto process = created_process(row);
    if (process && equals_folded(process->name(), "cvtres.exe") && equals_folded(process->parent_name(), "w3wp.exe"))
        return Hit{
            lower(process->command_line),
            ran("The IIS worker process started cvtres.exe itself, as it does to compile a JScript page.", 0.85)};
    return {};
}

std::optional<Hit> judge_file(const Row& row, const Intel& intel) {
    auto path = row.text(FileEntry::path);
    auto finding = judge_compiled(path, intel);
    if (!finding) return {};
    finding->clock = Clock::file_system;
    finding->raw_time = file_time(row);
    return Hit{lower(path), std::move(*finding)};
}

/// The contents of a .compiled file, which name the page by its path in the site.
std::optional<Hit> judge_setting(const Row& row, const Intel& intel) {
    if (row.text(Setting::category) != "compiled_page") return {};
    auto page = row.text(Setting::name);
    if (!is_page(page)) page = row.text(Setting::value);
    if (!is_page(page) || intel.stock_names.contains(lower(base_name(page)))) return {};
    auto finding = ran(fmt::format("The page {} was run: ASP.NET compiled it on its first request.", page), 0.9);
    finding.page = page;
    finding.clock = Clock::file_system;
    return Hit{lower(row.text(Setting::path)), std::move(finding)};
}

std::optional<Hit> judge(const RecordBatch& batch, const Row& row, const Intel& intel) {
    switch (batch.kind()) {
        case RecordKind::windows_event: return judge_event(row, intel);
        case RecordKind::file_entry: return judge_file(row, intel);
        default: return judge_setting(row, intel);
    }
}

constexpr RecordKind kReads[] = {RecordKind::windows_event, RecordKind::file_entry, RecordKind::setting};

}  // namespace

extern const Detector kExchangePageFirstRun =
    hit_detector<"exchange.page_first_run", judge>("The first run of a page that Exchange does not ship", kReads);

}  // namespace ascribe
