// How collections look: the path a file has inside a KAPE folder, a Velociraptor zip or a plain copy, turned back into
// the Windows path it had on the server. A pure function of the name.
#pragma once

#include <string>
#include <string_view>

namespace ascribe {

struct Placed {
    std::string windows_path;  // C:\inetpub\logs\..., "" when the layout does not say
    std::string layout;        // kape, velociraptor, cylr, exchange_log_collector, test_proxylogon, uac, plain
    std::string group;         // folder that separates one server's collection from another's, "" when there is none;
                               // where no layout tells which one it is: all that may be, "/" between them
};

/// `path` is relative to the evidence argument, / or \ separated; members of archives have outer!inner.
Placed place(std::string_view path);

}  // namespace ascribe
