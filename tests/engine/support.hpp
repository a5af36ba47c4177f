// A folder of evidence for a test, and an investigation of it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "engine/investigate.hpp"
#include "intel/load.hpp"
#include "report/all.hpp"

namespace ascribe::test {

class Folder {
public:
    Folder() {
        auto pattern = testing::TempDir() + "ascribe-XXXXXX";
        path_ = mkdtemp(pattern.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all, ignored);
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    std::string file(const std::string& name, std::string_view bytes) const {
        auto path = std::filesystem::path(path_) / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path.string();
    }
    const std::string& path() const { return path_; }

private:
    std::string path_;
};

inline const Intel& intel() {
    static const Intel data = builtin_intel();
    return data;
}

inline Case run(InvestigateOptions options) {
    auto investigated = investigate(options, intel());
    if (!investigated) ADD_FAILURE() << investigated.error();
    return investigated ? std::move(*investigated) : Case{};
}

inline Case run(const std::string& evidence, int workers = 2) {
    InvestigateOptions options;
    options.evidence = {evidence};
    options.workers = workers;
    return run(std::move(options));
}

/// The case as JSON without what differs between runs.
inline std::string json(Case investigated) {
    investigated.run = {};
    investigated.evidence.clear();
    return find_exporter("json")->write(investigated);
}

/// Real third-party evidence, or "" where it is missing.
inline std::string real_evidence(const std::string& name) {
    const char* given = std::getenv("ASCRIBE_EVIDENCE");
    auto path = std::filesystem::path(given ? given : ASCRIBE_ROOT "/../shared/evidence") / name;
    return std::filesystem::exists(path) ? path.string() : std::string();
}

}  // namespace ascribe::test
