#include "detect/sigma/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.hpp"
#include "detect/sigma/value.hpp"

namespace ascribe::sigma {
namespace {

bool within(const Correlation& correlation, double have) {
    return std::ranges::all_of(correlation.bounds, [&](const Correlation::Bound& bound) {
        if (bound.equal) return have == bound.number;
        if (bound.unequal) return have != bound.number;
        switch (bound.comparison) {
            case Comparison::less: return have < bound.number;
            case Comparison::less_equal: return have <= bound.number;
            case Comparison::greater: return have > bound.number;
            case Comparison::greater_equal: return have >= bound.number;
        }
        return false;
    });
}

}  // namespace

Correlator::Correlator(const RuleSet& rules) : rules_(rules) {
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
    auto all = rules_.rules();
    auto at = std::ranges::find_if(all, [&](const Rule& rule) { return rule.is_called(name); });
    return at == all.end() ? UINT32_MAX : static_cast<std::uint32_t>(at - all.begin());
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

bool Correlator::holds(const Correlation& correlation, std::span<const Mark* const> window) const {
    auto called = [&](const Mark& mark, const std::string& name) { return rules_.rules()[mark.rule].is_called(name); };
    switch (correlation.type) {
        case CorrelationType::event_count: return within(correlation, static_cast<double>(window.size()));
        case CorrelationType::temporal_ordered: {
            std::size_t next = 0;
            for (const Mark* mark : window)
                if (next < correlation.rules.size() && called(*mark, correlation.rules[next])) ++next;
            return next == correlation.rules.size();
        }
        case CorrelationType::temporal: {
            std::set<std::uint32_t> seen;
            for (const Mark* mark : window) seen.insert(mark->rule);
            return correlation.bounds.empty() ? seen.size() >= correlation.rules.size()
                                              : within(correlation, static_cast<double>(seen.size()));
        }
        default: break;
    }
    std::set<std::string> different;
    std::vector<double> numbers;
    for (const Mark* mark : window) {
        std::string key;
        bool whole = true;
        for (const std::string& name : correlation.fields) {
            auto* value = field(correlation, *mark, name);
            whole = whole && value != nullptr;
            if (value != nullptr) key += lower(*value) + '\0';
        }
        if (!whole) continue;
        different.insert(std::move(key));
        if (auto* value = field(correlation, *mark, correlation.fields.front()))
            if (auto number = number_in(*value)) numbers.push_back(*number);
    }
    if (correlation.type == CorrelationType::value_count)
        return within(correlation, static_cast<double>(different.size()));
    if (numbers.empty()) return false;
    std::ranges::sort(numbers);
    double sum = 0;
    for (double number : numbers) sum += number;
    auto count = static_cast<double>(numbers.size());
    if (correlation.type == CorrelationType::value_sum) return within(correlation, sum);
    if (correlation.type == CorrelationType::value_avg) return within(correlation, sum / count);
    // The smallest value that so many percent do not exceed.
    double percent = correlation.type == CorrelationType::value_median ? 50 : correlation.percentile;
    auto rank = std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(count * percent / 100)));
    return within(correlation, numbers[rank - 1]);
}

std::vector<Correlator::Window> Correlator::windows(const Correlation& correlation,
                                                    const std::map<std::uint32_t, Found>& found) const {
    std::map<std::vector<std::string>, std::vector<const Mark*>> groups;
    std::set<std::uint32_t> counted;
    for (const std::string& name : correlation.rules) counted.insert(index_of(name));
    for (auto rule : counted) {
        auto at = found.find(rule);
        if (at == found.end()) continue;
        for (const Mark& mark : at->second) {
            std::vector<std::string> key;
            for (const std::string& name : correlation.group_by)
                if (auto* value = field(correlation, mark, name)) key.push_back(*value);
            if (key.size() == correlation.group_by.size()) groups[std::move(key)].push_back(&mark);
        }
    }
    std::vector<Window> out;
    for (auto& [group, marks] : groups) {
        std::ranges::sort(marks, {}, [](const Mark* mark) { return std::tuple(mark->time, mark->ref, mark->rule); });
        auto span = std::chrono::seconds(correlation.timespan_seconds);
        std::size_t end = 0, last_end = 0;
        for (std::size_t begin = 0; begin < marks.size(); ++begin) {
            while (end < marks.size() && marks[end]->time - marks[begin]->time <= span) ++end;
            if (end == last_end) continue;
            last_end = end;
            auto window = std::span(marks).subspan(begin, end - begin);
            if (holds(correlation, window)) out.push_back({group, {window.begin(), window.end()}});
        }
    }
    return out;
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
            for (Window& window : windows(correlation, found)) {
                const Mark& last = *window.marks.back();
                found[rule].push_back({rule, last.time, last.ref, last.fields});
                auto [at, added] = by_group.try_emplace(window.group);
                Alert& alert = at->second;
                ++alert.windows;
                alert.last = std::max(alert.last, last.time);
                if (!added) continue;
                alert.rule = rule;
                alert.group = window.group;
                alert.first = window.marks.front()->time;
                for (const Mark* mark : window.marks) alert.evidence.push_back(mark->ref);
            }
            if (!all[rule].silent)
                for (auto& [group, alert] : by_group) alerts.push_back(std::move(alert));
        }
    }
    std::ranges::sort(alerts, {}, [](const Alert& alert) { return std::tie(alert.rule, alert.group); });
    return alerts;
}

}  // namespace ascribe::sigma
