// Joins groups of one subject.
#include "detect/events/join.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace ascribe {
namespace {

constexpr char kSeparator = '\n';  // tellers are our own words and have none

}  // namespace

std::string told_by(std::string_view teller, std::string_view subject) {
    return fmt::format("{}{}{}", teller, kSeparator, lower(subject));
}

Conclusion conclude_joined(const Hits& hits, const Intel&) {
    std::map<std::string_view, std::vector<const Group*>> subjects;
    for (const auto& [key, group] : hits.groups()) {
        auto subject = std::string_view(key.key);
        subject.remove_prefix(std::min(subject.size(), subject.find(kSeparator) + 1));
        subjects[subject].push_back(&group);
    }
    Conclusion conclusion;
    for (const auto& [subject, groups] : subjects) {
        // Levels come graver first, and a tie goes to the first key: the same for any order of rows.
        auto best = std::ranges::max_element(
            groups, {}, [](const Group* group) { return std::pair(group->finding.level, group->finding.probability); });
        Finding finding = finding_of(**best);
        for (const Group* group : groups)
            if (group != *best) add_evidence(finding, *group);
        settle(finding);
        conclusion.findings.push_back(std::move(finding));
    }
    return conclusion;
}

}  // namespace ascribe
