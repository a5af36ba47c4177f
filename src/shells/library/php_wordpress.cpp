// What WordPress does for a script that it loads: hooks, accounts, log-ins.
// https://developer.wordpress.org/reference/functions/
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

bool is_visitors(const Value& value) { return value.tainted() && strongest(value.origins) < Origin::session; }
bool is_held(const Value& value) { return value.kind == Kind::text && !value.tainted(); }

/// The value of a list under a name that is constant.
Value part_of(const List* list, std::string_view key) {
    const auto* found = list == nullptr ? nullptr : const_cast<List*>(list)->find(Value::constant(key));
    return found == nullptr ? Value::unknown() : behind(*found);
}

/// add_action(hook, callback): where a visitor says which function that is, he says what is run.
bool hooked(Call& call) {
    for (const auto& argument : call.arguments) call.machine.hand_over(argument);
    if (call.size() < 2) return false;
    auto called = summary(call.arguments[1]);
    if (is_visitors(called) && !called.has(flag::hashed | flag::checked))
        call.machine.flow(Capability::code, called, call.name, call.span);
    return false;
}

/// An account made under a name that the script holds or a visitor gives in the address.
bool create_account(Call& call) {
    if (call.size() == 0) return false;
    const auto* given = call.list(0);
    auto part = [&](std::string_view key, std::size_t i) {
        if (given != nullptr) return part_of(given, key);
        return i < call.size() ? call.arguments[i] : Value::unknown();
    };
    auto name = part("user_login", 0), password = part("user_pass", 1), role = part("role", 99);
    if (is_held(name) && is_held(password)) call.machine.signal("account.of_constants", call.span);
    if (is_visitors(name) && password.tainted()) call.machine.signal("account.of_visitor", call.span);
    if (role.kind == Kind::text && role.view == "administrator")
        call.machine.signal("account.administrator", call.span);
    return false;
}
bool set_role(Call& call) {
    if (call.text(0) == "administrator") call.machine.signal("account.administrator", call.span);
    return false;
}

/// $wpdb->insert(table, [...]): an account as a row of its table.
bool insert_row(Call& call) {
    const auto* row = call.list(1);
    if (is_held(part_of(row, "user_login")) && is_held(part_of(row, "user_pass")))
        call.machine.signal("account.of_constants", call.span);
    return false;
}

/// update_user_meta(who, "wp_capabilities", ["administrator" => true])
bool set_capabilities(Call& call) {
    auto name = call.text(1);
    bool known = name && name->ends_with("capabilities") && call.list(2) != nullptr;
    if (known && part_of(call.list(2), "administrator").kind != Kind::unknown)
        call.machine.signal("account.administrator", call.span);
    return false;
}

/// A user that is looked up by a number of the script's own is as constant as the number.
bool user_by_number(Call& call) {
    bool constant = call.size() > 0 && call.arguments[0].kind == Kind::number && !call.arguments[0].tainted();
    return constant && call.give(Value::of_type(kComputed));
}

/// wp_set_auth_cookie(who): a script logs its visitor in without asking him anything, as a user that it or he names.
bool log_in(Call& call) {
    if (call.size() == 0 || call.machine.guarded()) return false;
    auto who = summary(call.arguments[0]);
    bool held = !who.tainted() && (who.kind == Kind::number || who.kind == Kind::text || who.type() == kComputed);
    if (held || (is_visitors(who) && !who.has(flag::checked))) call.machine.signal("account.assumed", call.span);
    return false;
}

/// wp_remote_get(address): another server's answer.
bool fetched(Call& call) {
    auto answer = call.machine.source(Origin::network, call.name, call.span);
    answer.origins |= kRelayed;
    return call.give(std::move(answer));
}

constexpr Entry kTable[] = {
    {.name = "add_action", .result = Result::cleans, .evaluate = hooked},
    {.name = "add_filter", .result = Result::cleans, .evaluate = hooked},
    {.name = "add_shortcode", .result = Result::cleans, .evaluate = hooked},
    {.name = "wp_create_user", .evaluate = create_account},
    {.name = "wp_insert_user", .evaluate = create_account},
    {.name = ".set_role", .evaluate = set_role},
    {.name = ".add_role", .evaluate = set_role},
    {.name = ".insert", .evaluate = insert_row},
    {.name = "update_user_meta", .evaluate = set_capabilities},
    {.name = "add_user_meta", .evaluate = set_capabilities},
    {.name = "get_userdata", .evaluate = user_by_number},
    {.name = "get_user_by"},
    {.name = "get_users"},
    {.name = "wp_remote_get", .evaluate = fetched},
    {.name = "wp_remote_post", .evaluate = fetched},
    {.name = "wp_remote_retrieve_body"},
    {.name = "wp_set_auth_cookie", .result = Result::cleans, .evaluate = log_in},
};

}  // namespace

const std::span<const Entry> kPhpWordpress = kTable;

}  // namespace ascribe::shells
