// Progress of long work on stderr: a line redrawn on a terminal, one line every ten seconds elsewhere.
#pragma once

#include <chrono>

#include "engine/intake.hpp"

namespace ascribe {

class ProgressLine {
public:
    explicit ProgressLine(bool terminal);
    void show(const Progress& progress);
    void clear();

private:
    bool terminal_, drawn_ = false;
    std::chrono::steady_clock::time_point started_, last_;
};

}  // namespace ascribe
