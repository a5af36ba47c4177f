// The only way out for hostile text: every writer passes evidence through here (terminals through base/text's
// visible()).
#pragma once

#include <string>
#include <string_view>

namespace ascribe {

/// Text for HTML content and quoted attributes: visible() first, then & < > " '.
std::string escape_html(std::string_view text);
/// Text for Markdown paragraphs and table cells: visible() first, then every character that Markdown or HTML could
/// read.
std::string escape_markdown(std::string_view text);
/// One CSV cell, quoted; a cell that a spreadsheet would take for a formula gets a ' in front.
std::string escape_csv(std::string_view text);
/// Valid UTF-8 whatever the input: each byte that is not becomes U+FFFD. Nothing else changes (JSON escapes the rest).
std::string valid_utf8(std::string_view text);

}  // namespace ascribe
