#include "shells/yara.hpp"

#include <fmt/format.h>
#include <yara.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>

#include "base/text.hpp"

namespace ascribe::shells {

struct YaraRules::Compiled {
    YR_RULES* rules = nullptr;
    // Of this process, which alone enables and disables rules: all of them, and those that were slow in a file before.
    std::vector<YR_RULE*> all, slow;
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
    yr_rules_foreach(made->compiled_->rules, rule) { made->compiled_->all.push_back(rule); }
    made->count_ = made->compiled_->all.size();
    if (made->count_ == 0) return std::unexpected(nothing_left(made->notes_));
    return made;
}

namespace {

/// One file, scanned with one choice of the rules after the other.
class Scan {
public:
    Scan(YR_RULES* rules, std::string_view path, std::string_view bytes) : rules_(rules), path_(path), bytes_(bytes) {}

    /// Names those that hit; false when that took too long.
    bool run(std::span<YR_RULE* const> all, std::span<YR_RULE* const> chosen, std::chrono::nanoseconds most,
             std::vector<std::string>& hits) const {
        for (YR_RULE* rule : all) yr_rule_disable(rule);
        for (YR_RULE* rule : chosen) yr_rule_enable(rule);
        YR_SCANNER* scanner = nullptr;
        if (yr_scanner_create(rules_, &scanner) != ERROR_SUCCESS) return false;
        std::string whole(path_), name(base_name(path_)), ending(extension(path_));
        yr_scanner_define_string_variable(scanner, "filename", name.c_str());
        yr_scanner_define_string_variable(scanner, "filepath", whole.c_str());
        yr_scanner_define_string_variable(scanner, "extension", ending.c_str());
        auto note = [](YR_SCAN_CONTEXT*, int message, void* data, void* context) {
            auto& names = *static_cast<std::vector<std::string>*>(context);
            if (message == CALLBACK_MSG_RULE_MATCHING && names.size() < YaraRules::kMostHits)
                names.emplace_back(static_cast<YR_RULE*>(data)->identifier);
            return CALLBACK_CONTINUE;
        };
        yr_scanner_set_callback(scanner, note, &hits);
        scanner->timeout = static_cast<std::uint64_t>(most.count());  // yr_scanner_set_timeout() counts whole seconds
        // The worker's own limits catch faults; libyara's handlers would need system calls that it may not make.
        yr_scanner_set_flags(scanner, SCAN_FLAGS_NO_TRYCATCH | SCAN_FLAGS_REPORT_RULES_MATCHING);
        auto ended = yr_scanner_scan_mem(scanner, reinterpret_cast<const std::uint8_t*>(bytes_.data()), bytes_.size());
        yr_scanner_destroy(scanner);
        return ended != ERROR_SCAN_TIMEOUT;
    }

private:
    YR_RULES* rules_;
    std::string_view path_, bytes_;
};

using Rules = std::vector<YR_RULE*>;

Rules without(const Rules& rules, const Rules& some) {
    Rules rest;
    std::ranges::copy_if(rules, std::back_inserter(rest),
                         [&](YR_RULE* rule) { return std::ranges::find(some, rule) == some.end(); });
    return rest;
}

using Clock = std::chrono::steady_clock;

/// What one rule may take: as long as a scan without any, and a little more.
std::chrono::nanoseconds time_alone(const Scan& scan, const Rules& all) {
    std::vector<std::string> none;
    auto begin = Clock::now();
    scan.run(all, {}, YaraRules::kTime, none);
    return Clock::now() - begin + YaraRules::kTimeAlone;
}

/// Which of the rules take too long by themselves: by halves, as long as there is time.
Rules find_slow(const Scan& scan, const Rules& all, const Rules& suspects) {
    auto until = Clock::now() + YaraRules::kTimeOfSearch;
    auto alone = time_alone(scan, all);
    std::vector<std::string> unused;
    std::vector<std::span<YR_RULE* const>> open{suspects};
    Rules slow;
    while (!open.empty() && Clock::now() < until) {
        auto some = open.back();
        open.pop_back();
        bool all_of_them = some.size() == suspects.size();  // known to take too long
        if (!all_of_them && scan.run(all, some, alone, unused)) continue;
        if (some.size() == 1) {
            slow.push_back(some.front());
            continue;
        }
        open.push_back(some.subspan(some.size() / 2));
        open.push_back(some.first(some.size() / 2));
    }
    return slow;
}

}  // namespace

YaraRules::Result YaraRules::scan(std::string_view path, std::string_view bytes) const {
    auto& [rules, all, known_slow] = *compiled_;
    Scan scan(rules, path, bytes);
    Result result;
    Rules slow;
    auto alone = known_slow.empty() ? std::chrono::nanoseconds{} : time_alone(scan, all);
    for (YR_RULE* rule : known_slow)
        if (!scan.run(all, std::span(&rule, 1), alone, result.rules)) slow.push_back(rule);
    // Together again, since rules may ask for each other.
    result.rules.clear();
    auto chosen = without(all, slow);
    if (!scan.run(all, chosen, kTime, result.rules)) {
        result.rules.clear();
        auto found = find_slow(scan, all, chosen);
        slow.insert(slow.end(), found.begin(), found.end());
        known_slow.insert(known_slow.end(), found.begin(), found.end());
        result.timed_out = found.empty() || !scan.run(all, without(all, slow), kTime, result.rules);
    }
    std::ranges::sort(slow);  // in order of the files
    for (const YR_RULE* rule : slow) result.slow.emplace_back(rule->identifier);
    return result;
}

}  // namespace ascribe::shells
