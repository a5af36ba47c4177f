// The state of a watch on disk: one file, replaced as a whole, checked by its digest, the one before kept beside it.
// Whatever is killed when, there is a whole state to read; what is damaged falls back to the one before, and with that
// to reading some lines again, never to leaving some out.
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "engine/channel.hpp"

namespace ascribe {

class StateFile {
public:
    /// Takes the file for this process alone. The error is a sentence.
    static std::expected<StateFile, std::string> take(const std::string& path);

    struct Content {
        std::string bytes;  // "" when there is none
        std::string note;   // a sentence where something was damaged
    };
    Content read() const;
    /// Replaces the state; it is on disk when this returns. The error is a sentence.
    std::expected<void, std::string> write(std::string_view bytes) const;

private:
    std::string path_;
    Descriptor lock_;
};

}  // namespace ascribe
