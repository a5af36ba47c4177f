// Case folding as Windows users type it: Latin, Greek, Cyrillic, Armenian and full-width capitals become small letters,
// for Sigma compares without case and accounts are called "AUTORITE NT\Système" and "АДМИНИСТРАТОР". Only letters whose
// two cases are equally long in UTF-8 are folded, so a folded text has the size of the text and can be made in place.
// https://www.unicode.org/Public/UCD/latest/ucd/CaseFolding.txt, the simple foldings (C) of these scripts
#pragma once

#include <string>
#include <string_view>

namespace ascribe::sigma {

/// Writes the folded text to `out`, which has room for as many bytes; may be the text itself.
void fold_to(std::string_view text, char* out);

std::string folded(std::string_view text);

}  // namespace ascribe::sigma
