// Evidence known by name and not read by this version: better a sentence than silence.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace ascribe {

/// Why a file of this kind is not read and what to do instead ("a VMware disk image: mount it read-only and give the
/// folder"); "" when the kind is not known. Content first, path second.
std::string known_unreadable(std::string_view path, std::span<const std::byte> head);

}  // namespace ascribe
