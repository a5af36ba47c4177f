// From what a script does to what it is: features, the model's probability, and one of four words with its reasons.
#pragma once

#include <string_view>

#include "shells/analysis.hpp"

namespace ascribe::shells {

/// Fills verdict, probability and reasons from everything else. `path`: where the file lay on the server, "" when
/// unknown. `explains`: with the reasons of what is benign, too.
void judge(Analysis& analysis, std::string_view path, bool explains);

/// A program that is compiled, a document, settings or a listing: no server runs what lies under such a name.
bool is_no_page(std::string_view path);

}  // namespace ascribe::shells
