// What ColdFusion and Lucee bring along; tags stand under their own names, see languages/cfml.cpp. Java's library
// follows in the order of tables, since createObject("java", ...) gives its types.
// https://helpx.adobe.com/coldfusion/cfml-reference/coldfusion-functions.html
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

/// createObject("com", "WScript.Shell") is what ASP's CreateObject gives.
bool create_object(Call& call) {
    if (call.size() > 1 && equals_folded(call.text(0).value_or(""), "com")) {
        call.arguments = call.arguments.subspan(1);
        return find_entry(Language::vbscript, "createobject")->evaluate(call);
    }
    auto type = call.text(call.size() > 1 ? 1 : 0);
    if (!type || type->empty()) return false;
    auto value = Value::of_type(call.machine.intern(type->substr(type->rfind('.') + 1)));
    value.flags |= flag::name;
    return call.give(std::move(value));
}
bool binary(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto bytes = from_base64(*text);
    return bytes && call.give(std::move(*bytes));
}
bool percent(Call& call) {
    auto text = call.text(0);
    return text && call.give(from_percent(*text, true));
}
bool reversed(Call& call) {
    auto text = call.text(0);
    return text && call.give(std::string(text->rbegin(), text->rend()));
}
bool low(Call& call) {
    auto text = call.text(0);
    return text && call.give(lower(*text));
}
bool same(Call& call) {
    auto text = call.text(0);
    return text && call.give(std::string(*text));
}

/// Where the page itself lies; what it is called there does not matter.
bool own_path(Call& call) { return call.give(std::string("./page")); }
bool folder(Call& call) {
    auto path = call.text(0);
    return path && !call.arguments[0].tainted() &&
           call.give(std::string(path->substr(0, path->find_last_of("/\\") + 1)));
}
/// A file that lands beside the page has the visitor's name; what it may be is the third argument.
bool uploaded(Call& call) {
    auto to = call.text(0);
    if (!to || call.arguments[0].tainted() || to->find_first_not_of("./\\") != std::string_view::npos) return false;
    bool checked = call.text(2) && !call.text(2)->empty() && !call.text(2)->contains('*');
    call.machine.signal(checked ? "upload.checked_name" : "upload.visitors_name", call.span);
    if (!checked)
        call.machine.flow(C::upload, call.machine.source(O::upload, "upload", call.span), call.entry.name, call.span);
    return false;
}

bool of_visitor(const Value& value) { return value.tainted() && strongest(value.origins) < Origin::session; }
/// What is fetched is kept in a file that an argument names: a visitor may say both.
template <std::size_t file>
bool fetched_to_file(Call& call) {
    if (call.size() <= file || !of_visitor(call.arguments[file])) return false;
    if (of_visitor(call.arguments[0])) call.machine.signal("write.visitors_file", call.span);
    call.machine.flow(C::download, call.arguments[file], call.entry.name, call.span);
    return false;
}

constexpr Entry kTable[] = {
    {.name = "$form", .result = R::source, .origin = O::request},
    {.name = "$url", .result = R::source, .origin = O::request},
    {.name = "$cgi", .result = R::source, .origin = O::header},
    {.name = "$cookie", .result = R::source, .origin = O::cookie},
    {.name = "$session", .result = R::source, .origin = O::session},
    {.name = "cgi.script_name", .result = R::cleans},
    {.name = "cgi.cf_template_path", .result = R::cleans},
    {.name = "cgi.path_translated", .result = R::cleans},
    {.name = "cgi.request_method", .result = R::cleans},
    {.name = "cgi.server_name", .result = R::cleans},
    {.name = "cgi.remote_addr", .result = R::cleans},
    {.name = "getHttpRequestData", .result = R::source, .origin = O::body},

    {.name = "cfexecute", .result = R::passes, .sink = C::command, .takes = kFirst | kSecond},
    {.name = "evaluate", .sink = C::code, .takes = kFirst, .code = Language::cfml},
    {.name = "precisionEvaluate", .sink = C::code, .takes = kFirst, .code = Language::cfml},
    {.name = "iif", .sink = C::code, .takes = kSecond | kThird},
    {.name = "render", .sink = C::code, .takes = kFirst},
    {.name = "createObject", .result = R::cleans, .evaluate = create_object},
    {.name = "ProcessBuilder.init", .sink = C::command, .takes = kEvery, .makes = "ProcessBuilder"},
    {.name = ".newInstance"},  // of a component, which is everyday
    {.name = "cfregistry", .sink = C::inform, .takes = kEvery, .signal = "registry.read"},
    {.name = "cfschedule", .sink = C::dropper, .takes = kEvery, .signal = "schedule", .evaluate = fetched_to_file<1>},

    {.name = "cffile.upload",
     .result = R::source,
     .origin = O::upload,
     .sink = C::upload,
     .takes = kFirst,
     .signal = "upload",
     .evaluate = uploaded},
    {.name = "cffile.write", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "cffile.read", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "cffile.delete", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "cffile.move", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "cfdirectory", .result = R::cleans, .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "cfcontent", .sink = C::file_read, .takes = kFirst, .signal = "files.send"},
    {.name = "cfzip", .sink = C::file_manage, .takes = kEvery},
    {.name = "fileWrite", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "fileAppend", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "fileRead", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "fileReadBinary", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "fileOpen", .sink = C::file_read, .takes = kFirst},
    {.name = "fileUpload", .sink = C::upload, .takes = kFirst, .signal = "upload", .evaluate = uploaded},
    {.name = "fileUploadAll", .sink = C::upload, .takes = kFirst, .signal = "upload", .evaluate = uploaded},
    {.name = "fileDelete", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "fileCopy", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.copy"},
    {.name = "fileMove", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "directoryList", .result = R::cleans, .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "directoryDelete", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "directoryCreate", .sink = C::file_manage, .takes = kFirst, .signal = "files.create"},
    {.name = "fileExists", .result = R::cleans},
    {.name = "directoryExists", .result = R::cleans},
    {.name = "getFileFromPath", .evaluate = base_name},
    {.name = "expandPath", .evaluate = same},
    {.name = "getCurrentTemplatePath", .evaluate = own_path},
    {.name = "getBaseTemplatePath", .evaluate = own_path},
    {.name = "getDirectoryFromPath", .evaluate = folder},

    {.name = "cfquery.datasource", .result = R::cleans, .evaluate = opens_database},
    {.name = "cfquery",
     .result = R::source,
     .origin = O::database,
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.query"},
    {.name = "queryExecute",
     .result = R::source,
     .origin = O::database,
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.query"},
    {.name = "cfhttp",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect",
     .evaluate = fetched_to_file<2>},
    {.name = "cfftp", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "cfmail", .sink = C::mail, .takes = kEvery, .evaluate = tells_recipient<0>},

    {.name = "chr", .result = R::letters, .evaluate = chr},
    {.name = "toBinary", .result = R::decodes, .evaluate = binary},
    {.name = "binaryDecode", .result = R::decodes, .evaluate = binary},
    {.name = "toString", .evaluate = same},
    {.name = "charsetEncode", .evaluate = same},
    {.name = "urlDecode", .result = R::decodes, .evaluate = percent},
    {.name = "decrypt", .result = R::decodes, .signal = "decrypt"},
    {.name = "reverse", .evaluate = reversed},
    {.name = "lCase", .evaluate = low},
    {.name = "trim", .evaluate = same},
    // Of a text or a list another, or one of it.
    {.name = "listFirst"},
    {.name = "listLast"},
    {.name = "listRest"},
    {.name = "listGetAt"},
    {.name = "listToArray"},
    {.name = "arrayToList"},
    {.name = "listAppend"},
    {.name = "arrayAppend", .fills = kFirst},
    {.name = "arrayPrepend", .fills = kFirst},
    {.name = "structInsert", .fills = kFirst},
    {.name = "replace"},
    {.name = "replaceNoCase"},
    {.name = "reReplace"},
    {.name = "reReplaceNoCase"},
    {.name = "mid"},
    {.name = "left"},
    {.name = "right"},
    {.name = "lTrim"},
    {.name = "rTrim"},
    {.name = "uCase"},
    {.name = "insert"},
    {.name = "removeChars"},
    {.name = "spanExcluding"},
    {.name = "spanIncluding"},
    {.name = "deserializeJSON"},
    {.name = "structFind"},
    {.name = "arrayFirst"},
    {.name = "arrayLast"},
    {.name = "de"},
    {.name = "duplicate"},
    {.name = "jsStringFormat"},
    {.name = "preserveSingleQuotes"},
    {.name = "javaCast"},
    {.name = "decodeFromURL"},
    {.name = "decodeForHTML"},
    {.name = "canonicalize"},
    {.name = "binaryEncode"},
    {.name = "charsetDecode"},
    {.name = "toBase64"},
    {.name = "wrap"},
    {.name = "xmlParse"},
    {.name = "len", .result = R::cleans},
    {.name = "val", .result = R::numbers},
    {.name = "int", .result = R::numbers},
    {.name = "hash", .result = R::cleans},
    {.name = "find", .result = R::cleans},
    {.name = "findNoCase", .result = R::cleans},
    {.name = "listLen", .result = R::cleans},
    {.name = "arrayLen", .result = R::cleans},
    {.name = "isDefined", .result = R::cleans},
    {.name = "structKeyExists", .result = R::cleans},
    {.name = "isNumeric", .result = R::verifies},
    {.name = "isUserInRole", .result = R::authenticates},
    {.name = "isUserLoggedIn", .result = R::authenticates},
    {.name = "compare", .result = R::verifies},
    {.name = "compareNoCase", .result = R::verifies},
};

}  // namespace

const std::span<const Entry> kCfmlLibrary = kTable;

}  // namespace ascribe::shells
