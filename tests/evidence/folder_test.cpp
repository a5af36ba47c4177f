// Folders made in a temporary place: what is seen, in which order, and what is refused.
#include "evidence/folder.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace ascribe {
namespace {

namespace fs = std::filesystem;

class Folder : public testing::Test {
protected:
    void SetUp() override {
        std::string name = fs::temp_directory_path() / "ascribe-folder-XXXXXX";
        root = mkdtemp(name.data());
    }
    void TearDown() override { fs::remove_all(root); }

    void file(const std::string& path, const std::string& text = "x") {
        fs::create_directories((root / path).parent_path());
        std::ofstream(root / path) << text;
    }

    /// Walks and keeps "path kind", with + where a descriptor was given.
    void see(const fs::path& from) {
        auto walked = walk(
            from.string(),
            [&](const Entry& entry, int descriptor) {
                seen.push_back(entry.path + " " + std::to_string(static_cast<int>(entry.kind)) +
                               (descriptor >= 0 ? "+" : ""));
                if (descriptor >= 0) close(descriptor);
            },
            [&](const Entry& entry, int error) { refused.emplace_back(entry.path, error); });
        if (!walked) failure = walked.error();
    }

    fs::path root;
    std::vector<std::string> seen;
    std::vector<std::pair<std::string, int>> refused;
    std::string failure;
};

TEST_F(Folder, IsSeenInByteOrder) {
    for (const char* path : {"b", "a/z", "a/B", "a.log", "Z", "\xFF\xFE"}) file(path);
    see(root);
    EXPECT_EQ(seen, (std::vector<std::string>{"Z 0+", "a 1", "a/B 0+", "a/z 0+", "a.log 0+", "b 0+", "\xFF\xFE 0+"}));
    EXPECT_TRUE(refused.empty());
}

TEST_F(Folder, LinksAndPipesAreRecordedAndNotOpened) {
    file("inside/file");
    fs::create_symlink("/etc", root / "away");
    fs::create_symlink("nowhere", root / "dangling");
    fs::create_symlink("..", root / "inside/loop");
    ASSERT_EQ(mkfifo((root / "pipe").c_str(), 0600), 0);
    see(root);  // would hang here if the pipe were opened
    EXPECT_EQ(seen, (std::vector<std::string>{"away 2", "dangling 2", "inside 1", "inside/file 0+", "inside/loop 2",
                                              "pipe 3"}));
}

TEST_F(Folder, MayBeALinkOrAFileItself) {
    file("real/a", "text");
    fs::create_directory_symlink(root / "real", root / "link");
    see(root / "link");
    EXPECT_EQ(seen, (std::vector<std::string>{"a 0+"}));
    seen.clear();
    see(root / "real/a");
    EXPECT_EQ(seen, (std::vector<std::string>{" 0+"}));
}

TEST_F(Folder, ThatCannotBeReadIsSaid) {
    see(root / "missing");
    EXPECT_NE(failure.find("No such file"), std::string::npos);
    ASSERT_EQ(mkfifo((root / "pipe").c_str(), 0600), 0);
    see(root / "pipe");
    EXPECT_NE(failure.find("neither a folder nor a regular file"), std::string::npos);
}

TEST_F(Folder, WithoutRightsIsRefusedAndTheRestIsRead) {
    file("closed/a");
    file("locked");
    file("open");
    fs::permissions(root, fs::perms::all);
    fs::permissions(root / "closed", fs::perms::none);
    fs::permissions(root / "locked", fs::perms::none);
    // Root may read everything, so the walk is done as nobody (65534 on Debian), in this thread of this test only.
    bool as_root = geteuid() == 0;
    ASSERT_TRUE(!as_root || seteuid(65534) == 0);
    see(root);
    ASSERT_TRUE(!as_root || seteuid(0) == 0);
    fs::permissions(root / "closed", fs::perms::all);
    EXPECT_EQ(seen, (std::vector<std::string>{"open 0+"}));
    EXPECT_EQ(refused, (std::vector<std::pair<std::string, int>>{{"closed", EACCES}, {"locked", EACCES}}));
}

TEST_F(Folder, TooDeepIsRefused) {
    fs::path path;
    for (int i = 0; i < 200; ++i) path /= "d";
    file((path / "bottom").string());
    file("top");
    see(root);
    ASSERT_EQ(refused.size(), 1u);
    EXPECT_EQ(refused[0].second, ELOOP);
    EXPECT_EQ(seen.back(), "top 0+");
}

TEST_F(Folder, TimesAreTheFilesOwn) {
    file("a");
    timespec times[2] = {{1'615'686'011, 0}, {1'615'686'011, 123'456'700}};
    ASSERT_EQ(utimensat(AT_FDCWD, (root / "a").c_str(), times, 0), 0);
    auto walked = walk(
        root.string(),
        [](const Entry& entry, int descriptor) {
            EXPECT_EQ(format_time(entry.modified.value()), "2021-03-14T01:40:11.1234567Z");
            close(descriptor);
        },
        [](const Entry&, int) { FAIL(); });
    EXPECT_TRUE(walked.has_value());
}

}  // namespace
}  // namespace ascribe
