// `ascribe report` and `ascribe why`: what a case file says, without the evidence.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "casefile/casefile.hpp"
#include "cli/command.hpp"
#include "report/all.hpp"
#include "report/why.hpp"

namespace ascribe {
namespace {

/// Writes beside the path and renames, so that nobody ever sees half a report.
Exit write_file(const std::string& path, const std::string& text) {
    auto half = path + ".part";
    {
        std::ofstream file(half, std::ios::binary | std::ios::trunc);
        file << text;
        file.flush();
        if (!file) {
            std::remove(half.c_str());
            return fail(Exit::usage, fmt::format("{}: cannot be written; choose another path with -o", path));
        }
    }
    if (std::rename(half.c_str(), path.c_str()) != 0)
        return fail(Exit::usage, fmt::format("{}: cannot be written; choose another path with -o", path));
    return Exit::clean;
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
constexpr std::string_view kReportExamples[] = {"ascribe report case.ascribe -o report.html", "ascribe report case.ascribe --format md"};
constexpr std::string_view kWhyExamples[] = {"ascribe why F-0123456789 case.ascribe", "ascribe why CVE-2021-26855 case.ascribe"};

}  // namespace

extern const Command kReport, kWhy;
const Command kReport{"report", "Write a case as one HTML page, as JSON or as Markdown", "CASE [options]", "", kReportOptions, kReportExamples, 1, 1, run_report};
const Command kWhy{"why", "Print the raw bytes behind a finding or a number", "ID CASE",
                   "The case file keeps the bytes, so this works after the evidence has moved. Control bytes are shown as \\xNN.", {}, kWhyExamples, 2, 2, run_why};

}  // namespace ascribe
