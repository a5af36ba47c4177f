// Which requests call for a page whose behaviour can be told: by the name alone, on any web server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "model/intel.hpp"

namespace ascribe::behaviour {

enum class PageKind : std::uint8_t {
    none,    // routes without a file name, and pages that Exchange ships
    script,  // a name that servers run: .aspx, .php, .jsp, .cgi
    still,   // a name that servers send as it is: .css, .png; nobody posts to those
};

struct PageName {
    PageKind kind = PageKind::none;
    std::string path;       // as normal_path(), without path information and ;parameters; "" when kind is none
    bool informed = false;  // path information stood behind it: page.php/what/is/asked
};

PageName page_name(std::string_view stem, const Intel& intel);

/// A folder that holds what is fetched or uploaded, not pages: images, css, uploads, aspnet_client ...
bool is_data_folder(std::string_view path);
/// "/a/b/" of "/a/b/c.php".
std::string_view folder_of(std::string_view path);

}  // namespace ascribe::behaviour
