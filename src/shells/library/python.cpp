// What Python and its CGI and WSGI libraries bring along. https://docs.python.org/3/library/
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/made.hpp"
#include "shells/library/paths.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

bool zlib(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto bytes = inflate(*text, Deflated::zlib);
    return bytes && call.give(std::move(*bytes));
}
bool joined(Call& call) {
    const auto* list = call.list(0);
    if (list == nullptr || call.object == nullptr || call.object->kind != Kind::text) return false;
    std::string out;
    bool first = true;
    for (const auto& item : list->items) {
        auto text = text_of(item.value);
        if (!text || item.value.tainted() || out.size() > (1 << 20)) return false;
        if (!first) out += call.object->view;
        first = false;
        out += *text;
    }
    return call.give(std::move(out));
}
bool same(Call& call) {
    auto text = object_text(call);
    return text && call.give(std::string(*text));
}
bool lowered(Call& call) {
    auto text = object_text(call);
    return text && call.give(lower(*text));
}
bool replaced(Call& call) {
    auto text = object_text(call);
    auto from = call.text(0), to = call.text(1);
    if (!text || !from || !to || from->empty()) return false;
    auto out = replaced_all(*text, *from, *to);
    return out && call.give(std::move(*out));
}
bool ordinal(Call& call) {
    auto text = call.text(0);
    return text && text->size() == 1 && call.give(static_cast<double>(static_cast<unsigned char>(text->front())));
}

/// Codecs are named: "rot13" and "hex" undo as much as "base64" does; others only say how letters are written.
/// https://docs.python.org/3/library/codecs.html#python-specific-encodings
bool give_decoded(Call& call, std::string_view text, std::string_view codec) {
    std::optional<std::string> out = std::string(text);
    if (codec.starts_with("rot")) out = rot13(text);
    if (codec.starts_with("hex")) out = from_hex(text);
    if (codec.starts_with("base64")) out = from_base64(text);
    if (codec.starts_with("zip") || codec.starts_with("zlib")) out = inflate(text, Deflated::zlib);
    return out && call.give(std::move(*out));
}
bool decoded(Call& call) {  // text.decode(codec)
    auto text = object_text(call);
    return text && give_decoded(call, *text, call.text(0).value_or("utf-8"));
}
bool codecs_decoded(Call& call) {  // codecs.decode(text, codec)
    auto text = call.text(0);
    return text && give_decoded(call, *text, call.text(1).value_or("utf-8"));
}

/// list(x), vars(x): one value that is the same, whatever it is in.
bool itself(Call& call) { return call.size() == 1 && call.give(Value(call.arguments[0])); }
/// bytes([1, 2])
bool bytes(Call& call) {
    const auto* list = call.list(0);
    if (list == nullptr) return itself(call);
    std::string out;
    for (const auto& item : list->items) {
        auto code = number_of(item.value);
        if (!code || item.value.tainted() || *code < 0 || *code > 255) return false;
        out += static_cast<char>(static_cast<unsigned char>(*code));
    }
    return call.give(std::move(out));
}
/// map(f, list)
bool mapped(Call& call) {
    const auto* list = call.list(1);
    if (list == nullptr || list->items.size() > kMostItems) return false;
    auto items = list->items;  // the call may change what it goes through
    auto out = std::make_shared<List>();
    for (auto& item : items) out->append(call.machine.call_back(call.arguments[0], {std::move(item.value)}, call.span));
    return call.give(std::move(out));
}
/// functools.partial(f, ...): the function; what it is given beforehand goes untold.
bool partial(Call& call) { return call.size() > 0 && call.give(call.arguments[0]); }
/// globals(): what is in it are names of the script.
bool names(Call& call) {
    auto value = Value::of_type("globals");
    value.flags |= flag::name;
    return call.give(std::move(value));
}
/// getattr(os, "system"): the function of that name. Of a name that is data it may be any.
bool attribute(Call& call) {
    if (call.size() > 1 && call.arguments[1].tainted()) {
        auto any = Value::of_type(kAttribute);
        taint(any, call.arguments[1]);
        // One of the methods that an object has: how applications dispatch.
        bool object = !call.arguments[0].has(flag::name) && !summary(call.arguments[0]).tainted();
        if (object) any.flags |= flag::checked;
        return call.give(std::move(any));
    }
    auto name = call.text(1);
    if (!name || !call.arguments[0].has(flag::name)) return false;
    auto qualified = std::string(last_part(call.arguments[0].type())) + "." + std::string(*name);
    const auto* entry = find_entry(Language::python, qualified);
    if (entry != nullptr && entry->result == R::source) return false;
    auto value = call.machine.function_named(entry != nullptr ? entry->name : *name);
    if (value.kind == Kind::closure) value.closure->assembled = call.arguments[1].has(flag::assembled | flag::decoded);
    return call.give(std::move(value));
}
bool imported(Call& call) {
    auto name = call.text(0);
    if (!name || name->empty()) return false;
    auto value = Value::of_type(call.machine.intern(name->substr(name->rfind('.') + 1)));
    value.flags |= flag::name;
    return call.give(std::move(value));
}

/// text[from:to:step], as the front end writes it.
bool sliced(Call& call) {
    auto text = object_text(call);
    if (!text || !call.machine.charge(1 + text->size() / 16)) return false;
    auto size = static_cast<double>(text->size());
    auto step = call.number(2).value_or(1);
    if (call.size() < 2 || (step != 1 && step != -1)) return false;
    auto bound = [&](std::size_t i, double otherwise) {
        if (call.arguments[i].kind != Kind::number) return otherwise;
        auto at = call.arguments[i].number;
        return std::clamp(at < 0 ? size + at : at, step < 0 ? -1.0 : 0.0, step < 0 ? size - 1 : size);
    };
    auto from = bound(0, step < 0 ? size - 1 : 0), to = bound(1, step < 0 ? -1 : size);
    std::string out;
    for (auto at = from; step < 0 ? at > to : at < to; at += step) out += (*text)[static_cast<std::size_t>(at)];
    return call.give(std::move(out));
}

/// What a web server hands to a CGI script in its environment, of what a visitor sent. RFC 3875, section 4.1.
bool environment(Call& call) {
    auto name = call.text(0);
    constexpr std::string_view kRequest[] = {"QUERY_STRING", "REQUEST_URI", "PATH_INFO"};
    if (!name) return false;
    if (std::ranges::find(kRequest, *name) != std::end(kRequest))
        return call.give(call.machine.source(O::request, "os.environ", call.span));
    if (name->starts_with("HTTP_") || *name == "CONTENT_TYPE")
        return call.give(call.machine.source(O::header, "os.environ", call.span));
    return false;
}

/// file.save(path), of a file that a visitor sends
bool saved(Call& call) {
    bool sent = call.object != nullptr && (summary(*call.object).origins & bit(O::upload)) != 0;
    if (!sent || call.size() == 0) return false;
    auto to = summary(call.arguments[0]);
    bool named = (to.origins & bit(O::upload)) != 0;
    if (named) call.machine.signal(to.has(flag::checked) ? "upload.checked_name" : "upload.visitors_name", call.span);
    call.machine.flow(C::upload, to.tainted() ? to : summary(*call.object), "save", call.span);
    return call.give(Value());
}

/// What a visitor sent, unless somebody types it.
bool standard_input(Call& call) { return is_called_at_prompt(call) && call.give(Value::of_type("stdin")); }

/// x in list: a check of x, where the list is the script's own.
bool is_among(Call& call) {
    if (call.size() < 2) return false;
    auto sought = summary(call.arguments[0]);
    if (!sought.tainted() || summary(call.arguments[1]).tainted()) return false;
    auto truth = Value::unknown();
    truth.flags |= flag::verifies;
    truth.trail = sought.trail;
    return call.give(std::move(truth));
}

bool takes_one(const Value& callee) {
    return callee.kind == Kind::closure && callee.closure->function.is() &&
           callee.closure->function.get().parameters.size() == 1;
}
/// e for x in list, as the front end writes it: what a function makes of each item. A text has letters, and what was
/// decoded bytes.
bool each(Call& call) {
    if (call.size() < 2) return false;
    std::vector<Value> items;
    if (const auto* list = call.list(1)) {
        if (list->rest.kind != Kind::nothing || list->items.size() > kMostItems) return false;
        for (const auto& item : list->items) items.push_back(item.value);
    } else {
        auto text = call.arguments[1].tainted() ? std::nullopt : call.text(1);
        if (!text || text->size() > kMostItems || !call.machine.charge_bytes(text->size() * sizeof(Value)))
            return false;
        bool bytes = call.arguments[1].has(flag::decoded);
        for (char c : *text)
            items.push_back(bytes ? Value::of_number(static_cast<unsigned char>(c)) : Value::text(std::string(1, c)));
    }
    auto out = std::make_shared<List>();
    for (auto& item : items) {
        std::vector<Value> given{item};
        if (item.kind == Kind::list && !item.list().items.empty()) {  // for key, value in pairs
            given.clear();
            for (const auto& part : item.list().items) given.push_back(part.value);
            if (given.size() == 1 || takes_one(call.arguments[0])) given = {item};
        }
        out->append(call.machine.call_back(call.arguments[0], std::move(given), call.span));
        if (call.machine.over()) return false;
    }
    return call.give(std::move(out));
}

constexpr Entry kTable[] = {
    {.name = "#each", .calls = kFirst, .evaluate = each},
    {.name = "$#visitor", .result = R::source, .origin = O::request},
    {.name = "cgi.FieldStorage", .result = R::source, .origin = O::request, .makes = "FieldStorage"},
    {.name = "FieldStorage", .result = R::source, .origin = O::request, .makes = "FieldStorage"},
    {.name = "FieldStorage.getvalue"},
    {.name = "FieldStorage.getfirst"},
    {.name = ".getvalue"},
    {.name = "sys.stdin", .result = R::source, .origin = O::body, .makes = "stdin", .evaluate = standard_input},
    {.name = "os.environ", .makes = "Environment"},
    {.name = "os.getenv", .result = R::cleans, .evaluate = environment},
    {.name = "Environment.get", .result = R::cleans, .evaluate = environment},
    {.name = "Environment.HTTP_*", .result = R::source, .origin = O::header},
    {.name = "Environment.QUERY_STRING", .result = R::source, .origin = O::request},
    {.name = "Environment.REQUEST_URI", .result = R::source, .origin = O::request},
    {.name = "Environment.PATH_INFO", .result = R::source, .origin = O::request},
    {.name = "Environment.CONTENT_TYPE", .result = R::source, .origin = O::header},
    {.name = "request.args", .result = R::source, .origin = O::request},
    {.name = "request.form", .result = R::source, .origin = O::request},
    {.name = "request.values", .result = R::source, .origin = O::request},
    {.name = "request.cookies", .result = R::source, .origin = O::cookie},
    {.name = "request.headers", .result = R::source, .origin = O::header},
    {.name = "request.data", .result = R::source, .origin = O::body},
    {.name = "request.files", .result = R::source, .origin = O::upload},
    {.name = "request.GET", .result = R::source, .origin = O::request},
    {.name = "request.POST", .result = R::source, .origin = O::request},
    {.name = "Environment.wsgi.input", .result = R::source, .origin = O::body},
    {.name = "$environ", .makes = "Environment"},
    {.name = "request.query", .result = R::source, .origin = O::request},
    {.name = "request.params", .result = R::source, .origin = O::request},
    {.name = "request.forms", .result = R::source, .origin = O::request},
    {.name = "request.META", .result = R::source, .origin = O::header},
    {.name = "request.COOKIES", .result = R::source, .origin = O::cookie},
    {.name = "request.FILES", .result = R::source, .origin = O::upload},
    {.name = "request.body", .result = R::source, .origin = O::body},
    {.name = "request.stream", .result = R::source, .origin = O::body},
    {.name = "request.query_params", .result = R::source, .origin = O::request},
    {.name = "request.match_info", .result = R::source, .origin = O::request},
    {.name = "request.text", .result = R::source, .origin = O::body},
    {.name = "request.read", .result = R::source, .origin = O::body},
    // http.server
    {.name = "BaseHTTPRequestHandler.path", .result = R::source, .origin = O::request},
    {.name = "BaseHTTPRequestHandler.headers", .result = R::source, .origin = O::header},
    {.name = "BaseHTTPRequestHandler.rfile", .result = R::source, .origin = O::body},
    {.name = "SimpleHTTPRequestHandler.path", .result = R::source, .origin = O::request},
    {.name = "SimpleHTTPRequestHandler.headers", .result = R::source, .origin = O::header},
    {.name = "SimpleHTTPRequestHandler.rfile", .result = R::source, .origin = O::body},
    {.name = "request.json", .result = R::source, .origin = O::body},
    {.name = "request.get_json", .result = R::source, .origin = O::body},
    {.name = "request.get_data", .result = R::source, .origin = O::body},
    {.name = "$request", .makes = "request"},
    {.name = ".get_argument", .result = R::source, .origin = O::request},
    {.name = ".get_query_argument", .result = R::source, .origin = O::request},
    {.name = ".get_body_argument", .result = R::source, .origin = O::request},
    {.name = ".save", .evaluate = saved},
    {.name = "render_template_string", .sink = C::code, .takes = kFirst},
    {.name = ".urlopen",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect"},
    {.name = ".recv", .result = R::source, .origin = O::network},

    {.name = "os.system", .sink = C::command, .takes = kFirst},
    {.name = "os.popen", .sink = C::command, .takes = kFirst},
    {.name = "os.popen2", .sink = C::command, .takes = kFirst},
    {.name = "os.popen3", .sink = C::command, .takes = kFirst},
    {.name = "os.popen4", .sink = C::command, .takes = kFirst},
    {.name = "os.execl", .sink = C::command, .takes = kEvery},
    {.name = "os.execle", .sink = C::command, .takes = kEvery},
    {.name = "os.execlp", .sink = C::command, .takes = kEvery},
    {.name = "os.execv", .sink = C::command, .takes = kEvery},
    {.name = "os.execve", .sink = C::command, .takes = kEvery},
    {.name = "os.execvp", .sink = C::command, .takes = kEvery},
    {.name = "os.spawnl", .sink = C::command, .takes = kEvery},
    {.name = "os.spawnlp", .sink = C::command, .takes = kEvery},
    {.name = "os.spawnv", .sink = C::command, .takes = kEvery},
    {.name = "os.spawnvp", .sink = C::command, .takes = kEvery},
    {.name = "os.posix_spawn", .sink = C::command, .takes = kEvery},
    {.name = "asyncio.create_subprocess_shell", .sink = C::command, .takes = kFirst},
    {.name = "asyncio.create_subprocess_exec", .sink = C::command, .takes = kEvery},
    {.name = "CDLL", .makes = "CDLL"},
    {.name = "CDLL.system", .sink = C::command, .takes = kFirst},
    {.name = "system", .sink = C::command, .takes = kFirst},
    {.name = "popen", .sink = C::command, .takes = kFirst},
    {.name = "Popen", .sink = C::command, .takes = kFirst},
    {.name = "check_output", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.Popen", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.call", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.run", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.check_output", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.check_call", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.getoutput", .sink = C::command, .takes = kFirst},
    {.name = "subprocess.getstatusoutput", .sink = C::command, .takes = kFirst},
    {.name = "commands.getoutput", .sink = C::command, .takes = kFirst},
    {.name = "commands.getstatusoutput", .sink = C::command, .takes = kFirst},
    {.name = "pty.spawn", .sink = C::command, .takes = kFirst, .signal = "process.pty"},
    {.name = "eval", .sink = C::code, .takes = kFirst, .code = Language::python},
    {.name = "exec", .sink = C::code, .takes = kFirst, .code = Language::python},
    {.name = "execfile", .sink = C::include, .takes = kFirst},
    {.name = "compile", .sink = C::code, .takes = kFirst, .code = Language::python},
    {.name = "pickle.loads", .sink = C::loader, .takes = kFirst},
    {.name = "marshal.loads", .result = R::decodes, .sink = C::loader, .takes = kFirst},
    {.name = "pickle.load", .sink = C::loader, .takes = kFirst},
    {.name = "dill.loads", .sink = C::loader, .takes = kFirst},
    {.name = "yaml.unsafe_load", .sink = C::loader, .takes = kFirst},
    // Memory that is filled and then called
    {.name = "mmap.write", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "ctypes.memmove", .sink = C::loader, .takes = kSecond, .signal = "loader.native"},
    {.name = ".RtlMoveMemory", .sink = C::loader, .takes = kSecond, .signal = "loader.native"},
    {.name = ".runsource", .sink = C::code, .takes = kFirst, .code = Language::python},
    {.name = ".runcode", .sink = C::code, .takes = kFirst},
    {.name = "InteractiveConsole.push", .sink = C::code, .takes = kFirst},
    // Files that are run
    {.name = ".spec_from_file_location", .sink = C::include, .takes = kSecond},
    {.name = "spec_from_file_location", .sink = C::include, .takes = kSecond},
    {.name = ".load_source", .sink = C::include, .takes = kSecond},
    {.name = ".SourceFileLoader", .sink = C::include, .takes = kSecond},
    {.name = "SourceFileLoader", .sink = C::include, .takes = kSecond},
    {.name = "runpy.run_path", .sink = C::include, .takes = kFirst},
    {.name = "run_path", .sink = C::include, .takes = kFirst},
    {.name = "__import__", .evaluate = imported},
    {.name = "importlib.import_module", .evaluate = imported},
    {.name = "getattr", .signal = "reflection", .evaluate = attribute},
    {.name = "vars", .evaluate = itself},
    {.name = "globals", .evaluate = names},
    {.name = "locals", .evaluate = names},
    {.name = "functools.partial", .evaluate = partial},
    {.name = "map", .calls = kFirst, .evaluate = mapped},
    {.name = "Thread", .calls = kFirst},
    {.name = "threading.Thread", .calls = kFirst},
    {.name = "multiprocessing.Process", .calls = kFirst},

    {.name = "open", .sink = C::file_write, .takes = kFirst, .makes = "file"},
    {.name = "file", .sink = C::file_write, .takes = kFirst, .makes = "file"},
    {.name = "file.write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "file.read", .result = R::source, .origin = O::file},
    {.name = "os.remove", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "os.unlink", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "os.rename", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.rename"},
    {.name = "os.chmod", .sink = C::file_manage, .takes = kFirst, .signal = "chmod"},
    {.name = "os.utime", .sink = C::file_manage, .takes = kFirst, .signal = "touch"},
    {.name = "os.listdir", .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "os.mkdir", .sink = C::file_manage, .takes = kFirst, .signal = "files.create"},
    {.name = "shutil.rmtree", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "socket.socket", .result = R::cleans, .makes = "socket", .signal = "network.socket"},
    {.name = "socket.connect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "urllib2.urlopen",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect"},
    {.name = "urlopen",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect"},
    {.name = "requests.get",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect"},

    {.name = "chr", .result = R::letters, .evaluate = chr},
    {.name = "base64.b64decode", .result = R::decodes, .evaluate = base64},
    {.name = "base64.decodestring", .result = R::decodes, .evaluate = base64},
    {.name = "b64decode", .result = R::decodes, .evaluate = base64},
    {.name = "binascii.unhexlify", .result = R::decodes, .evaluate = hex},
    {.name = "bytes.fromhex", .result = R::decodes, .evaluate = hex},
    {.name = "codecs.decode", .result = R::decodes, .evaluate = codecs_decoded},
    {.name = "zlib.decompress", .result = R::decodes, .evaluate = zlib},
    {.name = "String.join", .evaluate = joined},
    {.name = "String.slice", .evaluate = sliced},
    {.name = ".slice"},
    {.name = "String.decode", .evaluate = decoded},
    {.name = "String.replace", .evaluate = replaced},
    {.name = "String.lower", .evaluate = lowered},
    {.name = "ord", .result = R::numbers, .evaluate = ordinal},
    {.name = "list", .evaluate = itself},
    {.name = "tuple", .evaluate = itself},
    {.name = "bytes", .result = R::letters, .evaluate = bytes},
    {.name = "bytearray", .result = R::letters, .evaluate = bytes},
    {.name = "String.encode", .evaluate = same},
    {.name = "String.strip", .evaluate = same},
    {.name = "len", .result = R::cleans},
    {.name = "int", .result = R::numbers},
    {.name = "isinstance", .result = R::cleans},
    {.name = "in", .evaluate = is_among},
    {.name = "SimpleCookie"},
    {.name = ".SimpleCookie"},
    {.name = "SimpleCookie.load", .fills = kObject},
    {.name = "secure_filename", .evaluate = base_name},
    {.name = ".startswith", .result = R::verifies},
    {.name = ".endswith", .result = R::verifies},
};

}  // namespace

const std::span<const Entry> kPythonLibrary = kTable;

}  // namespace ascribe::shells
