// `ascribe rules`: which rules there are, whether they can be used, and what one looks for.
#include "cli/rules.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <thread>

#include "base/text.hpp"
#include "cli/files.hpp"
#include "cli/options.hpp"
#include "detect/sigma/cache.hpp"
#include "detect/sigma/placeholders.hpp"
#include "intel/files.hpp"

namespace ascribe {
namespace {

std::expected<sigma::RuleFile, std::string> load(const std::vector<std::string>& paths,
                                                 const sigma::Placeholders& placeholders, sigma::Cache& cache,
                                                 std::size_t threads) {
    if (!paths.empty()) {
        for (const std::string& path : paths)
            if (!std::ifstream(path))
                return std::unexpected(
                    fmt::format("{}: cannot be opened; give a Sigma rule or a folder of rules", path));
        auto given = sigma::load_rules(paths, placeholders, &cache, threads);
        if (given.rules.empty() && given.refusals.empty())
            return std::unexpected(
                fmt::format("{}: no Sigma rule is there; give .yml or .yaml files of rules, or a "
                            "folder of them",
                            fmt::join(paths, ", ")));
        return given;
    }
    sigma::RuleFile own;
    for (const auto& [name, text] : builtin_intel_files()) {
        if (!name.starts_with("rules/sigma/")) continue;
        auto read = sigma::read_rules(text, name, placeholders);
        std::ranges::move(read.rules, std::back_inserter(own.rules));
        std::ranges::move(read.refusals, std::back_inserter(own.refusals));
    }
    return own;
}

/// As many as there will be workers, which begin when these have ended. Other commands say what is wrong with
/// --workers.
std::size_t threads_of(const Arguments& arguments) {
    constexpr std::size_t kMost = 16;  // rules of SigmaHQ are read in a tenth of a second by two
    auto workers = parse_number(arguments.value("--workers").value_or(""));
    if (workers && *workers > 0) return std::min(static_cast<std::size_t>(*workers), kMost);
    return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 1, kMost);
}

std::vector<std::string> all_values(const Arguments& arguments, std::string_view flag) {
    auto at = arguments.values.find(flag);
    return at == arguments.values.end() ? std::vector<std::string>{} : at->second;
}

std::expected<std::shared_ptr<const sigma::RuleSet>, std::string> compiled(const Arguments& arguments,
                                                                           const std::vector<std::string>& paths) {
    sigma::Placeholders placeholders;
    if (auto path = arguments.value("--placeholders")) {
        auto text = TRY(contents_of(*path));
        placeholders = TRY(sigma::read_placeholders(text, *path));
    }
    auto cache = paths.empty() || arguments.has("--no-cache") ? sigma::Cache() : sigma::Cache::of_rules(paths);
    auto rules = TRY(load(paths, placeholders, cache, threads_of(arguments)));
    sigma::Selection selection;
    selection.statuses = all_values(arguments, "--status");
    if (auto level = arguments.value("--min-level")) selection.least_level = sigma::level_rank(*level);
    if (auto path = arguments.value("--exclude")) {
        auto text = TRY(contents_of(*path));
        for (auto line : split(text, '\n')) {
            auto id = trim(line.substr(0, line.find('#')));
            if (!id.empty()) selection.excluded.emplace_back(id);
        }
    }
    select(rules, selection);
    auto sources = TRY(sigma::builtin_sources());
    for (const std::string& path : all_values(arguments, "--mapping")) {
        auto text = TRY(contents_of(path));
        auto more = TRY(sigma::read_sources(text, path));
        std::ranges::move(more, std::back_inserter(sources));
    }
    auto compiled = sigma::RuleSet::compile(std::move(rules), sources, &cache, threads_of(arguments));
    cache.save();
    return compiled;
}

std::string refusal_text(const sigma::Refusal& refusal) {
    auto title = refusal.title.empty() ? std::string() : visible(refusal.title, 120) + ": ";
    return fmt::format("{}: {}{}", visible(refusal.file), title, visible(refusal.reason, 300));
}

void list(const sigma::RuleSet& rules) {
    for (const sigma::Rule& rule : rules.rules())
        fmt::print("{:<36}  {:<13} {:<12} {}\n", visible(rule.id, 36), rule.level.empty() ? "-" : rule.level,
                   rule.correlation      ? "correlation"
                   : rule.status.empty() ? "-"
                                         : visible(rule.status, 12),
                   visible(rule.title, 120));
}

std::string value_text(const sigma::Value& value) {
    using Kind = sigma::Value::Kind;
    switch (value.kind) {
        case Kind::text: return "'" + visible(value.given, 120) + "'";
        case Kind::regex: return "/" + visible(value.given, 120) + "/";
        case Kind::network:
        case Kind::number: return visible(value.given, 120);
        case Kind::field: return "the field " + visible(value.field, 80);
        case Kind::null: return "nothing";
        case Kind::exists: return value.exists ? "present" : "absent";
    }
    return {};
}

/// The condition as an indented outline, children before what joins them turned round with a stack.
void explain(const sigma::Rule& rule) {
    fmt::print("{}\n  id {}  level {}  status {}\n  {}\n", visible(rule.title), visible(rule.id), visible(rule.level),
               visible(rule.status), visible(rule.file));
    if (!rule.description.empty()) fmt::print("  {}\n", visible(rule.description, 400));
    fmt::print("  log source:");
    for (auto [key, value] : {std::pair("product", &rule.source.product),
                              {"category", &rule.source.category},
                              {"service", &rule.source.service}})
        if (!value->empty()) fmt::print(" {} '{}'", key, visible(*value));
    fmt::print("\n");
    if (rule.correlation) {
        fmt::print("  correlates:");
        for (const auto& name : rule.correlation->rules) fmt::print(" {}", visible(name));
        fmt::print(" within {} s\n\n", rule.correlation->timespan_seconds);
        return;
    }
    std::vector<std::pair<std::uint32_t, std::size_t>> open{{static_cast<std::uint32_t>(rule.nodes.size() - 1), 1}};
    while (!open.empty()) {
        auto [index, depth] = open.back();
        open.pop_back();
        const sigma::Node& node = rule.nodes[index];
        std::string indent(depth * 2, ' ');
        using Kind = sigma::Node::Kind;
        if (node.kind == Kind::item) {
            const sigma::Item& item = rule.items[node.item];
            fmt::print("{}{} {}{} of:\n", indent,
                       item.field.empty() ? "any text of the event" : visible(item.field, 80),
                       item.negated ? "not " : "", item.all ? "all" : "any");
            for (std::size_t i = 0; i < item.values.size() && i < 50; ++i)
                fmt::print("{}    {}\n", indent, value_text(item.values[i]));
            if (item.values.size() > 50) fmt::print("{}    and {} more\n", indent, item.values.size() - 50);
            continue;
        }
        if (node.children.size() > 1 || node.kind == Kind::none)
            fmt::print("{}{}\n", indent,
                       node.kind == Kind::all    ? "all of these"
                       : node.kind == Kind::none ? "none of these"
                       : node.kind == Kind::any  ? "any of these"
                                                 : fmt::format("at least {} of these", node.count));
        for (auto child = node.children.rbegin(); child != node.children.rend(); ++child)
            open.emplace_back(*child, depth + 1);
    }
    fmt::print("\n");
}

/// Those that are asked for, all where none is. An error names what no rule is.
std::expected<void, std::string> explain(const sigma::RuleSet& rules, const std::vector<std::string>& wanted) {
    auto is_wanted = [](const sigma::Rule& rule, const std::string& word) {
        return rule.is_called(word) || rule.file == word;
    };
    for (const std::string& word : wanted) {
        bool known =
            std::ranges::any_of(rules.rules(), [&](const sigma::Rule& rule) { return is_wanted(rule, word); }) ||
            std::ranges::find(rules.refusals(), word, &sigma::Refusal::file) != rules.refusals().end();
        if (!known)
            return std::unexpected(fmt::format(
                "rules explain: no rule is '{}'; give a file, an id or a title, which `ascribe rules list` shows",
                visible(word, 120)));
    }
    for (const sigma::Rule& rule : rules.rules())
        if (wanted.empty() || std::ranges::any_of(wanted, [&](const auto& word) { return is_wanted(rule, word); }))
            explain(rule);
    return {};
}

Exit run(const Arguments& arguments) {
    const auto& action = arguments.positional.front();
    std::vector<std::string> rest(arguments.positional.begin() + 1, arguments.positional.end());
    if (action != "list" && action != "test" && action != "explain")
        return fail(Exit::usage, fmt::format("rules: there is no action '{}'; give list, test or explain", action));
    auto paths = all_values(arguments, "--rules");
    if (action != "explain")
        paths.insert(paths.end(), rest.begin(), rest.end());
    else if (!rest.empty() && std::ifstream(rest.front()))
        paths.push_back(rest.front());
    auto rules = compiled(arguments, paths);
    if (!rules) return fail(Exit::usage, rules.error());
    if (action == "list") list(**rules);
    if (action == "explain")
        if (auto explained = explain(**rules, rest); !explained) return fail(Exit::usage, explained.error());
    for (const sigma::Refusal& refusal : (*rules)->refusals()) fmt::print("refused: {}\n", refusal_text(refusal));
    auto count = (*rules)->rules().size();
    fmt::print("{} rule{}, {} of them for log sources known here, {} refused\n", count, count == 1 ? "" : "s",
               (*rules)->active(), (*rules)->refusals().size());
    return action == "test" && !(*rules)->refusals().empty() ? Exit::findings : Exit::clean;
}

constexpr Option kOptions[] = {
    {"--rules", "", "PATH", "Rules to look at; Ascribe's own unless given"},
    options::kPlaceholders,
    options::kMapping,
    options::kNoCache,
};
constexpr std::string_view kExamples[] = {
    "ascribe rules list",
    "ascribe rules test my-rules/",
    "ascribe rules explain my-rules/proxy_shell.yml",
};

}  // namespace

void tell_refused(const sigma::RuleSet& rules) {
    for (const sigma::Refusal& refusal : rules.refusals())
        fmt::print(stderr, "ascribe: rule refused: {}\n", refusal_text(refusal));
}

std::expected<std::shared_ptr<const sigma::RuleSet>, std::string> rules_of(const Arguments& arguments) {
    return compiled(arguments, all_values(arguments, "--rules"));
}

extern const Command kRules;
const Command kRules{"rules",
                     "Sigma rules: list them, test whether they load, explain what one looks for",
                     "list|test|explain [PATH...] [options]",
                     "test ends with 1 when a rule is refused. explain takes a file, an id or a title.",
                     kOptions,
                     kExamples,
                     1,
                     -1,
                     run,
                     "list test explain"};

}  // namespace ascribe
