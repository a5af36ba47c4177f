// Reference data as values: what is known of builds, vulnerabilities, indicators, actors and stock files, each with
// sources.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "model/finding.hpp"

namespace ascribe {

struct KnownBuild {
    Build build;
    std::string product, update, security_update, released, kb, source;  // released: ISO date
};

struct FirstFixed {
    std::string product, update;  // "Exchange Server 2016", "CU18"
    Build build;
    std::string source;
};

struct Vulnerability {
    std::string cve, family, title;
    std::vector<std::string> products;
    std::optional<Time> disclosed, patched,
        first_exploited;  // day precision; first_exploited only when a source gives a date
    std::string first_exploited_text, source;
    std::vector<FirstFixed> fixed_in;
    bool build_decides =
        true;               // false: the fix is (also) a setting, schema or app change: a build alone cannot prove it
    std::string condition;  // what else is needed when build_decides is false
    std::vector<std::string> mitigations;  // names of rewrite rules or EEMS ids that mitigate without a patch
    bool known_exploited = false;

    /// Where the exposure window opens: first known exploitation, else disclosure.
    std::optional<Time> window_opens() const { return first_exploited ? first_exploited : disclosed; }
};

enum class Confidence : std::uint8_t { low, medium, high };

struct Indicator {
    std::string type;  // sha256, ip, domain, filename, filepath, path_regex, user_agent, uri_post, string, ...
    std::string value, actor, context, source, date;
    Confidence confidence = Confidence::low;
};
/// Whose it is, or "no named actor": lists have words of their own for nobody.
std::string_view actor_words(const Indicator& indicator);

struct Actor {
    std::string name, attack_id, vulnerabilities, first_seen, last_seen, shells, tools, infrastructure, basis, source;
    std::vector<std::string> aliases, techniques, software;
};

namespace sigma {
class RuleSet;
}

struct Intel {
    std::string version;  // date of the data, "2026-08-25"
    std::string origin;   // "builtin" or the directory
    Time as_of = kNoTime;
    std::vector<KnownBuild> builds;              // ascending by build
    std::vector<Vulnerability> vulnerabilities;  // by (family first window, cve)
    std::vector<Indicator> indicators;
    std::vector<Actor> actors;
    std::unordered_map<std::string, std::vector<std::size_t>> indicator_index;  // lower-case "type:value" -> indices
    std::unordered_set<std::string> stock_pages;  // lower-case URL-relative names such as owa/auth/logon.aspx
    std::unordered_set<std::string> stock_names;  // lower-case base names of stock server-executable pages
    std::unordered_map<std::string, std::vector<std::string>>
        stock_digests;                            // lower-case base name -> hex SHA-256s of all builds
    std::shared_ptr<const sigma::RuleSet> rules;  // the user's own, for findings; detect knows what they are

    /// The indicator of that type and value (case folded), strongest confidence first; nullptr when unknown.
    const Indicator* find(std::string_view type, std::string_view value) const;
};

/// The analyst's own list (`--known FILE`): what is theirs and must not alarm.
struct Known {
    std::unordered_set<std::string> addresses, pages, findings;  // lower-case; findings: ids accepted
};

}  // namespace ascribe
