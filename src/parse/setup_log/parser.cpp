// ExchangeSetup.log: what was installed, and when. Every entry begins with "[mm/dd/yyyy hh:mm:ss.ffff] [level]"; lines
// without are continuations. A run of setup states its version at its start and success at its end; only a version
// whose run succeeded is a statement of the build installed. Times are taken as UTC: setup notes the local time zone as
// a fact apart. https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/verify-installation
#include "base/text.hpp"
#include "model/finding.hpp"
#include "parse/lines.hpp"

namespace ascribe {
namespace {

constexpr std::string_view kVersion = "] Setup version: ", kSuccess = "setup operation completed successfully";

int number(std::string_view text) {
    auto value = parse_number(text);
    return value && *value <= 9999 ? static_cast<int>(*value) : -1;
}

/// The time of an entry; nothing when the line does not begin with one.
std::optional<Time> time_of(std::string_view line) {
    constexpr std::string_view kShape = "[mm/dd/yyyy hh:mm:ss.ffff]";
    if (line.size() < kShape.size() || line[0] != '[' || line[3] != '/' || line[6] != '/' || line[11] != ' ' ||
        line[14] != ':' || line[17] != ':' || line[20] != '.' || line[25] != ']')
        return {};
    auto at = [&](std::size_t from, std::size_t size) { return number(line.substr(from, size)); };
    auto fraction = at(21, 4);
    if (fraction < 0) return {};
    return make_time(at(7, 4), at(1, 2), at(4, 2), at(12, 2), at(15, 2), at(18, 2), fraction * std::int64_t{1000});
}

/// "15.01.2106.002" or "15.1.2106.2." as "15.1.2106.2"; "" when there is none.
std::string build_in(std::string_view text) {
    auto word = text.substr(0, text.find_first_not_of("0123456789."));
    while (word.ends_with('.')) word.remove_suffix(1);
    if (!parse_build(word)) return {};
    std::string build;
    for (auto part : split(word, '.')) build += (build.empty() ? "" : ".") + std::to_string(*parse_number(part));
    return build;
}

class Reading {
public:
    Reading(const Part& part, Sink& sink) : part_(part), text_(part.whole.text()), batcher_(part, sink), sink_(sink) {}

    void take(const Line& line) {
        auto time = time_of(line.text);
        auto at = line.text.find(kVersion);
        auto build =
            time && at != std::string_view::npos ? build_in(line.text.substr(at + kVersion.size())) : std::string{};
        auto completed = build.empty() ? std::nullopt : completion(line);
        auto kind = completed ? RecordKind::installed_build : RecordKind::exchange_trace;
        auto& batch = batcher_.batch(kind, {});
        auto row = batch.append(completed ? *completed : time.value_or(kNoTime), line.offset,
                                static_cast<std::uint32_t>(line.text.size()), line.number);
        if (completed) {
            row[InstalledBuild::product] = std::string_view("Exchange Server");
            row[InstalledBuild::build] = batch.keep(build);
            row[InstalledBuild::source] = std::string_view("setup_log");
            row[InstalledBuild::path] = batch.keep(part_.path);
        } else {
            row[ExchangeTrace::log] = std::string_view("Setup");
            row[ExchangeTrace::message] = line.text;
        }
    }

private:
    /// When the run that begins with this line succeeded; nothing when it did not, or not in this log.
    std::optional<Time> completion(const Line& line) {
        auto from = line.offset - part_.base + line.text.size();
        if (success_ < from) success_ = text_.find(kSuccess, from);  // npos stays
        if (success_ == std::string_view::npos || text_.find(kVersion, from) < success_) return {};
        auto begin = text_.rfind('\n', success_) + 1;
        return time_of(text_.substr(begin, success_ - begin));
    }

    const Part& part_;
    std::string_view text_;
    std::size_t success_ = 0;  // the first success at or after the last version
    Batcher batcher_;
    Sink& sink_;
};

int claim(std::string_view, std::span<const std::byte> head) {
    for (auto line : head_lines(head, 64))
        if (time_of(line) && line.substr(26).starts_with(" [")) return 75;
    return 0;
}

void parse(const Part& part, Sink& sink) {
    Reading reading(part, sink);
    for_each_line(part, sink, [&](const Line& line) { reading.take(line); });
}

}  // namespace

extern const Parser kSetupLogParser;
const Parser kSetupLogParser{
    "setup_log", "ExchangeSetup.log: builds whose installation succeeded",
    "https://learn.microsoft.com/exchange/plan-and-deploy/post-installation-tasks/verify-installation", claim, parse};

}  // namespace ascribe
