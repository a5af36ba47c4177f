// Texts, lists and encodings of Python's library: forms of the same. https://docs.python.org/3/library/functions.html
#include "shells/library/encodings.hpp"
#include "shells/library/formats.hpp"
#include "shells/library/made.hpp"
#include "shells/library/tables.hpp"

namespace ascribe::shells {
namespace {

using R = Result;

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
    {.name = "re.sub"},
    {.name = "re.split"},
    {.name = "re.findall"},
    {.name = "textwrap.dedent"},
    {.name = "StringIO"},
    {.name = "BytesIO"},
    {.name = "io.StringIO"},
    {.name = "io.BytesIO"},
    {.name = "path.join"},
    {.name = "path.expanduser"},
    {.name = "path.expandvars"},
    {.name = "path.abspath"},
    {.name = "path.realpath"},
    {.name = "path.normpath"},
    {.name = "path.dirname"},
    {.name = "path.basename"},
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
