// What a visitor sends, as frameworks of PHP hand it on. Routes, middlewares and attributes elsewhere may have asked
// who he is: only what is run speaks for itself (kRelayed).
// https://www.php-fig.org/psr/psr-7/, https://laravel.com/docs/requests,
// https://symfony.com/doc/current/introduction/http_fundamentals.html,
// https://developer.wordpress.org/reference/classes/wp_rest_request/,
// https://manual.joomla.org/docs/general-concepts/input/, https://codeigniter.com/userguide3/libraries/input.html,
// https://www.yiiframework.com/doc/guide/2.0/en/runtime-requests
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

/// One value of a request, by its name or all of them.
bool asked(Call& call) {
    auto value = call.machine.source(Origin::request, call.name, call.span);
    value.origins |= kRelayed;
    if (auto name = call.text(0); name && names_login(*name)) value.flags |= flag::login;
    return call.give(std::move(value));
}

/// get("name", "", "raw"): a filter that is named leaves letters and digits, unless it is one of these.
bool filtered(Call& call) {
    auto filter = call.text(2);
    constexpr std::string_view kOpen[] = {"raw", "string", "html", "safe_html", "array", "none", "unknown"};
    bool open = !filter || filter->empty() ||
                std::ranges::any_of(kOpen, [&](auto name) { return equals_folded(name, *filter); });
    return open ? asked(call) : call.give(Value::unknown());
}

/// request() is the request, request("name") one value of it.
bool asked_by_name(Call& call) { return call.size() > 0 && asked(call); }

/// $client->request("GET", address) asks another server.
bool sent(Call& call) {
    if (call.size() == 0) return false;
    auto answer = Value::unknown();
    for (const auto& argument : call.arguments) taint(answer, summary(argument));
    if (answer.tainted()) answer.flags |= flag::checked;
    return call.give(std::move(answer));
}

constexpr Entry kTable[] = {
    // The request itself
    {.name = ".request", .result = Result::cleans, .makes = kRequestType, .evaluate = sent},
    {.name = ".getRequest", .result = Result::cleans, .makes = kRequestType},
    {.name = ".input", .result = Result::cleans, .makes = kRequestType},
    {.name = "request", .result = Result::cleans, .makes = kRequestType, .evaluate = asked_by_name},
    {.name = "Request.query", .result = Result::cleans, .makes = kRequestType, .evaluate = asked_by_name},
    {.name = "Request.post", .result = Result::cleans, .makes = kRequestType, .evaluate = asked_by_name},
    {.name = "Request.cookies", .result = Result::cleans, .makes = kRequestType},
    {.name = "Request.headers", .result = Result::cleans, .makes = kRequestType},
    {.name = "Request.attributes", .result = Result::cleans},  // what routes say
    {.name = "Request.params", .result = Result::cleans},
    {.name = "Request.session", .result = Result::cleans},
    {.name = "Request.files", .result = Result::cleans},
    {.name = "Request.user", .result = Result::cleans},
    {.name = "Request.server", .result = Result::cleans, .makes = kRequestType, .evaluate = asked_by_name},

    // What it holds
    {.name = "Request.get", .evaluate = filtered},
    {.name = "Request.input", .evaluate = asked},
    {.name = "Request.all", .evaluate = asked},
    {.name = "Request.json", .evaluate = asked},
    {.name = "Request.header", .evaluate = asked},
    {.name = "Request.cookie", .evaluate = asked},
    {.name = "Request.getRaw", .evaluate = asked},
    {.name = "Request.getString", .evaluate = asked},
    {.name = "Request.getHtml", .evaluate = asked},
    {.name = "Request.getVar", .evaluate = asked},
    {.name = "Request.getPost", .evaluate = asked},
    {.name = "Request.getQuery", .evaluate = asked},
    {.name = "Request.getParam", .evaluate = asked},
    {.name = "Request.getParams", .evaluate = asked},
    {.name = "Request.getQueryParam", .evaluate = asked},
    {.name = "Request.getBodyParam", .evaluate = asked},
    {.name = "Request.get_post", .evaluate = asked},
    {.name = "Request.getContent", .evaluate = asked},
    {.name = "Request.getRawBody", .evaluate = asked},
    {.name = "Request.getBody", .evaluate = asked},
    {.name = "Request.getHeader", .evaluate = asked},
    {.name = "Request.getHeaderLine", .evaluate = asked},
    {.name = "Request.getCookie", .evaluate = asked},
    {.name = "Request.get_param", .evaluate = asked},
    {.name = "Request.get_params", .evaluate = asked},
    {.name = "Request.get_json_params", .evaluate = asked},
    {.name = "Request.get_body", .evaluate = asked},
    {.name = "Request.get_header", .evaluate = asked},
    {.name = ".getQueryParams", .evaluate = asked},
    {.name = ".getParsedBody", .evaluate = asked},
    {.name = ".getCookieParams", .evaluate = asked},
    {.name = "JRequest.getVar", .evaluate = asked},
    {.name = "JRequest.getString", .evaluate = asked},
    {.name = "Input.get", .evaluate = asked},
    {.name = "Tools.getValue", .evaluate = asked},
    {.name = "input", .evaluate = asked_by_name},
    {.name = "get_query_var", .evaluate = asked},
};

}  // namespace

const std::span<const Entry> kPhpFrameworks = kTable;

std::string_view php_type(std::string_view declared) {
    declared = declared.substr(declared.find_last_of(".\\") + 1);
    constexpr std::string_view kRequests[] = {
        "request",          "serverrequestinterface", "serverrequest", "wp_rest_request",
        "requestinterface", "incomingrequest",        "input",         "jinput"};
    bool request = std::ranges::any_of(kRequests, [&](auto name) { return equals_folded(name, declared); });
    return request ? kRequestType : declared;
}

}  // namespace ascribe::shells
