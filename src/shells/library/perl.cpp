// What Perl and its CGI module bring along. https://perldoc.perl.org/perlfunc, https://metacpan.org/pod/CGI
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/made.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

bool reversed(Call& call) {
    auto text = call.text(0);
    return text && call.give(std::string(text->rbegin(), text->rend()));
}
/// scalar(x), of one value, is that value.
bool scalar(Call& call) { return call.size() == 1 && call.give(Value(call.arguments[0])); }
bool joined(Call& call) {
    auto between = call.text(0);
    if (!between || call.size() < 2) return false;
    std::string all;
    for (std::size_t i = 1; i < call.size(); ++i) {
        auto piece = call.text(i);
        if (!piece || call.arguments[i].tainted() || all.size() > kMostMade) return false;
        if (i > 1) all += *between;
        all += *piece;
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

/// What open() does is said by its second argument: "<", ">", "|", alone or before the name.
bool opened(Call& call) {
    if (call.size() < 2) return false;
    auto mode = call.text(1);
    const auto& name = call.arguments[call.size() > 2 ? 2 : 1];
    if (!mode || call.arguments[1].tainted()) {
        bool runs = call.arguments[1].type() == kPiped;
        if (runs || name.tainted()) call.machine.flow(runs ? C::command : C::file_read, name, "open", call.span);
        return false;
    }
    auto what = trim(*mode);
    bool runs = what.starts_with('|') || what.ends_with('|') || what == "-|" || what == "|-";
    bool writes = what.starts_with('>') || what.starts_with("+<") || what.starts_with("+>");
    call.machine.flow(runs ? C::command : writes ? C::file_write : C::file_read, name, "open", call.span);
    return false;
}

constexpr Entry kTable[] = {
    {.name = "param", .result = R::source, .origin = O::request},
    {.name = ".param", .result = R::source, .origin = O::request},
    {.name = ".Vars", .result = R::source, .origin = O::request},
    {.name = ".upload", .result = R::source, .origin = O::upload},
    {.name = ".cookie", .result = R::source, .origin = O::cookie},
    {.name = "$ENV", .makes = "Environment"},
    {.name = "Environment.HTTP_*", .result = R::source, .origin = O::header},
    {.name = "Environment.QUERY_STRING", .result = R::source, .origin = O::request},
    {.name = "Environment.REQUEST_URI", .result = R::source, .origin = O::request},
    {.name = "Environment.PATH_INFO", .result = R::source, .origin = O::request},
    {.name = "Environment.PATH_TRANSLATED", .result = R::source, .origin = O::request},
    {.name = "Environment.CONTENT_TYPE", .result = R::source, .origin = O::header},
    {.name = "$STDIN", .result = R::source, .origin = O::body},
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
    {.name = "eval", .sink = C::code, .takes = kFirst, .code = Language::perl},
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
    {.name = "socket", .result = R::cleans, .signal = "network.socket"},
    {.name = "connect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "listen", .signal = "network.listen"},
    {.name = "DBI.connect", .sink = C::database, .takes = kEvery, .signal = "database.open"},
    {.name = ".prepare", .sink = C::database, .takes = kFirst, .signal = "database.query"},

    {.name = "chr", .evaluate = chr},
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
    {.name = "map"},
    {.name = "sort"},
    {.name = "keys"},
    {.name = "values"},
    {.name = "each"},
    {.name = "splice"},
    {.name = "sprintf"},
    {.name = "uc"},
    {.name = "ucfirst"},
    {.name = "lcfirst"},
    {.name = "quotemeta"},
    {.name = "wantarray"},
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
    {.name = ".decode"},
    {.name = "push", .fills = kFirst},
    {.name = "unshift", .fills = kFirst},
    {.name = "shift"},
    {.name = "pop"},
    {.name = "hex", .result = R::cleans},
    {.name = "oct", .result = R::cleans},
    {.name = "ord", .result = R::cleans},
    {.name = "length", .result = R::cleans},
    {.name = "index", .result = R::cleans},
    {.name = "int", .result = R::cleans},
    {.name = "defined", .result = R::cleans},
    {.name = "crypt", .result = R::authenticates},
};

}  // namespace

const std::span<const Entry> kPerlLibrary = kTable;

}  // namespace ascribe::shells
