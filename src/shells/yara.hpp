// Users' YARA rules beside the analyser, through libyara (https://yara.readthedocs.io). Rules are compiled once, before
// workers are forked; a worker scans with them. What does not compile, what is slow and where libyara looks at a part
// only is named: a rule that silently does nothing is worse than none.
#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ascribe::shells {

/// Something to tell the user of a rule file.
struct RuleNote {
    std::string file;
    int line = 0;
    std::string text;
    bool refused = false;  // the file's rules are not used
};

class YaraRules {
public:
    /// Files, or folders whose .yar, .yara and .rule files are taken in order of name. The error is a sentence: a path
    /// that cannot be read, or no rule at all.
    static std::expected<std::shared_ptr<const YaraRules>, std::string> read(const std::vector<std::string>& paths);
    ~YaraRules();

    struct Result {
        std::vector<std::string> rules;  // that hit, in order of the files, at most kMostHits
        std::vector<std::string> slow;   // that were left out, because each took longer than kTimeAlone
        bool timed_out = false;          // some others were not judged to the end
    };
    /// `path` fills the external variables that public rules ask for: filename, filepath, extension.
    Result scan(std::string_view path, std::string_view bytes) const;

    const std::vector<RuleNote>& notes() const { return notes_; }
    std::size_t count() const { return count_; }
    /// Rules with an expression without an upper bound: libyara looks kWindow bytes ahead and no further.
    std::size_t windowed() const { return windowed_; }

    static constexpr std::size_t kWindow = 4'096;  // RE_SCAN_LIMIT in yara/limits.h
    static constexpr std::size_t kMostHits = 100;
    /// For one file and all rules; when that is over it is looked for those that are slow.
    static constexpr std::chrono::milliseconds kTime{5'000};
    /// For one of them, beyond what the file costs without any; and for the whole search.
    static constexpr std::chrono::milliseconds kTimeAlone{500}, kTimeOfSearch{8'000};

private:
    YaraRules() = default;
    struct Compiled;
    std::unique_ptr<Compiled> compiled_;
    std::vector<RuleNote> notes_;
    std::size_t count_ = 0, windowed_ = 0;
};

}  // namespace ascribe::shells
