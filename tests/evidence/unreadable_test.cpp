// Kinds that are known and not read: a sentence that says what to do, by content first.
#include "evidence/unreadable.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"

namespace ascribe {
namespace {

using namespace std::string_view_literals;

std::string ask(std::string_view path, std::string_view head) { return known_unreadable(path, as_bytes(head)); }

TEST(Unreadable, SaysWhatToDo) {
    EXPECT_NE(ask("x.bin", "KDMV\1\0\0\0"sv).find("mount it read-only"), std::string::npos);
    EXPECT_NE(ask("renamed.log", "EVF\x09\x0D\x0A\xFF\x00\1"sv).find("E01"), std::string::npos);
    EXPECT_NE(ask("DFIR-ORC_Server_EXCH01.7z.P7B", "0\x82"sv).find("decrypt it"), std::string::npos);
    EXPECT_NE(ask("x", "regf"sv).find("registry hive"), std::string::npos);
    EXPECT_NE(ask("u_ex.ibl", ""sv).find("Log Parser"), std::string::npos);
}

TEST(Unreadable, TextsOfWindowsPowerShellButNotEveryIni) {
    EXPECT_NE(ask("extract.log", "\xFF\xFE#\0F\0"sv).find("iconv"), std::string::npos);
    EXPECT_EQ(ask("desktop.ini", "\xFF\xFE[\0"sv), "");
}

TEST(Unreadable, IsSilentAboutTheRest) {
    EXPECT_EQ(ask("x.log", "#Software: Microsoft"sv), "");
    EXPECT_EQ(ask("", ""sv), "");
    EXPECT_EQ(ask("x.vmdk.log", "KD"sv), "");
}

}  // namespace
}  // namespace ascribe
