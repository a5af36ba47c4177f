#include "detect/sigma/pattern.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "detect/sigma/fold.hpp"

namespace ascribe::sigma {
namespace {

// En dash, em dash and horizontal bar in UTF-8; the other two dashes are - and /.
constexpr std::string_view kLongDashes[] = {"\xE2\x80\x93", "\xE2\x80\x94", "\xE2\x80\x95"};

/// Bytes of the dash that `text` begins with, 0 for none.
std::size_t dash_size(std::string_view text) {
    if (text.starts_with('-') || text.starts_with('/')) return 1;
    for (auto dash : kLongDashes)
        if (text.starts_with(dash)) return dash.size();
    return 0;
}

/// Bytes of the character that `text` begins with; a stray byte is a character of its own.
std::size_t character_size(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && size < 4 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) ++size;
    return size;
}

bool is_word(std::uint16_t token) { return token < 256 && (std::isalnum(token) != 0 || token == '_'); }

}  // namespace

Pattern Pattern::parse(std::string_view written, bool cased) {
    Pattern pattern;
    pattern.cased_ = cased;
    auto text = cased ? std::string(written) : folded(written);
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\\' && i + 1 < text.size() && std::string_view("*?\\").find(text[i + 1]) != std::string_view::npos)
            pattern.tokens_.push_back(static_cast<unsigned char>(text[++i]));
        else if (c == '*')
            pattern.tokens_.push_back(kAny);
        else if (c == '?')
            pattern.tokens_.push_back(kOne);
        else
            pattern.tokens_.push_back(static_cast<unsigned char>(c));
    }
    pattern.settle();
    return pattern;
}

Pattern Pattern::literal(std::string_view bytes, bool cased) {
    Pattern pattern;
    pattern.cased_ = cased;
    for (char c : cased ? std::string(bytes) : folded(bytes)) pattern.tokens_.push_back(static_cast<unsigned char>(c));
    pattern.settle();
    return pattern;
}

void Pattern::open_start() {
    if (tokens_.empty() || tokens_.front() != kAny) tokens_.insert(tokens_.begin(), kAny);
    settle();
}

void Pattern::open_end() {
    if (tokens_.empty() || tokens_.back() != kAny) tokens_.push_back(kAny);
    settle();
}

void Pattern::loosen_dashes() {
    std::vector<Token> loose;
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
        std::string text;
        for (std::size_t k = i; k < tokens_.size() && k < i + 3 && tokens_[k] < 256; ++k)
            text += static_cast<char>(tokens_[k]);
        auto size = dash_size(text);
        bool begins = i == 0 || !is_word(tokens_[i - 1]);
        bool option = size > 0 && begins && i + size < tokens_.size() && is_word(tokens_[i + size]);
        loose.push_back(option ? kDash : tokens_[i]);
        if (option) i += size - 1;
    }
    tokens_ = std::move(loose);
    settle();
}

// Runs of * are one; what is left decides the kind, so that plain comparisons need no tokens.
void Pattern::settle() {
    auto twice = [](Token a, Token b) { return a == kAny && b == kAny; };
    tokens_.erase(std::ranges::unique(tokens_, twice).begin(), tokens_.end());
    bool open_start = !tokens_.empty() && tokens_.front() == kAny;
    bool open_end = tokens_.size() > (open_start ? 1U : 0U) && tokens_.back() == kAny;
    std::string run;
    longest_.clear();
    std::size_t specials = 0;
    for (Token token : tokens_) {
        if (token < 256) {
            run += static_cast<char>(token);
            continue;
        }
        ++specials;
        if (run.size() > longest_.size()) longest_ = run;
        run.clear();
    }
    if (run.size() > longest_.size()) longest_ = run;
    bool plain = specials == (open_start ? 1U : 0U) + (open_end ? 1U : 0U);
    kind_ = !plain                   ? Kind::glob
            : open_start && open_end ? Kind::contains
            : open_start             ? (tokens_.size() == 1 ? Kind::contains : Kind::suffix)
            : open_end               ? Kind::prefix
                                     : Kind::equal;
}

bool Pattern::has_wildcards() const {
    return std::ranges::any_of(tokens_, [](Token token) { return token >= 256; });
}

std::string Pattern::key() const {
    std::string key(1, cased_ ? 'C' : 'c');
    for (Token token : tokens_) {
        key += static_cast<char>(token & 0xFF);
        key += static_cast<char>(token >> 8);
    }
    return key;
}

bool Pattern::matches(std::string_view raw, std::string_view folded) const {
    auto value = cased_ ? raw : folded;
    switch (kind_) {
        case Kind::equal: return value == longest_;
        case Kind::prefix: return value.starts_with(longest_);
        case Kind::suffix: return value.ends_with(longest_);
        case Kind::contains:
            return longest_.empty() ||
                   ::memmem(value.data(), value.size(), longest_.data(), longest_.size()) != nullptr;
        case Kind::glob: break;
    }
    return glob(value);
}

// The usual loop: on a mismatch, the last * takes one character more. It is at most |value| * |tokens| steps, and the
// longest literal is looked for first, so that nearly every value never gets here.
bool Pattern::glob(std::string_view value) const {
    if (!longest_.empty() && ::memmem(value.data(), value.size(), longest_.data(), longest_.size()) == nullptr)
        return false;
    std::size_t token = 0, at = 0, star = SIZE_MAX, resume = 0;
    while (at < value.size()) {
        std::size_t taken = 0;
        if (token < tokens_.size()) {
            Token wanted = tokens_[token];
            if (wanted == kAny) {
                star = token++;
                resume = at;
                continue;
            }
            if (wanted == kOne)
                taken = character_size(value.substr(at));
            else if (wanted == kDash)
                taken = dash_size(value.substr(at));
            else
                taken = static_cast<unsigned char>(value[at]) == wanted ? 1 : 0;
        }
        if (taken > 0) {
            at += taken;
            ++token;
        } else if (star != SIZE_MAX) {
            token = star + 1;
            at = ++resume;
        } else {
            return false;
        }
    }
    while (token < tokens_.size() && tokens_[token] == kAny) ++token;
    return token == tokens_.size();
}

}  // namespace ascribe::sigma
