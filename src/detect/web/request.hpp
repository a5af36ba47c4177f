// One web request, whoever logged it: IIS (HttpRequest) or Exchange's front end and PowerShell hosts (ExchangeRequest).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "model/record.hpp"

namespace ascribe {

struct Request {
    std::string_view method, stem, query, user, agent;
    std::string_view address;  // the client's, as far as the log knows it
    std::int64_t status = 0;   // 0: not logged
    bool back_end = false;     // logged by the back end (W3SVC2, port 444): the client is the front end itself
    bool from_iis = false;
    std::string_view log;  // Exchange logs: HttpProxy, RpsHttp, ...

    bool is_post() const;
    bool is_get() const;
    /// The server did what was asked: 2xx. 241 is Exchange's own code for "session made".
    bool succeeded() const { return status >= 200 && status < 300; }
    /// Path and query, %xx decoded twice (ProxyShell requests come doubly encoded), lower case, + kept.
    std::string whole() const;
};

/// The requests of a whole batch, for detectors that look at every row: worked out for the first that asks.
std::span<const Request> requests_of(const RecordBatch& batch);
/// For rows of HttpRequest and ExchangeRequest only.
Request request_of(RecordKind kind, const Row& row);

/// One address of an X-Forwarded-For list, without port and spaces.
std::string_view listed_address(std::string_view part);

/// Exchange's monitoring of itself.
bool is_health_probe(const Request& request);
/// An agent of tools that scan, such as zgrab or masscan, or of bare scripts; an empty agent counts.
bool is_scripted_agent(std::string_view agent);

/// "203.0.113.7", or "an unnamed address" where the log has none.
std::string_view address_words(std::string_view address);

}  // namespace ascribe
