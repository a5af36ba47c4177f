// A watch through what happens to logs: growth, rotation, truncation, copies, restarts, damage. Each run() reads what
// is there and ends, as --once does; what lies between two runs happened while nobody watched.
#include "engine/watch/watch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/hash.hpp"
#include "base/text.hpp"
#include "engine/support.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

namespace fs = std::filesystem;

std::string head(std::string_view date = "2021-03-03 00:00:00") {
    return "#Software: Microsoft Internet Information Services 10.0\r\n#Version: 1.0\r\n#Date: " + std::string(date) +
           "\r\n#Fields: date time s-ip cs-method cs-uri-stem cs-uri-query s-port cs-username c-ip cs(User-Agent) "
           "sc-status time-taken\r\n";
}

/// A POST to a page that no server ships, by an address of its own: one finding, of level success.
std::string shell_line(int number, std::string_view method = "POST") {
    char line[256];
    std::snprintf(line, sizeof line,
                  "2021-03-03 10:%02d:%02d 10.0.0.5 %s /aspnet_client/kx%05ddemo.aspx - 443 - 203.0.113.%d Mozilla/5.0 "
                  "200 31\r\n",
                  number / 60 % 60, number % 60, std::string(method).c_str(), number, number % 250 + 1);
    return line;
}

std::string plain_lines(int count, int from = 0) {
    std::string lines;
    for (int i = from; i < from + count; ++i) {
        char line[256];
        std::snprintf(line, sizeof line,
                      "2021-03-03 11:%02d:%02d 10.0.0.5 GET /owa/ n=%d 443 CORP\\user 10.1.2.3 Mozilla/5.0 200 5\r\n",
                      i / 60 % 60, i % 60, i);
        lines += line;
    }
    return lines;
}

class WatchTest : public testing::Test {
protected:
    WatchTest() {
        fs::create_directories(logs());
        options_.roots = {logs()};
        options_.from = From::start;
        options_.state = folder_.path() + "/watch.state";
        options_.once = true;
        options_.workers = 1;
    }

    std::string logs() const { return folder_.path() + "/logs"; }
    std::string log(std::string_view name = "u_ex.log") const { return logs() + '/' + std::string(name); }
    void write(std::string_view bytes, std::string_view name = "u_ex.log") const {
        std::ofstream(log(name), std::ios::binary) << bytes;
    }
    void append(std::string_view bytes, std::string_view name = "u_ex.log") const {
        std::ofstream(log(name), std::ios::binary | std::ios::app) << bytes;
    }
    /// As logrotate's copytruncate does.
    void copy_and_truncate(std::string_view to) const {
        fs::copy_file(log(), log(to));
        fs::resize_file(log(), 0);
    }

    /// Keeps what one row decides. What a page's or mailbox's behaviour tells about the same pages has tests of its
    /// own.
    bool take(const Notice& notice) {
        if (notice.finding.detector.starts_with("behaviour.")) return false;
        told_.push_back(notice);
        return true;
    }
    /// Numbers of the shells told about, in the order of telling.
    std::vector<int> run() {
        told_.clear();
        notes_.clear();
        auto summary = watch(
            options_, test::intel(), [this](const Notice& notice) { take(notice); },
            [this](const std::string& note) { notes_.push_back(note); });
        EXPECT_TRUE(summary) << summary.error();
        if (summary) summary_ = *summary;
        return shells();
    }
    std::vector<int> shells() const {
        std::vector<int> numbers;
        for (const Notice& notice : told_)
            if (notice.finding.page.starts_with("/aspnet_client/kx"))
                numbers.push_back(std::stoi(notice.finding.page.substr(17, 5)));
        return numbers;
    }
    std::string notes() const {
        std::string all;
        for (const auto& note : notes_) all += note + '\n';
        return all;
    }

    using Shells = std::vector<int>;
    test::Folder folder_;
    WatchOptions options_;
    std::vector<Notice> told_;
    std::vector<std::string> notes_;
    WatchSummary summary_;
};

TEST_F(WatchTest, TellsOnceAndGoesOnWhereItStood) {
    write(head() + shell_line(1));
    EXPECT_EQ(run(), (Shells{1}));
    EXPECT_EQ(run(), (Shells{}));
    EXPECT_EQ(summary_.records, 0u);
    append(plain_lines(10) + shell_line(2));
    EXPECT_EQ(run(), (Shells{2}));
    EXPECT_EQ(summary_.records, 11u);
    EXPECT_EQ(summary_.bad, 0u);
}

TEST_F(WatchTest, NoticesLeadToTheirBytes) {
    write(head() + plain_lines(3));
    run();
    auto offset = fs::file_size(log());
    append(shell_line(1));
    run();
    ASSERT_EQ(told_.size(), 1u);
    ASSERT_EQ(told_[0].rows.size(), 1u);
    const NoticeRow& row = told_[0].rows[0];
    EXPECT_EQ(row.path, log());
    EXPECT_EQ(row.offset, offset);
    EXPECT_EQ(row.line, 8u);  // four of the head, three plain ones
    EXPECT_EQ(row.bytes + "\r\n", shell_line(1));
}

TEST_F(WatchTest, RenamedAndCreatedAnew) {
    write(head() + shell_line(1));
    run();
    append(shell_line(2));
    fs::rename(log(), log("u_ex.log.1"));
    write(head("2021-03-03 12:00:00") + shell_line(3));
    auto told = run();
    EXPECT_EQ(std::set(told.begin(), told.end()), (std::set{2, 3}));
    EXPECT_EQ(summary_.records, 2u);
}

TEST_F(WatchTest, CopiedAndTruncated) {
    write(head() + plain_lines(50) + shell_line(1));
    run();
    append(shell_line(2));
    copy_and_truncate("u_ex.log.1");
    append(head("2021-03-03 12:00:00") + shell_line(3));
    auto told = run();
    EXPECT_EQ(std::set(told.begin(), told.end()), (std::set{2, 3}));
    EXPECT_EQ(summary_.records, 2u);  // nothing of the copy is read twice
    EXPECT_EQ(run(), (Shells{}));
    EXPECT_EQ(summary_.records, 0u);
}

TEST_F(WatchTest, CopiedTwiceWhileNobodyWatched) {
    write(head() + plain_lines(50) + shell_line(1));
    run();
    append(shell_line(2));
    copy_and_truncate("u_ex.log.1");
    append(head("2021-03-03 12:00:00") + shell_line(3));
    fs::rename(log("u_ex.log.1"), log("u_ex.log.2"));
    copy_and_truncate("u_ex.log.1");
    append(head("2021-03-03 13:00:00") + shell_line(4));
    auto told = run();
    EXPECT_EQ(std::set(told.begin(), told.end()), (std::set{2, 3, 4}));
    EXPECT_EQ(summary_.records, 3u);
}

TEST_F(WatchTest, TruncatedAndGrownBeyondWhereItStood) {
    write(head() + plain_lines(5) + shell_line(1));
    run();
    write(head("2021-03-04 00:00:00") + shell_line(2) + plain_lines(500));
    EXPECT_EQ(run(), (Shells{2}));
    EXPECT_EQ(summary_.records, 501u);
}

TEST_F(WatchTest, ACopyThatStaysIsNotReadAgain) {
    write(head() + plain_lines(20) + shell_line(1));
    run();
    fs::copy_file(log(), log("backup.log"));
    EXPECT_EQ(run(), (Shells{}));
    EXPECT_EQ(summary_.records, 0u);
    append(shell_line(2));
    EXPECT_EQ(run(), (Shells{2}));
    EXPECT_EQ(summary_.records, 1u);
}

TEST_F(WatchTest, TwoLogsThatBeginAlikeAreBothRead) {
    write(head(), "site1.log");
    run();
    write(head() + shell_line(2), "site2.log");  // as another site of the same server begins
    append(shell_line(1), "site1.log");
    auto told = run();
    EXPECT_EQ(std::set(told.begin(), told.end()), (std::set{1, 2}));
}

TEST_F(WatchTest, DeletedAndMadeAnewUnderTheSameName) {
    write(head() + shell_line(1));
    run();
    fs::remove(log());  // its inode's number is free for the next file
    write(head("2021-03-05 00:00:00") + shell_line(2) + shell_line(3));
    EXPECT_EQ(run(), (Shells{2, 3}));
}

TEST_F(WatchTest, ALineIsReadWhenItHasItsEnd) {
    auto line = shell_line(1);
    write(head() + line.substr(0, 40));
    EXPECT_EQ(run(), (Shells{}));
    EXPECT_EQ(summary_.bad, 0u);
    append(line.substr(40));
    EXPECT_EQ(run(), (Shells{1}));
    EXPECT_EQ(summary_.bad, 0u);
}

TEST_F(WatchTest, FromNowOnKnowsTheHeaderInForce) {
    options_.from = From::now;
    write(head() + shell_line(1) + "#Fields: date time cs-method cs-uri-stem c-ip sc-status\r\n" +
          "2021-03-03 12:00:00 POST /aspnet_cl");  // and a line that is being written
    EXPECT_EQ(run(), (Shells{}));
    EXPECT_EQ(summary_.records, 0u);
    append("ient/kx00002demo.aspx 203.0.113.9 200\r\n");
    EXPECT_EQ(run(), (Shells{2}));
    EXPECT_EQ(summary_.bad, 0u);
}

TEST_F(WatchTest, FilesThatComeLaterAreReadFromTheirStart) {
    options_.from = From::now;
    run();
    fs::create_directories(logs() + "/W3SVC1/deep");
    write(head() + shell_line(1), "W3SVC1/deep/u_ex.log");
    EXPECT_EQ(run(), (Shells{1}));
}

TEST_F(WatchTest, DamagedStateFallsBackAndLosesNothing) {
    options_.outlets = {{&outlet("file"), {folder_.path() + "/findings.jsonl", ""}}};
    write(head() + shell_line(1));
    run();
    append(shell_line(2));
    run();
    append(shell_line(3));
    auto damage = [&](const std::string& path) {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(100);
        file.put('\x5a').put('\x5a');
    };
    damage(options_.state);
    EXPECT_EQ(run(), (Shells{2, 3}));  // the second is told again, under its old id
    EXPECT_NE(notes().find("is damaged; going on from the state before it"), std::string::npos) << notes();
    damage(options_.state);
    damage(options_.state + ".before");
    auto told = run();
    EXPECT_EQ(told, (Shells{1, 2, 3}));  // told again, under the same ids
    EXPECT_NE(notes().find("everything is read from its start"), std::string::npos) << notes();
    std::ifstream file(folder_.path() + "/findings.jsonl");
    std::set<std::string> lines;
    int count = 0;
    for (std::string line; std::getline(file, line);) {
        if (line.find("\"behaviour.") != std::string::npos) continue;
        ++count;
        lines.insert(line.substr(0, 30));
    }
    EXPECT_EQ(count, 3);  // the file knew them
    EXPECT_EQ(lines.size(), 3u);
}

TEST_F(WatchTest, StateOfAnotherVersionIsSaid) {
    write(head() + shell_line(1));
    run();
    std::ofstream(options_.state, std::ios::binary) << "something else";
    std::ofstream(options_.state + ".before", std::ios::binary) << "";
    EXPECT_EQ(run(), (Shells{1}));
    EXPECT_NE(notes().find("is damaged"), std::string::npos);
}

TEST_F(WatchTest, AStateOfAnotherBuildSaysWhereReadingStood) {
    write(head() + shell_line(1));
    run();
    {  // as another build would have written it: its detectors' states are others, and all else is whole
        std::ifstream in(options_.state, std::ios::binary);
        std::string bytes(std::istreambuf_iterator<char>(in), {});
        constexpr std::string_view kMagic = "ascribe watch 1\n", kVersion = "states 2";
        auto content = bytes.substr(kMagic.size() + sizeof(Digest));
        auto at = content.find(kVersion);
        ASSERT_NE(at, std::string::npos);
        content[at + kVersion.size() - 1] = '1';
        auto digest = sha256(content);
        std::ofstream(options_.state, std::ios::binary) << kMagic << as_text(digest) << content;
    }
    append(shell_line(2));
    EXPECT_EQ(run(), (Shells{2}));
    EXPECT_EQ(summary_.records, 1u);
    EXPECT_NE(notes().find("of another version of Ascribe: reading goes on where it stood"), std::string::npos)
        << notes();
    append(shell_line(3));
    EXPECT_EQ(run(), (Shells{3}));
    EXPECT_EQ(notes(), "");
}

TEST_F(WatchTest, APageIsJudgedWhenItComes) {
    options_.from = From::now;
    run();
    auto page = logs() + "/C/inetpub/wwwroot/aspnet_client/kx00009page.aspx";
    fs::create_directories(fs::path(page).parent_path());
    std::ofstream(page) << "nothing that runs\n";
    run();
    ASSERT_EQ(told_.size(), 1u);
    EXPECT_EQ(told_[0].finding.detector, "files.unknown_page");
    EXPECT_EQ(told_[0].finding.page, "C:\\inetpub\\wwwroot\\aspnet_client\\kx00009page.aspx");
    run();
    EXPECT_TRUE(told_.empty());
}

TEST_F(WatchTest, ALogThatIsNotReadIsSaid) {
    write("IBLOGFILE of a farm\r\n");
    run();
    EXPECT_NE(notes().find("not followed: an IIS central binary log"), std::string::npos) << notes();
}

TEST_F(WatchTest, LinksAreNotFollowed) {
    write(head() + shell_line(1), "../secret.log");
    fs::create_symlink("../secret.log", log("link.log"));
    fs::create_directory_symlink("..", logs() + "/up");
    EXPECT_EQ(run(), (Shells{}));
    EXPECT_EQ(summary_.bytes, 0u);
}

TEST_F(WatchTest, WhatIsKnownIsNotTold) {
    write(head() + shell_line(1) + shell_line(2));
    options_.known.addresses = {"203.0.113.2"};
    EXPECT_EQ(run(), (Shells{2}));
}

TEST_F(WatchTest, ASecondWatchOfTheSameStateIsRefused) {
    auto first = watch(
        options_, test::intel(), [&](const Notice&) {}, [](const std::string&) {});
    EXPECT_TRUE(first);
    write(head() + shell_line(1));
    std::string refused;
    auto outer = watch(
        options_, test::intel(),
        [&](const Notice&) {
            auto second = watch(
                options_, test::intel(), [](const Notice&) {}, [](const std::string&) {});
            refused = second ? "" : second.error();
        },
        [](const std::string&) {});
    EXPECT_TRUE(outer);
    EXPECT_NE(refused.find("another watch uses this state"), std::string::npos);
}

// A parser that ends its worker at one line, as a fault of ours might.
int claim_words(std::string_view, std::span<const std::byte>) { return 100; }
void parse_words(const Part& part, Sink& sink) {
    Batcher batcher(part, sink);
    for_each_line(part, sink, [&](const Line& line) {
        if (line.text == "POISON") std::raise(SIGKILL);
        auto row = batcher.batch(RecordKind::http_request, "")
                       .append(make_time(2021, 3, 3).value(), line.offset, static_cast<std::uint32_t>(line.text.size()),
                               line.number);
        row[HttpRequest::method] = std::string_view("POST");
        row[HttpRequest::stem] = line.text;
        row[HttpRequest::client_ip] = std::string_view("203.0.113.9");
        row[HttpRequest::status] = std::int64_t{200};
    });
}

TEST_F(WatchTest, ALineThatEndsItsWorkerCostsOnlyItself) {
    static constexpr Parser kWords[] = {{"words", "", "", claim_words, parse_words, kTextUnit}};
    options_.parsers = kWords;
    std::string lines;
    for (int i = 1; i <= 9; ++i)
        lines += i == 5 ? "POISON\n" : "/aspnet_client/kx0000" + std::to_string(i) + "demo.aspx\n";
    write(std::string(100, 'x') + "\n");
    run();
    append(lines);
    auto told = run();
    EXPECT_EQ(std::set(told.begin(), told.end()), (std::set{1, 2, 3, 4, 6, 7, 8, 9}));
    EXPECT_NE(notes().find("the line at offset"), std::string::npos) << notes();
}

// --- while it runs ---------------------------------------------------------------------------------------------------

TEST_F(WatchTest, FollowsALogThroughRotationWhileItRuns) {
    write(head() + shell_line(1));
    std::atomic<bool> stop = false;
    options_.once = false;
    options_.stop = &stop;
    std::atomic<int> seen = 0;
    // Written by another process, so that this one stays without threads for its forks.
    int child = fork();
    if (child == 0) {
        auto rest = [] { std::this_thread::sleep_for(std::chrono::milliseconds(300)); };
        rest();
        append(shell_line(2));
        rest();
        append(shell_line(3));
        fs::rename(log(), log("u_ex.log.1"));
        write(head("2021-03-03 12:00:00") + shell_line(4));
        append(shell_line(5), "u_ex.log.1");  // the server has not noticed yet
        rest();
        append(shell_line(6));
        copy_and_truncate("u_ex.log.2");
        append(head("2021-03-03 13:00:00") + shell_line(7));
        rest();
        append(shell_line(8));
        fs::remove(log());
        rest();
        append(head("2021-03-03 14:00:00") + shell_line(9));
        _exit(0);
    }
    auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    auto summary = watch(
        options_, test::intel(),
        [&](const Notice& notice) {
            if (take(notice) && ++seen == 9) stop = true;
        },
        [&](const std::string& note) { notes_.push_back(note); });
    waitpid(child, nullptr, 0);
    EXPECT_LT(std::chrono::steady_clock::now(), until);
    ASSERT_TRUE(summary);
    auto numbers = shells();
    EXPECT_EQ(std::set(numbers.begin(), numbers.end()), (std::set{1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_EQ(summary->bad, 0u);
    EXPECT_EQ(summary->records, 9u);
}

TEST_F(WatchTest, ASingleLogIsReadOnAfterItWasRenamedAway) {
    write(head() + shell_line(1));
    options_.roots = {log()};
    std::atomic<bool> stop = false;
    options_.once = false;
    options_.stop = &stop;
    int child = fork();
    if (child == 0) {
        auto rest = [] { std::this_thread::sleep_for(std::chrono::milliseconds(300)); };
        rest();
        fs::rename(log(), log("u_ex.log.1"));
        append(shell_line(2), "u_ex.log.1");
        write(head("2021-03-03 12:00:00") + shell_line(3));
        _exit(0);
    }
    auto summary = watch(
        options_, test::intel(),
        [&](const Notice& notice) {
            take(notice);
            stop = told_.size() == 3;
        },
        [&](const std::string&) {});
    waitpid(child, nullptr, 0);
    EXPECT_TRUE(summary);
    auto numbers = shells();
    EXPECT_EQ(std::set(numbers.begin(), numbers.end()), (std::set{1, 2, 3}));
}

}  // namespace
}  // namespace ascribe
