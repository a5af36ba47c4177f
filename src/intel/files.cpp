#include "intel/files.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

// The table that cmake/EmbedIntel.cmake generates; it ends with a null name.
extern "C" {
struct AscribeIntelFile {
    const char* name;
    const char* data;
    std::size_t size;
};
extern const AscribeIntelFile ascribe_intel_files[];  // NOLINT(readability-identifier-naming): the assembler's name
}

namespace ascribe {

IntelFiles builtin_intel_files() {
    IntelFiles files;
    for (const AscribeIntelFile* file = ascribe_intel_files; file->name != nullptr; ++file)
        files.emplace(file->name, std::string(file->data, file->size));
    return files;
}

std::expected<IntelFiles, std::string> read_intel_files(const std::string& directory) {
    namespace fs = std::filesystem;
    std::error_code error;
    if (!fs::is_directory(directory, error))
        return std::unexpected(
            fmt::format("{}: is not a folder; --intel needs a folder of the shape of Ascribe's intel/", directory));
    IntelFiles files;
    for (fs::recursive_directory_iterator at(directory, error), end; !error && at != end; at.increment(error)) {
        auto suffix = at->path().extension();
        if (!at->is_regular_file(error) || (suffix != ".json" && suffix != ".tsv" && suffix != ".yml")) continue;
        auto name = fs::relative(at->path(), directory, error).generic_string();
        if (name.starts_with("schema/")) continue;
        std::ifstream file(at->path(), std::ios::binary);
        files.emplace(name, std::string(std::istreambuf_iterator<char>(file), {}));
    }
    if (error) return std::unexpected(fmt::format("{}: {}", directory, error.message()));
    return files;
}

}  // namespace ascribe
