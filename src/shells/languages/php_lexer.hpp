// Words of a PHP file, as the Zend engine's scanner tells them apart: tags and markup, names, variables, numbers,
// strings with what they interpolate, heredocs, casts.
// https://github.com/php/php-src/blob/master/Zend/zend_language_scanner.l Each byte is looked at a bounded number of
// times.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "shells/program.hpp"

namespace ascribe::shells {

struct PhpToken {
    enum class Kind : std::uint8_t {
        end,
        markup,          // page text outside of tags
        echo_tag,        // <?=
        close_tag,       // ?>: ends a statement
        name,            // word, with its backslashes
        variable,        // `text` without $
        number,          // `number`
        text,            // constant string, escapes resolved
        template_open,   // of a string that interpolates: pieces follow (text, variable forms, embed), then
                         // template_close
        template_close,  // `text` is "`" for a command in backticks, else ""
        piece,           // constant piece of a template
        piece_variable,  // "$x"; `text` without $
        piece_member,    // "$x->y": `text` x, `key` y
        piece_element,   // "$x[key]": `text` x, `key` as written
        embed_open,      // "{$": an expression follows, then "}"
        embed_dynamic,   // "${": the same for ${expression}
        cast,            // `text`: int, string, ...
        sign             // operator or bracket
    } kind{};
    std::string_view text, key;
    Span span;
    double number = 0;
    bool hidden = false;  // of a text: letters are written as escapes that need none

    bool is(std::string_view sign) const { return kind == Kind::sign && text == sign; }
    bool is_name() const { return kind == Kind::name; }
};

class PhpLexer {
public:
    /// `code`: the text begins inside the tags, as what eval runs does.
    PhpLexer(std::string_view text, bool code, Arena& arena) : text_(text), arena_(arena) {
        modes_.push_back({code ? Mode::Kind::code : Mode::Kind::markup, 0, text.size(), 0});
    }

    PhpToken next();
    /// The token that next() will give.
    const PhpToken& peek();
    /// Nothing is left but data: __halt_compiler.
    void halt();
    std::size_t offset() const { return peeked_ ? peek_.span.offset : at_; }
    /// Whether a '&' stands before the bracket that closes next: the target of a foreach is a reference.
    bool by_reference() const {
        auto rest = text_.substr(offset(), 256);
        return rest.substr(0, rest.find(')')).find('&') != std::string_view::npos;
    }
    bool cut() const { return cut_; }

private:
    struct Mode {
        enum class Kind : std::uint8_t { markup, code, quoted, heredoc, backticks } kind{};
        std::uint32_t braces = 0;  // code: open { since it began
        std::size_t end = 0;       // heredoc: where its last line ends, before the label
        std::size_t after = 0;     // heredoc: behind the label
        std::uint32_t indent = 0;  // heredoc: blanks before the label, taken off each line
    };

    PhpToken read();
    PhpToken markup();
    PhpToken code();
    PhpToken piece(Mode& mode);
    PhpToken quoted(std::size_t begin);
    PhpToken heredoc(std::size_t begin);
    PhpToken number(std::size_t begin);
    PhpToken token(PhpToken::Kind kind, std::size_t begin, std::string_view text = {}) const;
    void pass_blanks();
    std::string_view unescape(std::string_view raw, char quote, std::uint32_t indent = 0);
    std::size_t letters_ = 0;  // that the last call found written as escapes

    char look(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
    bool enter(Mode mode);

    std::string_view text_;
    Arena& arena_;
    std::size_t at_ = 0;
    std::vector<Mode> modes_;
    bool script_tag_ = false;  // code began with <script language=php> and ends with </script>
    bool peeked_ = false, cut_ = false;
    PhpToken peek_;
};

}  // namespace ascribe::shells
