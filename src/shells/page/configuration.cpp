#include "shells/page/configuration.hpp"

#include <algorithm>
#include <string>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

constexpr std::size_t kMostRead = 256 << 10;  // real ones have a few KiB

/// What runs scripts, in a handler's `type`, `modules` or `scriptProcessor`.
constexpr std::string_view kEngines[] = {"asp.dll",
                                         "aspnet_isapi",
                                         "php-cgi",
                                         "php.exe",
                                         "cgimodule",
                                         "pagehandlerfactory",
                                         "cmd.exe",
                                         "powershell",
                                         "simplehandlerfactory",
                                         "webservicehandlerfactory",
                                         "fastcgimodule"};
/// What interprets what it is handed, whatever that is.
constexpr std::string_view kInterpreters[] = {"asp.dll", "php-cgi",    "php.exe",          "pagehandlerfactory",
                                              "cmd.exe", "powershell", "pagebuildprovider"};
/// Names of pictures and documents, which nothing runs.
constexpr std::string_view kDocuments[] = {".jpg", ".jpeg", ".png", ".gif", ".bmp", ".ico", ".webp", ".txt",
                                           ".log", ".pdf",  ".doc", ".zip", ".rar", ".mp3", ".mp4"};
/// Names that are run by default, so that handing them to an engine changes nothing.
constexpr std::string_view kScripts[] = {".asp",    ".aspx",   ".ashx", ".asmx", ".asax", ".ascx", ".axd",
                                         ".cshtml", ".vbhtml", ".php",  ".svc",  ".rem",  ".soap", ".asa",
                                         ".cer",    ".cdx",    ".cgi",  ".pl",   ".exe",  ".dll",  ".master"};

/// The value of an attribute in lower case; "" when it is missing.
std::string_view attribute(std::string_view tag, std::string_view name) {
    for (auto at = tag.find(name); at != std::string_view::npos; at = tag.find(name, at + 1)) {
        auto rest = trim(tag.substr(at + name.size()));
        bool begins =
            at > 0 && (tag[at - 1] == ' ' || tag[at - 1] == '\t' || tag[at - 1] == '\n' || tag[at - 1] == '\r');
        if (!begins || !rest.starts_with('=')) continue;
        rest = trim(rest.substr(1));
        if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) return {};
        return rest.substr(1, rest.find(rest[0], 1) - 1);
    }
    return {};
}

/// The tag that begins at `at`, up to the '>' that stands in no value.
std::string_view tag_at(std::string_view text, std::size_t at) {
    char quote = '\0';
    for (auto i = at; i < text.size(); ++i) {
        char c = text[i];
        if (quote != '\0')
            quote = c == quote ? '\0' : quote;
        else if (c == '"' || c == '\'')
            quote = c;
        else if (c == '>')
            return text.substr(at, i - at);
    }
    return text.substr(at);
}

bool runs_odd_names(std::string_view tag) {
    bool engine = std::ranges::any_of(kEngines, [&](auto word) { return tag.find(word) != std::string_view::npos; });
    auto path = attribute(tag, "path");
    auto dot = path.rfind('.');
    if (!engine || path.empty() || dot == std::string_view::npos) return false;
    auto ending = path.substr(dot);
    return ending != ".*" && std::ranges::find(kScripts, ending) == std::end(kScripts);
}

/// Every picture or document is run as a script.
bool runs_documents(std::string_view tag) {
    auto names = attribute(tag, "path");
    if (names.empty()) names = attribute(tag, "extension");
    if (names.starts_with('*')) names.remove_prefix(1);
    bool engine =
        std::ranges::any_of(kInterpreters, [&](auto word) { return tag.find(word) != std::string_view::npos; });
    return engine && std::ranges::find(kDocuments, names) != std::end(kDocuments);
}

}  // namespace

bool is_configuration(std::string_view path) { return ends_folded(path, ".config"); }

std::vector<Signal> signals_of_configuration(std::string_view text) {
    std::vector<Signal> signals;
    auto low = lower(text.substr(0, kMostRead));
    auto tell = [&](std::string_view name, std::size_t at, std::size_t size) {
        auto known = std::ranges::find(signals, name, &Signal::name);
        if (known != signals.end()) {
            known->value += 1;
            return;
        }
        Place place{0, {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(size)}};
        signals.push_back({std::string(name), 1, place});
    };
    for (auto at = low.find('<'); at != std::string::npos; at = low.find('<', at + 1)) {
        auto rest = std::string_view(low).substr(at);
        if (!rest.starts_with("<add") && !rest.starts_with("<remove")) continue;
        auto tag = tag_at(low, at);
        if (tag.starts_with("<add") && runs_documents(tag)) tell("config.document_handler", at, tag.size());
        if (tag.starts_with("<add") && runs_odd_names(tag)) tell("config.script_handler", at, tag.size());
        bool opened = (tag.starts_with("<remove") &&
                       (attribute(tag, "segment") == "web.config" || attribute(tag, "fileextension") == ".config")) ||
                      (tag.starts_with("<add") && attribute(tag, "fileextension") == ".config" &&
                       attribute(tag, "allowed") == "true");
        if (opened) tell("config.unhidden", at, tag.size());
        at += tag.size() - 1;  // a tag without an end is looked through once
    }
    return signals;
}

}  // namespace ascribe::shells
