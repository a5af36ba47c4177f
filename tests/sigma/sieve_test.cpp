// The sieve leaves out only rows of which the matcher says nothing: on rows put together from what rules look for and
// what looks like it, in every column, both say the same.
#include "detect/sigma/sieve.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ascribe::sigma {
namespace {

constexpr std::string_view kRules = R"(
title: literal in an address
id: 00000000-0000-4000-8000-000000000001
logsource: {category: webserver}
detection: {sel: {cs-uri-query|contains: ['.aspx?cmd', '/evil/']}, condition: sel}
level: high
---
title: path alone, method and status
id: 00000000-0000-4000-8000-000000000002
logsource: {category: webserver}
detection: {sel: {cs-uri-stem|endswith: '.ashx', cs-method: POST}, filter: {sc-status: 404}, condition: sel and not filter}
level: high
---
title: no anchor
id: 00000000-0000-4000-8000-000000000003
logsource: {category: proxy}
detection: {sel: {c-useragent: ''}, other: {c-useragent|re: '^.{1,3}$'}, host: {cs-host: null}, condition: (sel or other) and host}
level: low
---
title: keywords
id: 00000000-0000-4000-8000-000000000004
logsource: {category: webserver}
detection: {keywords: ['union select', 'É1', '4711'], condition: keywords}
level: high
---
title: expression
id: 00000000-0000-4000-8000-000000000005
logsource: {category: webserver}
detection: {sel: {cs-uri-query|re: '^/start.*end$'}, condition: sel}
level: high
---
title: named field
id: 00000000-0000-4000-8000-000000000006
logsource: {category: webserver}
detection: {sel: {x-own|contains: 'telling'}, condition: sel}
level: high
---
title: agent with spaces
id: 00000000-0000-4000-8000-000000000007
logsource: {category: proxy}
detection: {sel: {c-useragent|contains: 'bad agent'}, condition: sel}
level: high
---
title: one more
id: 00000000-0000-4000-8000-000000000008
logsource: {category: webserver}
detection: {sel: {cs-referer|startswith: 'https://evil.'}, condition: sel}
level: high
)";

constexpr std::string_view kTexts[] = {
    "",       "/a.aspx",  "cmd=1", "/evil/x",     "/page.ashx",      "/Start/x/", "e=end",   "UNION SELECT",
    "é1",     "\xE9\xFF", "4711",  "bad+agent/1", "Bad Agent",       "abc",       "telling", "https://EVIL.example/",
    "/start", "x\nend",   "/owa/", "q=1",         "Mozilla/5.0+(x)", "union",     "select",  "-",
};

std::string told(std::span<const Hit> hits) {
    std::string text;
    for (const Hit& hit : hits) text += std::to_string(hit.rule) + ' ';
    return text;
}

TEST(Sieve, LeavesOutOnlyRowsThatNoRuleHits) {
    auto rules = RuleSet::compile(read_rules(std::string(kRules), "rules.yml", {}), builtin_sources().value());
    ASSERT_TRUE(rules->refusals().empty()) << rules->refusals().front().reason;
    const Bucket* bucket = rules->bucket(RecordKind::http_request, "", 0);
    ASSERT_NE(bucket, nullptr);
    EXPECT_TRUE(bucket->addresses.has_value()) << "the test is to be about addresses scanned together";
    Matcher matcher(*rules);
    Sieve sieve(*rules);
    std::mt19937 random(20210302);
    auto any = [&] { return kTexts[random() % std::size(kTexts)]; };
    std::size_t left_out = 0, hit = 0;
    for (int round = 0; round < 300; ++round) {
        RecordBatch batch(RecordKind::http_request, {}, {});
        for (int i = 0; i < 60; ++i) {
            auto cells = batch.append(kNoTime, 0, 0);
            for (std::size_t column = 0; column < cells.size(); ++column) {
                if (random() % 3 != 0) continue;
                bool number = record_schemas()[0].columns[column].type == ColumnType::number;
                if (number)
                    cells[column] = std::int64_t{random() % 4 == 0 ? 4711 : 404};
                else if (auto text = any(); !text.empty())
                    cells[column] =
                        column == HttpRequest::method && random() % 2 == 0 ? std::string_view("POST") : text;
            }
            if (random() % 8 == 0) batch.add_field(random() % 2 == 0 ? "x-own" : "other", any());
        }
        matcher.enter(batch);
        auto rows = sieve.rows(batch, matcher);
        std::vector<bool> kept(batch.size());
        std::vector<std::string> chosen(batch.size());
        for (const auto& choice : rows) {
            kept[choice.row] = true;
            auto row = batch[choice.row];
            chosen[choice.row] = told(sieve.match(row, choice, matcher));
        }
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto row = batch[i];
            auto hits = told(matcher.match(row));
            hit += hits.empty() ? 0 : 1;
            left_out += kept[i] ? 0 : 1;
            ASSERT_TRUE(kept[i] || hits.empty()) << "round " << round << " row " << i << " is hit by " << hits;
            if (kept[i]) {
                ASSERT_EQ(chosen[i], hits) << "round " << round << " row " << i;
            }
        }
    }
    EXPECT_GT(left_out, 1000U);
    EXPECT_GT(hit, 1000U);
}

}  // namespace
}  // namespace ascribe::sigma
