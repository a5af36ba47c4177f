// What the analyst declared their own. An accepted finding and a custom page become scan notes: still listed, never
// counted. An own address (scanner, load balancer) excuses attempts only: behind a load balancer everybody has its
// address, so a success from there stays a success until it is accepted by id.
#include "correlate/known.hpp"

#include "base/text.hpp"

namespace ascribe {
namespace {

/// "C:\inetpub\x.aspx" and "/x.aspx" in one notation.
std::string slashed(std::string_view path) {
    auto text = lower(path);
    for (char& c : text)
        if (c == '\\') c = '/';
    return text;
}

/// Whether the page, or a whole-component end of its path, is in the list.
bool is_known_page(std::string_view page, const std::unordered_set<std::string>& pages) {
    if (page.empty() || pages.empty()) return false;
    auto path = slashed(page);
    for (std::size_t at = 0; at != std::string::npos; at = path.find('/', at + 1)) {
        auto end = path.substr(at);
        if (pages.contains(end) || (end.starts_with('/') && pages.contains(end.substr(1)))) return true;
    }
    return false;
}

bool is_own(const Finding& finding, const Known& known) {
    if (known.findings.contains(finding.id)) return true;
    // A page named by a known chain is no custom page, whatever its name.
    if (finding.cves.empty() && is_known_page(finding.page, known.pages)) return true;
    return finding.level == Level::attempt && known.addresses.contains(lower(finding.address));
}

}  // namespace

void accept_known(std::vector<Finding>& findings, const Known& known) {
    for (Finding& finding : findings) {
        if (!is_own(finding, known)) continue;
        finding.level = Level::scan;
        finding.severity = Severity::note;
    }
}

}  // namespace ascribe
