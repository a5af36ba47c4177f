#include "cli/progress.hpp"

#include <fmt/format.h>

#include <cstdio>

#include "base/text.hpp"

namespace ascribe {
namespace {

using std::chrono::steady_clock;

constexpr auto kRedraw = std::chrono::milliseconds(200);  // fast enough to look alive, slow enough for ssh
constexpr auto kLine = std::chrono::seconds(10);          // guide: one progress line per 10 s without a terminal
constexpr std::size_t kNameWidth = 30;
constexpr std::size_t kColumns = 79;  // of the narrowest usual terminal; a line that wraps cannot be redrawn

/// A closed or full stderr costs the progress, not the run.
void say(const std::string& text) { std::fputs(text.c_str(), stderr); }

/// As much as fits on the line, no character cut in two.
std::string_view first_columns(std::string_view line) {
    std::size_t columns = 0;
    for (std::size_t i = 0; i < line.size(); ++i)
        if ((static_cast<unsigned char>(line[i]) & 0xC0) != 0x80 && columns++ == kColumns) return line.substr(0, i);
    return line;
}

}  // namespace

ProgressLine::ProgressLine(bool terminal) : terminal_(terminal), started_(steady_clock::now()), last_(started_) {}

void ProgressLine::show(const Progress& progress) {
    auto now = steady_clock::now();
    if (now - last_ < (terminal_ ? std::chrono::milliseconds(kRedraw) : std::chrono::milliseconds(kLine))) return;
    last_ = now;
    double seconds = std::chrono::duration<double>(now - started_).count();
    double rate = static_cast<double>(progress.bytes_done) / std::max(seconds, 1e-3);
    auto left = progress.bytes_known - std::min(progress.bytes_known, progress.bytes_done);
    auto eta = rate > 0 ? static_cast<int>(static_cast<double>(left) / rate) : 0;
    auto percent = progress.bytes_known > 0 ? 100 * progress.bytes_done / progress.bytes_known : 0;
    auto name = visible(base_name(progress.now), kNameWidth);
    auto line = fmt::format("{} file{}  {} of {} MB ({}%)  {:.0f} MB/s  ETA {}m{:02}s  {}", progress.artefacts,
                            progress.artefacts == 1 ? "" : "s", progress.bytes_done >> 20, progress.bytes_known >> 20,
                            std::min<std::uint64_t>(percent, 100), rate / 1e6, eta / 60, eta % 60, name);
    if (terminal_)
        say(fmt::format("\r\x1b[K{}", first_columns(line)));
    else
        say(line + "\n");
    drawn_ = true;
}

void ProgressLine::clear() {
    if (terminal_ && drawn_) say("\r\x1b[K");
}

}  // namespace ascribe
