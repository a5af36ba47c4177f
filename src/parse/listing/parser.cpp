// Listings of files: what a collector copied and what somebody listed by hand. A file in a listing is known to have
// been on the server even when its bytes were not collected, and the listing often is the only place that kept its true
// times.
#include "base/text.hpp"
#include "parse/listing/entry.hpp"

namespace ascribe {
namespace {

struct Kind {
    bool (*is)(std::string_view head);
    void (*read)(const Part& part, Sink& sink);
};
constexpr Kind kKinds[] = {
    {is_json_listing, read_json_listing},
    {is_csv_listing, read_csv_listing},
    {is_directory_listing, read_directory_listing},
};

int claim(std::string_view, std::span<const std::byte> head) {
    auto text = head_text(head);
    for (const Kind& kind : kKinds)
        if (kind.is(text)) return 72;
    return 0;
}

void parse(const Part& part, Sink& sink) {
    auto raw = part.whole.view();
    // A later segment of a listing too long for memory carries the lines in force, which tell the kind.
    auto head = part.header + head_text(raw.first(std::min(raw.size(), kHeadBytes)));
    for (const Kind& kind : kKinds)
        if (kind.is(head)) return kind.read(part, sink);
    sink.damage({Fault::bad_value, "listing.kind", part.base});
}

/// What a later segment must know: the names of the columns, or the folder whose entries go on.
std::string header(const Part& part) {
    auto bytes = part.whole.text();
    const std::string& before = part.header;
    auto head = before + head_text(as_bytes(bytes.substr(0, kHeadBytes)));
    if (is_csv_listing(head)) {
        if (!before.empty()) return before;
        for (auto line : head_lines(as_bytes(head), 3))
            if (!line.starts_with('#')) return std::string(line) + '\n';
    }
    if (!is_directory_listing(head)) return {};
    auto folder = last_folder_line(bytes);
    return folder.empty() ? std::string(before) : std::string(folder) + '\n';
}

}  // namespace

void add_listed(Batcher& batcher, const TextLine& line, const ListedFile& file) {
    auto path = file.path;
    for (std::string_view prefix : {R"(\\.\)", R"(\\?\)"})
        if (path.starts_with(prefix)) path.remove_prefix(prefix.size());
    auto& batch = batcher.batch(RecordKind::file_entry, {});
    auto row = batch.append(kNoTime, line.offset, line.size, line.number);
    row[FileEntry::path] = batch.keep(path);
    row[FileEntry::origin] = batch.keep(file.origin);
    if (file.size) row[FileEntry::size] = *file.size;
    if (file.created) row[FileEntry::created] = file.created->time_since_epoch().count();
    if (file.modified) row[FileEntry::modified] = file.modified->time_since_epoch().count();
    bool digest =
        file.sha256.size() == 64 && file.sha256.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
    if (digest) row[FileEntry::sha256] = batch.keep(lower(file.sha256));
    for (const auto& [name, value] : file.notes)
        if (!value.empty()) batch.add_field(batch.keep(name), batch.keep(value));
}

extern const Parser kListingParser;
const Parser kListingParser{"listing",
                            "Listings of files: Velociraptor, KAPE, Get-ChildItem exports, dir",
                            "https://docs.velociraptor.app/docs/offline_triage/",
                            claim,
                            parse,
                            0,
                            0,
                            header};

}  // namespace ascribe
