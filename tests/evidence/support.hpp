// Containers made in memory, opened through the openers, and what came out.
#pragma once

#include <archive.h>
#include <archive_entry.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "evidence/opener.hpp"

namespace ascribe::test {

struct Kept {
    Entry entry;
    std::string bytes;
};

/// Keeps what an opener gives, up to a number of bytes.
class Keeper : public MemberSink {
public:
    explicit Keeper(std::size_t limit = SIZE_MAX) : limit_(limit) {}
    bool begin(const Entry& entry) override {
        members.push_back({entry, ""});
        return true;
    }
    bool write(std::span<const std::byte> bytes) override {
        if ((produced += bytes.size()) > limit_) return false;
        members.back().bytes += as_text(bytes);
        return true;
    }
    bool end() override { return ++ended, true; }
    void damage(const Error& error, std::string_view entry) override {
        faults.push_back(error);
        damaged.emplace_back(entry);
    }
    const Kept* find(std::string_view path) const {
        auto at = std::ranges::find(members, path, [](const Kept& kept) { return kept.entry.path; });
        return at == members.end() ? nullptr : &*at;
    }
    bool has(Fault fault) const { return std::ranges::find(faults, fault, &Error::fault) != faults.end(); }

    std::vector<Kept> members;
    std::vector<Error> faults;
    std::vector<std::string> damaged;
    std::size_t produced = 0;
    int ended = 0;

private:
    std::size_t limit_;
};

/// Opens bytes with the opener that claims them. A failure of the whole container is kept as damage to "".
inline Keeper open(std::string_view container, std::string_view path, std::vector<std::string> passwords = {},
                   std::size_t limit = SIZE_MAX) {
    Keeper keeper(limit);
    auto head = as_bytes(container.substr(0, 4096));
    auto best = std::ranges::max_element(openers(), {}, [&](const Opener& o) { return o.claim(path, head); });
    if (best->claim(path, head) == 0) {
        keeper.damage({Fault::bad_magic, "nobody's"}, "");
        return keeper;
    }
    int memory = memfd_create("container", MFD_CLOEXEC);
    for (std::size_t done = 0; done < container.size();)
        done += static_cast<std::size_t>(write(memory, container.data() + done, container.size() - done));
    if (auto opened = best->open(memory, path, {std::move(passwords)}, keeper); !opened)
        keeper.damage(opened.error(), "");
    close(memory);
    return keeper;
}

/// One entry to be written; its bytes are ours.
struct Item {
    std::string path, bytes = "";
    unsigned type = AE_IFREG;
    std::string target = "";
};

struct Recipe {
    int format = ARCHIVE_FORMAT_ZIP;
    int filter = ARCHIVE_FILTER_NONE;
    std::string options = "";
    std::string password = "";
};

inline std::string make(const Recipe& recipe, const std::vector<Item>& items) {
    std::string out;
    archive* writer = archive_write_new();
    archive_write_set_format(writer, recipe.format);
    archive_write_add_filter(writer, recipe.filter);
    archive_write_set_bytes_in_last_block(writer, 1);
    if (!recipe.password.empty()) archive_write_set_passphrase(writer, recipe.password.c_str());
    if (!recipe.options.empty()) archive_write_set_options(writer, recipe.options.c_str());
    archive_write_open(
        writer, &out, nullptr,
        [](archive*, void* to, const void* bytes, std::size_t size) -> la_ssize_t {
            static_cast<std::string*>(to)->append(static_cast<const char*>(bytes), size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr);
    for (const Item& item : items) {
        archive_entry* entry = archive_entry_new();
        archive_entry_copy_pathname(entry, item.path.c_str());
        archive_entry_set_filetype(entry, item.type);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_mtime(entry, 1'615'686'011, 0);  // 2021-03-14 01:40:11 UTC
        if (item.type == AE_IFLNK) archive_entry_copy_symlink(entry, item.target.c_str());
        if (item.type == AE_IFREG) archive_entry_set_size(entry, static_cast<la_int64_t>(item.bytes.size()));
        archive_write_header(writer, entry);
        if (!item.bytes.empty()) archive_write_data(writer, item.bytes.data(), item.bytes.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    return out;
}

/// Text that compresses like a log, different for each seed.
inline std::string log_text(std::size_t size, unsigned seed = 1) {
    std::string text;
    while (text.size() < size) {
        seed = seed * 1'103'515'245u + 12'345u;  // the C standard's example generator
        text += "2021-03-14 01:40:" + std::to_string(seed >> 16) + " 10.0.0.1 GET /owa/auth/logon.aspx 200\r\n";
    }
    text.resize(size);
    return text;
}

}  // namespace ascribe::test
