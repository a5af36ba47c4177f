// The version resource of a Windows program, read without trusting any offset in it.
#pragma once

#include <string>

#include "base/reader.hpp"

namespace ascribe::pe {

struct Version {
    std::uint64_t offset = 0;  // of the resource in the file
    std::uint32_t size = 0;
    std::string file_version;  // "15.1.2106.2", from the fixed part, which every tool that shows a version reads
    std::string product_name, original_name, company;
};

/// An error where the file has no version resource or it cannot be reached.
Result<Version> read_version(std::span<const std::byte> file);

}  // namespace ascribe::pe
