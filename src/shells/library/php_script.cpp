// PHP's functions that know the script they are called from: constants, variables by name, code, files of its own.
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/texts.hpp"

namespace ascribe::shells {

bool ends_as_script(std::string_view path) {
    for (std::string_view end : {".php", ".php3", ".php4", ".php5", ".php7", ".phtml", ".phar", ".inc", ".asp", ".aspx",
                                 ".jsp", ".jspx", ".ashx", ".cfm", ".htaccess", ".user.ini", ".pht"})
        if (ends_folded(path, end)) return true;
    return false;
}

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

constexpr std::string_view kWrapper = "#wrapper ";  // before a scheme: the constant that names its type

/// stream_wrapper_register("scheme", "Type")
bool register_wrapper(Call& call) {
    auto scheme = call.text(0), type = call.text(1);
    if (!scheme || !type || scheme->size() > kLongestName || type->size() > kLongestName) return false;
    call.machine.define(std::string(kWrapper).append(lower(*scheme)), Value::text(lower(*type)));
    return call.give_truth(true);
}

/// What a stream of the script's own gives; nothing where the path names none.
/// https://www.php.net/manual/en/class.streamwrapper.php
std::optional<Value> from_wrapper(Call& call, std::size_t i) {
    constexpr double kRead = 8192;
    auto path = call.arguments[i];
    auto text = path.kind == Kind::text ? path.view : std::string_view{};
    auto end = text.substr(0, kLongestName).find("://");
    if (end == std::string_view::npos) return std::nullopt;
    auto known = call.machine.defined(std::string(kWrapper).append(lower(text.substr(0, end))));
    if (known == nullptr || !call.machine.type_exists(known->view)) return std::nullopt;
    auto stream = call.machine.create(known->view, {}, call.span);
    auto method = [&](std::string_view name) {
        auto pair = std::make_shared<List>();
        pair->append(stream);
        pair->append(Value::constant(name));
        return Value::of_list(std::move(pair));
    };
    call.machine.call_back(method("stream_open"), {path, Value::constant("rb"), Value::of_number(0), {}}, call.span);
    auto content = call.machine.call_back(method("stream_read"), {Value::of_number(kRead)}, call.span);
    if (content.kind == Kind::text) content.flags |= flag::assembled;
    return content;
}

/// Opens what a path names: its content comes from there. `path`: the argument that names it.
Value content_of(Call& call, std::size_t i) {
    if (i >= call.size()) return Value::unknown();
    const auto& path = call.arguments[i];
    auto text = path.tainted() || path.kind != Kind::text ? std::nullopt : call.text(i);
    if (text) {
        if (auto content = from_wrapper(call, i)) return *std::move(content);
        if (starts_folded(*text, "php://input")) return call.machine.source(Origin::body, "php://input", call.span);
        if (starts_folded(*text, "php://filter") && contains_folded(*text, "resource=php://input"))
            return call.machine.source(Origin::body, "php://input", call.span);
        if (starts_folded(*text, "data:")) {
            auto comma = text->find(',');
            if (comma != std::string_view::npos) {
                auto body = text->substr(comma + 1);
                bool base64 = contains_folded(text->substr(0, comma), "base64");
                auto value = Value::text(base64 ? from_base64(body).value_or("") : from_percent(body, true));
                value.flags |= flag::decoded;
                return value;
            }
        }
        if (*text == kOwnFile) return Value::text(std::string(call.machine.own_text()));
        for (std::string_view scheme : {"http://", "https://", "ftp://", "//"})
            if (starts_folded(*text, scheme)) return call.machine.source(Origin::network, call.name, call.span);
        if (starts_folded(*text, "php://") || starts_folded(*text, "/dev/")) return Value::unknown();
    }
    if (path.type() == kRemoteAddress && path.has(flag::led))
        return call.machine.source(Origin::network, call.name, call.span);
    auto value = call.machine.source(Origin::file, call.name, call.span);
    bool scheme = path.trail != nullptr && path.tainted();
    taint(value, summary(path));
    if (scheme) call.machine.note(value, call.name, call.span);
    return value;
}

bool read_file(Call& call) {
    if (call.size() == 0) return false;
    auto content = content_of(call, 0);
    auto path = summary(call.arguments[0]);
    if (content.kind == Kind::unknown && (content.origins & bit(Origin::body)) == 0)
        call.machine.flow((content.origins & bit(Origin::network)) != 0 ? Capability::download : Capability::file_read,
                          path, call.name, call.span);
    return call.give(std::move(content));
}

bool read_lines(Call& call) {
    if (!read_file(call)) return false;
    if (call.result.kind != Kind::text) return true;
    auto list = std::make_shared<List>();
    std::string_view rest = call.result.view;
    while (!rest.empty() && list->items.size() < 100000) {
        auto end = rest.find('\n');
        auto line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
        list->append(Value::text(std::string(line)));
        rest.remove_prefix(line.size());
    }
    return call.give(std::move(list));
}

bool open_file(Call& call) {
    if (call.size() == 0) return false;
    auto mode = call.text(1);
    auto path = summary(call.arguments[0]);
    bool writes = mode && mode->find_first_of("waxc+") != std::string_view::npos;
    if (writes) {
        call.machine.flow(Capability::file_write, path, call.name, call.span);
        auto text = path.kind == Kind::text ? call.text(0) : std::nullopt;
        if (text && ends_as_script(*text)) call.machine.signal("write.script_name", call.span);
        auto stream = Value::of_type(text && names_text_file(*text) ? kWrittenDocument : "#written");
        if (text) stream.flags |= ending_of(*text);
        return call.give(std::move(stream));
    }
    auto content = content_of(call, 0);
    if (content.kind == Kind::unknown && (content.origins & bit(Origin::body)) == 0)
        call.machine.flow(Capability::file_read, path, call.name, call.span);
    return call.give(std::move(content));
}

/// What a visitor had written to a file is run where that file is: the constant that holds it goes by the path.
std::string written_to(std::string_view path) { return std::string("#written ").append(path.substr(0, kLongestName)); }

bool write_named(Call& call) {  // file_put_contents
    auto text = call.size() > 0 && !call.arguments[0].tainted() && call.arguments[0].kind == Kind::text ? call.text(0)
                                                                                                        : std::nullopt;
    auto content = call.size() > 1 ? summary(call.arguments[1]) : Value::unknown();
    if (text && content.tainted() && strongest(content.origins) <= Origin::upload)
        call.machine.define(written_to(*text), content);
    bool constant = content.kind == Kind::text && !content.tainted();
    bool guards = constant && (is_silent(content.view) || only_denies(content.view));  // a folder of the script's own
    if (text && ends_as_script(*text) && !guards) {
        call.machine.signal("write.script_name", call.span);
        if (content.tainted()) call.machine.flow(Capability::dropper, content, call.name, call.span);
    }
    return false;
}

bool copy_file(Call& call) {
    if (call.size() < 2) return false;
    auto from = summary(call.arguments[0]), to = summary(call.arguments[1]);
    bool uploaded = (from.origins & bit(Origin::upload)) != 0;
    auto text = from.kind == Kind::text ? call.text(0) : std::nullopt;
    bool remote = text && (starts_folded(*text, "http") || starts_folded(*text, "ftp://"));
    if (uploaded) {
        call.machine.flow(Capability::upload, to.tainted() ? to : from, call.name, call.span);
    } else {
        call.machine.flow(remote ? Capability::download : Capability::file_manage, from.tainted() ? from : to,
                          call.name, call.span);
        if (from.tainted() && to.tainted()) call.machine.flow(Capability::file_write, to, call.name, call.span);
    }
    auto target = to.kind == Kind::text ? call.text(1) : std::nullopt;
    if (target && ends_as_script(*target)) call.machine.signal("write.script_name", call.span);
    if (text && *text == kOwnFile) call.machine.signal("copies.itself", call.span);
    return false;
}

/// What another server sends is written into a file that a server would run.
void tell_fetched(Call& call, const Value& stream, const Value& content) {
    bool fetched = content.tainted() && strongest(content.origins) == Origin::network;
    if (fetched && stream.has(flag::page_name)) call.machine.flow(Capability::dropper, content, call.name, call.span);
}

/// fwrite(stream, content)
bool write_stream(Call& call) {
    if (call.size() > 1) tell_fetched(call, call.arguments[0], summary(call.arguments[1]));
    return false;
}

/// stream_copy_to_stream(from, to)
bool copy_stream(Call& call) {
    if (call.size() < 2) return false;
    auto content = summary(call.arguments[0]);
    if (content.tainted()) call.machine.flow(Capability::file_write, content, call.name, call.span);
    tell_fetched(call, call.arguments[1], content);
    return false;
}

/// Who names a file on the visitor's side names its extension too.
bool move_upload(Call& call) {
    if (call.size() < 2) return false;
    auto from = summary(call.arguments[0]), to = summary(call.arguments[1]);
    if (!from.tainted()) from.origins = bit(Origin::upload);
    if (to.has(flag::upload_name))
        call.machine.signal(to.has(flag::checked) ? "upload.checked_name" : "upload.visitors_name", call.span);
    call.machine.flow(Capability::upload, to.tainted() ? to : from, call.name, call.span);
    auto target = to.kind == Kind::text && !to.tainted() ? call.text(1) : std::nullopt;
    if (target && ends_as_script(*target)) call.machine.signal("write.script_name", call.span);
    if (target) call.machine.define(written_to(*target), from);
    return false;
}

bool include_file(Call& call) {
    if (call.size() == 0) return false;
    const auto& path = call.arguments[0];
    auto text = path.kind == Kind::text && !path.tainted() ? call.text(0) : std::nullopt;
    if (!text) {
        auto whole = summary(path);
        bool holds = path.type() == kDataStream;  // what is run, not where it lies
        if (holds) whole.flags &= static_cast<std::uint16_t>(~(flag::part | flag::led));
        if (whole.tainted() && !whole.has(flag::hashed))
            call.machine.flow(holds ? Capability::code : Capability::include, whole, "include", call.span);
        else
            call.machine.signal("include.unknown", call.span);
        return false;
    }
    auto member = text->find("zip://") == 0 ? text->find('#') : std::string_view::npos;
    auto holder = member == std::string_view::npos ? *text : text->substr(6, member - 6);
    if (const auto* written = call.machine.defined(written_to(holder)))
        call.machine.flow(Capability::code, Value(*written), "include", call.span);
    auto content = content_of(call, 0);
    if ((content.origins & bit(Origin::body)) != 0) {
        call.machine.flow(Capability::code, content, "include", call.span);
        return false;
    }
    if ((content.origins & bit(Origin::network)) != 0) {
        call.machine.flow(Capability::include, content, "include", call.span);
        return false;
    }
    bool own = content.tainted() && strongest(content.origins) < Origin::session;  // of a stream of the script's own
    if (own) {
        call.machine.flow(Capability::code, content, "include", call.span);
        return false;
    }
    if (content.kind == Kind::text && *text != kOwnFile) {
        auto code = Value::text("?>" + std::string(content.view));
        code.flags |= flag::decoded;
        return call.give(call.machine.evaluate(code, Language::php, "include", call.span));
    }
    // Of an archive only its own name tells: phar://a.gif/b.php
    auto named = *text;
    for (std::string_view scheme : {"phar://", "zip://"})
        if (starts_folded(named, scheme)) named = named.substr(0, named.find_first_of('#'));
    if (starts_folded(named, "phar://")) named = named.substr(0, named.rfind('/'));
    for (std::string_view picture : {".jpg", ".jpeg", ".png", ".gif", ".ico", ".bmp", ".webp"})
        if (ends_folded(named, picture)) call.machine.signal("conceal.include_picture", call.span);
    // A name that no listing shows, and no script's; or a folder in memory.
    auto base = named.substr(named.rfind('/') + 1);
    if ((base.size() > 1 && base.starts_with('.') && !ends_as_script(base)) || starts_folded(named, "/dev/shm/"))
        call.machine.signal("conceal.include_hidden", call.span);
    for (std::string_view other : {".txt", ".css", ".log", ".zip", ".tmp"})
        if (ends_folded(*text, other)) call.machine.signal("include.no_script", call.span);
    // A script of an application may have had all its texts hidden, and includes scripts still.
    if (path.has(flag::decoded))
        call.machine.signal(ends_as_script(*text) ? "include.hidden_name" : "conceal.include", call.span);
    return false;
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
    {.name = "stream_wrapper_register", .evaluate = register_wrapper},
    {.name = "stream_register_wrapper", .evaluate = register_wrapper},
    {.name = "#include", .evaluate = include_file},
    {.name = "ob_start", .evaluate = ob_start},
    {.name = "ini_set", .evaluate = ini_set},
    {.name = "ini_alter", .evaluate = ini_set},
    {.name = "error_reporting", .evaluate = error_reporting},
    {.name = "set_time_limit", .evaluate = time_limit},
    {.name = "putenv", .evaluate = putenv_call},
    {.name = "getenv", .result = Result::cleans, .evaluate = getenv_call},
    {.name = "phpcredits", .evaluate = phpcredits},
    {.name = "mail", .sink = Capability::mail, .takes = kEvery, .evaluate = mail_call},

    // Files
    {.name = "file_get_contents", .evaluate = read_file},
    {.name = "file", .evaluate = read_lines},
    {.name = "fopen", .evaluate = open_file},
    {.name = "file_put_contents",
     .sink = Capability::file_write,
     .takes = kFirst | kSecond,
     .content = kSecond,
     .evaluate = write_named},
    {.name = "copy", .result = Result::cleans, .evaluate = copy_file},
    {.name = "fwrite", .sink = Capability::file_write, .takes = kSecond, .content = kSecond, .evaluate = write_stream},
    {.name = "fputs", .sink = Capability::file_write, .takes = kSecond, .content = kSecond, .evaluate = write_stream},
    {.name = "stream_copy_to_stream", .result = Result::cleans, .evaluate = copy_stream},
    {.name = "move_uploaded_file", .result = Result::cleans, .evaluate = move_upload},
};

}  // namespace

const std::span<const Entry> kPhpScript = kTable;

}  // namespace ascribe::shells
