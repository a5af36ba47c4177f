// PHP's functions that know the script they are called from: constants, variables by name, code, settings.
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

/// dirname(__FILE__) is what __DIR__ is.
bool dirname(Call& call) {
    auto path = call.size() != 1 || call.arguments[0].tainted() ? std::nullopt : call.text(0);
    if (!path) return false;
    auto cut = path->find_last_of('/');
    if (cut == std::string_view::npos) return call.give(Value::constant("."));
    return call.give(std::string(path->substr(0, cut)));
}

bool function_exists(Call& call) {
    auto name = call.text(0);
    if (name && call.machine.function_exists(lower(*name))) return call.give_truth(true);
    return false;
}

bool func_get_args(Call& call) {
    auto list = std::make_shared<List>();
    for (const auto& argument : call.machine.arguments()) list->append(argument);
    return call.give(std::move(list));
}
bool func_get_arg(Call& call) {
    auto number = call.number(0);
    auto all = call.machine.arguments();
    if (!number || *number < 0 || *number >= static_cast<double>(all.size())) return false;
    return call.give(all[static_cast<std::size_t>(*number)]);
}
bool func_num_args(Call& call) { return call.give(static_cast<double>(call.machine.arguments().size())); }

/// Variables are made of what an array holds: of a visitor's, every variable without a value may be his.
bool extract(Call& call) {
    constexpr double kPrefixAll = 3;  // EXTR_PREFIX_ALL
    if (call.size() == 0) return false;
    const auto& from = call.arguments[0];
    if (from.kind == Kind::list) {
        call.machine.charge(from.list().items.size());
        auto prefix = call.number(1) == kPrefixAll ? call.text(2) : std::nullopt;
        for (const auto& item : from.list().items) {
            if (item.key.kind != Kind::text) continue;
            auto name = item.key.view;
            auto made = prefix
                            ? call.machine.intern(std::string(*prefix).append("_").append(name.substr(0, kLongestName)))
                            : call.machine.intern(name);
            call.machine.set_variable(made, item.value);
        }
    }
    auto whole = summary(from);
    if (from.kind != Kind::list && whole.tainted()) {
        call.machine.signal("variables.of_visitor", call.span);
        call.machine.scope().rest = whole;
    }
    return call.give_truth(true);
}

bool import_request_variables(Call& call) {
    call.machine.signal("variables.of_visitor", call.span);
    call.machine.globals().rest = call.machine.source(Origin::request, "import_request_variables", call.span);
    return call.give_truth(true);
}

bool create_function(Call& call) {
    if (call.size() < 2) return false;
    auto parameters = call.arguments[0].tainted() ? std::nullopt : call.text(0);
    auto body = call.arguments[1].tainted() ? std::nullopt : call.text(1);
    if (!parameters || !body) return false;
    auto code = Value::text("return function(" + std::string(*parameters) + "){" + std::string(*body) + "};");
    taint(code, call.arguments[1]);
    code.flags |= static_cast<std::uint16_t>(call.arguments[1].flags & flag::assembled);
    return call.give(call.machine.evaluate(code, Language::php, call.name, call.span));
}

bool assert_call(Call& call) {
    if (call.size() == 0) return false;
    const auto& claim = call.arguments[0];
    if (claim.tainted() && !claim.has(flag::hashed)) {
        call.machine.flow(Capability::code, claim, call.name, call.span);
        return false;
    }
    auto text = claim.kind == Kind::text ? call.text(0) : std::nullopt;
    if (!text) return false;
    auto code = Value::text("return " + std::string(*text) + ";");
    taint(code, claim);
    code.flags |= static_cast<std::uint16_t>(claim.flags & flag::assembled);
    return call.give(call.machine.evaluate(code, Language::php, call.name, call.span));
}

bool getenv_call(Call& call) {
    auto name = call.text(0);
    if (name && (starts_folded(*name, "HTTP_") || *name == "QUERY_STRING"))
        return call.give(call.machine.source(Origin::header, "getenv", call.span));
    return false;
}

bool putenv_call(Call& call) {
    auto text = call.size() > 0 && !call.arguments[0].tainted() ? call.text(0) : std::nullopt;
    bool named = !text && call.size() > 0 && call.arguments[0].type() == kPreload;
    if (named) {  // which library, the visitor says: all of it is his
        auto library = call.arguments[0];
        library.flags &= static_cast<std::uint16_t>(~(flag::part | flag::led));
        if (library.tainted()) call.machine.flow(Capability::loader, library, call.name, call.span);
    }
    if (named || (text && starts_folded(*text, "LD_PRELOAD")))
        call.machine.signal("loader.preload", call.span);
    else if (!text && call.size() > 0 && call.arguments[0].has(flag::part))
        call.machine.signal("putenv.data", call.span);
    return false;
}

/// Where errors are written, as the script has set it.
constexpr std::string_view kErrorLog = "#error_log";
bool ini_set(Call& call) {
    auto name = call.text(0);
    if (!name) return false;
    if (*name == "display_errors" || *name == "log_errors" || *name == "error_log")
        call.machine.signal("errors_off", call.span);
    if (*name == "error_log" && call.size() > 1) call.machine.define(kErrorLog, call.arguments[1]);
    if (*name == "max_execution_time") call.machine.signal("time_limit_off", call.span);
    if (*name == "open_basedir" || *name == "disable_functions" || *name == "safe_mode")
        call.machine.signal("limits_off", call.span);
    if (contains_folded(*name, "callback") && call.size() > 1)
        call.machine.call_back(call.arguments[1], {Value::unknown()}, call.span);
    return call.give_truth(true);
}
bool error_reporting(Call& call) {
    if (call.number(0) == 0.0 && call.size() > 0 && call.arguments[0].kind == Kind::number)
        call.machine.signal("errors_off", call.span);
    return call.give(0.0);
}
bool time_limit(Call& call) {
    if (call.number(0) == 0.0) call.machine.signal("time_limit_off", call.span);
    return call.give_truth(true);
}

/// The function that output passes through is called for what is there, and for what a visitor's data makes of it.
bool ob_start(Call& call) {
    call.machine.keep_output();
    if (call.size() == 0 || call.arguments[0].kind == Kind::nothing) return call.give_truth(true);
    call.machine.call_back(call.arguments[0], {Value::unknown()}, call.span);
    call.machine.buffer_output(call.arguments[0]);
    return call.give_truth(true);
}

/// Filters of PHP by their numbers. https://www.php.net/manual/en/filter.constants.php
constexpr double kCallback = 1024, kFirstValidating = 257, kLastValidating = 277, kSpecialChars = 515,
                 kNumbersOnly = 519, kFullSpecialChars = 522;

/// A filter that is a function: what it makes of `data`. One that validates, or leaves no signs: data that was checked.
bool filtered(Call& call, std::size_t filter, Value data) {
    auto number = call.number(filter);
    if (!number) return false;
    bool validates = *number >= kFirstValidating && *number <= kLastValidating;
    if (validates || *number == kSpecialChars || *number == kNumbersOnly || *number == kFullSpecialChars) {
        if (!data.tainted()) return false;
        data.flags |= flag::checked;
        if (validates) data.flags |= flag::verifies;
        if (validates) data.trail = nullptr;  // pages check one reading of a field for another
        return call.give(std::move(data));
    }
    if (*number != kCallback || call.size() < filter + 2) return false;
    const auto* options = call.list(filter + 1);
    auto callee = options == nullptr ? nullptr : const_cast<List*>(options)->find(Value::constant("options"));
    if (callee == nullptr) return false;
    return call.give(call.machine.call_back(*callee, {std::move(data)}, call.span));
}
bool filter_var(Call& call) { return call.size() > 0 && filtered(call, 1, summary(call.arguments[0])); }
bool filter_input(Call& call) { return filtered(call, 2, call.machine.source(Origin::request, call.name, call.span)); }

/// What handles errors is called for those there are, and with the words that a script gives one of its own.
constexpr std::string_view kErrorHandler = "#error_handler";
bool set_error_handler(Call& call) {
    if (call.size() == 0) return false;
    call.machine.define(kErrorHandler, call.arguments[0]);
    call.machine.call_back(call.arguments[0], {Value::unknown()}, call.span);
    return call.give(Value::unknown());
}
bool trigger_error(Call& call) {
    const auto* handler = call.machine.defined(kErrorHandler);
    if (handler == nullptr || call.size() == 0) return false;
    auto callee = *handler;
    call.machine.call_back(callee, {Value::unknown(), call.arguments[0]}, call.span);
    return call.give_truth(true);
}

/// error_log(words, 3, file) writes to a file of any name; so does error_log(words) where a script was set as the log.
bool error_log(Call& call) {
    const auto* log = call.size() == 1 ? call.machine.defined(kErrorLog) : nullptr;
    bool named = call.number(1) == 3.0 && call.size() > 2;
    bool set = log != nullptr && log->kind == Kind::text && ends_as_script(log->view);
    if (!named && !set) return false;
    auto words = summary(call.arguments[0]), path = named ? summary(call.arguments[2]) : *log;
    call.machine.written(call.arguments[0], call.name, call.span);
    bool script = path.kind == Kind::text && ends_as_script(path.view);
    if (!path.tainted() && !script && words.has(flag::part)) words.flags |= flag::checked;  // a line of the site's log
    call.machine.flow(Capability::file_write, words.tainted() ? words : path, call.name, call.span);
    if (path.kind == Kind::text && !path.tainted() && ends_as_script(path.view)) {
        call.machine.signal("write.script_name", call.span);
        if (words.tainted()) call.machine.flow(Capability::dropper, words, call.name, call.span);
    }
    return call.give_truth(true);
}

bool phpcredits(Call& call) { return call.give_truth(true); }

bool same(Call& call) {
    if (call.size() == 0) return false;
    return call.give(call.arguments[0]);
}

bool mail_call(Call& call) {
    auto is_sent = [&](const Value& to) {  // an address that was checked is that of a form's sender
        bool visitors = to.tainted() && strongest(to.origins) <= Origin::upload;
        return visitors && !to.has(flag::checked) && !call.machine.verified(to);
    };
    if (call.size() > 0 && is_sent(summary(call.arguments[0]))) call.machine.signal("mail.recipient", call.span);
    for (std::size_t i = 1; i < call.size(); ++i)
        if (summary(call.arguments[i]).has(flag::login)) call.machine.signal("mail.login", call.span);
    if (call.size() > 4 && summary(call.arguments[4]).tainted())
        call.machine.flow(Capability::command, summary(call.arguments[4]), call.name, call.span);
    return false;
}

bool instance_of(Call& call) {
    static_cast<void>(call);
    return false;
}

constexpr Entry kTable[] = {
    {.name = "dirname", .evaluate = dirname},
    {.name = "function_exists", .result = Result::cleans, .evaluate = function_exists},
    {.name = "is_callable", .result = Result::cleans},
    {.name = "class_exists", .result = Result::verifies},
    {.name = "method_exists", .result = Result::verifies},
    {.name = "is_subclass_of", .result = Result::verifies},
    {.name = "#instanceof", .result = Result::cleans, .evaluate = instance_of},
    {.name = "#throw", .evaluate = same, .glances = true},
    {.name = "clone", .evaluate = same, .glances = true},
    {.name = "func_get_args", .evaluate = func_get_args},
    {.name = "func_get_arg", .evaluate = func_get_arg},
    {.name = "func_num_args", .result = Result::cleans, .evaluate = func_num_args},
    {.name = "extract", .evaluate = extract},
    {.name = "import_request_variables", .evaluate = import_request_variables},
    {.name = "strval", .evaluate = same, .glances = true},
    {.name = "serialize"},
    {.name = "filter_var", .evaluate = filter_var},
    {.name = "filter_input", .result = Result::source, .origin = Origin::request, .evaluate = filter_input},
    {.name = "set_error_handler", .evaluate = set_error_handler},
    {.name = "trigger_error", .evaluate = trigger_error},
    {.name = "user_error", .evaluate = trigger_error},
    {.name = "error_log", .evaluate = error_log},

    // Code
    {.name = "eval", .sink = Capability::code, .takes = kFirst, .code = Language::php},
    {.name = "assert", .evaluate = assert_call},
    {.name = "create_function",
     .sink = Capability::code,
     .takes = kFirst | kSecond,
     .code = Language::none,
     .evaluate = create_function},
    {.name = "ob_start", .evaluate = ob_start},
    {.name = "ini_set", .evaluate = ini_set},
    {.name = "ini_alter", .evaluate = ini_set},
    {.name = "error_reporting", .evaluate = error_reporting},
    {.name = "set_time_limit", .evaluate = time_limit},
    {.name = "putenv", .evaluate = putenv_call},
    {.name = "getenv", .result = Result::cleans, .evaluate = getenv_call},
    {.name = "phpcredits", .evaluate = phpcredits},
    {.name = "mail", .sink = Capability::mail, .takes = kEvery, .evaluate = mail_call},
};

}  // namespace

const std::span<const Entry> kPhpScript = kTable;

}  // namespace ascribe::shells
