// Paths of files, as every language puts them together and takes them apart.
#pragma once

#include "shells/machine/call.hpp"

namespace ascribe::shells {

/// basename(x): one file of a folder, and no other folder.
bool base_name(Call& call);

/// A folder and the names below it, or a whole path: Path.Combine(a, b), os.path.join(a, b), new File(a, b). What is
/// not known of it has the type that the entry says.
bool joined_path(Call& call);

/// The same where the folder is the object: folder.resolve(name).
bool path_below(Call& call);

}  // namespace ascribe::shells
