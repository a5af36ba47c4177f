// The Windows event ids that a rule can be about, so that events of others never meet it.
#pragma once

#include <cstdint>
#include <optional>
#include <set>

#include "detect/sigma/rule.hpp"
#include "detect/sigma/sources.hpp"

namespace ascribe::sigma {

/// Nothing: any.
using EventIds = std::optional<std::set<std::int64_t>>;

/// The ids that the rule's condition can hold for, with the source's names of fields.
EventIds event_ids_of(const Rule& rule, const Source& source);

}  // namespace ascribe::sigma
