// A web hook: each finding as the JSON body of a POST. Only an answer of 2xx is a delivery; until then the finding is
// posted again, so a receiver sees it at least once and drops repeats by its id, which is in the body and in the
// Idempotency-Key header. libcurl speaks HTTP, TLS and proxies.
// https://curl.se/libcurl/c/ https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

#include "base/text.hpp"
#include "notify/outlet.hpp"

namespace ascribe {
namespace {

constexpr long kConnectSeconds = 5, kAnswerSeconds = 15;  // a receiver that needs longer is asked again
constexpr std::size_t kUrl = 200;                         // bytes of a URL in a sentence

struct Free {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, Free>;
using List = std::unique_ptr<curl_slist, Free>;

std::size_t drop(char*, std::size_t size, std::size_t count, void*) { return size * count; }

/// The URL without what may be a secret in it: user, password and query.
std::string shown(std::string_view url) {
    auto scheme = url.find("://");
    auto start = scheme == std::string_view::npos ? 0 : scheme + 3;
    auto host = url.substr(start, url.find_first_of("/?#", start) - start);
    if (auto at = host.rfind('@'); at != std::string_view::npos) host.remove_prefix(at + 1);
    return visible(fmt::format("{}{}", url.substr(0, start), host), kUrl);
}

List headers_of(const Destination& destination, const Message& message) {
    curl_slist* list = nullptr;
    auto add = [&list](const std::string& line) {
        if (auto* longer = curl_slist_append(list, line.c_str())) list = longer;
    };
    add("Content-Type: application/json");
    add("User-Agent: ascribe");
    add("Expect:");  // bodies are small: no question before them
    add(fmt::format("Idempotency-Key: {}-{}", message.id, message.level));
    for (auto line : split(destination.headers, '\n'))
        if (!trim(line).empty()) add(std::string(trim(line)));
    return List(list);
}

/// "" when the receiver took the message.
std::string post(CURL* handle, const Destination& destination, const Message& message) {
    auto headers = headers_of(destination, message);
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDS, message.line.c_str());
    curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(message.line.size()));
    if (auto fault = curl_easy_perform(handle); fault != CURLE_OK)
        return fmt::format("{}: {}", shown(destination.target), curl_easy_strerror(fault));
    long status = 0;
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
    if (status >= 200 && status < 300) return {};
    return fmt::format("{}: answered {}", shown(destination.target), status);
}

std::string refuse(const Destination& destination) {
    if (starts_folded(destination.target, "https://") || starts_folded(destination.target, "http://")) return {};
    return fmt::format("--webhook needs a URL that begins with https:// or http://, not '{}'",
                       visible(destination.target, kUrl));
}

std::expected<Deliver, std::string> open_hook(const Destination& destination) {
    static const bool ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
    std::shared_ptr<CURL> handle(ready ? curl_easy_init() : nullptr, Free());
    if (!handle) return std::unexpected("libcurl cannot be started");
    curl_easy_setopt(handle.get(), CURLOPT_URL, destination.target.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle.get(), CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT, kAnswerSeconds);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, drop);  // what the receiver says is of no interest
    return [handle, destination](std::span<const Message> messages) -> Delivery {
        for (std::size_t i = 0; i < messages.size(); ++i)
            if (auto fault = post(handle.get(), destination, messages[i]); !fault.empty()) return {i, fault};
        return {messages.size(), {}};
    };
}

}  // namespace

extern const Outlet kWebhookOutlet;
const Outlet kWebhookOutlet{"webhook", "a POST of JSON for each finding, at least once", refuse, open_hook};

}  // namespace ascribe
