// `ascribe report` and `ascribe why`: what a case file says, without the evidence.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "casefile/casefile.hpp"
#include "cli/command.hpp"
#include "report/all.hpp"
#include "report/why.hpp"

namespace ascribe {
namespace {

// What our reports say within their first bytes, in the order of --format.
constexpr std::size_t kHead = 512;
constexpr std::string_view kBeginnings[] = {"<title>Ascribe report", "\"schema\": \"ascribe.case/1\"",
                                            "# Ascribe report\n"};

/// Nothing of the user's is replaced but a report: not the case, and no file of the evidence.
bool may_replace(const std::string& path) {
    std::error_code ignored;
    auto kind = std::filesystem::status(path, ignored).type();
    if (kind == std::filesystem::file_type::not_found) return true;
    if (kind != std::filesystem::file_type::regular) return false;
    std::ifstream file(path, std::ios::binary);
    if (!file) return false;
    std::string head(kHead, '\0');
    file.read(head.data(), kHead);
    if (file.gcount() == 0) return !file.bad();  // empty
    head.resize(static_cast<std::size_t>(file.gcount()));
    return std::ranges::any_of(kBeginnings, [&](std::string_view one) { return head.contains(one); });
}

/// Writes beside the path and renames, so that nobody ever sees half a report.
Exit write_file(const std::string& path, const std::string& text) {
    auto refuse = [&](std::string_view why) {
        return fail(Exit::usage, fmt::format("{}: cannot be written: {}; give another path to -o", path, why));
    };
    if (!may_replace(path)) return refuse("something that is no report of Ascribe is there");
    auto half = fmt::format("{}.{}.part", path, getpid());
    errno = 0;
    std::ofstream file(half, std::ios::binary | std::ios::noreplace);
    if (!file) return refuse(std::strerror(errno));
    file << text;
    file.close();
    if (file && std::rename(half.c_str(), path.c_str()) == 0) return Exit::clean;
    auto why = std::string(std::strerror(errno));
    std::remove(half.c_str());
    return refuse(why);
}

Exit run_report(const Arguments& arguments) {
    auto loaded = load_case(arguments.positional.front());
    if (!loaded) return fail(Exit::usage, loaded.error());
    const Exporter* exporter = find_exporter(arguments.value("--format").value_or("html"));
    auto text = exporter->write(*loaded);
    if (auto path = arguments.value("--output")) return write_file(*path, text);
    fmt::print("{}", text);
    return Exit::clean;
}

Exit run_why(const Arguments& arguments) {
    auto loaded = load_case(arguments.positional[1]);
    if (!loaded) return fail(Exit::usage, loaded.error());
    auto text = why(*loaded, arguments.positional[0]);
    if (!text) return fail(Exit::usage, text.error());
    fmt::print("{}", *text);
    return Exit::clean;
}

constexpr Option kReportOptions[] = {
    {"--format", "", "FORMAT", "html unless given", "html json md"},
    {"--output", "-o", "FILE", "Write to FILE instead of standard output"},
};
constexpr std::string_view kReportExamples[] = {"ascribe report case.ascribe -o report.html",
                                                "ascribe report case.ascribe --format md"};
constexpr std::string_view kWhyExamples[] = {"ascribe why F-0123456789 case.ascribe",
                                             "ascribe why CVE-2021-26855 case.ascribe"};

}  // namespace

extern const Command kReport, kWhy;
const Command kReport{"report",
                      "Write a case as one HTML page, as JSON or as Markdown",
                      "CASE [options]",
                      "",
                      kReportOptions,
                      kReportExamples,
                      1,
                      1,
                      run_report};
const Command kWhy{
    "why",
    "Print the raw bytes behind a finding or a number",
    "ID CASE",
    "The case file keeps the bytes, so this works after the evidence has moved. Control bytes are shown as \\xNN.",
    {},
    kWhyExamples,
    2,
    2,
    run_why};

}  // namespace ascribe
