// What names of functions, classes and variables are for, in the languages that web servers run. A name tells nothing
// by itself: every large application opens files. How many kinds of trade come together in how little text does.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "shells/analysis.hpp"

namespace ascribe::shells {

enum class Trade : std::uint8_t {
    evaluate,  // runs text as code
    command,   // runs commands
    decode,    // turns text into other text
    request,   // what a visitor sent
    upload,    // files a visitor sent
    file_read,
    file_write,
    file_manage,  // deletes, renames, copies, changes modes and times
    folder,       // lists
    socket,
    fetch,  // asks other servers
    database,
    inform,    // about system, user, configuration
    silence,   // turns errors, limits and logs off
    callback,  // calls what a value names
    reflect,   // classes and methods by name, assemblies and classes from bytes
    digest,    // hashes, as log-ins use them
    session,
    mail,
    archive,
    output_buffer,
    cookie,
};
inline constexpr std::size_t kTrades = static_cast<std::size_t>(Trade::cookie) + 1;
std::string_view to_string(Trade trade);

struct Words {
    std::array<std::uint32_t, kTrades> total{};     // names seen
    std::array<std::uint32_t, kTrades> distinct{};  // different ones
    std::array<Span, kTrades> first{};
    /// Statements in which two trades meet, by themselves or through variables that an earlier statement filled: what
    /// the machine follows exactly, here as a reader skims it. [what comes][what is done], and the first place.
    std::array<std::array<std::uint32_t, kTrades>, kTrades> met{};
    std::uint32_t names = 0;        // all identifiers
    std::uint32_t short_names = 0;  // of one or two letters
    std::uint32_t odd_names = 0;    // of letters and digits as no person writes them
    std::uint32_t comment_bytes = 0, code_bytes = 0;
    std::uint32_t functions = 0, classes = 0, includes = 0;  // declarations, as words tell
    std::uint32_t calls_of_values = 0;                       // $name(...), $name[...](...): a value is called
    std::uint32_t longest_word = 0;                          // letters, digits, + and / without a break
    std::uint32_t escapes = 0;                               // \x41, \101, %41, &#65; chr(65)
    std::uint32_t html_forms = 0;                            // <form, <input, <textarea
};

/// One pass over a layer's text, comments passed over. Linear time.
void count_words(std::string_view text, Platform platform, Words& words);

}  // namespace ascribe::shells
