// `ascribe intel import`: the facts of an ATT&CK bundle as the table that ships in intel/.
#include <fmt/format.h>

#include "cli/attack.hpp"
#include "intel/attack.hpp"

namespace ascribe {
namespace {

Exit run(const Arguments& arguments) {
    if (arguments.positional[0] != "import" || arguments.positional.size() != 2)
        return fail(Exit::usage, "intel: give 'import' and a bundle\nTry 'ascribe intel --help'.");
    auto text = contents_of(arguments.positional[1]);
    if (!text) return fail(Exit::usage, text.error());
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

constexpr Option kOptions[] = {{"--version-told", "", "VERSION", "ATT&CK's version, for bundles that do not say it"}};
constexpr std::string_view kExamples[] = {"ascribe intel import enterprise-attack.json > intel/attack.tsv",
                                          "ascribe intel import enterprise-attack-18.1.json > intel/attack.tsv"};

}  // namespace

extern const Command kIntel;
const Command kIntel{"intel",
                     "Make reference data from what others publish",
                     "import BUNDLE",
                     "import reads an ATT&CK enterprise STIX 2.1 bundle and prints its facts as the table that "
                     "intel/attack.tsv holds: ids, names, dates and which report says that which group used what. Put "
                     "it into a copy of intel/ and give that to --intel.",
                     kOptions,
                     kExamples,
                     1,
                     2,
                     run};

}  // namespace ascribe
