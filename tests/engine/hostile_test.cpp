// What a worker in the intruder's hands can do: nothing but answer.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "engine/isolation.hpp"

namespace ascribe {
namespace {

/// Runs `attack` in a confined child; true when the kernel refused it.
bool refused(const std::function<bool()>& attack) {
    int child = fork();
    if (child == 0) {
        confine(Isolation::full, {});
        _exit(attack() ? 1 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 1);
}

TEST(HostileWorker, CannotOpenAnotherFile) {
    EXPECT_TRUE(refused([] { return open("/etc/passwd", O_RDONLY) >= 0; }));
    EXPECT_TRUE(refused([] { return open("/tmp/ascribe-hostile", O_WRONLY | O_CREAT, 0600) >= 0; }));
}

TEST(HostileWorker, CannotConnect) {
    EXPECT_TRUE(refused([] {
        int s = socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(9);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return s >= 0 && (connect(s, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0 || errno == ECONNREFUSED);
    }));
    EXPECT_TRUE(refused([] { return socket(AF_UNIX, SOCK_STREAM, 0) >= 0; }));
}

TEST(HostileWorker, CannotRunAProgram) {
    EXPECT_TRUE(refused([] {
        char* words[] = {const_cast<char*>("/bin/true"), nullptr};
        execve(words[0], words, nullptr);
        return errno != EPERM && errno != EACCES;
    }));
    EXPECT_TRUE(refused([] { return fork() >= 0; }));
}

TEST(HostileWorker, CannotChangeFilesByName) {
    auto path = testing::TempDir() + "ascribe-hostile-target";
    int file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    ASSERT_GE(file, 0);
    ASSERT_EQ(write(file, "kept", 4), 4);
    close(file);
    EXPECT_TRUE(refused([&] { return truncate(path.c_str(), 0) == 0; }));
    EXPECT_TRUE(refused([&] { return chmod(path.c_str(), 0777) == 0; }));
    EXPECT_TRUE(refused([&] { return unlink(path.c_str()) == 0; }));
    EXPECT_TRUE(refused([&] { return rename(path.c_str(), (path + "2").c_str()) == 0; }));
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_size, 4);
    unlink(path.c_str());
}

TEST(HostileWorker, CannotSignalItsParent) {
    EXPECT_TRUE(refused([] { return kill(getppid(), 0) == 0; }));
}

TEST(HostileWorker, IsToldItsLevel) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    int child = fork();
    if (child == 0) {
        auto level = confine(Isolation::full, {});
        _exit(write(ends[1], level.data(), level.size()) > 0 ? 0 : 1);
    }
    waitpid(child, nullptr, 0);
    char text[128] = {};
    ASSERT_GT(read(ends[0], text, sizeof text - 1), 0);
    EXPECT_NE(std::string(text).find("seccomp"), std::string::npos) << text;
}

}  // namespace
}  // namespace ascribe
