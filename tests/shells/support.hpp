// The inert one-liners of tests/shells/one_liners, and what the analyser says of a text.
#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "shells/examine.hpp"

namespace ascribe::shells::test {

struct OneLiner {
    std::string language, what, text;  // language: the name of its file
    std::string path() const {
        if (language == "perl") return "page.pl";
        if (language == "python") return "page.py";
        return "page." + language;
    }
};

inline std::string from_hex(std::string_view digits) {
    std::string bytes;
    for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
        bytes += static_cast<char>(std::stoi(std::string(digits.substr(i, 2)), nullptr, 16));
    return bytes;
}

inline const std::vector<std::string>& languages() {
    static const std::vector<std::string> all = {"php", "asp", "aspx", "jsp", "cfm", "perl", "python"};
    return all;
}

inline std::vector<OneLiner> one_liners() {
    std::vector<OneLiner> all;
    for (const auto& language : languages()) {
        std::ifstream in(std::string(ASCRIBE_TEST_DIR) + "/shells/one_liners/" + language + ".hex");
        for (std::string line; std::getline(in, line);) {
            if (line.empty() || line.front() == '#') continue;
            auto end = line.find("  # ");
            all.push_back({language, line.substr(end + 4), from_hex(line.substr(0, end))});
        }
    }
    return all;
}

}  // namespace ascribe::shells::test
