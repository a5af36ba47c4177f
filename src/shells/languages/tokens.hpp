// Tokens as the front ends share them: a script is cut once, so that a parser may look ahead and jump behind a bracket.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "shells/program.hpp"

namespace ascribe::shells {

struct Token {
    enum class Kind : std::uint8_t {
        word,    // name or keyword, folded where the language folds
        string,  // `text` is its value
        number,  // `number`
        sign,    // operator or bracket
        line,    // the line ends (Basic: a statement ends; Curly: only a hint)
        echo,    // a page's mark: what follows is shown
        end      // a page's mark: the island ends; also the end of the script
    } kind = Kind::end;
    bool quoted = false;      // a word that is no keyword: [end], \u0069f
    bool spaced = false;      // blanks stand before it
    bool fresh = false;       // a line ended before it (Curly)
    std::uint32_t match = 0;  // of a bracket: the token that closes it (or the last one), of a closing one itself
    Span span;
    std::string_view text;
    double number = 0;

    bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
    bool is_word(std::string_view word) const { return kind == Kind::word && !quoted && text == word; }
};

inline constexpr std::size_t kMostTokens = 1 << 19;

/// The tokens of a script; the last is Kind::end. Texts live in the script or in `arena`.
std::vector<Token> basic_tokens(std::string_view text, Span where, bool dotnet, Arena& arena, bool& cut);

struct CurlyDialect;
std::vector<Token> curly_tokens(std::string_view text, Span where, const CurlyDialect& dialect, Arena& arena,
                                bool& cut);

/// Fills `match`: brackets of ( [ { by kind of bracket; what nobody closes reaches to the end of its line or island.
void match_brackets(std::vector<Token>& tokens);

/// Behind the CFML comment that begins at `at`. They nest, as often as anybody writes them; one that never ends so ends
/// with the first end.
inline std::size_t behind_markup_comment(std::string_view text, std::size_t at) {
    constexpr std::string_view kBegin = "<!---", kEnd = "--->";
    constexpr std::size_t kDeepest = 32;
    auto first = text.find(kEnd, at);
    if (first == std::string_view::npos) return text.size();
    auto end = first;
    std::size_t depth = 1;
    for (auto begin = text.find(kBegin, at + kBegin.size()); depth > 0 && depth < kDeepest;) {
        if (begin < end) {
            ++depth;
            begin = text.find(kBegin, begin + kBegin.size());
        } else if (--depth > 0) {
            end = text.find(kEnd, end + kEnd.size());
            if (end == std::string_view::npos) break;
        }
    }
    return (depth == 0 ? end : first) + kEnd.size();
}

}  // namespace ascribe::shells
