// Reads what ATT&CK knows: from any enterprise STIX 2.1 bundle, or from the compact table that ships in
// intel/attack.tsv and is made from one by `ascribe intel import`. https://github.com/mitre/cti/blob/master/USAGE.md
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "model/attack.hpp"

namespace ascribe {

/// The error names the place and what is wrong. `origin` is the file's name, for messages and reports.
std::expected<AttackKnowledge, std::string> read_attack_bundle(std::string_view json, const std::string& origin);

/// One fact a line, tab-separated: group, technique, software, report, and under each report what it says of whom.
std::string write_attack_table(const AttackKnowledge& knowledge);
std::expected<AttackKnowledge, std::string> read_attack_table(std::string_view table, const std::string& origin);

/// The table compiled in, or that of the folder given (attack.tsv).
std::expected<AttackKnowledge, std::string> load_attack(const std::string& intel_directory);

}  // namespace ascribe
