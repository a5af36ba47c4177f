// What is kept of a rule set: a rule without a level is of medium level, and whatever a kept correlation counts stays,
// through other correlations too.
#include <gtest/gtest.h>

#include <algorithm>

#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {
namespace {

std::string correlation(const std::string& title, const std::string& level, const std::string& of) {
    return "title: " + title + "\nname: " + title + "\nlevel: " + level +
           "\ncorrelation:\n  type: event_count\n  rules: [" + of +
           "]\n  group-by: [User]\n  timespan: 1m\n  condition: {gte: 2}\n---\n";
}

std::string rule(const std::string& title, const std::string& level) {
    return "title: " + title + "\nlogsource: {product: windows, category: process_creation}\n" +
           (level.empty() ? "" : "level: " + level + "\n") +
           "detection:\n  selection: {Image: a}\n  condition: selection\n---\n";
}

std::vector<std::string> titles_of(const std::string& yaml, const Selection& selection) {
    auto rules = read_rules(yaml, "rules.yml", {});
    EXPECT_TRUE(rules.refusals.empty());
    select(rules, selection);
    std::vector<std::string> titles;
    for (const Rule& each : rules.rules) titles.push_back(each.title);
    return titles;
}

using Titles = std::vector<std::string>;

TEST(Select, ARuleWithoutALevelIsOfMediumLevel) {
    auto yaml = rule("low", "low") + rule("none", "") + rule("high", "high");
    EXPECT_EQ(titles_of(yaml, {}), (Titles{"low", "none", "high"}));
    EXPECT_EQ(titles_of(yaml, {.least_level = level_rank("medium")}), (Titles{"none", "high"}));
    EXPECT_EQ(titles_of(yaml, {.least_level = level_rank("high")}), (Titles{"high"}));
}

TEST(Select, WhatAKeptCorrelationCountsStaysThroughOthers) {
    auto yaml = correlation("outer", "high", "inner") + correlation("inner", "low", "counted") +
                rule("counted", "low") + rule("alone", "low");
    EXPECT_EQ(titles_of(yaml, {.least_level = level_rank("high")}), (Titles{"outer", "inner", "counted"}));
    EXPECT_EQ(titles_of(yaml, {.excluded = {"outer", "alone"}}), (Titles{"inner", "counted"}));
}

}  // namespace
}  // namespace ascribe::sigma
