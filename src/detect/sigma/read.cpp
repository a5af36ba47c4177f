// YAML to rules. The exceptions of yaml-cpp end here. What a rule may contain is bounded before it is walked,
// because an alias in YAML can name the same node a million times.
#include <fmt/format.h>
#include <yaml-cpp/exceptions.h>

#include <algorithm>

#include "base/result.hpp"
#include "base/text.hpp"
#include "detect/sigma/condition.hpp"
#include "detect/sigma/rule.hpp"
#include "detect/sigma/value.hpp"
#include "detect/sigma/yaml.hpp"

namespace ascribe::sigma {
namespace {

template <class T>
using Expected = std::expected<T, std::string>;

std::string text_of(const Yaml& node) { return node.scalar(); }

std::vector<std::string> texts_of(const Yaml& node) {
    std::vector<std::string> texts;
    if (node.is_scalar()) texts.push_back(node.scalar());
    for (const auto& item : node.items())
        if (item.is_scalar()) texts.push_back(item.scalar());
    return texts;
}

/// The searches of one `detection` or `filter` section, turned into items and nodes.
class Searches {
public:
    Searches(Rule& rule, const Placeholders& placeholders) : rule_(rule), placeholders_(placeholders) {}

    Expected<void> read(const Yaml& section) {
        if (!section.is_map()) return std::unexpected("there is no detection section");
        std::vector<std::string> conditions;
        for (const auto& entry : section.entries()) {
            auto name = text_of(entry.first);
            if (name == "condition")
                conditions = texts_of(entry.second);
            else if (rule_.is_filter && name == "rules")
                rule_.filtered_rules = texts_of(entry.second);
            else if (name != "timeframe")
                names_[name] = TRY(search(name, entry.second));
        }
        if (conditions.empty()) return std::unexpected("there is no condition");
        Node root{.kind = Node::Kind::any};
        for (const std::string& condition : conditions)
            root.children.push_back(TRY(parse_condition(condition, names_, rule_.nodes)));
        add(std::move(root));
        return depth();
    }

private:
    Expected<std::uint32_t> search(const std::string& name, const Yaml& node) {
        if (node.is_map()) return fields(node);
        if (node.is_scalar()) return keywords({node.scalar()});
        if (!node.is_list()) return std::unexpected(fmt::format("search '{}' is neither a map nor a list", name));
        Node any{.kind = Node::Kind::any};
        std::vector<Scalar> words;
        for (const auto& entry : node.items()) {
            if (entry.is_map())
                any.children.push_back(TRY(fields(entry)));
            else if (entry.is_scalar())
                words.push_back(entry.scalar());
            else
                return std::unexpected(fmt::format("search '{}' holds what is neither a map nor a word", name));
        }
        if (!words.empty()) any.children.push_back(TRY(keywords(std::move(words))));
        if (any.children.empty()) return std::unexpected(fmt::format("search '{}' is empty", name));
        return add(std::move(any));
    }

    Expected<std::uint32_t> fields(const Yaml& map) {
        Node all{.kind = Node::Kind::all};
        for (const auto& entry : map.entries()) {
            std::vector<Scalar> values;
            const auto& given = entry.second;
            if (given.is_list()) {
                for (const auto& value : given.items()) {
                    if (!value.is_scalar() && !value.is_null())
                        return std::unexpected(fmt::format("'{}' has a value that is no scalar", text_of(entry.first)));
                    values.push_back(value.is_null() ? Scalar() : Scalar(value.scalar()));
                    if (++count_ > kRuleNodes) return std::unexpected("more values than the limit");
                }
            } else if (given.is_scalar() || given.is_null()) {
                values.push_back(given.is_null() ? Scalar() : Scalar(given.scalar()));
            } else {
                return std::unexpected(fmt::format("'{}' has a map where a value was expected", text_of(entry.first)));
            }
            if (++count_ > kRuleNodes) return std::unexpected("more values than the limit");
            all.children.push_back(item(TRY(make_item(text_of(entry.first), values, placeholders_))));
        }
        if (all.children.empty()) return std::unexpected("an empty map matches everything and is not meant");
        return add(std::move(all));
    }

    Expected<std::uint32_t> keywords(std::vector<Scalar> words) {
        return item(TRY(make_item("", words, placeholders_)));
    }

    std::uint32_t item(Item item) {
        rule_.items.push_back(std::move(item));
        return add({.kind = Node::Kind::item, .item = static_cast<std::uint32_t>(rule_.items.size() - 1)});
    }

    std::uint32_t add(Node node) {
        rule_.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(rule_.nodes.size() - 1);
    }

    /// Children come before parents, so one pass measures.
    Expected<void> depth() const {
        std::vector<std::size_t> depths(rule_.nodes.size());
        for (std::size_t i = 0; i < rule_.nodes.size(); ++i)
            for (auto child : rule_.nodes[i].children) depths[i] = std::max(depths[i], depths[child] + 1);
        if (std::ranges::any_of(depths, [](auto depth) { return depth > kConditionDepth; }))
            return std::unexpected("the condition is nested deeper than the limit");
        return {};
    }

    Rule& rule_;
    const Placeholders& placeholders_;
    std::map<std::string, std::uint32_t> names_;
    std::size_t count_ = 0;
};

/// "5m", "1h", "30s", "7d", "2w": seconds.
std::optional<std::int64_t> seconds_in(std::string_view text) {
    if (text.size() < 2) return {};
    auto number = parse_number(text.substr(0, text.size() - 1));
    static constexpr std::pair<char, std::int64_t> kUnits[] = {
        {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86'400}, {'w', 604'800}, {'M', 2'592'000}, {'y', 31'536'000}};
    for (auto [unit, seconds] : kUnits)
        if (number && text.back() == unit && *number < (1 << 30)) return *number * seconds;
    return {};
}

Expected<Correlation> correlation_of(const Yaml& node) {
    if (!node.is_map()) return std::unexpected("correlation is no map");
    static constexpr std::pair<std::string_view, CorrelationType> kTypes[] = {
        {"event_count", CorrelationType::event_count},
        {"value_count", CorrelationType::value_count},
        {"temporal", CorrelationType::temporal},
        {"temporal_ordered", CorrelationType::temporal_ordered},
        {"value_sum", CorrelationType::value_sum},
        {"value_avg", CorrelationType::value_avg},
        {"value_percentile", CorrelationType::value_percentile},
        {"value_median", CorrelationType::value_median}};
    Correlation out;
    auto type = text_of(node["type"]);
    auto at = std::ranges::find(kTypes, type, [](const auto& each) { return each.first; });
    if (at == std::end(kTypes)) return std::unexpected(fmt::format("there is no correlation type '{}'", type));
    out.type = at->second;
    out.rules = texts_of(node["rules"]);
    if (out.rules.empty()) return std::unexpected("correlation without rules");
    out.group_by = texts_of(node["group-by"]);
    auto span = seconds_in(text_of(node["timespan"]));
    if (!span) return std::unexpected(fmt::format("'{}' is no timespan such as 5m", text_of(node["timespan"])));
    out.timespan_seconds = *span;
    out.generate = lower(text_of(node["generate"])) == "true";
    static constexpr std::pair<std::string_view, Correlation::Bound> kBounds[] = {
        {"lt", {Comparison::less}},           {"lte", {Comparison::less_equal}}, {"gt", {Comparison::greater}},
        {"gte", {Comparison::greater_equal}}, {"eq", {.equal = true}},           {"neq", {.unequal = true}}};
    for (const auto& [key, value] : node["condition"].entries()) {
        auto name = text_of(key);
        if (name == "field") {
            out.fields = texts_of(value);
            continue;
        }
        auto number = value.number();
        if (name == "percentile") {
            if (!number || *number < 0 || *number > 100) return std::unexpected("percentile is not between 0 and 100");
            out.percentile = *number;
            continue;
        }
        auto bound = std::ranges::find(kBounds, name, [](const auto& each) { return each.first; });
        if (bound == std::end(kBounds) || !number)
            return std::unexpected(fmt::format("condition '{}: {}' is not understood", name, text_of(value)));
        out.bounds.push_back(bound->second);
        out.bounds.back().number = *number;
    }
    bool of_values = out.type == CorrelationType::value_count || out.type >= CorrelationType::value_sum;
    if (of_values && out.fields.empty()) return std::unexpected(fmt::format("{} needs a field", type));
    if (out.bounds.empty() && !out.is_temporal()) return std::unexpected(fmt::format("{} needs a condition", type));
    // Of rules in an order, some that are left out would make another order: all or nothing.
    auto all = static_cast<double>(out.rules.size());
    if (out.type == CorrelationType::temporal_ordered && !out.bounds.empty() &&
        !(out.within_bounds(all) && !out.within_bounds(all - 1)))
        return std::unexpected(fmt::format(
            "temporal_ordered wants all of its rules: its condition can only say gte: {}", out.rules.size()));
    for (const auto& [alias, fields] : node["aliases"].entries())
        for (const auto& [rule, field] : fields.entries()) out.aliases[text_of(alias)][text_of(rule)] = text_of(field);
    return out;
}

void describe(const Yaml& document, Rule& rule) {
    rule.id = text_of(document["id"]);
    rule.name = text_of(document["name"]);
    rule.title = text_of(document["title"]);
    rule.status = lower(text_of(document["status"]));
    rule.level = lower(text_of(document["level"]));
    rule.description = text_of(document["description"]);
    rule.author = text_of(document["author"]);
    rule.tags = texts_of(document["tags"]);
    rule.false_positives = texts_of(document["falsepositives"]);
    if (auto source = document["logsource"]; source.is_map())
        rule.source = {lower(text_of(source["product"])), lower(text_of(source["category"])),
                       lower(text_of(source["service"]))};
}

Expected<void> fill(const Yaml& document, Rule& rule, const Placeholders& placeholders) {
    describe(document, rule);
    if (rule.title.empty()) return std::unexpected("a rule needs a title");
    if (!rule.level.empty() && level_rank(rule.level) < 0)
        return std::unexpected(fmt::format("there is no level '{}'", rule.level));
    if (document["correlation"]) {
        rule.correlation = TRY(correlation_of(document["correlation"]));
        return {};
    }
    if (rule.source == LogSource{}) return std::unexpected("there is no logsource");
    rule.is_filter = static_cast<bool>(document["filter"]);
    Searches searches(rule, placeholders);
    TRY(searches.read(document[rule.is_filter ? "filter" : "detection"]));
    if (rule.is_filter && rule.filtered_rules.empty())
        return std::unexpected("a filter needs rules, by name or id, or any");
    return {};
}

}  // namespace

int level_rank(std::string_view level) {
    static constexpr std::string_view kLevels[] = {"informational", "low", "medium", "high", "critical"};
    auto at = std::ranges::find(kLevels, level);
    return at == std::end(kLevels) ? -1 : static_cast<int>(at - std::begin(kLevels));
}

int rank_of(const Rule& rule) { return level_rank(rule.level.empty() ? "medium" : std::string_view(rule.level)); }

std::vector<std::string> Rule::techniques() const {
    std::vector<std::string> out;
    for (const std::string& tag : tags) {
        auto word = lower(tag);
        if (!word.starts_with("attack.t") || word.size() < 9 || word[8] < '0' || word[8] > '9') continue;
        word = word.substr(7);
        word[0] = 'T';
        out.push_back(word);
    }
    return out;
}

RuleFile read_rules(std::string_view yaml, const std::string& file, const Placeholders& placeholders, Cache* cache) {
    RuleFile out;
    auto refuse = [&](std::string title, std::string reason) {
        out.refusals.push_back({file, std::move(title), std::move(reason)});
    };
    if (yaml.size() > kRuleFileLimit) {
        refuse("", "the file is larger than the limit of 1 MiB");
        return out;
    }
    auto documents = yaml_documents(yaml);
    for (std::size_t i = 0; i < documents.size(); ++i) {
        Rule rule;
        rule.file = file;
        auto where = documents.size() > 1 ? fmt::format("document {}: ", i + 1) : std::string();
        try {
            auto document = parse_yaml(documents[i], cache);
            if (document.is_null()) continue;
            if (!document.is_map())
                refuse("", where + "not a Sigma rule: no map of names to values");
            else if (auto filled = fill(document, rule, placeholders); !filled)
                refuse(rule.title, filled.error());
            else
                out.rules.push_back(std::move(rule));
        } catch (const YAML::Exception& error) {
            refuse(rule.title, fmt::format("{}not YAML: {}", where, error.what()));
        } catch (const std::exception& error) {
            refuse(rule.title, fmt::format("{}not readable: {}", where, error.what()));
        }
    }
    return out;
}

}  // namespace ascribe::sigma
