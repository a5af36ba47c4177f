// The reference data as files: compiled in, or of a directory. One loader reads both.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>

namespace ascribe {

/// Relative path, such as "vulnerabilities/CVE-2021-26855.json", to contents.
using IntelFiles = std::map<std::string, std::string>;

IntelFiles builtin_intel_files();
/// Every .json and .tsv below `directory`; the error is a sentence.
std::expected<IntelFiles, std::string> read_intel_files(const std::string& directory);

}  // namespace ascribe
