// A long log tells the same, byte for byte, whether it lies there plain or comes out of a decoder in windows, to
// however many workers: its field lines change midway, and lines, windows and parts end where they like.
#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include "engine/dump.hpp"
#include "support.hpp"

namespace ascribe {
namespace {

/// Rows of two layouts in turn; one line is longer than a window's end may be off.
std::string long_log(std::size_t size) {
    std::string log = "#Software: Microsoft Internet Information Services 10.0\r\n";
    unsigned seed = 1;
    for (std::size_t row = 0; log.size() < size; ++row) {
        seed = seed * 1'103'515'245u + 12'345u;
        bool turned = row / 20'000 % 2 == 1;
        if (row % 20'000 == 0)
            log += turned ? "#Fields: date time c-ip sc-status cs-method cs-uri-stem cs-uri-query\r\n"
                          : "#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status c-ip\r\n";
        auto stem = fmt::format("/owa/{:08x}/{}", seed, std::string(seed >> 24, 'x'));
        auto status = row % 997 == 0 ? 404 : 200;
        if (turned)
            log += fmt::format("2021-03-02 01:02:03 198.51.100.7 {} GET {} -\r\n", status, stem);
        else
            log += fmt::format("2021-03-02 01:02:03 GET {} - {} 198.51.100.7\r\n", stem, status);
        if (row == 150'000) log += fmt::format("{}\r\n", std::string(9 << 20, 'y'));
    }
    return log;
}

std::string packed(int format, int filter, std::string_view bytes) {
    std::string out;
    archive* writer = archive_write_new();
    archive_write_set_format(writer, format);
    archive_write_add_filter(writer, filter);
    archive_write_set_bytes_in_last_block(writer, 1);
    archive_write_open(
        writer, &out, nullptr,
        [](archive*, void* to, const void* piece, std::size_t size) -> la_ssize_t {
            static_cast<std::string*>(to)->append(static_cast<const char*>(piece), size);
            return static_cast<la_ssize_t>(size);
        },
        nullptr);
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, "u_ex210302.log");
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_write_header(writer, entry);
    archive_write_data(writer, bytes.data(), bytes.size());
    archive_entry_free(entry);
    archive_write_close(writer);
    archive_write_free(writer);
    return out;
}

struct Told {
    std::string lines;
    std::uint64_t rows = 0, bad = 0, directives = 0;
    std::optional<Digest> sha256;
    std::vector<Damage> damage;
};

Told told(const std::string& evidence, int workers, bool hash) {
    DumpOptions options;
    options.evidence = {evidence};
    options.workers = workers;
    options.intake.hash = hash;
    options.what.kind = RecordKind::http_request;
    options.what.filter.conditions = {*read_condition("status=404", RecordKind::http_request)};
    Told all;
    auto result = dump(options, test::intel(), [&](std::string_view lines) { all.lines += lines; });
    if (!result) {
        ADD_FAILURE() << result.error();
        return all;
    }
    constexpr std::string_view kPath = "\"path\":\"";  // which differs with the container
    std::string without;
    for (std::string_view left = all.lines; !left.empty();) {
        auto at = std::min(left.find(kPath), left.size());
        without += left.substr(0, at);
        left.remove_prefix(at);
        left.remove_prefix(std::min(left.find('"', kPath.size()), left.size()));
    }
    all.lines = std::move(without);
    all.rows = result->rows;
    for (const Accounting& account : result->accounting) {
        all.bad += account.bad;
        all.directives += account.directives;
    }
    for (const Artefact& artefact : result->artefacts)
        if (artefact.path.ends_with("u_ex210302.log")) all.sha256 = artefact.sha256;
    all.damage = result->damage;
    return all;
}

TEST(Windows, ALongLogTellsTheSameFromEveryContainer) {
    auto log = long_log(56 << 20);
    test::Folder folder;
    auto plain = told(folder.file("u_ex210302.log", log), 2, true);
    EXPECT_GT(plain.rows, 200'000u);
    EXPECT_EQ(plain.bad, 1u);
    struct Container {
        const char* name;
        int format, filter;
    };
    for (const Container& container : {Container{"u_ex210302.log.gz", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP},
                                       Container{"u_ex210302.log.zst", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_ZSTD},
                                       Container{"logs.zip", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE},
                                       Container{"logs.tar", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE}}) {
        auto path = folder.file(container.name, packed(container.format, container.filter, log));
        bool every = container.filter == ARCHIVE_FILTER_GZIP;
        for (auto [workers, hash] : {std::pair(2, true), {1, false}, {7, false}, {7, true}}) {
            if (!every && workers == 7) continue;
            SCOPED_TRACE(fmt::format("{}, {} workers, hash {}", container.name, workers, hash));
            auto got = told(path, workers, hash);
            EXPECT_TRUE(got.lines == plain.lines);
            EXPECT_EQ(got.rows, plain.rows);
            EXPECT_EQ(got.bad, plain.bad);
            EXPECT_EQ(got.directives, plain.directives);
            EXPECT_EQ(got.damage.size(), plain.damage.size());
            EXPECT_TRUE(!hash || got.sha256 == plain.sha256);
        }
    }
}

/// A header that is too long to be told with a window has its windows read one after the other, to the same end.
TEST(Windows, AHeaderTooLongToBeToldIsFoundAllTheSame) {
    std::string log =
        "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem "
        "cs-uri-query sc-status c-ip\r\n";
    std::string row = "2021-03-02 01:02:03 GET /owa/ - 200 198.51.100.7\r\n";
    while (log.size() < 6 << 20) log += row;
    log += fmt::format("#Fields: date time c-ip sc-status cs-method cs-uri-stem x-{}\r\n", std::string(80'000, 'x'));
    for (std::size_t i = 0; log.size() < 45 << 20; ++i)
        log += fmt::format("2021-03-02 01:02:03 198.51.100.7 {} GET /owa/{} -\r\n", i % 997 == 0 ? 404 : 200, i);
    test::Folder folder;
    auto plain = told(folder.file("u_ex210302.log", log), 2, false);
    EXPECT_GT(std::ranges::count(plain.lines, '\n'), 700);
    EXPECT_EQ(plain.bad, 0u);
    auto path = folder.file("u_ex210302.log.gz", packed(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, log));
    for (int workers : {1, 3}) {
        auto got = told(path, workers, false);
        EXPECT_TRUE(got.lines == plain.lines);
        EXPECT_EQ(got.rows, plain.rows);
        EXPECT_EQ(got.bad, 0u);
        EXPECT_EQ(got.damage.size(), 0u);
    }
}

/// No line end for longer than a window: a line that is not read is still a line.
TEST(Windows, TextWithoutLineEndsIsReadOn) {
    std::string log =
        "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem "
        "cs-uri-query sc-status c-ip\r\n";
    std::string row = "2021-03-02 01:02:03 GET /owa/ - 404 198.51.100.7\r\n";
    while (log.size() < 4 << 20) log += row;
    std::string piece;
    for (unsigned seed = 1; piece.size() < 4'096; seed = seed * 1'103'515'245u + 12'345u)
        piece += fmt::format("{:08x}", seed);
    for (auto end = log.size() + (70 << 20); log.size() < end;) log += piece;
    log += "\r\n" + row;
    test::Folder folder;
    auto plain = told(folder.file("u_ex210302.log", log), 2, false);
    auto got = told(folder.file("u_ex210302.log.gz", packed(ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, log)), 2, false);
    EXPECT_EQ(got.rows, plain.rows);
    EXPECT_GE(got.bad, 1u);
}

}  // namespace
}  // namespace ascribe
