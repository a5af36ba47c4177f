// What Perl and its CGI module bring along. https://perldoc.perl.org/perlfunc, https://metacpan.org/pod/CGI
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/formats.hpp"
#include "shells/library/made.hpp"
#include "shells/library/paths.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"
#include "shells/machine/texts.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

bool reversed(Call& call) {
    auto text = call.text(0);
    return text && call.give(std::string(text->rbegin(), text->rend()));
}
bool sprintf(Call& call) {
    auto format = call.text(0);
    if (!format || call.arguments[0].tainted()) return false;
    auto out = printed(*format, call.arguments.subspan(1));
    return out && call.give(std::move(*out));
}
/// scalar(x), of one value, is that value.
bool scalar(Call& call) { return call.size() == 1 && call.give(Value(call.arguments[0])); }
bool joined(Call& call) {
    auto between = call.text(0);
    if (!between || call.size() < 2) return false;
    std::string all;
    bool first = true;
    auto add = [&](const Value& value) {
        auto piece = text_of(value);
        if (!piece || value.tainted() || all.size() > kMostMade) return false;
        if (!std::exchange(first, false)) all += *between;
        all += *piece;
        return true;
    };
    for (std::size_t i = 1; i < call.size(); ++i) {
        const auto* list = call.list(i);
        bool known = list == nullptr
                         ? add(call.arguments[i])
                         : std::ranges::all_of(list->items, [&](const Item& item) { return add(item.value); });
        if (!known) return false;
    }
    return call.give(std::move(all));
}
/// substr(text, from, size): a negative number counts from the end.
bool part(Call& call) {
    auto text = call.text(0);
    auto from = call.number(1);
    if (!text || !from || call.arguments[0].tainted() || (call.size() > 2 && !call.number(2))) return false;
    auto size = static_cast<double>(text->size());
    auto begin = clamped(*from < 0 ? size + *from : *from, text->size());
    auto wanted = call.number(2, size);
    auto end = clamped(wanted < 0 ? size + wanted : static_cast<double>(begin) + wanted, text->size());
    return call.give(std::string(text->substr(begin, std::max(begin, end) - begin)));
}
/// map(f, list), map(f, a, b)
bool mapped(Call& call) {
    auto out = std::make_shared<List>();
    auto add = [&](Value value) {
        if (out->items.size() >= kMostItems || call.machine.over()) return false;
        out->append(call.machine.call_back(call.arguments[0], {std::move(value)}, call.span));
        return true;
    };
    if (call.size() < 2 || call.arguments[0].kind != Kind::closure) return false;
    for (std::size_t i = 1; i < call.size(); ++i) {
        const auto* list = call.list(i);
        if (list == nullptr && !add(call.arguments[i])) return false;
        if (list == nullptr) continue;
        auto items = list->items;  // the call may change what it goes through
        for (auto& item : items)
            if (!add(std::move(item.value))) return false;
    }
    // What it yields may be names and values in turn: which belong together is not told apart.
    auto any = summary(Value::of_list(out));
    if (any.tainted()) out->rest = std::move(any);
    return call.give(std::move(out));
}
/// shift, pop: what is taken from a list is not in it any more.
template <bool first>
bool taken(Call& call) {
    const auto* list = call.list(0);
    if (list == nullptr || list->items.empty() || list->rest.kind != Kind::nothing) return false;
    auto rest = std::make_shared<List>(*list);
    if (!call.machine.charge_bytes(rest->items.size() * sizeof(Item))) return false;
    auto value = first ? rest->items.front().value : rest->items.back().value;
    if (first)
        rest->items.erase(rest->items.begin());
    else
        rest->items.pop_back();
    rest->renumber(true);
    call.set(0, Value::of_list(std::move(rest)));
    return call.give(value.kind == Kind::reference ? Value(value.cell->value) : std::move(value));
}
/// Whether what a pattern's brackets hold may be anything: no check of it.
bool holds_anything(std::string_view pattern) {
    constexpr std::string_view kAny[] = {".*", ".+", "[^", "\\S", "(..)", "(.)"};
    return std::ranges::any_of(kAny, [&](auto any) { return pattern.contains(any); });
}
/// A match whose parts go to a list of variables.
constexpr std::string_view kMatches = ".#matches";
/// x =~ /a/, x =~ s/a/b/: what was matched is $1 and so on, what is put in a value or made by a function.
bool matched(Call& call) {
    if (call.object == nullptr || call.size() == 0) return false;
    auto pattern = call.text(0);
    auto whole = summary(*call.object);
    auto part = Value::unknown();
    taint(part, whole);
    if (whole.tainted() && !(pattern && holds_anything(*pattern))) part.flags |= flag::checked;
    for (std::string_view name : {"1", "2", "3", "4", "&"}) call.machine.set_variable(name, part);
    auto result = call.compared(*call.object, call.arguments[0]);
    bool anchored = pattern && pattern->starts_with('^') && (pattern->ends_with('$') || pattern->ends_with("\\z"));
    if (anchored && whole.tainted() && !holds_anything(*pattern)) {  // a check of what it may be
        result.flags |= flag::verifies;
        result.trail = whole.trail;
    }
    if (call.entry.name == kMatches) {
        auto parts = std::make_shared<List>();
        for (int i = 0; i < 4; ++i) parts->append(part);
        return call.give(std::move(parts));
    }
    if (call.size() > 1) {
        auto put = call.arguments[1];
        if (put.kind == Kind::closure) put = call.machine.call_back(put, {}, call.span);
        auto text = object_text(call);
        bool plain =
            pattern && !pattern->empty() && pattern->find_first_of("\\^$.|?*+()[]{}/") == std::string_view::npos;
        auto now = Value::unknown();
        taint(now, whole);
        taint(now, summary(put));
        // What has no place in a name is taken out.
        constexpr std::string_view kOther[] = {"[^", "\\W", "/", "\\.\\."};
        bool taken_out = put.kind == Kind::text && put.view.empty() && pattern;
        if (taken_out && std::ranges::any_of(kOther, [&](auto sign) { return pattern->contains(sign); }))
            now.flags |= flag::checked;
        if (text && plain && put.kind == Kind::text && !put.tainted())
            if (auto all = replaced_all(*text, *pattern, put.view)) now = Value::text(std::move(*all));
        bool cleaned = now.has(flag::checked) && !whole.has(flag::checked);
        if (now.kind == Kind::text || (now.tainted() && (!whole.tainted() || cleaned))) call.set_object(std::move(now));
    }
    return call.give(std::move(result));
}
bool low(Call& call) {
    auto text = call.text(0);
    return text && call.give(lower(*text));
}
bool packed(Call& call) {  // pack("H*", ...), pack("C*", ...)
    auto form = call.text(0);
    if (!form || form->empty()) return false;
    if ((*form)[0] == 'H') {
        auto text = call.text(1);
        if (!text) return false;
        auto bytes = from_hex(*text);
        return bytes && call.give(std::move(*bytes));
    }
    if (lower((*form)[0]) != 'c') return false;
    std::string out;
    for (std::size_t i = 1; i < call.size(); ++i) {
        auto code = call.number(i);
        if (!code || *code < 0 || *code > 255) return false;
        out += static_cast<char>(static_cast<unsigned char>(*code));
    }
    return call.give(std::move(out));
}

/// unpack("u", ...), unpack("H*", ...)
bool unpacked(Call& call) {
    auto form = call.text(0), text = call.text(1);
    if (!form || !text || form->empty()) return false;
    if (form->front() == 'H') return call.give(to_hex_text(*text));
    if (form->front() == 'A' || form->front() == 'a') return call.give(std::string(*text));
    auto bytes = form->front() == 'u' ? from_uuencoded(*text) : std::nullopt;
    return bytes && call.give(std::move(*bytes));
}

/// get("http://..."): what another server sends. Many have a function of this name that does something else.
bool fetched(Call& call) {
    auto address = call.text(0);
    if (!address || (!starts_folded(*address, "http://") && !starts_folded(*address, "https://"))) return false;
    call.machine.signal("network.connect", call.span);
    return call.give(call.machine.source(O::network, "get", call.span));
}

/// What open() does is said by its second argument: "<", ">", "|", alone or before the name.
bool opened(Call& call) {
    if (call.size() < 2) return false;
    auto mode = call.text(1);
    const auto& name = call.arguments[call.size() > 2 ? 2 : 1];
    if (!mode || call.arguments[1].tainted()) {
        auto type = call.arguments[1].type();
        bool told = type == kPiped || type == kWritten;
        auto what = type == kPiped ? C::command : type == kWritten ? C::file_write : C::file_read;
        if (told || name.tainted()) call.machine.flow(what, name, "open", call.span);
        return false;
    }
    auto what = trim(*mode);
    bool runs = what.starts_with('|') || what.ends_with('|') || what == "-|" || what == "|-";
    bool writes = what.starts_with('>') || what.starts_with("+<") || what.starts_with("+>");
    auto given = name;
    for (std::size_t i = 3; i < call.size(); ++i) taint(given, summary(call.arguments[i]));  // a command's arguments
    if (given.tainted() && !name.tainted()) given.kind = Kind::unknown;
    call.machine.flow(runs ? C::command : writes ? C::file_write : C::file_read, given, "open", call.span);
    auto program = call.text(call.size() > 2 ? 2 : 1).value_or("");
    while (program.starts_with('|') || program.starts_with(' ')) program.remove_prefix(1);
    auto handle = Value::of_type(writes ? "WrittenFile" : runs && is_interpreter(program) ? "ProcessInput" : "File");
    if (writes) taint(handle, summary(name));
    if (writes && name.kind == Kind::text) handle.flags |= ending_of(name.view);
    if (writes && name.kind != Kind::text) handle.flags |= name.flags & flag::ending;
    if (writes) call.machine.file_opened(name, call.paths[call.size() > 2 ? 2 : 1]);
    call.set(0, std::move(handle));
    return false;
}

/// bless(x, type): the same.
bool blessed(Call& call) { return call.size() > 0 && call.give(Value(call.arguments[0])); }

/// Modules with a function whose name says little: run of IPC::Run takes commands.
bool runs_command(Call& call) {
    auto text = call.machine.own_text();
    constexpr std::string_view kModules[] = {"IPC::Run", "IPC::Cmd", "IPC::System::Simple"};
    bool imported = std::ranges::any_of(kModules, [&](auto module) { return text.contains(module); });
    if (!imported || !call.machine.charge(1 + text.size() / 16)) return false;
    for (const auto& argument : call.arguments)
        if (auto whole = summary(argument); whole.tainted())
            call.machine.flow(C::command, whole, call.entry.name, call.span);
    return false;
}

/// What a visitor sent, unless somebody types it or a module reads it.
bool standard_input(Call& call) {
    auto text = call.machine.own_text();
    bool module = !text.starts_with("#!") && text.substr(0, 4096).contains("package ");
    return (module || is_called_at_prompt(call)) && call.give(Value::of_type("STDIN"));
}

constexpr Entry kTable[] = {
    {.name = "param", .result = R::source, .origin = O::request},
    {.name = ".param", .result = R::source, .origin = O::request},
    // Plack::Request
    {.name = "Request.parameters", .result = R::source, .origin = O::request},
    {.name = "Request.query_parameters", .result = R::source, .origin = O::request},
    {.name = "Request.body_parameters", .result = R::source, .origin = O::request},
    {.name = "Request.content", .result = R::source, .origin = O::body},
    {.name = "Request.header", .result = R::source, .origin = O::header},
    {.name = "Vars", .result = R::source, .origin = O::request},
    {.name = ".Vars", .result = R::source, .origin = O::request},
    {.name = ".upload", .result = R::source, .origin = O::upload},
    {.name = ".cookie", .result = R::source, .origin = O::cookie},
    {.name = "$ENV", .makes = "Environment"},
    {.name = "$Request", .makes = "Request"},  // of ASP, for PerlScript
    {.name = "Request.QueryString", .result = R::source, .origin = O::request},
    {.name = "Request.Form", .result = R::source, .origin = O::request},
    {.name = "Request.Cookies", .result = R::source, .origin = O::cookie},
    {.name = "Request.ServerVariables", .result = R::source, .origin = O::header},
    {.name = "Environment.HTTP_*", .result = R::source, .origin = O::header},
    {.name = "Environment.QUERY_STRING", .result = R::source, .origin = O::request},
    {.name = "Environment.REQUEST_URI", .result = R::source, .origin = O::request},
    {.name = "Environment.PATH_INFO", .result = R::source, .origin = O::request},
    {.name = "Environment.PATH_TRANSLATED", .result = R::source, .origin = O::request},
    {.name = "Environment.CONTENT_TYPE", .result = R::source, .origin = O::header},
    {.name = "$STDIN", .result = R::source, .origin = O::body, .evaluate = standard_input},
    {.name = "read", .fills = kSecond},
    {.name = "sysread", .fills = kSecond},

    {.name = "system", .sink = C::command, .takes = kEvery},
    {.name = "exec", .sink = C::command, .takes = kEvery},
    {.name = "execv", .sink = C::command, .takes = kEvery},  // of POSIX
    {.name = "execvp", .sink = C::command, .takes = kEvery},
    {.name = "qx", .sink = C::command, .takes = kFirst},
    {.name = "readpipe", .sink = C::command, .takes = kFirst},
    {.name = "open2", .sink = C::command, .takes = kEvery},
    {.name = "open3", .sink = C::command, .takes = kEvery},
    {.name = "run", .evaluate = runs_command},
    {.name = "capture", .evaluate = runs_command},
    {.name = "start", .evaluate = runs_command},
    {.name = "harness", .evaluate = runs_command},
    {.name = "eval", .sink = C::code, .takes = kFirst, .code = Language::perl},
    {.name = ".reval", .sink = C::code, .takes = kFirst, .code = Language::perl},  // of Safe
    {.name = ".rdo", .sink = C::include, .takes = kFirst},
    {.name = "require", .sink = C::include, .takes = kFirst},
    {.name = "do", .sink = C::include, .takes = kFirst},

    {.name = "open", .evaluate = opened},
    {.name = "sysopen", .sink = C::file_write, .takes = kSecond},
    {.name = "unlink", .sink = C::file_manage, .takes = kEvery, .signal = "files.delete"},
    {.name = "rename", .sink = C::file_manage, .takes = kEvery, .signal = "files.rename"},
    {.name = "rmdir", .sink = C::file_manage, .takes = kEvery, .signal = "files.delete"},
    {.name = "mkdir", .sink = C::file_manage, .takes = kFirst, .signal = "files.create"},
    {.name = "chmod", .sink = C::file_manage, .takes = kEvery, .signal = "chmod"},
    {.name = "utime", .sink = C::file_manage, .takes = kEvery, .signal = "touch"},
    {.name = "opendir", .sink = C::file_manage, .takes = kSecond, .signal = "files.list"},
    {.name = "chdir", .sink = C::file_manage, .takes = kFirst, .signal = "files.chdir"},
    {.name = "get", .evaluate = fetched},  // of LWP::Simple
    {.name = "UserAgent.get", .result = R::source, .origin = O::network, .signal = "network.connect"},
    {.name = "Tiny.get", .result = R::source, .origin = O::network, .signal = "network.connect"},  // of HTTP::Tiny
    {.name = "UserAgent.request", .result = R::source, .origin = O::network, .signal = "network.connect"},
    {.name = ".decoded_content"},
    {.name = ".content"},
    {.name = "getstore", .sink = C::download, .takes = kFirst | kSecond, .signal = "network.connect"},
    {.name = "socket", .result = R::cleans, .signal = "network.socket"},
    {.name = "connect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "listen", .signal = "network.listen"},
    {.name = "DBI.connect", .sink = C::database, .takes = kEvery, .signal = "database.open"},
    {.name = ".prepare", .sink = C::database, .takes = kFirst, .signal = "database.query"},

    {.name = "chr", .result = R::letters, .evaluate = chr},
    {.name = "pack", .result = R::decodes, .evaluate = packed},
    {.name = "unpack", .result = R::decodes, .evaluate = unpacked},
    {.name = "decode_base64", .result = R::decodes, .evaluate = base64},
    {.name = "uri_unescape", .result = R::decodes},
    {.name = "uncompress", .result = R::decodes},
    {.name = ".decrypt", .result = R::decodes, .signal = "decrypt"},
    {.name = "reverse", .evaluate = reversed},
    {.name = "lc", .evaluate = low},
    {.name = "scalar", .evaluate = scalar},
    {.name = "join", .evaluate = joined},
    {.name = "substr", .evaluate = part, .glances = true},
    // Of a text or a list another, or one of it.
    {.name = "split"},
    {.name = "grep"},
    {.name = "map", .calls = kFirst, .evaluate = mapped},
    {.name = "sort"},
    {.name = "keys"},
    {.name = "values"},
    {.name = "each"},
    {.name = "splice"},
    {.name = "sprintf", .evaluate = sprintf},
    {.name = "uc"},
    {.name = "ucfirst"},
    {.name = "lcfirst"},
    {.name = "quotemeta"},
    {.name = "wantarray"},
    {.name = "getpeername", .result = R::cleans},
    {.name = "getsockname", .result = R::cleans},
    {.name = "sockaddr_in", .result = R::cleans},
    {.name = "inet_ntoa", .result = R::cleans},
    {.name = "gethostbyaddr", .result = R::cleans},
    {.name = "delete"},
    {.name = "lstat"},
    {.name = "readline"},
    {.name = "decode"},
    {.name = "encode"},
    {.name = "decode_utf8"},
    {.name = "encode_utf8"},
    {.name = "decode_json"},
    {.name = "from_json"},
    {.name = "url_decode"},
    {.name = "unescape"},
    {.name = "uri_decode"},
    {.name = "trim"},
    {.name = "basename", .evaluate = base_name},
    {.name = ".decode"},
    {.name = "push", .fills = kFirst},
    {.name = "unshift", .fills = kFirst},
    {.name = ".#match", .evaluate = matched},
    {.name = kMatches, .evaluate = matched},
    {.name = "WrittenFile.#print", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "WrittenFile.print", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "ProcessInput.#print", .sink = C::command, .takes = kFirst},
    {.name = "ProcessInput.print", .sink = C::command, .takes = kFirst},
    {.name = "die", .evaluate = ends_page},
    {.name = "exit", .evaluate = ends_page},
    {.name = "croak", .evaluate = ends_page},
    {.name = "confess", .evaluate = ends_page},
    {.name = "bless", .evaluate = blessed},
    {.name = "shift", .evaluate = taken<true>},
    {.name = "pop", .evaluate = taken<false>},
    {.name = "hex", .result = R::numbers},
    {.name = "oct", .result = R::numbers},
    {.name = "ord", .result = R::numbers},
    {.name = "length", .result = R::cleans},
    {.name = "index", .result = R::cleans},
    {.name = "int", .result = R::numbers},
    {.name = "defined", .result = R::cleans},
    {.name = "crypt", .result = R::authenticates},
};

}  // namespace

const std::span<const Entry> kPerlLibrary = kTable;

}  // namespace ascribe::shells
