#include "shells/yara.hpp"

#include <fmt/format.h>
#include <yara.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/text.hpp"

namespace ascribe::shells {

struct YaraRules::Compiled {
    YR_RULES* rules = nullptr;
    ~Compiled() {
        if (rules != nullptr) yr_rules_destroy(rules);
    }
};

namespace {

namespace fs = std::filesystem;

// Of the scanners that public rules were written for (LOKI, THOR).
constexpr const char* kExternals[] = {"filename", "filepath", "extension", "filetype", "owner", "md5"};

constexpr std::string_view kEndings[] = {".yar", ".yara", ".rule"};

struct Listener {
    std::string file;
    std::vector<RuleNote>* notes;
    bool broken = false;
};

void hear(int level, const char*, int line, const YR_RULE* rule, const char* message, void* context) {
    auto& listener = *static_cast<Listener*>(context);
    bool error = level == YARA_ERROR_LEVEL_ERROR;
    listener.broken = listener.broken || error;
    auto text = rule != nullptr && rule->identifier != nullptr ? fmt::format("{}: {}", rule->identifier, message)
                                                               : std::string(message);
    listener.notes->push_back({listener.file, line, text, error});
}

struct FreeCompiler {
    void operator()(YR_COMPILER* compiler) const { yr_compiler_destroy(compiler); }
};
using Compiler = std::unique_ptr<YR_COMPILER, FreeCompiler>;

Compiler compiler_for(Listener& listener) {
    YR_COMPILER* made = nullptr;
    if (yr_compiler_create(&made) != ERROR_SUCCESS) return nullptr;
    for (const char* name : kExternals) yr_compiler_define_string_variable(made, name, "");
    yr_compiler_set_callback(made, hear, &listener);
    return Compiler(made);
}

/// Whether the expression behind an opening slash may go on for ever: *, + or {n,} outside a class.
bool is_unbounded(std::string_view expression) {
    bool in_class = false;
    for (std::size_t i = 0; i < expression.size() && expression[i] != '/' && expression[i] != '\n'; ++i) {
        char c = expression[i];
        if (c == '\\')
            ++i;
        else if (c == '[' || c == ']')
            in_class = c == '[';
        else if (!in_class && (c == '*' || c == '+' || expression.substr(i).starts_with(",}")))
            return true;
    }
    return false;
}

/// Strings of rules ($name = /.../) whose expression is unbounded, however many stand in a line.
std::size_t unbounded_in(std::string_view text) {
    constexpr std::string_view kName = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_";
    std::size_t found = 0;
    auto skip = [text](std::size_t at, std::string_view letters) {
        return std::min(text.find_first_not_of(letters, at), text.size());
    };
    for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
        auto equals = skip(skip(at + 1, kName), " \t");
        auto open = skip(equals + 1, " \t");
        if (text.substr(equals).starts_with('=') && text.substr(std::min(open, text.size())).starts_with('/'))
            found += is_unbounded(text.substr(open + 1)) ? 1 : 0;
    }
    return found;
}

/// Why nothing is left of the rules given: the first reasons, for who has no other place to look.
std::string nothing_left(const std::vector<RuleNote>& notes) {
    constexpr std::size_t kReasons = 3;
    std::string reasons;
    std::size_t told = 0;
    for (const RuleNote& note : notes)
        if (note.refused && told++ < kReasons)
            reasons += fmt::format("{}{} line {}: {}", told == 1 ? "" : "; ", note.file, note.line, note.text);
    return "no YARA rule could be used: " +
           (reasons.empty() ? "there is none in a .yar, .yara or .rule file" : reasons);
}

std::expected<std::vector<fs::path>, std::string> files_of(const std::vector<std::string>& paths) {
    std::vector<fs::path> files;
    for (const std::string& given : paths) {
        std::error_code error;
        if (!fs::is_directory(given, error)) {
            files.emplace_back(given);
            continue;
        }
        std::vector<fs::path> inside;
        for (fs::recursive_directory_iterator at(given, error), end; !error && at != end; at.increment(error))
            if (at->is_regular_file(error) &&
                std::ranges::find(kEndings, at->path().extension().string()) != std::end(kEndings))
                inside.push_back(at->path());
        if (error) return std::unexpected(fmt::format("{}: {}", given, error.message()));
        std::ranges::sort(inside);
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

}  // namespace

YaraRules::~YaraRules() = default;

std::expected<std::shared_ptr<const YaraRules>, std::string> YaraRules::read(const std::vector<std::string>& paths) {
    static const bool ready = yr_initialize() == ERROR_SUCCESS;
    if (!ready) return std::unexpected("libyara does not start");
    auto files = files_of(paths);
    if (!files) return std::unexpected(files.error());
    std::shared_ptr<YaraRules> made(new YaraRules);
    std::vector<RuleNote> unheard;
    Listener silent{"", &unheard};
    auto all = compiler_for(silent);
    for (const fs::path& path : *files) {
        std::ifstream in(path, std::ios::binary);
        if (!in) return std::unexpected(fmt::format("{}: cannot be opened; give YARA rules as text", path.string()));
        std::string text{std::istreambuf_iterator<char>(in), {}};
        // A compiler that met an error is of no use afterwards: each file is tried by itself first.
        Listener listener{path.string(), &made->notes_};
        auto alone = compiler_for(listener);
        if (!alone || !all) return std::unexpected("libyara has no memory left");
        if (yr_compiler_add_string(alone.get(), text.c_str(), nullptr) > 0 || listener.broken) continue;
        if (yr_compiler_add_string(all.get(), text.c_str(), path.string().c_str()) > 0)
            return std::unexpected(fmt::format("{}: does not go together with the rules before it", path.string()));
        made->windowed_ += unbounded_in(text);
    }
    made->compiled_ = std::make_unique<Compiled>();
    if (yr_compiler_get_rules(all.get(), &made->compiled_->rules) != ERROR_SUCCESS)
        return std::unexpected("libyara could not finish the rules");
    YR_RULE* rule = nullptr;
    yr_rules_foreach(made->compiled_->rules, rule) { ++made->count_; }
    if (made->count_ == 0) return std::unexpected(nothing_left(made->notes_));
    return made;
}

YaraRules::Result YaraRules::scan(std::string_view path, std::string_view bytes) const {
    Result result;
    YR_SCANNER* scanner = nullptr;
    if (yr_scanner_create(compiled_->rules, &scanner) != ERROR_SUCCESS) return result;
    std::string whole(path), name(base_name(path)), ending(extension(path));
    yr_scanner_define_string_variable(scanner, "filename", name.c_str());
    yr_scanner_define_string_variable(scanner, "filepath", whole.c_str());
    yr_scanner_define_string_variable(scanner, "extension", ending.c_str());
    auto note = [](YR_SCAN_CONTEXT*, int message, void* data, void* context) {
        auto& rules = static_cast<Result*>(context)->rules;
        if (message == CALLBACK_MSG_RULE_MATCHING && rules.size() < kMostHits)
            rules.emplace_back(static_cast<YR_RULE*>(data)->identifier);
        return CALLBACK_CONTINUE;
    };
    yr_scanner_set_callback(scanner, note, &result);
    yr_scanner_set_timeout(scanner, kSeconds);
    // The worker's own limits catch faults; libyara's handlers would need system calls that it may not make.
    yr_scanner_set_flags(scanner, SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
    auto ended = yr_scanner_scan_mem(scanner, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    result.timed_out = ended == ERROR_SCAN_TIMEOUT;
    yr_scanner_destroy(scanner);
    return result;
}

}  // namespace ascribe::shells
