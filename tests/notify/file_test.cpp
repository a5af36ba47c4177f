// The file that holds everything once: what it does with torn lines, repeats, rotation and files that are not its own.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "notify/outlet.hpp"

namespace ascribe {
namespace {

class FileOutlet : public testing::Test {
protected:
    FileOutlet() {
        auto pattern = testing::TempDir() + "ascribe-XXXXXX";
        folder_ = mkdtemp(pattern.data());
        path_ = folder_ + "/findings.jsonl";
    }
    ~FileOutlet() override { std::filesystem::remove_all(folder_); }

    static Message message(const std::string& id, std::uint8_t level) {
        static constexpr std::string_view kLevels[] = {"scan", "attempt", "success"};
        return {id, level, 3, R"({"id":")" + id + R"(","level":")" + std::string(kLevels[level]) + R"(","x":1})"};
    }
    std::string text() const {
        std::ifstream file(path_, std::ios::binary);
        return std::string(std::istreambuf_iterator<char>(file), {});
    }
    void write(std::string_view bytes) const { std::ofstream(path_, std::ios::binary) << bytes; }
    /// What a process does that delivers these and ends.
    std::string deliver(const std::vector<Message>& messages) const {
        auto open = outlet("file").open({path_, ""});
        if (!open) return open.error();
        auto [delivered, trouble] = (*open)(messages);
        EXPECT_EQ(delivered, messages.size()) << trouble;
        return {};
    }

    std::string folder_, path_;
};

TEST_F(FileOutlet, HoldsAMessageOnceInOneProcessAndTheNext) {
    EXPECT_EQ(deliver({message("N-1", 1), message("N-2", 2), message("N-1", 1)}), "");
    EXPECT_EQ(deliver({message("N-2", 2), message("N-3", 0)}), "");
    EXPECT_EQ(text(), message("N-1", 1).line + '\n' + message("N-2", 2).line + '\n' + message("N-3", 0).line + '\n');
}

TEST_F(FileOutlet, TakesAnIdAgainOnlyWhenItsLevelRises) {
    EXPECT_EQ(deliver({message("N-1", 1)}), "");
    EXPECT_EQ(deliver({message("N-1", 0), message("N-1", 2), message("N-1", 1)}), "");
    EXPECT_EQ(text(), message("N-1", 1).line + '\n' + message("N-1", 2).line + '\n');
}

TEST_F(FileOutlet, CutsOffWhatAKillLeftOfALineWhereverItStruck) {
    auto whole = message("N-1", 1).line + '\n', torn = message("N-2", 1).line;
    for (std::size_t size = 1; size <= torn.size(); ++size) {
        write(whole + torn.substr(0, size));
        EXPECT_EQ(deliver({message("N-2", 1)}), "");
        EXPECT_EQ(text(), whole + torn + '\n') << size;
    }
}

TEST_F(FileOutlet, DoesNotCutAFileThatIsNotItsOwn) {
    write("a letter without a last line end");
    EXPECT_NE(deliver({message("N-1", 1)}).find("is no file of notices"), std::string::npos);
    EXPECT_EQ(text(), "a letter without a last line end");
}

TEST_F(FileOutlet, BeginsAnewWhenTheFileWasRotatedAway) {
    auto open = outlet("file").open({path_, ""});
    ASSERT_TRUE(open);
    std::vector<Message> first{message("N-1", 1)}, second{message("N-2", 1)};
    EXPECT_EQ((*open)(first).delivered, 1u);
    std::filesystem::rename(path_, path_ + ".1");
    EXPECT_EQ((*open)(second).delivered, 1u);
    EXPECT_EQ(text(), message("N-2", 1).line + '\n');
}

TEST_F(FileOutlet, SaysWhatIsWrong) {
    EXPECT_NE(outlet("file").refuse({folder_, ""}).find("no regular file"), std::string::npos);
    auto open = outlet("file").open({folder_ + "/none/findings.jsonl", ""});
    ASSERT_FALSE(open);
    EXPECT_NE(open.error().find("cannot be opened"), std::string::npos);
    EXPECT_NE(outlet("webhook").refuse({"ftp://host/x", ""}), "");
    EXPECT_EQ(outlet("webhook").refuse({"https://host/x", ""}), "");
    EXPECT_NE(outlet("syslog").refuse({"host", ""}), "");
    EXPECT_EQ(outlet("syslog").refuse({"[::1]:514", ""}), "");
    EXPECT_EQ(outlet("syslog").refuse({"/dev/log", ""}), "");
}

}  // namespace
}  // namespace ascribe
