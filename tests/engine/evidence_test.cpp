// Bad input of every kind gives a clear word, costs only itself and leaves the verdict honest.
#include <archive.h>
#include <archive_entry.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kIis =
    "#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time s-ip cs-method cs-uri-stem "
    "cs-uri-query s-port cs-username c-ip "
    "cs(User-Agent) sc-status sc-substatus sc-win32-status time-taken\r\n";
constexpr std::string_view kRow =
    "2021-03-02 01:02:03 192.0.2.10 GET /owa/ - 443 - 198.51.100.7 Mozilla/5.0 200 0 0 5\r\n";

const Artefact* find(const Case& investigated, std::string_view name) {
    for (const Artefact& artefact : investigated.artefacts)
        if (artefact.path.ends_with(name)) return &artefact;
    return nullptr;
}

std::vector<Damage> damage_of(const Case& investigated, std::string_view name) {
    std::vector<Damage> list;
    for (const Damage& damage : investigated.damage)
        if (investigated.artefact(damage.artefact)->path.ends_with(name)) list.push_back(damage);
    return list;
}

std::uint64_t records(const Case& investigated) {
    std::uint64_t total = 0;
    for (const Accounting& account : investigated.accounting) total += account.records;
    return total;
}

std::string zip_of(const std::vector<std::pair<std::string, std::string>>& members) {
    std::string out(32 << 20, '\0');
    std::size_t used = 0;
    archive* writer = archive_write_new();
    archive_write_set_format_zip(writer);
    archive_write_open_memory(writer, out.data(), out.size(), &used);
    for (const auto& [name, bytes] : members) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, name.c_str());
        archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0600);
        archive_write_header(writer, entry);
        archive_write_data(writer, bytes.data(), bytes.size());
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    out.resize(used);
    return out;
}

TEST(Evidence, EmptyAndBinaryFilesAreListedNotRead) {
    test::Folder folder;
    folder.file("empty.log", "");
    folder.file("binary.log", std::string("\x7f"
                                          "ELF\x00\x01\x02\xff",
                                          8));
    folder.file("good.log", std::string(kIis) + std::string(kRow));
    auto investigated = test::run(folder.path());
    EXPECT_EQ(investigated.artefacts.size(), 3u);
    EXPECT_EQ(find(investigated, "empty.log")->parser, "");
    EXPECT_EQ(find(investigated, "binary.log")->parser, "");
    EXPECT_TRUE(find(investigated, "binary.log")->sha256.has_value());
    EXPECT_EQ(records(investigated), 1u);
}

TEST(Evidence, AMissingPathIsASentence) {
    InvestigateOptions options;
    options.evidence = {"/no/such/evidence"};
    auto investigated = investigate(options, test::intel());
    ASSERT_FALSE(investigated.has_value());
    EXPECT_NE(investigated.error().find("/no/such/evidence"), std::string::npos);
}

TEST(Evidence, LinksAndDevicesAreRecordedNotFollowed) {
    test::Folder folder;
    folder.file("good.log", std::string(kIis) + std::string(kRow));
    ASSERT_EQ(symlink("/etc/passwd", (folder.path() + "/link.log").c_str()), 0);
    ASSERT_EQ(mkfifo((folder.path() + "/fifo.log").c_str(), 0600), 0);
    auto investigated = test::run(folder.path());
    EXPECT_EQ(damage_of(investigated, "link.log").size(), 1u);
    EXPECT_EQ(damage_of(investigated, "fifo.log").size(), 1u);
    EXPECT_EQ(records(investigated), 1u);
}

TEST(Evidence, ATenMegabyteLineIsOneRecordOrOneBadLine) {
    test::Folder folder;
    std::string row(kRow);
    row.insert(row.find("/owa/") + 5, 10 << 20, 'a');
    folder.file("long.log", std::string(kIis) + row + std::string(kRow));
    auto investigated = test::run(folder.path());
    ASSERT_EQ(investigated.accounting.size(), 1u);
    EXPECT_EQ(investigated.accounting[0].records + investigated.accounting[0].bad, 2u);
}

TEST(Evidence, ATruncatedZipGivesWhatItHas) {
    test::Folder folder;
    std::string log(kIis);
    for (int i = 0; i < 20'000; ++i) log += kRow;
    auto zip = zip_of({{"a.log", std::string(kIis) + std::string(kRow)}, {"b.log", log}});
    folder.file("cut.zip", std::string_view(zip).substr(0, zip.size() - 900));
    auto investigated = test::run(folder.path());
    EXPECT_FALSE(investigated.damage.empty());
    EXPECT_GE(investigated.artefacts.size(), 1u);
}

TEST(Evidence, AnArchiveBombIsStopped) {
    test::Folder folder;
    std::string zeros(24 << 20, '\0');
    auto inner = zip_of({{"zeros", zeros}});
    folder.file("bomb.zip", inner);
    InvestigateOptions options;
    options.evidence = {folder.path()};
    options.intake.max_output = 4 << 20;
    auto investigated = test::run(options);
    bool stopped = false;
    for (const Damage& damage : investigated.damage)
        stopped = stopped || (damage.fault == Fault::too_large && damage.what.starts_with("archive."));
    EXPECT_TRUE(stopped);
}

// Lines of a log stand in the first bytes of these as they are, and the log's parser took them for its own.
TEST(Evidence, ALogInAnArchiveThatDoesNotPackIsNotTheArchive) {
    test::Folder folder;
    std::string log = std::string(kIis) + std::string(kRow);
    struct Container {
        const char* name;
        int format, filter;
        const char* options;
    };
    for (const Container& container :
         {Container{"a", ARCHIVE_FORMAT_ZIP, ARCHIVE_FILTER_NONE, "zip:compression=store"},
          Container{"b", ARCHIVE_FORMAT_TAR_USTAR, ARCHIVE_FILTER_NONE, ""},
          Container{"c", ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP, "gzip:compression-level=0"}}) {
        std::string out(1 << 20, '\0');
        std::size_t used = 0;
        archive* writer = archive_write_new();
        archive_write_set_format(writer, container.format);
        archive_write_add_filter(writer, container.filter);
        ASSERT_EQ(archive_write_set_options(writer, container.options), ARCHIVE_OK) << container.name;
        archive_write_open_memory(writer, out.data(), out.size(), &used);
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, "u_ex210302.log");
        archive_entry_set_size(entry, static_cast<la_int64_t>(log.size()));
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_write_header(writer, entry);
        archive_write_data(writer, log.data(), log.size());
        archive_entry_free(entry);
        archive_write_close(writer);
        archive_write_free(writer);
        out.resize(used);
        EXPECT_NE(out.find("#Fields"), std::string::npos) << container.name;
        auto investigated = test::run(folder.file(container.name, out));
        EXPECT_EQ(investigated.artefacts.size(), 2u) << container.name;
        EXPECT_EQ(records(investigated), 1u) << container.name;
        EXPECT_TRUE(investigated.damage.empty()) << container.name;
    }
}

// A name cost nothing but memory, and a megabyte of it packs to a kilobyte.
TEST(Evidence, NamesOfMembersAreCut) {
    test::Folder folder;
    std::string long_name(1 << 20, 'n');
    std::string tar(8 << 20, '\0');
    std::size_t used = 0;
    archive* writer = archive_write_new();
    archive_write_set_format_gnutar(writer);
    archive_write_open_memory(writer, tar.data(), tar.size(), &used);
    for (int i = 0; i < 3; ++i) {
        archive_entry* entry = archive_entry_new();
        archive_entry_set_pathname(entry, (long_name + std::to_string(i)).substr(100).c_str());
        archive_entry_set_size(entry, 0);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_write_header(writer, entry);
        archive_entry_free(entry);
    }
    archive_write_close(writer);
    archive_write_free(writer);
    tar.resize(used);
    auto investigated = test::run(folder.file("names.tar", tar));
    EXPECT_EQ(investigated.artefacts.size(), 4u);
    for (const Artefact& artefact : investigated.artefacts) EXPECT_LT(artefact.path.size(), 40'000u);
    EXPECT_EQ(std::ranges::count(investigated.damage, "archive.name", &Damage::what), 3);
}

TEST(Evidence, ArchivesInArchivesStopAtTheNamedDepth) {
    test::Folder folder;
    std::string bytes = std::string(kIis) + std::string(kRow);
    std::string name = "u_ex210302.log";
    for (int depth = 0; depth < kNestingDepth + 2; ++depth) {
        bytes = zip_of({{name, bytes}});
        name = "level" + std::to_string(depth) + ".zip";
    }
    folder.file("outer.zip", bytes);
    auto investigated = test::run(folder.path());
    bool too_deep = false;
    for (const Damage& damage : investigated.damage) too_deep = too_deep || damage.fault == Fault::too_deep;
    EXPECT_TRUE(too_deep);
    EXPECT_EQ(records(investigated), 0u);
}

TEST(Evidence, NestedArchivesAndHostileNamesAreRead) {
    test::Folder folder;
    std::string log = std::string(kIis) + std::string(kRow);
    auto inner = zip_of({{"../../../etc/cron.d/evil", log},
                         {"C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex210302.log", log},
                         {"\xff\xfe.log", log}});
    folder.file("outer.zip", zip_of({{"inner.zip", inner}}));
    auto investigated = test::run(folder.path());
    EXPECT_EQ(records(investigated), 3u);
    EXPECT_FALSE(std::filesystem::exists("/etc/cron.d/evil"));
}

TEST(Evidence, SeveralServersInOneFolderGetAVerdictEach) {
    test::Folder folder;
    folder.file("EXCH01/C/inetpub/logs/LogFiles/W3SVC1/u_ex210302.log", std::string(kIis) + std::string(kRow));
    folder.file("EXCH02/C/inetpub/logs/LogFiles/W3SVC1/u_ex210302.log", std::string(kIis) + std::string(kRow));
    auto investigated = test::run(folder.path());
    ASSERT_EQ(investigated.incidents.size(), 2u);
    EXPECT_EQ(investigated.incidents[0].server, "exch01");
    EXPECT_EQ(investigated.incidents[1].server, "exch02");
}

// The same evidence given twice counted every row twice, and a log beside its own zip became a second server.
TEST(Copies, AreReadOnceWhereverTheyLie) {
    std::string log = std::string(kIis) + std::string(kRow);
    test::Folder folder;
    folder.file("u_ex210302.log", log);
    folder.file("logs.zip", zip_of({{"u_ex210302.log", log}}));
    folder.file("again/logs.zip", zip_of({{"u_ex210302.log", log}}));
    auto once = test::run(folder.path());
    EXPECT_EQ(records(once), 1u);
    EXPECT_EQ(once.incidents.size(), 1u);
    std::vector<std::string> read_once;
    for (const Damage& damage : once.damage)
        if (damage.fault == Fault::repeated) {
            const Artefact& copy = *once.artefact(damage.artefact);
            EXPECT_TRUE(copy.sha256);
            read_once.push_back(copy.path.substr(copy.path.rfind('/')));
        }
    EXPECT_EQ(read_once.size(), 2u);  // one of the archives, and what the other holds
}

TEST(Copies, PagesOfTwoServersAreTwo) {
    std::string page = "<%@ Page Language=\"C#\" %>\r\n<html></html>\r\n";
    test::Folder folder;
    for (const char* server : {"MAIL01", "MAIL02"})
        folder.file(std::string(server) + "/C/inetpub/wwwroot/aspnet_client/start.aspx", page);
    auto investigated = test::run(folder.path());
    for (const Damage& damage : investigated.damage) EXPECT_NE(damage.fault, Fault::repeated) << damage.what;
}

}  // namespace
}  // namespace ascribe
