// What was told already. A finding is known by its subject: detector, server, question, and the address, page, account
// and session it is about; never by its rows, which come in as they are written, nor by how they were cut into parts.
// It is told when it is new and again when its level rises. When the same subject acts again after its rows have left
// the window (half a day of silence at least), that is another episode, with another id.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "model/finding.hpp"

namespace ascribe {

class Told {
public:
    /// Subjects remembered; the one silent for longest goes first. At 100 bytes each, ten megabytes.
    static constexpr std::size_t kSubjects = 100'000;
    /// Silence after which the same is told as new.
    static constexpr auto kSilence = std::chrono::hours(12);

    struct Telling {
        std::string id;
        std::optional<Level> was;
    };
    /// What to tell of a finding; nothing when all of it was told.
    std::optional<Telling> tell(const std::string& server, const Finding& finding);

    void save(Writer& out) const;
    Result<void> load(Reader& in);

private:
    struct Entry {
        Level level = Level::scan;
        std::uint32_t episode = 1;
        Time last = kNoTime;     // of the latest row told or seen since
        std::uint64_t seen = 0;  // when it was seen last, counted in findings
    };
    void trim();
    std::map<std::string, Entry> subjects_;       // by digest of the subject
    std::map<std::uint64_t, std::string> order_;  // by Entry::seen
    std::uint64_t clock_ = 0;
};

}  // namespace ascribe
