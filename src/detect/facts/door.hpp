// Which door a request, a page or a compiled trace belongs to: the web application of Exchange that answers it. A log
// or a listing of one door says nothing of what came through another.
#pragma once

#include <string_view>

#include "model/finding.hpp"

namespace ascribe {

/// The door of an HttpProxy row: its Protocol column, or the first folder of the URL where an export left that out.
Door door_of_request(std::string_view protocol, std::string_view stem);
/// Whether the URL is below a folder that Exchange's own applications answer at: /owa, /mapi,
/// /Microsoft-Server-ActiveSync and the like.
bool is_exchange_application(std::string_view stem);
/// The door of a file in a listing, when it lies in a folder from which anyone may fetch a page without signing in:
/// FrontEnd\HttpProxy\owa\auth, FrontEnd\HttpProxy\ecp\auth, inetpub\wwwroot. Door::other anywhere else.
Door door_of_page(std::string_view path);
/// The door of a trace below Temporary ASP.NET Files: the application's folder is named after it, `root` for the site.
Door door_of_compiled(std::string_view path);

}  // namespace ascribe
