// Knowledge small enough to reason about, and the built-in.
#pragma once

#include <gtest/gtest.h>

#include "attribute/attribute.hpp"
#include "attribute/threads.hpp"
#include "intel/attack.hpp"
#include "intel/load.hpp"

namespace ascribe::test {

inline const AttributionModel& model() {
    static const AttributionModel loaded = load_attribution("").value();
    return loaded;
}
inline const View& view() {
    static const View whole(model().knowledge);
    return whole;
}
inline const Intel& intel() {
    static const Intel data = builtin_intel();
    return data;
}

inline Attribution answer(const std::vector<std::string>& ids, std::optional<Day> day = {}) {
    return attribute(view(), observe(model().knowledge, "t", ids, day), model().weights);
}
inline const std::string& leader(const Attribution& answer) {
    return model().knowledge.groups[answer.hypotheses.front().group].id;
}
inline double chance_of(const Attribution& answer, std::string_view id) {
    auto group = model().knowledge.group(id).value();
    for (const Hypothesis& each : answer.hypotheses)
        if (each.group == group) return each.probability;
    return -1;
}

}  // namespace ascribe::test
