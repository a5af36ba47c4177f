// What a #Fields line of a W3C log says: which column of HttpRequest each cell of a row fills. Also which line is in
// force where a part begins, and which one a log pasted without its header must have had.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/stage.hpp"

namespace ascribe {

inline constexpr std::size_t kW3cColumnLimit = 256;  // IIS offers 22 standard fields; custom ones are few

struct W3cField {
    enum class Use : std::uint8_t { text, number, date, time, uri, named };
    std::string_view name;
    Use use = Use::named;
    std::size_t column = 0;  // of HttpRequest, for text and number
};

struct W3cFields {
    std::vector<W3cField> fields;
    std::size_t date = SIZE_MAX, time = SIZE_MAX, server = SIZE_MAX;  // places of these cells; SIZE_MAX: none
    std::vector<std::size_t> named;                                   // places of cells that no column takes
    std::string_view log;    // HTTPERR, which has a reason for every row; FTP, which has a session; else ""
    bool is_quoted = false;  // written by IIS Advanced Logging, which quotes texts
};

/// The meaning of "#Fields: a b c". Names point into `line`.
W3cFields read_w3c_fields(std::string_view line);

/// Cells at single spaces; returns how many there are, which may exceed `limit` (then `cells` holds the first ones).
std::size_t split_w3c(std::string_view line, std::string_view* cells, std::size_t limit);

/// Words between any blanks; what is between double quotes is one, as the W3C's draft has it.
std::size_t split_w3c_words(std::string_view line, std::string_view* cells, std::size_t limit);

/// Directives in force where a part begins, as whole lines; "" where the log has not said.
struct W3cDirectives {
    std::string fields, date;
};
W3cDirectives w3c_directives(const Part& part);

/// The #Fields line that a row must have had, told from its shape: IIS's defaults of each version.
std::optional<std::string_view> guess_w3c_row(std::string_view row);

/// The #Fields line of a log that has none, told from the shape of its first row. Where
/// the first row is the end of one (a log that was cut by its size), the second tells.
std::optional<std::string_view> guess_w3c_fields(std::span<const std::byte> head);

}  // namespace ascribe
