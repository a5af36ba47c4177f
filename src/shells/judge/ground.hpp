// What a verdict may stand on: flows and signals, never how a text looks.
#pragma once

#include "shells/analysis.hpp"

namespace ascribe::shells {

/// Whether something was seen that intruders' scripts do and hardly any other: what else the model knows may raise
/// suspicion, never more. Queries with a visitor's values in them are everybody's; queries that a visitor sends whole
/// are not.
bool is_grounded(const Analysis& analysis);

/// Whether that is enough where nothing settles it and only the score says so. Short scripts all score high, whoever
/// wrote them: what was checked, stands behind a log-in or fetches what its author names is no ground then.
bool is_grounded_alone(const Analysis& analysis);

/// Whether what the model calls a shell is called so: something was seen that shells do, and more of it where nothing
/// settles it (`decisive`).
bool is_shown(const Analysis& analysis, bool decisive);

}  // namespace ascribe::shells
