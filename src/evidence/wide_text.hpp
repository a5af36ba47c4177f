// Text logs in UTF-16, as PowerShell's > and Out-File and Notepad write them: a container of the same text in UTF-8,
// so that whoever reads lines of bytes reads these too.
#pragma once

#include "evidence/opener.hpp"

namespace ascribe {

extern const Opener kWideTextOpener;

}  // namespace ascribe
