// The openers that rest on libarchive.
#pragma once

#include "evidence/opener.hpp"

namespace ascribe {

extern const Opener kArchiveOpener, kCompressedOpener;

/// Loads what archives need from the system, once, before any process is confined: a UTF-8 character table, without
/// which libarchive drops every name that is not ASCII. The process's own locale is not touched.
void prepare_archives();

}  // namespace ascribe
