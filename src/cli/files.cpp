#include "cli/files.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace ascribe {

std::expected<std::string, std::string> contents_of(const std::string& path) {
    auto refuse = [&](std::string_view why) {
        return std::unexpected(fmt::format("{}: {}; give a file that can be read", path, why));
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) return refuse("is a folder");
    errno = 0;
    std::ifstream file(path, std::ios::binary);
    if (!file) return refuse(fmt::format("cannot be opened: {}", std::strerror(errno)));
    std::string text{std::istreambuf_iterator<char>(file), {}};
    if (file.bad()) return refuse("cannot be read");
    return text;
}

}  // namespace ascribe
