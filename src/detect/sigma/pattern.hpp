// Text patterns of Sigma rules: literals between wildcards. Compared with case folded (fold.hpp) unless the rule says
// `cased`; the caller folds a value once for all patterns.
// https://github.com/SigmaHQ/sigma-specification/blob/main/specification/sigma-rules-specification.md#wildcards
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ascribe::sigma {

class Pattern {
public:
    enum class Kind : std::uint8_t { equal, prefix, suffix, contains, glob };

    /// A value as the rule has it: * and ? are wildcards, \*, \? and \\ are not.
    static Pattern parse(std::string_view text, bool cased);
    /// Bytes without wildcards.
    static Pattern literal(std::string_view bytes, bool cased);

    void open_start();  // whatever comes before is fine: endswith, contains
    void open_end();
    /// Every dash that begins an option stands for any of five (`windash`).
    void loosen_dashes();

    /// `raw` is the value, `folded` the value with its capitals folded.
    bool matches(std::string_view raw, std::string_view folded) const;

    bool cased() const { return cased_; }
    Kind kind() const { return kind_; }
    bool has_wildcards() const;
    /// The longest run of plain bytes: no value without it matches.
    std::string_view longest_literal() const { return longest_; }
    /// True when the literal is all there is, so that finding it at its place decides.
    bool is_literal() const { return kind_ != Kind::glob; }
    /// Unambiguous text of the pattern, for telling equal ones.
    std::string key() const;

private:
    using Token = std::uint16_t;
    static constexpr Token kAny = 256, kOne = 257, kDash = 258;

    void settle();
    bool glob(std::string_view value) const;

    std::vector<Token> tokens_;
    std::string longest_;
    Kind kind_ = Kind::equal;
    bool cased_ = false;
};

}  // namespace ascribe::sigma
