// One file as a listing names it, on its way to a FileEntry row. Shared by the kinds of listings.
#pragma once

#include "parse/text_lines.hpp"

namespace ascribe {

struct ListedFile {
    std::string_view path, origin;
    std::optional<std::int64_t> size;
    std::optional<Time> created, modified;                        // only where the listing says that they are UTC
    std::string sha256;                                           // 64 hexadecimal digits; others are not told
    std::vector<std::pair<std::string_view, std::string>> notes;  // what is told besides: local times, other hashes
};

/// Adds the row. The path loses the prefixes with which tools reach past the file system, \\.\ and \\?\.
void add_listed(Batcher& batcher, const TextLine& line, const ListedFile& file);

// The kinds. Each claims by its first lines (as UTF-8) and reads the whole listing.
bool is_json_listing(std::string_view head);
void read_json_listing(const Part& part, Sink& sink);
bool is_csv_listing(std::string_view head);
void read_csv_listing(const Part& part, Sink& sink);
bool is_directory_listing(std::string_view head);
void read_directory_listing(const Part& part, Sink& sink);
/// The last line of `text` that names a folder; "" when none does.
std::string_view last_folder_line(std::string_view text);

}  // namespace ascribe
