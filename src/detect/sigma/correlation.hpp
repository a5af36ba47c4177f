// Rules over the hits of rules: so many in a time span, so many different values, one after the other. Hits are
// gathered in any order, from any worker; windows slide over the time the events tell, not over their order in a log.
//
// A window is all events of a group from one event to the end of the span; a window within a larger one does not count,
// so that `lt` and `eq` speak of everything that happened in the span.
// https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-correlation-rules-specification.md
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "detect/sigma/relations.hpp"
#include "detect/sigma/rule_set.hpp"
#include "detect/sigma/tally.hpp"
#include "model/artefact.hpp"

namespace ascribe::sigma {

/// A hit of a rule that a correlation counts, with the fields it asks for.
struct Mark {
    std::uint32_t rule = 0;
    Time time = kNoTime;
    Ref ref;
    std::map<std::string, std::string> fields;
};

struct Alert {
    std::uint32_t rule = 0;          // the correlation
    std::vector<std::string> group;  // values of group-by, in its order
    Time first = kNoTime, last = kNoTime;
    std::uint64_t windows = 0;
    std::vector<Ref> evidence;  // of the first window, in order of time
};

class Correlator {
public:
    explicit Correlator(const RuleSet& rules);

    /// Fields that must go with a hit of the rule; empty and false where no correlation counts it.
    bool counts(std::uint32_t rule) const { return wanted_.contains(rule); }
    std::span<const std::string> fields_of(std::uint32_t rule) const;

    void add(Mark mark);
    /// Marks beyond kMarks, which were not kept: a correlation may then say too little.
    std::uint64_t overflow() const { return overflow_; }
    /// One alert a correlation and group, by rule and group.
    std::vector<Alert> conclude() const;

private:
    using Window = std::span<const Mark* const>;
    using Found = std::vector<Mark>;

    const std::string* field(const Correlation& correlation, const Mark& mark, const std::string& name) const;
    Counted counted(const Correlation& correlation, const Mark& mark) const;
    void count_events_once(std::vector<const Mark*>& marks) const;
    /// Calls `use` with the group and hits of every window that holds, group by group.
    void for_each_window(const Correlation& correlation, const std::map<std::uint32_t, Found>& found,
                         const std::function<void(const std::vector<std::string>&, Window)>& use) const;
    std::uint32_t index_of(const std::string& name) const;

    const RuleSet& rules_;
    RuleNames names_;
    std::map<std::uint32_t, std::vector<std::string>> wanted_;
    std::map<std::uint32_t, Found> marks_;
    std::uint64_t count_ = 0, overflow_ = 0;
};

/// Marks kept in all. At some 300 bytes each this stays within the memory a run may have.
inline constexpr std::uint64_t kMarks = 400'000;

}  // namespace ascribe::sigma
