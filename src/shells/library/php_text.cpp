// PHP's functions on pieces of text, computed when their arguments are constants.
// https://www.php.net/manual/en/ref.strings.php
#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

/// Where PHP's (start, length) lie in `size` bytes.
std::pair<std::size_t, std::size_t> range(std::size_t size, double start, std::optional<double> length) {
    auto all = static_cast<double>(size);
    start = std::trunc(start);
    if (start < 0) start = std::max(0.0, all + start);
    if (start > all) return {size, 0};
    double count = length ? std::trunc(*length) : all;
    if (count < 0) count = std::max(0.0, all - start + count);
    count = std::min(count, all - start);
    return {static_cast<std::size_t>(start), static_cast<std::size_t>(count)};
}

bool substr(Call& call) {
    auto text = call.text(0);
    auto start = call.number(1);
    if (!text || !start) return false;
    std::optional<double> length;
    if (call.size() > 2 && call.arguments[2].kind != Kind::nothing) {
        length = call.number(2);
        if (!length) return false;
    }
    auto [at, count] = range(text->size(), *start, length);
    return call.give(std::string(text->substr(at, count)));
}

bool substr_replace(Call& call) {
    auto text = call.text(0), by = call.text(1);
    auto start = call.number(2);
    if (!text || !by || !start) return false;
    auto [at, count] = range(text->size(), *start, call.number(3));
    return call.give(std::string(text->substr(0, at)) + std::string(*by) + std::string(text->substr(at + count)));
}

std::string trimmed(std::string_view text, std::string_view what, bool left, bool right) {
    auto is = [&](char c) { return what.find(c) != std::string_view::npos; };
    while (left && !text.empty() && is(text.front())) text.remove_prefix(1);
    while (right && !text.empty() && is(text.back())) text.remove_suffix(1);
    return std::string(text);
}

template <bool left, bool right>
bool trim_call(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    std::string what(" \t\n\r\0\x0b", 6);
    if (call.size() > 1) {
        auto given = call.text(1);
        if (!given) return false;
        what.clear();
        for (std::size_t i = 0; i < given->size(); ++i) {
            if (i + 3 < given->size() && given->substr(i + 1, 2) == "..") {
                for (int c = static_cast<unsigned char>((*given)[i]); c <= static_cast<unsigned char>((*given)[i + 3]);
                     ++c)
                    what += static_cast<char>(c);
                i += 3;
            } else {
                what += (*given)[i];
            }
        }
    }
    return call.give(trimmed(*text, what, left, right));
}

bool replace_all(std::string& text, std::string_view from, std::string_view to, bool folded) {
    if (from.empty() || text.empty()) return true;
    std::string out;
    auto where = folded ? lower(text) : std::string();
    std::string_view look = folded ? std::string_view(where) : std::string_view(text);
    auto what = folded ? lower(from) : std::string(from);
    std::size_t at = 0;
    for (;;) {
        auto next = look.find(what, at);
        if (next == std::string_view::npos) break;
        out.append(text, at, next - at).append(to);
        at = next + what.size();
        if (out.size() > kMostInflated) return false;
    }
    if (at == 0) return true;
    out.append(text, at);
    text = std::move(out);
    return true;
}

/// What was made until it became too long was work too.
bool too_long(Call& call) {
    call.machine.charge(kMostInflated / 16);
    return false;
}

bool str_replace_in(Call& call, const Value& subject, bool folded, std::string& out) {
    auto text = subject.kind == Kind::list ? std::nullopt : text_of(subject);
    if (!text || subject.tainted()) return false;
    out = std::move(*text);
    const auto* from = call.list(0);
    if (from == nullptr) {
        auto one_from = call.text(0), one_to = call.text(1);
        if (!one_from || !one_to) return false;
        return replace_all(out, *one_from, *one_to, folded) || too_long(call);
    }
    const auto* to = call.list(1);
    std::optional<std::string> same = to == nullptr
                                          ? (call.text(1) ? std::optional(std::string(*call.text(1))) : std::nullopt)
                                          : std::optional(std::string());
    if (!same || from->items.size() > 4096) return false;
    for (std::size_t i = 0; i < from->items.size(); ++i) {
        auto what = text_of(from->items[i].value);
        auto by = to == nullptr          ? same
                  : i < to->items.size() ? text_of(to->items[i].value)
                                         : std::optional(std::string());
        if (!what || !by || !call.machine.charge(1 + out.size() / 16)) return false;
        if (!replace_all(out, *what, *by, folded)) return too_long(call);
    }
    return true;
}

template <bool folded>
bool str_replace(Call& call) {
    if (call.size() < 3) return false;
    std::string out;
    if (const auto* subjects = call.list(2)) {
        auto list = std::make_shared<List>();
        for (const auto& item : subjects->items) {
            if (!str_replace_in(call, item.value, folded, out)) return false;
            list->at(item.key) = Value::text(out);
        }
        return call.give(std::move(list));
    }
    return str_replace_in(call, call.arguments[2], folded, out) && call.give(std::move(out));
}

bool strtr(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    if (call.size() == 3) {
        auto from = call.text(1), to = call.text(2);
        if (!from || !to) return false;
        std::string out(*text);
        std::array<char, 256> map{};
        for (int i = 0; i < 256; ++i) map[static_cast<std::size_t>(i)] = static_cast<char>(i);
        for (std::size_t i = 0; i < std::min(from->size(), to->size()); ++i)
            map[static_cast<unsigned char>((*from)[i])] = (*to)[i];
        for (auto& c : out) c = map[static_cast<unsigned char>(c)];
        return call.give(std::move(out));
    }
    const auto* pairs = call.list(1);
    if (pairs == nullptr || pairs->items.size() > 1024) return false;
    std::vector<std::pair<std::string, std::string>> all;
    std::size_t longest = 0;
    for (const auto& item : pairs->items) {
        auto to = text_of(item.value);
        if (!to) return false;
        all.emplace_back(key_text(item.key), std::move(*to));
        longest = std::max(longest, all.back().first.size());
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.first.size() > b.first.size(); });
    std::array<std::vector<std::size_t>, 256> by_first;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (!all[i].first.empty()) by_first[static_cast<unsigned char>(all[i].first[0])].push_back(i);
    std::string out;
    std::size_t alike = 0;  // that are compared at one place, at most
    for (const auto& same : by_first) alike = std::max(alike, same.size());
    if (!call.machine.charge(text->size() * (1 + alike / 8))) return false;
    for (std::size_t at = 0; at < text->size();) {
        bool done = false;
        for (auto i : by_first[static_cast<unsigned char>((*text)[at])]) {
            if (!text->substr(at).starts_with(all[i].first)) continue;
            out += all[i].second;
            at += all[i].first.size();
            done = true;
            break;
        }
        if (!done) out += (*text)[at++];
        if (out.size() > kMostInflated) return too_long(call);
    }
    return call.give(std::move(out));
}

bool implode(Call& call) {
    const auto* list = call.list(0);
    std::string_view glue;
    if (list != nullptr) {
        if (call.size() > 1) {
            auto given = call.text(1);
            if (!given) return false;
            glue = *given;
        }
    } else {
        list = call.list(1);
        auto given = call.text(0);
        if (list == nullptr && given && call.size() > 1 && call.arguments[1].type() == kNumber)
            return call.give(Value::of_type(kQuoted));
        if (list == nullptr || !given) return false;
        glue = *given;
    }
    if (list->rest.kind != Kind::nothing) return false;
    std::string out;
    std::uint16_t flags = 0;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const auto& value =
            list->items[i].value.kind == Kind::reference ? list->items[i].value.cell->value : list->items[i].value;
        auto text = value.kind == Kind::unknown || value.tainted() ? std::nullopt : text_of(value);
        if (!text) return false;
        if (out.size() > kMostInflated) return too_long(call);
        if (i > 0) out += glue;
        out += *text;
        flags |= value.flags & flag::decoded;
    }
    if (!call.give(std::move(out))) return false;
    call.result.flags |= flags;
    return true;
}

bool explode(Call& call) {
    auto by = call.text(0), text = call.text(1);
    if (!by || !text || by->empty()) return false;
    auto most = call.number(2).value_or(1e9);
    auto list = std::make_shared<List>();
    auto rest = *text;
    while (static_cast<double>(list->items.size()) + 1 < most || most < 0) {
        auto end = rest.find(*by);
        if (end == std::string_view::npos || list->items.size() > 100000) break;
        list->append(Value::text(std::string(rest.substr(0, end))));
        rest.remove_prefix(end + by->size());
    }
    list->append(Value::text(std::string(rest)));
    if (most < 0)
        for (auto drop = most; drop < 0 && !list->items.empty(); ++drop) list->items.pop_back();
    for (auto& item : list->items) item.value.flags |= flag::assembled;
    return call.give(std::move(list));
}

bool str_split(Call& call) {
    auto text = call.text(0);
    auto size = call.number(1, 1);
    if (!text || size < 1) return false;
    auto step = static_cast<std::size_t>(std::min(size, 1e9));
    if (text->size() / step > 100000) return false;
    auto list = std::make_shared<List>();
    for (std::size_t at = 0; at < text->size(); at += step)
        list->append(Value::text(std::string(text->substr(at, step))));
    if (text->empty()) list->append(Value::constant(""));
    for (auto& item : list->items) item.value.flags |= flag::assembled;
    return call.give(std::move(list));
}

bool str_repeat(Call& call) {
    auto text = call.text(0);
    auto times = call.number(1);
    if (!text || !times || *times < 0 ||
        static_cast<double>(text->size()) * *times > static_cast<double>(kMostInflated))
        return false;
    std::string out;
    for (int i = 0; !text->empty() && i < static_cast<int>(*times); ++i) out += *text;
    return call.give(std::move(out));
}

bool str_pad(Call& call) {
    auto text = call.text(0);
    auto size = call.number(1);
    auto with = call.size() > 2 ? call.text(2) : std::optional<std::string_view>(" ");
    if (!text || !size || !with || with->empty() || *size > static_cast<double>(kMostInflated)) return false;
    std::string out(*text), fill;
    auto want = static_cast<std::size_t>(std::max(0.0, *size));
    while (out.size() + fill.size() < want) fill += (*with)[fill.size() % with->size()];
    return call.give(call.number(3, 1) == 0 ? fill + out : out + fill);
}

bool chr(Call& call) {
    auto code = call.number(0);
    if (!code) return false;
    auto byte = static_cast<int>(std::fmod(std::trunc(*code), 256));
    if (!call.give(std::string(1, static_cast<char>(byte < 0 ? byte + 256 : byte)))) return false;
    call.result.flags |= flag::decoded;
    return true;
}

bool ord(Call& call) {
    auto text = call.text(0);
    return text && call.give(text->empty() ? 0.0 : static_cast<double>(static_cast<unsigned char>((*text)[0])));
}

template <bool folded, bool last>
bool position(Call& call) {
    auto text = call.text(0), what = call.text(1);
    if (!text || !what) return false;
    auto from = static_cast<std::size_t>(std::clamp(call.number(2, 0), 0.0, static_cast<double>(text->size())));
    std::string a(*text), b(*what);
    if (folded) a = lower(a), b = lower(b);
    if (!call.machine.charge(1 + a.size() / 16)) return false;
    auto at = last ? a.rfind(b) : a.find(b, from);
    return at == std::string::npos ? call.give_truth(false) : call.give(static_cast<double>(at));
}

template <bool last>
bool tail(Call& call) {  // strstr, strrchr
    auto text = call.text(0), what = call.text(1);
    if (!text || !what) return false;
    auto at = last ? text->rfind(what->substr(0, 1)) : text->find(*what);
    if (at == std::string_view::npos) return call.give_truth(false);
    bool before = !last && call.size() > 2 && truth_of(call.arguments[2]).value_or(false);
    return call.give(std::string(before ? text->substr(0, at) : text->substr(at)));
}

bool strlen_call(Call& call) {
    auto text = call.text(0);
    return text && call.give(static_cast<double>(text->size()));
}

bool substr_count(Call& call) {
    auto text = call.text(0), what = call.text(1);
    if (!text || !what || what->empty()) return false;
    double count = 0;
    for (auto at = text->find(*what); at != std::string_view::npos; at = text->find(*what, at + what->size())) ++count;
    return call.give(count);
}

constexpr Entry kTable[] = {
    {.name = "substr", .evaluate = substr, .glances = true},
    {.name = "mb_substr", .evaluate = substr, .glances = true},
    {.name = "iconv_substr", .evaluate = substr, .glances = true},
    {.name = "mb_strcut", .evaluate = substr, .glances = true},
    {.name = "substr_replace", .evaluate = substr_replace},
    {.name = "trim", .evaluate = trim_call<true, true>},
    {.name = "ltrim", .evaluate = trim_call<true, false>},
    {.name = "rtrim", .evaluate = trim_call<false, true>},
    {.name = "chop", .evaluate = trim_call<false, true>},
    {.name = "str_replace", .evaluate = str_replace<false>},
    {.name = "str_ireplace", .evaluate = str_replace<true>},
    {.name = "strtr", .evaluate = strtr},
    {.name = "implode", .evaluate = implode},
    {.name = "join", .evaluate = implode},
    {.name = "explode", .evaluate = explode},
    {.name = "str_split", .evaluate = str_split},
    {.name = "mb_str_split", .evaluate = str_split},
    {.name = "str_repeat", .evaluate = str_repeat},
    {.name = "str_pad", .evaluate = str_pad},
    {.name = "chr", .result = Result::letters, .evaluate = chr},
    {.name = "mb_chr", .result = Result::letters, .evaluate = chr},
    {.name = "ord", .result = Result::numbers, .evaluate = ord, .glances = true},
    {.name = "strpos", .result = Result::verifies, .evaluate = position<false, false>},
    {.name = "stripos", .result = Result::verifies, .evaluate = position<true, false>},
    {.name = "strrpos", .result = Result::verifies, .evaluate = position<false, true>},
    {.name = "mb_strpos", .result = Result::verifies, .evaluate = position<false, false>},
    {.name = "strstr", .evaluate = tail<false>},
    {.name = "strrchr", .evaluate = tail<true>},
    {.name = "strlen", .result = Result::cleans, .evaluate = strlen_call, .glances = true},
    {.name = "mb_strlen", .result = Result::cleans, .evaluate = strlen_call, .glances = true},
    {.name = "substr_count", .result = Result::cleans, .evaluate = substr_count},
};

}  // namespace

const std::span<const Entry> kPhpText = kTable;

}  // namespace ascribe::shells
