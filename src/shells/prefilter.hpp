// Which files need reading at all. A shell must stand where a server runs it, so the file holds a mark of a script
// language; it must do something (evaluate, run, call what a value names, touch files, load); and what it does must
// come from somewhere: a visitor, the network, or a constant that hides it. A file without one of the three cannot be
// found by the analyser either: the test "whatever is found passes" holds it to that. One pass of an automaton over the
// bytes.
#pragma once

#include <string_view>

namespace ascribe::shells {

/// False: nothing in it that the analyser could find. Linear time, above a gigabyte a second.
bool may_matter(std::string_view path, std::string_view bytes);

/// Builds the automaton; otherwise the first call does.
void prepare_prefilter();

}  // namespace ascribe::shells
