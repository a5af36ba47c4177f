// Rules as the user names them.
#pragma once

#include <expected>
#include <memory>
#include <string>

#include "cli/command.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe {

/// The rules of --rules (Ascribe's own without it), selected by --min-level, --status and --exclude, over the log
/// sources compiled in and those of --mapping.
std::expected<std::shared_ptr<const sigma::RuleSet>, std::string> rules_of(const Arguments& arguments);

/// Names on stderr the rules that cannot be used, and why.
void tell_refused(const sigma::RuleSet& rules);

}  // namespace ascribe
