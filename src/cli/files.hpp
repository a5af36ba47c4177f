// Files that the user names beside the evidence.
#pragma once

#include <expected>
#include <string>

namespace ascribe {

/// A whole file; the error says what to do.
std::expected<std::string, std::string> contents_of(const std::string& path);

}  // namespace ascribe
