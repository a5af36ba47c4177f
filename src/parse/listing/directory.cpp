// `dir /s` and `Get-ChildItem -Recurse` as text, in any language of Windows: a line that ends in a folder's full path,
// then a line for each entry: date, time, size or <DIR>, name. The times are local, to the minute and without a zone,
// so they are kept as notes. Folders and sums carry no record.
// https://learn.microsoft.com/windows-server/administration/windows-commands/dir
#include "parse/listing/entry.hpp"

namespace ascribe {
namespace {

// A longer folder is none: it is put before each of its entries. Paths on Windows have 260 characters as a rule.
constexpr std::size_t kFolderLimit = 4'096;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// " Directory of C:\inetpub" and "    Directory: C:\inetpub": the path; "" for other lines.
std::string_view folder_in(std::string_view line) {
    if (!line.starts_with(' ')) return {};
    for (auto at = line.find(":\\"); at != std::string_view::npos; at = line.find(":\\", at + 2))
        if (at >= 2 && line[at - 2] == ' ' && lower(line[at - 1]) >= 'a' && lower(line[at - 1]) <= 'z')
            return line.size() - at < kFolderLimit ? trim(line.substr(at - 1)) : std::string_view{};
    return {};
}

struct Entry {
    std::string_view name, when;
    std::int64_t size = 0;
    bool folder = false;
};

std::string_view take_word(std::string_view& line) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    auto word = line.substr(0, line.find_first_of(" \t"));
    line.remove_prefix(word.size());
    return word;
}

bool is_date(std::string_view word) {
    return word.size() >= 8 && word.size() <= 10 && word.find_first_not_of("0123456789/.-") == std::string_view::npos &&
           word.find_first_of("/.-") != std::string_view::npos;
}

/// "1,234" in any notation of thousands; nothing when it is not a number.
std::optional<std::int64_t> size_in(std::string_view word) {
    std::string digits;
    for (char c : word) {
        if (is_digit(c))
            digits += c;
        else if (static_cast<unsigned char>(c) < 0x80 && c != ',' && c != '.' && c != '\'')
            return {};
    }
    return parse_number(digits);
}

/// PowerShell puts the mode first: "-a----" or "d-----".
bool is_mode(std::string_view word) {
    return word.size() >= 5 && word.size() <= 7 && word.find_first_not_of("darhsl-") == std::string_view::npos &&
           word.contains('-');
}

std::optional<Entry> entry_in(std::string_view line) {
    Entry entry;
    auto rest = line;
    auto mode = take_word(rest);
    if (is_mode(mode))
        entry.folder = mode.starts_with('d');
    else
        rest = line, mode = {};
    auto date = take_word(rest);
    if (!is_date(date)) return {};
    auto time = take_word(rest);
    if (time.size() < 4 || !time.contains(':') || !is_digit(time[0])) return {};
    auto end = time.end();
    auto after = rest;
    if (auto half = take_word(after); equals_folded(half, "AM") || equals_folded(half, "PM")) {
        end = half.end();
        rest = after;
    }
    entry.when = {date.begin(), end};
    if (mode.empty() || !entry.folder) {
        auto word = take_word(rest);
        if (mode.empty() && word.starts_with('<') && word.ends_with('>')) {
            entry.folder = true;
        } else {
            auto size = size_in(word);
            if (!size) return {};
            entry.size = *size;
        }
    }
    entry.name = trim(rest);
    return entry.name.empty() ? std::nullopt : std::optional(entry);
}

class Reading {
public:
    Reading(const Part& part, Sink& sink) : batcher_(part, sink), sink_(sink) {
        if (part.base != 0) folder_ = folder_in(part.header);
    }
    ~Reading() { sink_.directives(directives_); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

    void take(const TextLine& line) {
        auto entry = entry_in(line.text);
        if (!entry) {
            ++directives_;
            if (auto folder = folder_in(line.text); !folder.empty()) folder_ = folder;
            return;
        }
        if (entry->folder) {
            ++directives_;
            return;
        }
        if (folder_.empty()) return sink_.bad({Fault::bad_value, "listing.dir.folder", line.offset});
        auto path = folder_ + (folder_.ends_with('\\') ? "" : "\\") + std::string(entry->name);
        ListedFile file{.path = path, .origin = "listing"};
        file.size = entry->size;
        file.notes.emplace_back("local time", entry->when);
        add_listed(batcher_, line, file);
    }

private:
    std::string folder_;
    Batcher batcher_;
    Sink& sink_;
    std::uint64_t directives_ = 0;
};

}  // namespace

bool is_directory_listing(std::string_view head) {
    bool folder = false;
    for (auto line : head_lines(as_bytes(head), 64)) {
        folder = folder || !folder_in(line).empty();
        if (folder && entry_in(line)) return true;
    }
    return false;
}

std::string_view last_folder_line(std::string_view text) {
    while (!text.empty()) {
        auto begin = text.rfind('\n', text.size() - 1);
        auto line = text.substr(begin == std::string_view::npos ? 0 : begin + 1);
        if (!folder_in(line).empty()) return line;
        text = text.substr(0, begin == std::string_view::npos ? 0 : begin);
    }
    return {};
}

void read_directory_listing(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_text_line(part, sink, [&](const TextLine& line) { reading.take(line); });
}

}  // namespace ascribe
