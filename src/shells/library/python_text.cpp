// Texts, lists and encodings of Python's library: forms of the same. https://docs.python.org/3/library/functions.html
#include <algorithm>

#include "shells/library/encodings.hpp"
#include "shells/library/formats.hpp"
#include "shells/library/made.hpp"
#include "shells/library/paths.hpp"
#include "shells/library/tables.hpp"

namespace ascribe::shells {
namespace {

using R = Result;

/// re.match(pattern, x): whether it fits is a check, what it holds are parts of x, checked unless they may be anything.
bool matched(Call& call) {
    constexpr std::string_view kAny[] = {".*", ".+", "[^", "\\S"};
    auto pattern = call.text(0);
    if (call.size() < 2) return false;
    auto data = summary(call.arguments[1]);
    auto match = Value::of_type("Match");
    taint(match, data);
    match.flags |= flag::verifies;
    bool anything = !pattern || std::ranges::any_of(kAny, [&](auto any) { return pattern->contains(any); });
    if (data.tainted() && !anything) match.flags |= flag::checked;
    return call.give(std::move(match));
}

/// re.compile(pattern): what it is of stands beside it.
bool compiled(Call& call) {
    if (call.size() == 0) return false;
    auto pattern = Value::of_type("Pattern");
    pattern.owner = std::make_shared<Value>(call.arguments[0]);
    return call.give(std::move(pattern));
}
/// compiled.match(text)
bool matched_by_compiled(Call& call) {
    if (call.object == nullptr || call.object->owner == nullptr || call.size() == 0) return false;
    std::vector<Value> both{*static_cast<const Value*>(call.object->owner.get()), call.arguments[0]};
    Call as_function{call.machine, call.entry, call.name, both, {}, nullptr, call.span};
    return matched(as_function) && call.give(std::move(as_function.result));
}

/// "{0}{x}".format(a, x=b): arguments that have a name come as the others do here, so names are not found.
bool formatted(Call& call) {
    auto format = object_text(call);
    if (!format) return false;
    auto out = braced(*format, call.arguments, [](std::string_view) { return nullptr; });
    return out && call.give(std::move(*out));
}
/// "{a}".format_map({"a": b})
bool format_mapped(Call& call) {
    auto format = object_text(call);
    if (!format || call.list(0) == nullptr) return false;
    auto& names = call.arguments[0].list();
    auto out = braced(*format, {}, [&](std::string_view name) { return names.find(Value::constant(name)); });
    return out && call.give(std::move(*out));
}

constexpr Entry kTable[] = {
    {.name = "String.format", .evaluate = formatted},
    {.name = "String.format_map", .evaluate = format_mapped},
    {.name = "str"},
    {.name = "unicode"},
    {.name = "repr"},
    {.name = "ascii"},
    {.name = "format"},
    {.name = "min"},
    {.name = "max"},
    {.name = "sum"},
    {.name = "next"},
    {.name = "iter"},
    {.name = "sorted"},
    {.name = "reversed"},
    {.name = "zip"},
    {.name = "enumerate"},
    {.name = "set"},
    {.name = "frozenset"},
    {.name = "dict"},
    {.name = "filter"},
    {.name = "reduce"},
    {.name = "memoryview"},
    {.name = "unquote"},
    {.name = "unquote_plus"},
    {.name = "unquote_to_bytes"},
    {.name = "urllib.unquote"},
    {.name = "urllib.unquote_plus"},
    {.name = "parse.unquote"},
    {.name = "parse.unquote_plus"},
    {.name = "parse_qs"},
    {.name = "parse_qsl"},
    {.name = "parse.parse_qs"},
    {.name = "parse.parse_qsl"},
    {.name = "urlparse"},
    {.name = "urlsplit"},
    {.name = "parse.urlparse"},
    {.name = "parse.urlsplit"},
    {.name = "parse.quote"},
    {.name = "parse.urljoin"},
    {.name = "json.loads"},
    {.name = "json.load"},
    {.name = "json.dumps"},
    {.name = "yaml.safe_load"},
    {.name = "html.unescape"},
    {.name = "html.escape"},
    {.name = "cgi.escape"},
    {.name = "shlex.split"},
    {.name = "shlex.quote"},
    {.name = "shlex.join"},
    {.name = "abort", .evaluate = ends_page},  // of Flask and Bottle
    {.name = "flask.abort", .evaluate = ends_page},
    {.name = "sys.exit", .evaluate = ends_page},
    {.name = "re.sub"},
    {.name = "re.match", .evaluate = matched},
    {.name = "re.fullmatch", .evaluate = matched},
    {.name = "re.search", .evaluate = matched},
    {.name = "re.compile", .evaluate = compiled},
    {.name = "Pattern.match", .evaluate = matched_by_compiled},
    {.name = "Pattern.fullmatch", .evaluate = matched_by_compiled},
    {.name = "Pattern.search", .evaluate = matched_by_compiled},
    {.name = "re.split"},
    {.name = "re.findall"},
    {.name = "textwrap.dedent"},
    {.name = "StringIO"},
    {.name = "BytesIO"},
    {.name = "io.StringIO"},
    {.name = "io.BytesIO"},
    {.name = "path.join", .evaluate = joined_path},
    {.name = "path.expanduser"},
    {.name = "path.expandvars"},
    {.name = "path.abspath"},
    {.name = "path.realpath"},
    {.name = "path.normpath"},
    {.name = "path.dirname"},
    {.name = "path.basename", .evaluate = base_name},
    {.name = "secure_filename", .evaluate = base_name},
    {.name = "ipaddress.ip_address", .result = R::cleans},
    {.name = "ipaddress.ip_network", .result = R::cleans},
    {.name = "ip_address", .result = R::cleans},
    {.name = "uuid.UUID", .result = R::cleans},
    {.name = "functools.reduce"},
    {.name = "itertools.chain"},
    {.name = "copy.copy"},
    {.name = "copy.deepcopy"},
    {.name = "string.Template"},
    {.name = ".format"},
    {.name = ".getlist"},
    {.name = "ast.literal_eval", .result = R::cleans},
    {.name = "base64.urlsafe_b64decode", .result = R::decodes, .evaluate = base64},
    {.name = "base64.standard_b64decode", .result = R::decodes, .evaluate = base64},
    {.name = "base64.decodebytes", .result = R::decodes, .evaluate = base64},
    {.name = "base64.b16decode", .result = R::decodes, .evaluate = hex},
    {.name = "base64.b32decode", .result = R::decodes},
    {.name = "base64.b32hexdecode", .result = R::decodes},
    {.name = "base64.a85decode", .result = R::decodes},
    {.name = "base64.b85decode", .result = R::decodes},
    {.name = "binascii.a2b_base64", .result = R::decodes, .evaluate = base64},
    {.name = "binascii.a2b_hex", .result = R::decodes, .evaluate = hex},
    {.name = "gzip.decompress", .result = R::decodes},
    {.name = "bz2.decompress", .result = R::decodes},
    {.name = "lzma.decompress", .result = R::decodes},
    {.name = ".decrypt", .result = R::decodes, .signal = "decrypt"},
};

}  // namespace

const std::span<const Entry> kPythonText = kTable;

}  // namespace ascribe::shells
