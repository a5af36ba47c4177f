#include "detect/sigma/correlation.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "detect/sigma/fold.hpp"
#include "detect/sigma/value.hpp"

namespace ascribe::sigma {

Correlator::Correlator(const RuleSet& rules) : rules_(rules), names_(rules.rules()) {
    auto all = rules.rules();
    for (const Rule& rule : all) {
        if (!rule.correlation) continue;
        std::set<std::string> names(rule.correlation->group_by.begin(), rule.correlation->group_by.end());
        names.insert(rule.correlation->fields.begin(), rule.correlation->fields.end());
        for (const auto& [alias, fields] : rule.correlation->aliases)
            for (const auto& [of, field] : fields) names.insert(field);
        // What an inner correlation hands on is its last event, so everything asked of it is asked of what it counts.
        std::vector<std::string> open = rule.correlation->rules;
        for (std::set<std::uint32_t> seen; !open.empty();) {
            auto inner = index_of(open.back());
            open.pop_back();
            if (inner == UINT32_MAX || !seen.insert(inner).second) continue;
            if (all[inner].correlation)
                open.insert(open.end(), all[inner].correlation->rules.begin(), all[inner].correlation->rules.end());
            auto& list = wanted_[inner];
            for (const auto& name : names)
                if (std::ranges::find(list, name) == list.end()) list.push_back(name);
        }
    }
}

std::uint32_t Correlator::index_of(const std::string& name) const {
    auto at = names_.find(name);
    return at ? static_cast<std::uint32_t>(*at) : UINT32_MAX;
}

std::span<const std::string> Correlator::fields_of(std::uint32_t rule) const {
    auto at = wanted_.find(rule);
    return at == wanted_.end() ? std::span<const std::string>{} : std::span(at->second);
}

void Correlator::add(Mark mark) {
    if (mark.time == kNoTime) return;  // without a time it is in no window
    if (count_ >= kMarks) {
        ++overflow_;
        return;
    }
    ++count_;
    marks_[mark.rule].push_back(std::move(mark));
}

/// The mark's value of a field or alias; nullptr when it has none.
const std::string* Correlator::field(const Correlation& correlation, const Mark& mark, const std::string& name) const {
    const std::string* real = &name;
    if (auto alias = correlation.aliases.find(name); alias != correlation.aliases.end()) {
        real = nullptr;
        for (const auto& [rule, field] : alias->second)
            if (rules_.rules()[mark.rule].is_called(rule)) real = &field;
        if (real == nullptr) return nullptr;
    }
    auto at = mark.fields.find(*real);
    return at == mark.fields.end() ? nullptr : &at->second;
}

Counted Correlator::counted(const Correlation& correlation, const Mark& mark) const {
    Counted counted{.rule = mark.rule, .value = std::string(), .number = {}};
    for (const std::string& name : correlation.fields) {
        auto* value = field(correlation, mark, name);
        if (value == nullptr) return {.rule = mark.rule, .value = {}, .number = {}};
        if (counted.value->empty()) counted.number = number_in(*value);
        *counted.value += folded(*value) + '\0';
    }
    return counted;
}

/// Events are counted, not hits: one that several rules hit stays once. Of a correlation, each hit is one.
void Correlator::count_events_once(std::vector<const Mark*>& marks) const {
    std::set<Ref> events;
    std::erase_if(marks, [&](const Mark* mark) {
        return !rules_.rules()[mark->rule].correlation && !events.insert(mark->ref).second;
    });
}

void Correlator::for_each_window(const Correlation& correlation, const std::map<std::uint32_t, Found>& found,
                                 const std::function<void(const std::vector<std::string>&, Window)>& use) const {
    std::map<std::vector<std::string>, std::vector<const Mark*>> groups;
    std::map<std::uint32_t, std::vector<std::size_t>> places;
    for (std::size_t i = 0; i < correlation.rules.size(); ++i) places[index_of(correlation.rules[i])].push_back(i);
    for (const auto& [rule, at] : places) {
        auto marks = found.find(rule);
        if (marks == found.end()) continue;
        for (const Mark& mark : marks->second) {
            std::vector<std::string> key;
            for (const std::string& name : correlation.group_by)
                if (auto* value = field(correlation, mark, name)) key.push_back(*value);
            if (key.size() == correlation.group_by.size()) groups[std::move(key)].push_back(&mark);
        }
    }
    for (auto& [group, marks] : groups) {
        std::ranges::sort(marks, {}, [](const Mark* mark) { return std::tuple(mark->time, mark->ref, mark->rule); });
        if (!correlation.is_temporal()) count_events_once(marks);
        std::vector<Counted> hits;
        for (const Mark* mark : marks) hits.push_back(counted(correlation, *mark));
        Tally tally(correlation, hits, places);
        auto span = std::chrono::seconds(correlation.timespan_seconds);
        std::size_t end = 0, last_end = 0;
        for (std::size_t begin = 0; begin < marks.size(); ++begin) {
            for (; end < marks.size() && marks[end]->time - marks[begin]->time <= span; ++end) tally.take();
            if (end != std::exchange(last_end, end) && tally.holds())
                use(group, std::span(marks).subspan(begin, end - begin));
            tally.drop();
        }
    }
}

std::vector<Alert> Correlator::conclude() const {
    auto all = rules_.rules();
    std::map<std::uint32_t, Found> found = marks_;
    std::vector<Alert> alerts;
    std::set<std::uint32_t> done;
    // Inner correlations first; compile() has refused circles.
    for (bool progress = true; progress;) {
        progress = false;
        for (std::uint32_t rule = 0; rule < all.size(); ++rule) {
            if (!all[rule].correlation || done.contains(rule)) continue;
            const Correlation& correlation = *all[rule].correlation;
            bool ready = std::ranges::all_of(correlation.rules, [&](const std::string& name) {
                auto inner = index_of(name);
                return inner == UINT32_MAX || !all[inner].correlation || done.contains(inner);
            });
            if (!ready) continue;
            done.insert(rule);
            progress = true;
            std::map<std::vector<std::string>, Alert> by_group;
            Found mine;  // for correlations that count this one
            for_each_window(correlation, found, [&](const std::vector<std::string>& group, Window window) {
                const Mark& last = *window.back();
                if (all[rule].silent || counts(rule)) mine.push_back({rule, last.time, last.ref, last.fields});
                auto [at, added] = by_group.try_emplace(group);
                Alert& alert = at->second;
                ++alert.windows;
                alert.last = std::max(alert.last, last.time);
                if (!added) return;
                alert.rule = rule;
                alert.group = group;
                alert.first = window.front()->time;
                for (const Mark* mark : window) alert.evidence.push_back(mark->ref);
            });
            found[rule] = std::move(mine);
            if (!all[rule].silent)
                for (auto& [group, alert] : by_group) alerts.push_back(std::move(alert));
        }
    }
    std::ranges::sort(alerts, {}, [](const Alert& alert) { return std::tie(alert.rule, alert.group); });
    return alerts;
}

}  // namespace ascribe::sigma
