// `ascribe intel import`: the facts of an ATT&CK bundle as the table that ships in intel/.
#include <fmt/format.h>

#include <algorithm>

#include "base/time.hpp"
#include "cli/attack.hpp"
#include "cli/files.hpp"
#include "cli/options.hpp"
#include "intel/attack.hpp"
#include "intel/names.hpp"

namespace ascribe {
namespace {

/// A galaxy of MISP says what it is near its end, after all its values; a bundle of STIX has no values.
bool is_galaxy(std::string_view text) {
    return text.find("\"values\"") != std::string_view::npos && text.find("\"objects\"") == std::string_view::npos;
}

Exit import_galaxy(const Arguments& arguments, const std::string& text) {
    auto knowledge = attack_of(arguments);
    if (!knowledge) return fail(Exit::usage, knowledge.error());
    std::string producers, date(arguments.value("--dated").value_or(""));
    if (!date.empty() && !parse_time(date))
        return fail(Exit::usage, fmt::format("--dated: '{}' is no date such as 2021-03-02", date));
    if (auto path = arguments.value("--producers")) {
        auto read = contents_of(std::string(*path));
        if (!read) return fail(Exit::usage, read.error());
        producers = std::move(*read);
    }
    auto table = names_of_galaxy(text, producers, *knowledge, date, arguments.positional[1]);
    if (!table) return fail(Exit::usage, table.error());
    fmt::print("{}", *table);
    tell(fmt::format("{} names and sponsors as others state them", std::ranges::count(*table, '\n') - 1));
    return Exit::clean;
}

Exit run(const Arguments& arguments) {
    if (arguments.positional[0] != "import" || arguments.positional.size() != 2)
        return misused("intel", "intel: give 'import' and a bundle");
    auto text = contents_of(arguments.positional[1]);
    if (!text) return fail(Exit::usage, text.error());
    if (is_galaxy(*text)) return import_galaxy(arguments, *text);
    auto knowledge = read_attack_bundle(*text, arguments.positional[1]);
    if (!knowledge) return fail(Exit::usage, knowledge.error());
    if (auto version = arguments.value("--version-told")) knowledge->version = *version;
    if (knowledge->version.empty()) tell("the bundle does not say its version; give it with --version-told");
    fmt::print("{}", write_attack_table(*knowledge));
    tell(fmt::format("{} groups, {} techniques and software, {} accounts of them in {} reports",
                     knowledge->groups.size(), knowledge->items.size(), knowledge->accounts.size(),
                     knowledge->reports.size()));
    return Exit::clean;
}

constexpr Option kOptions[] = {
    {"--version-told", "", "VERSION", "ATT&CK's version, for bundles that do not say it"},
    {"--producers", "", "GALAXY",
     "For a galaxy of actors: MISP's galaxy of producers, which says whose names are whose"},
    {"--dated", "", "DAY", "For a galaxy of actors: when it was published"},
    {"--attack", "", "BUNDLE", "For a galaxy of actors: the ATT&CK whose groups are meant, instead of the built-in"},
    options::kIntel,
};
constexpr std::string_view kExamples[] = {
    "ascribe intel import enterprise-attack.json > intel/attack.tsv",
    "ascribe intel import enterprise-attack-18.1.json > intel/attack.tsv",
    "ascribe intel import threat-actor.json --producers producer.json > names.tsv"};

}  // namespace

extern const Command kIntel;
const Command kIntel{"intel",
                     "Make reference data from what others publish",
                     "import BUNDLE | GALAXY [options]",
                     "import reads an ATT&CK enterprise STIX 2.1 bundle and prints its facts as the table that "
                     "intel/attack.tsv holds: ids, names, dates and which report says that which group used what. Of "
                     "MISP's threat-actor galaxy it prints who calls which group what, as in intel/names.tsv. Put "
                     "the table into a copy of intel/ and give that to --intel.",
                     kOptions,
                     kExamples,
                     1,
                     2,
                     run,
                     "import"};

}  // namespace ascribe
