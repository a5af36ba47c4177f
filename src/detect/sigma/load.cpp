// Rules from files and folders, and the selection among them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "detect/sigma/parallel.hpp"
#include "detect/sigma/relations.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {
namespace {

namespace fs = std::filesystem;

/// At most one byte more than a rule file may have, which says that it has more.
std::string read_file(const fs::path& path) {
    constexpr std::size_t kBlock = 16 << 10;  // most rules are shorter
    std::ifstream file(path, std::ios::binary);
    std::string text;
    while (file && text.size() <= kRuleFileLimit) {
        auto before = text.size();
        text.resize(std::min(before + std::max(kBlock, before), kRuleFileLimit + 1));
        file.read(text.data() + before, static_cast<std::streamsize>(text.size() - before));
        text.resize(before + static_cast<std::size_t>(file.gcount()));
    }
    return text;
}

RuleFile load_rule_file(const std::string& path, const Placeholders& placeholders, Cache* cache) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) return read_rules(read_file(path), path, placeholders, cache);
    RuleFile unreadable;
    unreadable.refusals.push_back({path, "", "cannot be read"});
    return unreadable;
}

/// The rule files below a folder; what it cannot list it says.
void list_folder(const std::string& path, std::set<std::string>& files, std::vector<Refusal>& refusals) {
    std::error_code error;
    for (fs::recursive_directory_iterator at(path, fs::directory_options::skip_permission_denied, error), end;
         !error && at != end; at.increment(error)) {
        auto suffix = at->path().extension();
        if ((suffix == ".yml" || suffix == ".yaml") && at->is_regular_file(error)) files.insert(at->path().string());
    }
    if (error) refusals.push_back({path, "", error.message()});
}

}  // namespace

RuleFile load_rules(const std::vector<std::string>& paths, const Placeholders& placeholders, Cache* cache,
                    std::size_t threads) {
    std::set<std::string> names;
    RuleFile out;
    for (const std::string& path : paths)
        if (std::error_code error; fs::is_directory(path, error))
            list_folder(path, names, out.refusals);
        else
            names.insert(path);
    std::vector<std::string> files(names.begin(), names.end());
    std::vector<RuleFile> read(files.size());
    in_parallel(threads, files.size(), [&](std::size_t i) { read[i] = load_rule_file(files[i], placeholders, cache); });
    for (RuleFile& each : read) {
        std::ranges::move(each.rules, std::back_inserter(out.rules));
        std::ranges::move(each.refusals, std::back_inserter(out.refusals));
    }
    return out;
}

void select(RuleFile& rules, const Selection& selection) {
    auto wanted = [&](const Rule& rule) {
        if (rule.is_filter) return true;
        if (rank_of(rule) < selection.least_level) return false;
        if (!selection.statuses.empty() &&
            std::ranges::find(selection.statuses, rule.status) == selection.statuses.end())
            return false;
        return !rule.is_among(selection.excluded);
    };
    RuleNames names(rules.rules);
    std::vector<bool> kept(rules.rules.size());
    std::vector<std::size_t> open;  // correlations whose rules stay with them
    auto keep = [&](std::size_t rule) {
        if (kept[rule]) return;
        kept[rule] = true;
        if (rules.rules[rule].correlation) open.push_back(rule);
    };
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (wanted(rules.rules[i])) keep(i);
    while (!open.empty()) {
        const Correlation& correlation = *rules.rules[open.back()].correlation;
        open.pop_back();
        for (const std::string& name : correlation.rules)
            if (auto counted = names.find(name)) keep(*counted);
    }
    std::vector<Rule> selected;
    for (std::size_t i = 0; i < kept.size(); ++i)
        if (kept[i]) selected.push_back(std::move(rules.rules[i]));
    rules.rules = std::move(selected);
}

}  // namespace ascribe::sigma
