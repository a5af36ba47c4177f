#include "report/reading.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kNamed = 3, kNameSize = 200;

bool is_log_name(std::string_view path) {
    auto name = path.substr(path.find_last_of("/\\!") + 1);
    static constexpr std::string_view kEnds[] = {".csv", ".json", ".jsonl", ".txt", ".evtx", ".etl", ".blg"};
    return contains_folded(name, "log") || contains_folded(name, "u_ex") || contains_folded(name, "access") ||
           std::ranges::any_of(kEnds, [name](auto end) { return ends_folded(name, end); });
}

}  // namespace

Reading::Reading(const std::vector<Artefact>& artefacts) {
    for (const Artefact& artefact : artefacts)
        if (auto mark = artefact.path.rfind('!'); mark != std::string::npos)
            opened_.insert(std::string_view(artefact.path).substr(0, mark));
    for (const Artefact& artefact : artefacts) {
        if (!artefact.parser.empty() || opened_.contains(artefact.path)) continue;
        ++unread_;
        if (is_log_name(artefact.path) && artefact.size > 0) logs_.push_back(artefact.path);
    }
}

std::string_view Reading::word(const Artefact& artefact) const {
    if (!artefact.parser.empty()) return artefact.parser;
    return opened_.contains(artefact.path) ? "opened" : "not read";
}

std::string Reading::unread_logs() const {
    std::string text;
    for (std::size_t i = 0; i < logs_.size() && i < kNamed; ++i)
        text += fmt::format("{}{}", i == 0 ? "" : ", ", visible(logs_[i], kNameSize));
    if (logs_.size() > kNamed) text += fmt::format(" and {} more", logs_.size() - kNamed);
    return text;
}

}  // namespace ascribe
