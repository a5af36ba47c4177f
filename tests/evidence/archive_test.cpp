// Archives made here and now: what went in comes out, and what is broken is said and costs no more than it must.
#include <gtest/gtest.h>

#include <locale.h>

#include "support.hpp"

namespace ascribe {
namespace {

using namespace test;
using namespace std::string_view_literals;

const std::vector<Item> kTwo = {{"C/inetpub/logs/u_ex210314.log", log_text(200'000)}, {"C/empty.txt"}};

struct Flavour {
    const char* name;
    Recipe recipe;
};

class Archives : public testing::TestWithParam<Flavour> {};

TEST_P(Archives, GiveWhatWentIn) {
    auto kept = open(make(GetParam().recipe, kTwo), "renamed.bin");
    EXPECT_TRUE(kept.faults.empty());
    ASSERT_EQ(kept.members.size(), kTwo.size());
    EXPECT_EQ(kept.ended, 2);
    for (const Item& item : kTwo) {
        auto* member = kept.find(item.path);
        ASSERT_NE(member, nullptr) << item.path;
        EXPECT_TRUE(member->bytes == item.bytes);
        ASSERT_TRUE(member->entry.modified.has_value());
    }
}

INSTANTIATE_TEST_SUITE_P(Flavours, Archives,
                         testing::Values(Flavour{"zip", {}},
                                         Flavour{"zip_stored", {.options = "zip:compression=store"}},
                                         Flavour{"zip64", {.options = "zip:zip64"}},
                                         Flavour{"seven", {.format = ARCHIVE_FORMAT_7ZIP}},
                                         Flavour{"ustar", {.format = ARCHIVE_FORMAT_TAR_USTAR}},
                                         Flavour{"gnutar", {.format = ARCHIVE_FORMAT_TAR_GNUTAR}},
                                         Flavour{"pax", {.format = ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE}},
                                         Flavour{"v7", {.format = ARCHIVE_FORMAT_TAR}},
                                         Flavour{"tar_gz", {ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_GZIP}},
                                         Flavour{"tar_xz", {ARCHIVE_FORMAT_TAR_PAX_RESTRICTED, ARCHIVE_FILTER_XZ}}),
                         [](const auto& which) { return std::string(which.param.name); });

class Streams : public testing::TestWithParam<Flavour> {};

TEST_P(Streams, AreNamedAfterTheirFile) {
    auto text = log_text(300'000);
    auto kept = open(make(GetParam().recipe, {{"whatever/the/header/says", text}}), "C/logs/u_ex210314.log.packed");
    EXPECT_TRUE(kept.faults.empty());
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_EQ(kept.members[0].entry.path, "u_ex210314.log");
    EXPECT_TRUE(kept.members[0].bytes == text);
}

TEST_P(Streams, MayHoldNothing) {
    // libarchive 3.6.2's lz4 writer crashes on no bytes, so that frame is written out: flags, block size, checksum, end
    // mark.
    bool lz4 = GetParam().recipe.filter == ARCHIVE_FILTER_LZ4;
    auto empty = lz4 ? std::string("\x04\x22\x4D\x18\x60\x40\x82\0\0\0\0"sv) : make(GetParam().recipe, {{"none"}});
    auto kept = open(empty, "outer.zip!none.log.gz");
    EXPECT_TRUE(kept.faults.empty());
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_EQ(kept.members[0].entry.path, "none.log");
    EXPECT_EQ(kept.ended, 1);
}

TEST_P(Streams, CutShortAreTruncated) {
    auto whole = make(GetParam().recipe, {{"x", log_text(12'000'000)}});
    auto kept = open(whole.substr(0, whole.size() / 2), "x.log.gz");
    EXPECT_TRUE(kept.has(Fault::truncated)) << (kept.faults.empty() ? "no fault" : to_string(kept.faults[0].fault));
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_EQ(kept.faults[0].offset, whole.size() / 2);
}

INSTANTIATE_TEST_SUITE_P(Flavours, Streams,
                         testing::Values(Flavour{"gz", {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP}},
                                         Flavour{"xz", {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_XZ}},
                                         Flavour{"zst", {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_ZSTD}},
                                         Flavour{"bz2", {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_BZIP2}},
                                         Flavour{"lz4", {ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_LZ4}}),
                         [](const auto& which) { return std::string(which.param.name); });

TEST(Archive, TimesAreUtcWhereTheZipSaysSo) {
    auto kept = open(make({}, {{"a", "x"}}), "a.zip");
    EXPECT_EQ(format_time(*kept.members.at(0).entry.modified), "2021-03-14T01:40:11.000Z");
}

TEST(Archive, LinksAndDevicesAreNamedAndGiveNoBytes) {
    auto kept = open(make({.format = ARCHIVE_FORMAT_TAR_PAX_INTERCHANGE}, {{"link", "", AE_IFLNK, "/etc/passwd"},
                                                                           {"device", "", AE_IFBLK},
                                                                           {"pipe", "", AE_IFIFO},
                                                                           {"folder/", "", AE_IFDIR},
                                                                           {"../file", "y"}}),
                     "a.tar");
    ASSERT_EQ(kept.members.size(), 5u);
    EXPECT_EQ(kept.members[0].entry.kind, EntryKind::link);
    EXPECT_EQ(kept.members[0].entry.link_target, "/etc/passwd");
    EXPECT_EQ(kept.members[1].entry.kind, EntryKind::device);
    EXPECT_EQ(kept.members[2].entry.kind, EntryKind::device);
    EXPECT_EQ(kept.members[3].entry.kind, EntryKind::directory);
    EXPECT_EQ(kept.members[4].entry.path, "../file");
    EXPECT_EQ(kept.ended, 1);
    auto zip = open(make({}, {{"link", "", AE_IFLNK, "../../x"}, {"file", "y"}}), "a.zip");
    ASSERT_EQ(zip.members.size(), 2u);
    EXPECT_EQ(zip.members[0].entry.kind, EntryKind::link);
}

/// Puts other bytes of the same length in every place of a name.
std::string renamed(std::string container, std::string_view from, std::string_view to) {
    for (auto at = container.find(from); at != std::string::npos; at = container.find(from, at + 1))
        container.replace(at, from.size(), to);
    return container;
}

/// Sets the flag that says names are UTF-8 (APPNOTE 4.4.4, bit 11) in every header.
std::string flagged(std::string zip) {
    for (std::size_t at = 0; at + 10 < zip.size(); ++at) {
        if (zip.compare(at, 4, "PK\3\4"sv) == 0) zip[at + 7] = static_cast<char>(zip[at + 7] | 8);
        if (zip.compare(at, 4, "PK\1\2"sv) == 0) zip[at + 9] = static_cast<char>(zip[at + 9] | 8);
    }
    return zip;
}

TEST(Archive, NamesKeepTheirBytes) {
    auto zip = make({}, {{"C/abcd.log", "1"}, {"b.txt", "2"}, {"d/wxyz.log", "3"}});
    for (std::string_view name : {"\xC5\xBC\xC3\xB3"sv, "\xFF\xFE\x80\xC0"sv, "\xC0\xAF\xED\xA0"sv}) {
        for (bool flag : {false, true}) {
            auto bytes = renamed(zip, "wxyz", name);
            auto kept = open(flag ? flagged(bytes) : bytes, "a.zip");
            auto* member = kept.find("d/" + std::string(name) + ".log");
            ASSERT_NE(member, nullptr) << name << flag;
            EXPECT_EQ(member->bytes, "3");
            EXPECT_NE(kept.find("C/abcd.log"), nullptr);
            EXPECT_TRUE(kept.faults.empty());
        }
        auto tar = open(make({.format = ARCHIVE_FORMAT_TAR_GNUTAR}, {{std::string(name), "4"}}), "a.tar");
        EXPECT_NE(tar.find(name), nullptr);
    }
}

TEST(Archive, SevenZipNamesAreUtf8InAnyLocale) {
    locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr), plain = newlocale(LC_CTYPE_MASK, "C", nullptr);
    ASSERT_NE(unicode, nullptr);
    auto before = uselocale(unicode);  // the writer, too, takes names in the process's character set
    auto seven = make({.format = ARCHIVE_FORMAT_7ZIP}, {{"C/\xC5\xBC\xC3\xB3.log", "1"}});
    uselocale(plain);
    auto kept = open(seven, "a.7z");
    EXPECT_EQ(uselocale(nullptr), plain);  // left as it was found
    uselocale(before);
    freelocale(unicode);
    freelocale(plain);
    EXPECT_TRUE(kept.faults.empty());
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_EQ(kept.members[0].entry.path, "C/\xC5\xBC\xC3\xB3.log");
}

TEST(Archive, EncryptedMembersTakeTheRightPassword) {
    for (const char* method : {"zip:encryption=aes256", "zip:encryption=traditional"}) {
        auto zip = make({.options = method, .password = "infected"}, kTwo);
        auto right = open(zip, "a.zip", {"wrong", "infected"});
        EXPECT_TRUE(right.faults.empty()) << method;
        ASSERT_NE(right.find(kTwo[0].path), nullptr);
        EXPECT_TRUE(right.find(kTwo[0].path)->bytes == kTwo[0].bytes);
        EXPECT_TRUE(right.members[0].entry.encrypted);
        for (const std::vector<std::string>& passwords : {std::vector<std::string>{}, {"wrong"}}) {
            auto kept = open(zip, "a.zip", passwords);
            EXPECT_TRUE(kept.has(Fault::encrypted)) << method;
            ASSERT_FALSE(kept.damaged.empty());
            EXPECT_EQ(kept.damaged[0], kTwo[0].path);
            EXPECT_NE(kept.faults[0].what.find(passwords.empty() ? "give the password" : "no password of"),
                      std::string_view::npos);
        }
    }
}

TEST(Archive, ABrokenMemberCostsItselfOnly) {
    auto text = log_text(50'000);
    auto zip = make({}, {{"one", text}, {"two", log_text(50'000, 2)}, {"three", text}, {"four", text}});
    auto second = zip.find("two");
    for (std::size_t i = 0; i < 400; ++i) zip[second + 200 + i] = static_cast<char>(i * 7 + 1);
    auto kept = open(zip, "a.zip");
    ASSERT_EQ(kept.members.size(), 4u);
    for (auto name : {"one", "three", "four"}) EXPECT_TRUE(kept.find(name)->bytes == text) << name;
    ASSERT_EQ(kept.damaged.size(), 1u);
    EXPECT_EQ(kept.damaged[0], "two");
}

TEST(Archive, AWrongChecksumIsSaid) {
    auto zip = make({.options = "zip:compression=store"}, {{"one", "aaaaaaaa"}, {"two", "bbbbbbbb"}});
    auto kept = open(renamed(zip, "aaaaaaaa", "aaaaaaaX"), "a.zip");
    EXPECT_TRUE(kept.has(Fault::checksum));
    EXPECT_EQ(kept.damaged.at(0), "one");
    EXPECT_EQ(kept.find("two")->bytes, "bbbbbbbb");
}

TEST(Archive, AGzipChecksumThatDoesNotFitIsSaid) {
    auto text = log_text(100'000);
    auto gz = make({ARCHIVE_FORMAT_RAW, ARCHIVE_FILTER_GZIP}, {{"x", text}});
    auto twice = open(gz + gz, "x.log.gz");  // members in a row, as rotated logs are joined
    EXPECT_TRUE(twice.faults.empty());
    EXPECT_EQ(twice.members.at(0).bytes.size(), 2 * text.size());
    gz[gz.size() - 8] = static_cast<char>(gz[gz.size() - 8] + 1);
    auto kept = open(gz, "x.log.gz");
    EXPECT_TRUE(kept.has(Fault::checksum));
    EXPECT_EQ(kept.damaged.at(0), "x.log");
    EXPECT_TRUE(kept.members.at(0).bytes == text);
}

TEST(Archive, CutAtAnyPlaceGivesWhatCameBeforeAndSaysSo) {
    std::vector<Item> items;
    for (unsigned i = 0; i < 12; ++i) items.push_back({"m" + std::to_string(i), log_text(2'000, i)});
    for (auto format : {ARCHIVE_FORMAT_ZIP, ARCHIVE_FORMAT_7ZIP, ARCHIVE_FORMAT_TAR_USTAR}) {
        auto whole = make({.format = format}, items);
        for (std::size_t size = 600; size + 1'100 < whole.size(); size += 97) {
            auto kept = open(whole.substr(0, size), "cut");
            // A tar cut between two members ends like a whole one to libarchive; every other cut must be heard of.
            EXPECT_TRUE(format == ARCHIVE_FORMAT_TAR_USTAR || !kept.faults.empty()) << format << " " << size;
            for (std::size_t i = 0; i + 1 < kept.members.size(); ++i)
                EXPECT_TRUE(kept.members[i].bytes == items[i].bytes) << format << " " << size << " " << i;
            EXPECT_TRUE(format != ARCHIVE_FORMAT_ZIP || size < whole.size() / 2 || kept.members.size() > 3) << size;
        }
    }
}

TEST(Archive, ASinkThatStopsIsObeyed) {
    auto kept = open(make({}, {{"zeros", std::string(64 << 20, '\0')}, {"next", "x"}}), "bomb.zip", {}, 1 << 20);
    EXPECT_EQ(kept.members.size(), 1u);
    EXPECT_LE(kept.produced, (1u << 20) + (1u << 18));
    EXPECT_EQ(kept.ended, 0);
}

TEST(Archive, AHoleOfExbibytesIsStreamedNotAllocated) {
    // An old GNU sparse header: one data block of nothing at the end of 8 EiB less one. Built by hand from ustar.
    auto tar = make({.format = ARCHIVE_FORMAT_TAR_GNUTAR}, {{"sparse", std::string(512, 'x')}});
    auto octal = [&](std::size_t at, std::string_view digits) { tar.replace(at, digits.size(), digits); };
    tar[156] = 'S';
    octal(386, "77777777000\0"sv);  // offset of the data, the largest multiple of 512 in 11 octal digits
    octal(398, "00000001000\0"sv);  // its size
    octal(483, "77777777777\0"sv);  // the size it claims, 8 GiB less one in this notation
    octal(148, "        "sv);
    unsigned sum = 0;
    for (std::size_t i = 0; i < 512; ++i) sum += static_cast<unsigned char>(tar[i]);
    char stored[8];
    std::snprintf(stored, sizeof stored, "%06o", sum);
    octal(148, std::string_view(stored, 7));
    auto kept = open(tar, "a.tar", {}, 4 << 20);
    ASSERT_EQ(kept.members.size(), 1u);
    EXPECT_EQ(kept.members[0].entry.size, 077777777777u);
    EXPECT_GT(kept.produced, 4u << 20);  // it went on until the sink said stop, and no further
    EXPECT_LT(kept.produced, 5u << 20);
}

TEST(Archive, OverlappingEntriesAreRefused) {
    // The directory's second entry is pointed into the first one's data.
    auto zip = make({.options = "zip:compression=store"}, {{"one", log_text(4'000)}, {"two", "x"}});
    auto second = zip.rfind("PK\1\2"sv);
    zip.replace(second + 42, 4, "\x50\0\0\0"sv);
    auto kept = open(zip, "a.zip");
    EXPECT_TRUE(kept.members.empty());
    ASSERT_EQ(kept.faults.size(), 1u);
    EXPECT_EQ(kept.faults[0].fault, Fault::too_large);
    EXPECT_EQ(kept.faults[0].what, "archive.overlap");
    // A comment that looks like an end record must not hide it.
    zip.replace(zip.size() - 2, 2, "\x06\0PK\5\6\0\0"sv);
    EXPECT_TRUE(open(zip, "a.zip").members.empty());
    // The same bytes as the last file of a tar are somebody else's business.
    EXPECT_EQ(open(make({.format = ARCHIVE_FORMAT_TAR_USTAR}, {{"inner.zip", zip}}), "a.tar").members.size(), 1u);
}

TEST(Archive, NonsenseIsNobodys) {
    for (std::string_view bytes : {""sv, "BZh is how this text begins"sv, "PK"sv, "ustar"sv, "Rar!"sv})
        EXPECT_EQ(open(bytes, "x.zip").faults.at(0).fault, Fault::bad_magic) << bytes;
    for (std::string_view bytes : {"PK\3\4"sv, "7z\xBC\xAF\x27\x1C"sv, "Rar!\x1A\x07\0"sv, "\x1F\x8B\x08"sv,
                                   "\xFD"
                                   "7zXZ\0"sv})
        EXPECT_FALSE(open(bytes, "x").faults.empty()) << testing::PrintToString(bytes);
}

}  // namespace
}  // namespace ascribe
