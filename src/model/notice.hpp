// What a watch tells: one finding, new or grown graver, with the rows that just made it so.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/finding.hpp"

namespace ascribe {

/// A row behind a notice, by where it lies: artefacts of a watch have no case to be looked up in.
struct NoticeRow {
    std::string path;
    std::uint64_t offset = 0;
    std::uint32_t size = 0;
    std::uint64_t line = 0;  // 1-based in the file; 0: not known, for reading began in its middle
    std::string bytes;       // as read, at most kNoticeBytes; "" when they were read too long ago
};

struct Notice {
    /// "N-" and 16 hex digits: the same for the same subject (detector, server, address, page, account ...) in every
    /// run, so that what is told twice can be dropped by whoever receives it.
    std::string id;
    std::string server;
    Finding finding;
    std::optional<Level> was;     // told before at this lower level
    std::vector<NoticeRow> rows;  // at most kNoticeRows
};

inline constexpr std::size_t kNoticeRows = 3, kNoticeBytes = 1'024;

}  // namespace ascribe
