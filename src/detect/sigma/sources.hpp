// Where the records are that a rule's log source speaks of, as data: intel/mappings/*.yml and files of the user's.
#pragma once

#include <expected>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "detect/sigma/rule.hpp"
#include "model/record.hpp"

namespace ascribe::sigma {

/// One place where a log source's records are.
struct Source {
    LogSource source;  // "" matches rules that name none
    RecordKind record = RecordKind::windows_event;
    std::string channel;                        // lower-case; "" any
    std::vector<std::int64_t> ids;              // event ids; empty: any
    std::map<std::string, std::string> fields;  // the rule's name -> the record's; "@..." are columns
    bool scan = false;                          // hits tell of probes, not of attacks that may have worked
};

/// The mapping files' sources. The error names the file and what is wrong.
std::expected<std::vector<Source>, std::string> read_sources(std::string_view yaml, const std::string& file);
/// Those compiled in.
std::expected<std::vector<Source>, std::string> builtin_sources();

/// The sources whose records a rule reads.
std::vector<const Source*> sources_of(const Rule& rule, const std::vector<Source>& sources);

}  // namespace ascribe::sigma
