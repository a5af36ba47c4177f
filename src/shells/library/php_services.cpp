// Functions that a script of PHP lets others call from afar: whoever asks says with what.
// https://www.php.net/manual/en/class.soapserver.php, https://www.php.net/manual/en/ref.xmlrpc.php
#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostArguments = 6;

Value sent(Call& call) { return call.machine.source(Origin::body, call.name, call.span); }

void serve(Call& call, const Value& function) {
    call.machine.call_back(function, std::vector<Value>(kMostArguments, sent(call)), call.span);
}

/// setClass("Type"), setObject(object): all of its methods.
bool serve_methods(Call& call) {
    if (call.size() == 0) return false;
    auto object = call.arguments[0];
    if (auto type = object.tainted() ? std::nullopt : call.text(0))
        object = call.machine.create(call.machine.intern(lower(type->substr(0, kLongestName))), {}, call.span);
    call.machine.call_each_method(object, std::vector<Value>(kMostArguments, sent(call)), call.span);
    return call.give(Value());
}

/// addFunction("name"), of several, or of all that PHP has.
bool serve_functions(Call& call) {
    if (call.size() == 0) return false;
    const auto& which = call.arguments[0];
    if (which.kind == Kind::number) call.machine.flow(Capability::code, sent(call), call.name, call.span);
    if (which.kind == Kind::text && !which.tainted()) serve(call, which);
    if (const auto* names = call.list(0))
        for (const auto& name : std::vector<Item>(names->items)) serve(call, behind(name.value));
    return call.give(Value());
}

/// xmlrpc_server_register_method(server, "public name", function): called with the name and what was sent.
bool serve_method(Call& call) {
    if (call.size() > 2) serve(call, call.arguments[2]);
    return false;
}

constexpr Entry kTable[] = {
    {.name = "SoapServer.setClass", .evaluate = serve_methods},
    {.name = "SoapServer.setObject", .evaluate = serve_methods},
    {.name = "SoapServer.addFunction", .evaluate = serve_functions},
    {.name = "xmlrpc_server_register_method", .evaluate = serve_method},
};

}  // namespace

const std::span<const Entry> kPhpServices = kTable;

}  // namespace ascribe::shells
