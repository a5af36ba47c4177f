#include "cli/demo/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ascribe::demo {

Time begins() { return *make_time(2021, 1, 1); }
Time strikes() { return *make_time(2021, 3, 3, 4, 12, 3); }
Time patched() { return *make_time(2021, 3, 12, 21, 40); }
Time ends() { return *make_time(2021, 3, 20); }
Time at(int seconds) { return strikes() + std::chrono::seconds(seconds); }
std::string build_at(Time time) { return time < patched() ? "15.1.2106.2" : "15.1.2106.13"; }

std::vector<File> collection(Story story) {
    if (story == Story::pages) return pages();
    std::vector<File> all;
    auto take = [&](std::vector<File>&& files) { std::ranges::move(files, std::back_inserter(all)); };
    take(http_proxy_logs(story));
    take(ecp_logs(story));
    take(iis_logs(story));
    take(command_logs(story));
    take(tracking_logs());
    take(event_logs(story));
    take(web_files(story));
    take(system_files());
    std::ranges::sort(all, {}, &File::path);
    return all;
}

namespace {

std::filesystem::file_time_type written_at(Time time) {
    using std::chrono::system_clock;
    auto since = std::chrono::duration_cast<system_clock::duration>(time.time_since_epoch());
    return std::filesystem::file_time_type::clock::from_sys(system_clock::time_point(since));
}

}  // namespace

std::expected<void, std::string> write_collection(Story story, const std::string& folder) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (fs::exists(folder, error) && !fs::is_empty(folder, error))
        return std::unexpected(fmt::format("{}: is there and not empty; name a new folder", folder));
    for (const File& file : collection(story)) {
        auto path = fs::path(folder) / file.path;
        fs::create_directories(path.parent_path(), error);
        std::ofstream out(path, std::ios::binary);
        out << file.bytes;
        out.close();
        if (!out)
            return std::unexpected(
                fmt::format("{}: cannot be written: {}; name another folder", path.string(), std::strerror(errno)));
        fs::last_write_time(path, written_at(file.modified.value_or(ends())), error);
    }
    return {};
}

}  // namespace ascribe::demo
