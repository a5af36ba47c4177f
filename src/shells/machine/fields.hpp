// Names under which a page's own forms and links send something back to it. PHP before 5.4 made each a variable
// (register_globals), and scripts of that time rely on it: a variable that nobody sets and a form of the same page
// names is the visitor's. https://www.php.net/manual/en/security.globals.php
#pragma once

#include <string_view>
#include <unordered_set>

namespace ascribe::shells {

/// Fields of `text`: name="x", ?x= and &x= of links, within markup or within strings that are printed. Views into it.
using Fields = std::unordered_set<std::string_view>;
Fields fields_of(std::string_view text);

/// Names that CFML asks its scopes of a visitor for: form.x, url.x, cookie.x, in expressions and in
/// isDefined("form.x").
Fields scoped_fields_of(std::string_view text);

/// Whether a script asks for what a visitor sends by its modern names; then it does not rely on variables.
bool asks_by_name(std::string_view text);

}  // namespace ascribe::shells
