// PHP's constants: a script's own, and those that PHP brings along.
// https://www.php.net/manual/en/reserved.constants.php
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

bool define(Call& call) {
    auto name = call.text(0);
    if (!name || call.size() < 2) return false;
    call.machine.define(*name, call.arguments[1]);
    return call.give_truth(true);
}

/// Numbers that PHP's functions are told what to do with. https://www.php.net/manual/en/reserved.constants.php
struct NumberConstant {
    std::string_view name;
    double number;
};
constexpr NumberConstant kNumbers[] = {{"ARRAY_FILTER_USE_BOTH", 1},
                                       {"ARRAY_FILTER_USE_KEY", 2},
                                       {"CASE_LOWER", 0},
                                       {"CASE_UPPER", 1},
                                       {"COUNT_RECURSIVE", 1},
                                       {"ENT_COMPAT", 2},
                                       {"ENT_HTML401", 0},
                                       {"ENT_HTML5", 48},
                                       {"ENT_NOQUOTES", 0},
                                       {"ENT_QUOTES", 3},
                                       {"EXTR_OVERWRITE", 0},
                                       {"EXTR_PREFIX_ALL", 3},
                                       {"EXTR_PREFIX_SAME", 2},
                                       {"EXTR_SKIP", 1},
                                       {"E_ALL", 32767},
                                       {"FILTER_CALLBACK", 1024},
                                       {"FILTER_SANITIZE_FULL_SPECIAL_CHARS", 522},
                                       {"FILTER_SANITIZE_NUMBER_INT", 519},
                                       {"FILTER_SANITIZE_SPECIAL_CHARS", 515},
                                       {"FILTER_VALIDATE_DOMAIN", 277},
                                       {"FILTER_VALIDATE_EMAIL", 274},
                                       {"FILTER_VALIDATE_FLOAT", 259},
                                       {"FILTER_VALIDATE_INT", 257},
                                       {"FILTER_VALIDATE_IP", 275},
                                       {"FILTER_VALIDATE_URL", 273},
                                       {"LC_ALL", 6},
                                       {"MB_CASE_LOWER", 1},
                                       {"MB_CASE_TITLE", 2},
                                       {"MB_CASE_UPPER", 0},
                                       {"PATHINFO_BASENAME", 2},
                                       {"PATHINFO_DIRNAME", 1},
                                       {"PATHINFO_EXTENSION", 4},
                                       {"PATHINFO_FILENAME", 8},
                                       {"PHP_INT_SIZE", 8},
                                       {"PHP_URL_FRAGMENT", 7},
                                       {"PHP_URL_HOST", 1},
                                       {"PHP_URL_PASS", 4},
                                       {"PHP_URL_PATH", 5},
                                       {"PHP_URL_PORT", 2},
                                       {"PHP_URL_QUERY", 6},
                                       {"PHP_URL_SCHEME", 0},
                                       {"PHP_URL_USER", 3},
                                       {"PREG_PATTERN_ORDER", 1},
                                       {"PREG_SET_ORDER", 2},
                                       {"PREG_SPLIT_DELIM_CAPTURE", 2},
                                       {"PREG_SPLIT_NO_EMPTY", 1},
                                       {"SOAP_FUNCTIONS_ALL", 999},
                                       {"SORT_ASC", 4},
                                       {"SORT_DESC", 3},
                                       {"SORT_NUMERIC", 1},
                                       {"SORT_REGULAR", 0},
                                       {"SORT_STRING", 2},
                                       {"STR_PAD_BOTH", 2},
                                       {"STR_PAD_LEFT", 0},
                                       {"STR_PAD_RIGHT", 1}};
std::optional<double> number_called(std::string_view name) {
    const auto* found = std::ranges::find(kNumbers, name, &NumberConstant::name);
    return found == std::end(kNumbers) ? std::nullopt : std::optional(found->number);
}

bool constant(Call& call) {
    auto name = call.text(0);
    if (!name) return false;
    if (const auto* value = call.machine.defined(*name)) return call.give(*value);
    auto is = [&](std::string_view other) { return equals_folded(*name, other); };
    if (is("PHP_EOL")) return call.give(Value::constant("\n"));
    if (is("DIRECTORY_SEPARATOR")) return call.give(Value::constant("/"));
    if (is("PHP_SAPI")) {  // as php_sapi_name()
        auto server = Value::unknown();
        server.flags |= flag::authenticates;
        return call.give(std::move(server));
    }
    if (is("PHP_OS") || is("PHP_OS_FAMILY")) return call.give(Value::unknown());
    if (is("__FILE__")) return call.give(Value::constant(kOwnFile));
    if (is("__DIR__")) return call.give(Value::constant(""));
    if (auto number = number_called(*name)) return call.give(*number);
    if (is("NAN") || is("INF")) return call.give(Value::constant(is("NAN") ? "NAN" : "INF"));
    if (is("M_PI")) return call.give(3.14159265358979);
    if (auto colons = name->substr(0, kLongestName).find("::"); colons != std::string_view::npos) {
        auto type = call.machine.intern(lower(name->substr(0, colons)));
        if (!call.machine.type_exists(type)) return false;
        return call.give(call.machine.type_member(type, call.machine.intern(name->substr(colons + 2, kLongestName))));
    }
    // Before PHP 8 a bare word that is no constant is its own text; those of PHP itself are in capitals.
    bool capitals =
        name->size() > 2 && std::none_of(name->begin(), name->end(), [](char c) { return c >= 'a' && c <= 'z'; });
    bool own = capitals && name->find('_') != std::string_view::npos;
    if (!call.bare || own) return call.give(Value::unknown());
    return call.give(Value::constant(call.arguments[0].view));
}

bool is_defined(Call& call) {
    auto name = call.text(0);
    if (name && call.machine.defined(*name) != nullptr) return call.give_truth(true);
    return false;
}

constexpr Entry kTable[] = {
    {.name = "define", .evaluate = define},
    {.name = "constant", .result = Result::cleans, .evaluate = constant},
    {.name = "defined", .result = Result::authenticates, .evaluate = is_defined},  // by who includes this file
};

}  // namespace

const std::span<const Entry> kPhpConstants = kTable;

}  // namespace ascribe::shells
