// Perl's words, spelt as the signs and words of curly.hpp that mean the same: sigils are dropped, calls get their
// brackets, texts become the values that they are made of. What a statement's modifier says (`f() if $x`) comes to
// stand before it: `if ($x) { f(); }`. https://perldoc.perl.org/perlsyn,
// https://perldoc.perl.org/perlop#Quote-and-Quote-like-Operators
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "shells/languages/script_lexer.hpp"
#include "shells/page/islands.hpp"

namespace ascribe::shells {

/// Reads one script, once.
class PerlLexer : ScriptLexer {
public:
    /// `where` the text stands in its layer; texts that are made live in `arena`.
    PerlLexer(std::string_view text, Span where, Arena& arena) : ScriptLexer(text, where, arena) {}

    /// All tokens, the last of them Kind::end; `cut`: there were more than kMostTokens.
    std::vector<Token> read(bool& cut);
    /// Variables that nobody declares: every function writes to the same ones.
    std::vector<std::string_view> shared() const;

private:
    static constexpr char kHash = 'h';
    static bool is_space(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\0' || c == kEchoMark ||
               c == kEndMark;
    }
    static char closing(char c) { return c == '(' ? ')' : c == '[' ? ']' : c == '{' ? '}' : c == '<' ? '>' : c; }

    bool last_is(std::string_view text) const { return !tokens_.empty() && tokens_.back().is(text); }

    /// Whether a value is complete: what may follow is an operator.
    bool behind_value() const;
    /// Brackets that were added to calls end with the statement or what encloses it.
    void close_calls(std::size_t depth);
    std::size_t floor() const { return floors_.empty() ? 0 : floors_.back(); }

    // perl_tokens.cpp: variables, numbers, words, signs; perl_statements.cpp: what is read in another order
    void token();
    void pod();
    void variable();
    void number();
    void word();
    void head(std::string_view name) { add(Kind::word, name); }
    /// Behind a statement's modifier, which its condition follows.
    void modify(std::string_view name);
    /// At the end of such a statement: what the modifier says goes before it.
    void end_statement();
    void call(std::string_view name, std::size_t next, char follows);
    /// &$name(...): what the variable holds is called.
    void call_variable();
    /// print HANDLE list, print {$handle} list, print $handle list: a method of the handle.
    void printed_to(std::size_t next);
    /// Where the last of several statements of the block begins that opens before here; 0 where there is only one, npos
    /// where it is too long to tell.
    std::size_t last_statement() const;
    /// map { e } list: (_) => (e), list. The last of several statements is what the block gives.
    void block(std::size_t next);
    bool quote_like(std::string_view name, std::size_t next, char follows);
    /// sub name {: what it is called with is the list _
    void subroutine();
    /// At a function's block: its last statement says what it gives, where that is a value.
    void gives_last();
    /// foreach my $x (list) {
    void each(std::size_t next, char follows);
    /// Opens a bracket that the script spells `spelt`; it reads as `as` here.
    void open(std::string_view as, char spelt);
    void shut(char c);
    /// Whether a hash that is written out begins before here: its first name is followed by =>.
    bool hashes() const;
    void open_hash();
    /// Between a name and its value in a hash that is written out, or between two of them.
    void hash_separator();
    void operation();

    // perl_texts.cpp
    /// Behind the opening sign: the text up to the closing one, or to the line's end (`in_line`). Pairs nest.
    std::string_view delimited(char open_sign, char close_sign, bool in_line = false);
    /// Behind the opening quote: up to the closing one; `holes`: $x within counts. `runs`: it is a command.
    void quoted(char open_sign, char close_sign, bool holes, bool runs);
    void interpolated(std::string_view value);
    /// Where the code within a text ends that begins at `at`; 0 where there is none.
    static std::size_t hole_end(std::string_view value, std::size_t at);
    /// {key}, [1], ->{key} within a text
    void subscripts(std::string_view value, std::size_t& i);
    static std::size_t escape(std::string_view value, std::size_t i, std::string& piece);
    /// <<"EOF": the text is on the lines below.
    bool heredoc();
    /// qw(a b): a list of texts.
    void quoted_words(char close_sign);
    bool angle();
    /// Whether a pattern or substitution follows that is written out: a method of what stands before it.
    bool binds_pattern() const;
    void begin_match();
    /// Whether what is matched goes to a list of variables: my ($a, $b) = $c =~ /.../
    bool fills_list() const;
    /// A pattern up to `quote`, and its flags.
    void pattern(char quote);
    /// s/a/b/e, tr/a/b/: a method of what it is bound to.
    void replacement(char quote, bool substitutes);
    /// What a substitution puts in: a text, or code as often as its flags say, which sees what was matched.
    void replaced_by(std::string_view value, std::size_t runs);
    /// Code within a text: what is in its brackets is read as any other.
    void nested(std::string_view code);

    std::vector<char> braces_;         // how each open bracket reads; kHash: a hash that is written out
    std::vector<std::size_t> floors_;  // calls_.size() when it was opened
    std::vector<std::size_t> calls_;   // calls that were given a bracket: depth
    std::vector<std::size_t> blocks_;  // of map and its like: brackets that are open within
    std::vector<bool> named_;          // of each open hash: its name was read, the value comes next
    std::size_t depth_ = 0;            // texts around that hold this one as code
    struct Modifier {
        std::string_view name;  // "" where there is none
        std::size_t statement = 0, condition = 0, depth = 0;
    };
    Modifier modifier_;
    std::size_t begins_ = 0;                  // the token that the statement at hand begins with
    std::vector<std::size_t> begins_before_;  // the same around each open bracket
    std::size_t skip_to_ = 0;
    std::unordered_set<std::string_view> seen_, own_;  // variables, and those that are declared with my
    std::size_t gives_at_ = 0;                         // where a statement begins whose value its block gives
    std::size_t subs_ = 0;                             // functions so far
    bool declares_ = false;
    bool hash_ = false;   // a hash is written to
    bool binds_ = false;  // "=~" stands before a pattern
    bool over_ = false, call_ = false, calls_now_ = false, arrow_ = false, block_ended_ = false;
};

}  // namespace ascribe::shells
