// What the model would see of clean scripts if somebody had rewritten them: for script/train-shells, so that hiding
// alone is no sign of an intruder. Rewriting happens in memory; nothing but features is written.
//
// rewritten FOLDER: a JSON object a line, {"path", "way", "features"}, for each script of the folder, rewritten kWays
// times.
#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "mutator.hpp"
#include "shells/examine.hpp"
#include "shells/judge/features.hpp"

namespace fs = std::filesystem;
using namespace ascribe::shells;

namespace {

constexpr int kWays = 2, kTries = 8;         // not every script has room for every way
constexpr std::size_t kLongest = 256 << 10;  // bytes

/// The mutator's word for a language, by the extension of its files.
std::string language_of(const std::string& extension) {
    if (extension == ".pl") return "perl";
    if (extension == ".py") return "python";
    for (const char* own : {"php", "asp", "aspx", "jsp", "cfm"})
        if (extension == "." + std::string(own)) return own;
    return "";
}

/// The same for a file on every machine: FNV-1a of its name.
std::uint32_t seed_of(const std::string& name) {
    std::uint32_t seed = 2166136261u;
    for (unsigned char c : name) seed = (seed ^ c) * 16777619u;
    return seed;
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: rewritten FOLDER\n";
        return 2;
    }
    std::vector<fs::path> files;
    for (const auto& entry : fs::recursive_directory_iterator(words[1]))
        if (entry.is_regular_file() && entry.file_size() <= kLongest && !language_of(entry.path().extension()).empty())
            files.push_back(entry.path());
    std::ranges::sort(files);
    for (const auto& file : files) {
        std::ifstream in(file, std::ios::binary);
        std::string text{std::istreambuf_iterator<char>(in), {}}, name = file.filename();
        auto language = language_of(file.extension());
        test::Random random(seed_of(name));
        for (int way = 0; way < kWays; ++way)
            for (int tried = 0; tried < kTries; ++tried) {
                const auto& mutation = test::mutations()[random() % test::mutations().size()];
                auto page = mutation.apply(language, text, random);
                if (page.empty()) continue;
                nlohmann::ordered_json out{{"path", name}, {"way", mutation.name}};
                auto& features = out["features"] = nlohmann::ordered_json::object();
                for (const auto& feature : features_of(examine(name, page))) features[feature.name] = feature.value;
                std::cout << out.dump() << '\n';
                break;
            }
    }
}
