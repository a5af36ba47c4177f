// PHP's regular expressions; the modifier e, which runs what it puts in. https://www.php.net/manual/en/ref.pcre.php
#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <memory>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

struct Pattern {
    std::string text, modifiers;
};
std::optional<Pattern> pattern_of(std::string_view raw) {
    raw = trim(raw);
    if (raw.size() < 2) return std::nullopt;
    char open = raw[0];
    char close = open == '(' ? ')' : open == '{' ? '}' : open == '[' ? ']' : open == '<' ? '>' : open;
    auto end = raw.rfind(close);
    if (end == 0 || end == std::string_view::npos) return std::nullopt;
    Pattern pattern{std::string(raw.substr(1, end - 1)), std::string(raw.substr(end + 1))};
    return pattern;
}
std::shared_ptr<const RE2> compile(const Pattern& pattern) {
    if (pattern.text.size() > 2000) return nullptr;
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    bool utf8 = pattern.modifiers.find('u') != std::string::npos;
    options.set_encoding(utf8 ? RE2::Options::EncodingUTF8 : RE2::Options::EncodingLatin1);
    options.set_case_sensitive(pattern.modifiers.find('i') == std::string::npos);
    options.set_dot_nl(pattern.modifiers.find('s') != std::string::npos);
    std::string text = pattern.text;
    if (pattern.modifiers.find('m') != std::string::npos) text = "(?m)" + text;
    auto re = std::make_shared<const RE2>(text, options);
    if (!re->ok() || re->NumberOfCapturingGroups() > 30) return nullptr;
    return re;
}

/// Loops use a few patterns over and over, and making one takes longer than most matches: the last ones are kept, null
/// where one cannot be made.
std::shared_ptr<const RE2> compiled(const Pattern& pattern) {
    struct Kept {
        std::optional<Pattern> pattern;
        std::shared_ptr<const RE2> re;
    };
    static std::array<Kept, 8> kept;
    static std::size_t next = 0;
    auto same = [&](const Kept& each) {
        return each.pattern && each.pattern->text == pattern.text && each.pattern->modifiers == pattern.modifiers;
    };
    if (auto found = std::ranges::find_if(kept, same); found != kept.end()) return found->re;
    auto& place = kept[next++ % kept.size()];
    place = {pattern, compile(pattern)};
    return place.re;
}

/// Matches of a pattern in a text, one after the other; at most some thousand.
std::vector<std::vector<re2::StringPiece>> matches_of(const RE2& re, std::string_view text) {
    std::vector<std::vector<re2::StringPiece>> all;
    auto groups = static_cast<std::size_t>(re.NumberOfCapturingGroups()) + 1;
    re2::StringPiece whole(text.data(), text.size());
    std::size_t at = 0;
    while (at <= text.size() && all.size() < 20000) {
        std::vector<re2::StringPiece> match(groups);
        if (!re.Match(whole, at, text.size(), RE2::UNANCHORED, match.data(), static_cast<int>(groups))) break;
        auto end = static_cast<std::size_t>(match[0].data() - text.data()) + match[0].size();
        at = match[0].empty() ? end + 1 : end;
        all.push_back(std::move(match));
    }
    return all;
}

std::string expanded(std::string_view replacement, const std::vector<re2::StringPiece>& match, bool quoted) {
    std::string out;
    for (std::size_t i = 0; i < replacement.size(); ++i) {
        char c = replacement[i];
        auto at = i + 1;
        bool braces = c == '$' && at < replacement.size() && replacement[at] == '{';
        if (braces) ++at;
        if ((c == '\\' || c == '$') && at < replacement.size() && replacement[at] >= '0' && replacement[at] <= '9') {
            auto group = static_cast<std::size_t>(replacement[at] - '0');
            if (at + 1 < replacement.size() && replacement[at + 1] >= '0' && replacement[at + 1] <= '9')
                group = group * 10 + static_cast<std::size_t>(replacement[++at] - '0');
            if (group < match.size()) {
                std::string_view text(match[group].data(), match[group].size());
                out += quoted ? with_slashes(text) : std::string(text);
            }
            i = at + (braces ? 1 : 0);
            continue;
        }
        out += c;
    }
    return out;
}

bool replace_pattern(Call& call, std::string_view raw, std::string_view replacement, std::string& subject) {
    auto pattern = pattern_of(raw);
    auto re = pattern ? compiled(*pattern) : nullptr;
    if (re == nullptr || !call.machine.charge(1 + subject.size() / 2)) return false;
    std::string out;
    std::size_t at = 0;
    for (const auto& match : matches_of(*re, subject)) {
        auto begin = static_cast<std::size_t>(match[0].data() - subject.data());
        out.append(subject, at, begin - at).append(expanded(replacement, match, false));
        at = begin + match[0].size();
        if (out.size() > kMostInflated) return false;
    }
    out.append(subject, at);
    subject = std::move(out);
    return true;
}

/// The modifier of PHP before 7 that runs the replacement as code.
bool evaluates(const Value& pattern) {
    if (pattern.kind == Kind::list) {
        for (const auto& item : pattern.list().items)
            if (item.value.kind == Kind::text && evaluates(item.value)) return true;
        return false;
    }
    if (pattern.kind != Kind::text) return false;
    auto parts = pattern_of(pattern.view);
    return parts && parts->modifiers.find('e') != std::string::npos;
}

const Value& first_of(const Value& value) {
    return value.kind == Kind::list && !value.list().items.empty() ? value.list().items.front().value : value;
}

bool run_replacement(Call& call) {
    call.machine.signal("sink.preg_e", call.span);
    const auto& replacement = first_of(call.arguments[1]);
    auto subject = call.size() > 2 ? summary(call.arguments[2]) : Value::constant("");
    if (replacement.tainted() || replacement.kind == Kind::unknown)
        call.machine.flow(Capability::code, replacement, call.name, call.span);
    else if (subject.tainted())
        call.machine.flow(Capability::code, subject, call.name, call.span);
    if (replacement.kind != Kind::text || replacement.tainted()) return false;
    std::string code(replacement.view);
    auto text = call.size() > 2 && call.arguments[2].kind != Kind::list ? call.text(2) : std::nullopt;
    if (text && !subject.tainted()) {
        auto pattern = pattern_of(first_of(call.arguments[0]).view);
        auto re = pattern ? compiled(*pattern) : nullptr;
        if (re != nullptr) {
            auto all = matches_of(*re, *text);
            if (!all.empty()) code = expanded(code, all.front(), true);
        }
    }
    auto value = Value::text("return " + code + ";");
    value.flags = static_cast<std::uint16_t>(replacement.flags | flag::assembled);
    value.trail = replacement.trail;
    call.give(call.machine.evaluate(value, Language::php, call.name, call.span));
    return true;
}

/// What is not of a class of characters is taken out of what a visitor sent, or a harmless one put there: `[^a-z]` for
/// nothing, or for a hyphen. That is a check.
bool keeps_some(Call& call) {
    auto pattern = call.text(0), by = call.text(1);
    if (!pattern || !by || call.size() < 3 || pattern->find("[^") == std::string_view::npos) return false;
    bool harmless = by->empty() || *by == "-" || *by == "_" || *by == " ";
    if (!harmless) return false;
    call.result = Value::unknown();
    taint(call.result, summary(call.arguments[2]));
    call.result.flags |= flag::checked;
    call.machine.note(call.result, call.name, call.span);
    return true;
}

bool preg_replace(Call& call) {
    if (call.size() < 2) return false;
    if (evaluates(call.arguments[0])) return run_replacement(call);
    auto pattern = summary(call.arguments[0]);
    auto by = summary(call.arguments[1]);
    // Who names all of the pattern names its modifiers.
    if (pattern.tainted() && by.tainted() && !pattern.has(flag::part)) {
        call.machine.flow(Capability::code, by, call.name, call.span);
        return false;
    }
    auto subject = call.size() > 2 && call.arguments[2].kind != Kind::list ? call.text(2) : std::nullopt;
    if (!subject || call.arguments[2].tainted()) return keeps_some(call);
    std::string out(*subject);
    const auto* patterns = call.list(0);
    if (patterns == nullptr) {
        auto raw = call.text(0), to = call.text(1);
        if (!raw || !to || !replace_pattern(call, *raw, *to, out)) return false;
        return call.give(std::move(out));
    }
    const auto* to = call.list(1);
    for (std::size_t i = 0; i < patterns->items.size() && i < 256; ++i) {
        auto raw = text_of(patterns->items[i].value);
        auto with = to == nullptr          ? (call.text(1) ? std::optional(std::string(*call.text(1))) : std::nullopt)
                    : i < to->items.size() ? text_of(to->items[i].value)
                                           : std::optional(std::string());
        if (!raw || !with || !replace_pattern(call, *raw, *with, out)) return false;
    }
    return call.give(std::move(out));
}

bool mb_ereg_replace(Call& call) {
    auto options = call.text(3);
    if (options && options->find('e') != std::string_view::npos && call.size() > 2) {
        auto replacement = call.arguments[1];
        bool puts_in = replacement.kind == Kind::text && replacement.view.find('\\') != std::string_view::npos;
        if (puts_in && call.arguments[2].tainted()) replacement = call.arguments[2];  // what it found, as code
        call.machine.signal("sink.preg_e", call.span);
        if (replacement.tainted() || replacement.kind == Kind::unknown)
            call.machine.flow(Capability::code, replacement, call.name, call.span);
        return call.give(call.machine.evaluate(replacement, Language::php, call.name, call.span));
    }
    if (call.size() > 3 && call.arguments[3].tainted())
        call.machine.flow(Capability::code, call.arguments[1], call.name, call.span);
    return false;
}

/// preg_replace_callback_array([pattern => function], subject)
bool preg_replace_callback_array(Call& call) {
    const auto* list = call.list(0);
    if (list == nullptr || call.size() < 2) return false;
    auto any = Value::unknown();
    taint(any, summary(call.arguments[1]));
    auto items = list->items;  // a call may change what it goes through
    for (const auto& item : items) {
        auto match = std::make_shared<List>();
        match->append(any);
        match->append(any);
        taint(any, call.machine.call_back(item.value, {Value::of_list(std::move(match))}, call.span));
    }
    return call.give(std::move(any));
}
bool preg_replace_callback(Call& call) {
    if (call.size() < 3) return false;
    auto raw = call.text(0), subject = call.text(2);
    auto pattern = raw ? pattern_of(*raw) : std::nullopt;
    auto re = pattern ? compiled(*pattern) : nullptr;
    if (re == nullptr || !subject || call.arguments[2].tainted()) {
        auto match = std::make_shared<List>();
        auto any = Value::unknown();
        taint(any, summary(call.arguments[2]));
        match->append(any);
        match->append(any);
        auto got = call.machine.call_back(call.arguments[1], {Value::of_list(std::move(match))}, call.span);
        taint(any, got);
        return call.give(std::move(any));
    }
    std::string text(*subject), out;
    std::size_t at = 0, done = 0;
    for (const auto& match : matches_of(*re, text)) {
        if (++done > 2000 || !call.machine.charge(1)) return false;
        auto groups = std::make_shared<List>();
        for (const auto& group : match)
            groups->append(Value::text(std::string(group.data() == nullptr ? "" : group.data(), group.size())));
        auto got = call.machine.call_back(call.arguments[1], {Value::of_list(std::move(groups))}, call.span);
        auto piece = got.kind == Kind::unknown ? std::nullopt : text_of(got);
        if (!piece) return false;
        auto begin = static_cast<std::size_t>(match[0].data() - text.data());
        out.append(text, at, begin - at).append(*piece);
        at = begin + match[0].size();
    }
    out.append(text, at);
    return call.give(std::move(out));
}

/// The texts that a pattern lets through, where it is no more than a list of them: ^(a|b|c)$
std::shared_ptr<List> listed_in(const Pattern& pattern) {
    std::string_view text = pattern.text;
    auto take = [&](std::string_view begin, std::string_view end) {
        bool fits = text.starts_with(begin) && text.ends_with(end) && text.size() >= begin.size() + end.size();
        if (fits) text = text.substr(begin.size(), text.size() - begin.size() - end.size());
        return fits;
    };
    bool whole = take("^", "$") || take("\\A", "\\z") || take("^", "\\z");
    if (!whole || pattern.modifiers.find_first_not_of("DuisS") != std::string::npos) return nullptr;
    if (!take("(?:", ")") && !take("(", ")") && text.find('|') != std::string_view::npos) return nullptr;
    auto list = std::make_shared<List>();
    for (auto word : split(text, '|')) {
        bool plain = std::ranges::all_of(
            word, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; });
        if (word.empty() || !plain) return nullptr;
        list->append(Value::text(std::string(word)));
    }
    return list;
}

template <bool all_of_them>
bool preg_match(Call& call) {
    auto raw = call.text(0), subject = call.text(1);
    auto pattern = raw ? pattern_of(*raw) : std::nullopt;
    auto re = pattern && subject && !call.arguments[1].tainted() ? compiled(*pattern) : nullptr;
    if (re == nullptr || !call.machine.charge(1 + subject->size() / 2)) {
        if (call.size() > 2) {
            auto filled = Value::unknown();
            taint(filled, summary(call.arguments[1]));
            call.set(2, filled);
        }
        auto listed = pattern && call.size() > 1 && call.arguments[1].tainted() ? listed_in(*pattern) : nullptr;
        if (listed == nullptr || call.paths.size() < 2) return false;
        auto condition = call.machine.choice(call.paths[1], call.arguments[1], std::move(listed));
        condition.flags |= flag::verifies;
        return call.give(std::move(condition));
    }
    auto all = matches_of(*re, *subject);
    auto list = std::make_shared<List>();
    auto text = [](const re2::StringPiece& piece) {
        return Value::text(std::string(piece.data() == nullptr ? "" : piece.data(), piece.size()));
    };
    if (!all_of_them) {
        if (!all.empty())
            for (const auto& group : all.front()) list->append(text(group));
    } else {
        auto groups = static_cast<std::size_t>(re->NumberOfCapturingGroups()) + 1;
        for (std::size_t g = 0; g < groups; ++g) {
            auto column = std::make_shared<List>();
            for (const auto& match : all) column->append(text(match[g]));
            list->append(Value::of_list(std::move(column)));
        }
    }
    auto count = all_of_them ? static_cast<double>(all.size()) : all.empty() ? 0.0 : 1.0;
    if (call.size() > 2) call.set(2, Value::of_list(std::move(list)));
    return call.give(count);
}

bool preg_split(Call& call) {
    auto raw = call.text(0), subject = call.text(1);
    auto pattern = raw ? pattern_of(*raw) : std::nullopt;
    auto re = pattern && subject && !call.arguments[1].tainted() ? compiled(*pattern) : nullptr;
    if (re == nullptr || !call.machine.charge(1 + subject->size() / 2)) return false;
    bool no_empty = std::fmod(call.number(3, 0), 2) != 0;  // PREG_SPLIT_NO_EMPTY is 1
    auto list = std::make_shared<List>();
    std::size_t at = 0;
    auto add = [&](std::string_view piece) {
        if (!(no_empty && piece.empty())) list->append(Value::text(std::string(piece)));
    };
    for (const auto& match : matches_of(*re, *subject)) {
        auto begin = static_cast<std::size_t>(match[0].data() - subject->data());
        if (match[0].empty() && (begin == 0 || begin >= subject->size())) continue;
        add(subject->substr(at, begin - at));
        at = begin + match[0].size();
    }
    add(subject->substr(at));
    return call.give(std::move(list));
}

constexpr Entry kTable[] = {
    {.name = "preg_replace", .evaluate = preg_replace},
    {.name = "preg_filter", .evaluate = preg_replace},
    {.name = "mb_ereg_replace", .evaluate = mb_ereg_replace},
    {.name = "mb_eregi_replace", .evaluate = mb_ereg_replace},
    {.name = "preg_replace_callback_array", .evaluate = preg_replace_callback_array},
    {.name = "preg_replace_callback", .evaluate = preg_replace_callback},
    {.name = "mb_ereg_replace_callback", .evaluate = preg_replace_callback},
    {.name = "preg_match", .result = Result::verifies, .evaluate = preg_match<false>},
    {.name = "preg_match_all", .result = Result::verifies, .evaluate = preg_match<true>},
    {.name = "preg_split", .evaluate = preg_split},
    {.name = "preg_quote"},
    {.name = "ereg", .result = Result::verifies},
    {.name = "eregi", .result = Result::verifies},
    {.name = "fnmatch", .result = Result::verifies},
};

}  // namespace

const std::span<const Entry> kPhpPatterns = kTable;

}  // namespace ascribe::shells
