// PHP's functions that read, write and include files, and streams that a script makes itself.
// https://www.php.net/manual/en/ref.filesystem.php
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
    if (path.type() == kRemoteAddress && path.has(flag::led)) {
        auto content = call.machine.source(Origin::network, call.name, call.span);
        if (path.tainted() && strongest(path.origins) < Origin::session) content.flags |= flag::fetched;
        return content;
    }
    auto value = call.machine.source(Origin::file, call.name, call.span);
    // A script or template of the page's own, by its ending: to run it is to include it.
    constexpr std::string_view kTemplates[] = {".phtml", ".tpl", ".html", ".htm"};
    auto ends = [&](std::string_view ending) { return ends_folded(*text, ending); };
    if (text && (ends_as_script(*text) || std::ranges::any_of(kTemplates, ends))) value.flags |= flag::checked;
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

/// What another server sends is written into a file that a server would run.
void tell_fetched(Call& call, const Value& stream, const Value& content) {
    bool fetched = content.tainted() && strongest(content.origins) == Origin::network;
    if (fetched && stream.has(flag::page_name)) call.machine.flow(Capability::dropper, content, call.name, call.span);
}

/// The keys that log in to the server. https://man.openbsd.org/sshd#AUTHORIZED_KEYS_FILE_FORMAT
void tell_keys(Call& call, const Value& path) {
    bool constant = path.kind == Kind::text && !path.tainted();
    if ((constant ? names_keys(path.view) : path.type() == kKeysFile) && !call.machine.guarded())
        call.machine.signal("write.access_keys", call.span);
}

/// What was written to a file is run where that file is: the constant that holds it goes by the file's name.
std::string written_to(std::string_view name) { return std::string("#written ").append(name.substr(0, kLongestName)); }

/// The type of a stream that writes into a file, and of a path that is not known, with the file's name behind it.
constexpr std::string_view kFile = "#file ";

/// The constant that holds what is in a file, given its path or a stream of it; nothing where it has no name.
std::string file_of(Call& call, std::size_t i) {
    if (i >= call.size()) return {};
    const auto& named = call.arguments[i];
    if (named.type().starts_with(kFile)) return written_to(named.type().substr(kFile.size()));
    auto text = named.kind == Kind::text && !named.tainted() ? call.text(i) : std::nullopt;
    return text ? written_to(*text) : std::string();
}

/// A file whose path is not known is named by the call that makes it or first writes to it.
Value unnamed_file(Call& call) {
    return Value::of_type(call.machine.intern(std::string(kFile) + "#" + std::to_string(call.span.offset)));
}
bool make_temporary(Call& call) { return call.give(unnamed_file(call)); }

/// The same as file_of(), of a file that is written to.
std::string written_file(Call& call, std::size_t i) {
    if (i >= call.size()) return {};
    auto& named = call.arguments[i];
    bool is_bare =
        named.kind == Kind::unknown && !named.tainted() && (named.type().empty() || named.type() == kComputed);
    if (is_bare) {
        named = unnamed_file(call);
        call.set(i, named);
    }
    return file_of(call, i);
}

void keep_written(Call& call, std::size_t file, const Value& content) {
    auto strongest_origin = content.tainted() ? strongest(content.origins) : Origin::constant;
    if (strongest_origin > Origin::upload && strongest_origin != Origin::network) return;
    if (auto name = written_file(call, file); !name.empty()) call.machine.define(name, content);
}

/// stream_get_meta_data(stream)
bool describe_stream(Call& call) {
    if (call.size() == 0 || !call.arguments[0].type().starts_with(kFile)) return false;
    auto list = std::make_shared<List>();
    list->at(Value::text("uri")) = Value::of_type(call.arguments[0].type());
    list->rest = Value::unknown();
    return call.give(std::move(list));
}

bool open_file(Call& call) {
    if (call.size() == 0) return false;
    auto mode = call.text(1);
    auto path = summary(call.arguments[0]);
    bool writes = mode && mode->find_first_of("waxc+") != std::string_view::npos;
    if (writes) {
        tell_keys(call, path);
        call.machine.flow(Capability::file_write, path, call.name, call.span);
        auto text = path.kind == Kind::text ? call.text(0) : std::nullopt;
        if (text && ends_as_script(*text)) call.machine.signal("write.script_name", call.span);
        auto stream = Value::of_type(kWrittenDocument);
        if (!text) {
            written_file(call, 0);
            stream.view = call.arguments[0].type().starts_with(kFile) ? call.arguments[0].type() : kFile;
        } else if (!names_text_file(*text)) {
            stream.view = call.machine.intern(std::string(kFile).append(text->substr(0, kLongestName)));
        }
        if (text) stream.flags |= ending_of(*text);
        return call.give(std::move(stream));
    }
    auto content = content_of(call, 0);
    if (content.kind == Kind::unknown && (content.origins & bit(Origin::body)) == 0)
        call.machine.flow(Capability::file_read, path, call.name, call.span);
    return call.give(std::move(content));
}

bool write_named(Call& call) {  // file_put_contents
    auto text = call.size() > 0 && !call.arguments[0].tainted() && call.arguments[0].kind == Kind::text ? call.text(0)
                                                                                                        : std::nullopt;
    auto content = call.size() > 1 ? summary(call.arguments[1]) : Value::unknown();
    keep_written(call, 0, content);
    if (!text && call.size() > 1) tell_fetched(call, call.arguments[0], content);
    if (call.size() > 0) tell_keys(call, call.arguments[0]);
    bool constant = content.kind == Kind::text && !content.tainted();
    bool guards = constant && (is_silent(content.view) || only_denies(content.view));  // a folder of the script's own
    if (text && ends_as_script(*text) && !guards) {
        call.machine.signal("write.script_name", call.span);
        if (content.tainted()) call.machine.flow(Capability::dropper, content, call.name, call.span);
    }
    return false;
}

/// What a visitor had written under one name is under another from now on: that of a script?
void tell_renamed(Call& call) {
    auto from = file_of(call, 0);
    auto to = call.text(1);
    const auto* written = !from.empty() && to ? call.machine.defined(from) : nullptr;
    if (written == nullptr || call.arguments[1].tainted()) return;
    auto content = *written;
    if (ends_as_script(*to)) {
        call.machine.signal("write.script_name", call.span);
        call.machine.flow(Capability::dropper, content, call.name, call.span);
    }
    call.machine.define(written_to(*to), std::move(content));
}
bool rename_file(Call& call) {
    if (call.size() > 1) tell_renamed(call);
    return false;
}
bool copy_file(Call& call) {
    if (call.size() < 2) return false;
    tell_renamed(call);
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

/// fwrite(stream, content)
bool write_stream(Call& call) {
    if (call.size() < 2) return false;
    auto content = summary(call.arguments[1]);
    tell_fetched(call, call.arguments[0], content);
    if (!content.tainted() || call.arguments[0].kind != Kind::unknown || call.arguments[0].type() == kSocket)
        return false;
    keep_written(call, 0, content);
    auto holds = call.arguments[0];  // what is read from it later
    taint(holds, content);
    call.set(0, std::move(holds));
    return false;
}

/// stream_copy_to_stream(from, to)
bool copy_stream(Call& call) {
    if (call.size() < 2) return false;
    auto content = summary(call.arguments[0]);
    if (content.tainted()) call.machine.flow(Capability::file_write, content, call.name, call.span);
    tell_fetched(call, call.arguments[1], content);
    keep_written(call, 1, content);
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

/// What visitors or another server had written to a file is run.
bool tell_written(Call& call, std::string_view file) {
    const auto* written = file.empty() ? nullptr : call.machine.defined(file);
    if (written == nullptr) return false;
    auto content = *written;
    bool fetched = strongest(content.origins) == Origin::network;
    call.machine.flow(fetched ? Capability::include : Capability::code, content, "include", call.span);
    return true;
}

bool include_file(Call& call) {
    if (call.size() == 0) return false;
    const auto& path = call.arguments[0];
    auto text = path.kind == Kind::text && !path.tainted() ? call.text(0) : std::nullopt;
    if (!text) {
        if (tell_written(call, file_of(call, 0))) return false;
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
    tell_written(call, written_to(holder));
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

constexpr Entry kTable[] = {
    {.name = "stream_wrapper_register", .evaluate = register_wrapper},
    {.name = "stream_register_wrapper", .evaluate = register_wrapper},
    {.name = "#include", .evaluate = include_file},
    {.name = "file_get_contents", .evaluate = read_file},
    {.name = "file", .evaluate = read_lines},
    {.name = "fopen", .evaluate = open_file},
    {.name = "file_put_contents",
     .sink = Capability::file_write,
     .takes = kFirst | kSecond,
     .content = kSecond,
     .evaluate = write_named},
    {.name = "rename",
     .sink = Capability::file_manage,
     .takes = kFirst | kSecond,
     .signal = "file.rename",
     .evaluate = rename_file},
    {.name = "copy", .result = Result::cleans, .evaluate = copy_file},
    {.name = "fwrite", .sink = Capability::file_write, .takes = kSecond, .content = kSecond, .evaluate = write_stream},
    {.name = "fputs", .sink = Capability::file_write, .takes = kSecond, .content = kSecond, .evaluate = write_stream},
    {.name = "tempnam", .signal = "file.temporary", .evaluate = make_temporary},
    {.name = "tmpfile", .signal = "file.temporary", .evaluate = make_temporary},
    {.name = "stream_get_meta_data", .result = Result::passes, .evaluate = describe_stream},
    {.name = "stream_copy_to_stream", .result = Result::cleans, .evaluate = copy_stream},
    {.name = "move_uploaded_file", .result = Result::cleans, .evaluate = move_upload},
};

}  // namespace

const std::span<const Entry> kPhpFiles = kTable;

}  // namespace ascribe::shells
