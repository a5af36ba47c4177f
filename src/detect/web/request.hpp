// One web request, whoever logged it: IIS (HttpRequest) or Exchange's front end and PowerShell hosts (ExchangeRequest).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "detect/numbers.hpp"
#include "model/finding.hpp"
#include "model/record.hpp"

namespace ascribe {

struct Request {
    std::string_view method, stem, query, user, agent;
    std::string_view address;  // the client's, as far as the log knows it
    std::int64_t status = 0;   // 0: not logged
    bool back_end = false;     // logged by the back end (W3SVC2, port 444): the client is the front end itself
    bool from_iis = false;
    std::string_view log;  // Exchange logs: HttpProxy, RpsHttp, ...
    // The folder asked for is not on this server, or a server that Exchange does not run on refused to look: a probe
    // that scanners send to every address, and no attempt on anything.
    bool astray = false;

    bool is_post() const;
    bool is_get() const;
    /// The server did what was asked: 2xx. 241 is Exchange's own code for "session made".
    bool succeeded() const { return status >= 200 && status < 300; }
    /// Path and query, %xx decoded twice (ProxyShell requests come doubly encoded), lower case, + kept.
    std::string whole() const;
};

/// A request for detectors that look at every row: texts by their numbers.
struct NumberedRequest {
    std::uint32_t stem = 0, user = 0, agent = 0, address = 0, log = 0, referrer = 0;
    std::int32_t status = 0;
    bool back_end = false, post = false, get = false;
    bool probe = false;  // the server's own monitoring

    bool succeeded() const { return status >= 200 && status < 300; }
};

/// The requests of a whole batch, with the dictionaries of their numbers.
struct NumberedRequests {
    std::span<const NumberedRequest> rows;
    const Dictionary &stems, &users, &agents, &addresses, &logs;
};
/// Worked out for the first that asks; valid until another batch is asked for.
NumberedRequests numbered_requests(const RecordBatch& batch);

/// For rows of HttpRequest and ExchangeRequest only.
Request request_of(RecordKind kind, const Row& row);

/// One address of an X-Forwarded-For list, without port and spaces.
std::string_view listed_address(std::string_view part);

/// Exchange's monitoring of itself.
bool is_health_probe(const Request& request);
/// An agent of tools that scan, such as zgrab or masscan, or of bare scripts; an empty agent counts.
bool is_scripted_agent(std::string_view agent);

/// A finding on an astray request: a scan note that says so.
void tell_astray(Finding& finding);
/// "203.0.113.7", or "an unnamed address" where the log has none.
std::string_view address_words(std::string_view address);

}  // namespace ascribe
