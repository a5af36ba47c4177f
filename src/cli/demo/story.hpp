// A synthetic Exchange server, clearly labelled, for `ascribe demo` and for the tests that take its evidence away piece
// by piece. Addresses are from the documentation ranges (RFC 5737), names end in .example (RFC 2606), and nothing in it
// runs: where an intruder's code would stand there is the word "removed".
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace ascribe::demo {

enum class Story : std::uint8_t {
    clean,      // a server that was exposed, patched on day 10 and never touched
    intrusion,  // the same server with the chain of March 2021 run against it on 3 March
    pages,      // no server: a small web root with two clean pages and two of a shell's shape, for `ascribe shells`
};

struct File {
    std::string path;  // below the collection's folder, as KAPE lays it out
    std::string bytes;
    std::optional<Time> modified = {};  // KAPE restores it; the end of the logs unless told
};

// The server and the intruder, named once.
inline constexpr std::string_view kServer = "MAIL01";
inline constexpr std::string_view kDomain = "demo.example";
inline constexpr std::string_view kIntruder = "203.0.113.77";
inline constexpr std::string_view kPage = "kx7demo.aspx";
inline constexpr std::string_view kExchange = "MAIL01/C/Program Files/Microsoft/Exchange Server/V15/";

/// First and last hour of the logs, the moment of the intrusion and of the patch.
Time begins();
Time strikes();
Time patched();
Time ends();
/// The Exchange build in force: 15.1.2106.2 (2016 CU18), from the patch on 15.1.2106.13 (Mar21SU).
std::string build_at(Time time);
/// `seconds` after the intrusion began.
Time at(int seconds);

std::vector<File> http_proxy_logs(Story story);
std::vector<File> ecp_logs(Story story);
std::vector<File> iis_logs(Story story);
std::vector<File> command_logs(Story story);
std::vector<File> tracking_logs();
std::vector<File> event_logs(Story story);
std::vector<File> web_files(Story story);
std::vector<File> system_files();
std::vector<File> pages();

/// The whole collection, in order of path.
std::vector<File> collection(Story story);
/// Writes it below `folder`, which must not exist or be empty. The names are ours, never evidence's.
std::expected<void, std::string> write_collection(Story story, const std::string& folder);

}  // namespace ascribe::demo
