// Tags, directives and marks of pages, as servers read them.
#pragma once

#include <cctype>
#include <cstddef>
#include <initializer_list>
#include <string_view>

#include "shells/language.hpp"

namespace ascribe::shells {

inline constexpr std::size_t kMostTag = 64 << 10;  // bytes of a tag that is looked at

inline bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
inline bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// The value of an attribute of a tag or directive, "" when it is missing.
std::string_view attribute(std::string_view tag, std::string_view name);

/// The language that a page or tag names; none when it is not known.
Language language_of(std::string_view name, Platform platform);

/// <%@ name attribute="value" %>
struct Directive {
    std::string_view name, tag;
};

/// "<%@", and what ASP.NET takes too: "<% @".
bool is_directive(std::string_view rest);

/// Where the next one begins; npos when there is none. What looks like one within code is none: it is part of a comment
/// or text there.
std::size_t next_directive(std::string_view text, std::size_t from);

Directive directive_at(std::string_view text, std::size_t at);

/// Behind the end of the tag that begins at `at`: the first '>' outside its quotes, or within them when they never end.
/// Code in an attribute ends it before.
std::size_t tag_end(std::string_view text, std::size_t at);

/// Whether text follows one of the marks somewhere: in a picture or a program of some length each of them stands by
/// chance. Marks begin with '<' and are in small letters.
bool begins_text(std::string_view bytes, std::initializer_list<std::string_view> marks);

}  // namespace ascribe::shells
