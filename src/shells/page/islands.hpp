// Where the code is in a page: ASP, ASP.NET, Razor, JSP and whole-file scripts, also inside images, archives and dumps
// of settings, since the servers look for their marks and for nothing else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "shells/language.hpp"
#include "shells/program.hpp"

namespace ascribe::shells {

// Signs in a unit's text that stand for the marks of the page. A script cannot hold them itself: they are blanked.
inline constexpr char kEchoMark = '\x01';  // what follows, up to kEndMark, goes to the visitor
inline constexpr char kEndMark = '\x02';   // an island ends: a statement ends at the latest here

/// All code of one language in a page, since control flow crosses islands: `<% if (x) { %> text <% } %>`.
struct Unit {
    Language language = Language::none;
    /// As long as the page's text, blanks where there is no code, so that offsets agree; unless `how` is not "".
    std::string text;
    std::string
        how;  // what had to be undone first: "script encoder", "unicode escapes", "XML text"; then a layer of its own
    Span where;  // from the first island to the last, in the page's text
};

struct Page {
    Platform platform = Platform::unknown;
    std::vector<Unit> units;    // in the order in which they run; PHP, CFML, Perl and Python: the whole text
    std::vector<Span> islands;  // of all units, in the order of the file
};

/// `text` is decoded (decode.hpp); `path` only decides where the content does not. Linear in the text.
Page read_page(std::string_view text, std::string_view path);

/// The platform that runs a text of that name.
Platform platform_of(std::string_view text, std::string_view path);

/// The platform that a file name promises; unknown when it promises none.
Platform platform_of_name(std::string_view path);

}  // namespace ascribe::shells
