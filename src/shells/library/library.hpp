// What is known of the functions, types and variables that a language brings along, as data: which give what a request
// holds, which run it, which only change its form. One table form for all languages; a table is a constant array in
// library/<what>.cpp and a line in library/all.cpp. Languages that share a runtime (C#, VB.NET) share its table.
//
// How an entry's name finds its step (folded where the language folds names):
//   "eval"              call of a function
//   "Runtime.exec"      method (or member, or static) of an object of that type; types go by their last component
//   ".exec"             method or member of any object whose type has no entry of its own
//   "new ProcessBuilder"  construction
//   "$_GET"             the variable, unless the script assigns it
//   "ProcessStartInfo.FileName="  assignment to that member; the value is argument 0; ".x=" for any type
// Request.Form("x") and Request.Form["x"]: an entry "Request.Form" that is a source gives elements and results that are
// sources too. Request("x"): the entry "$Request" being a source, calling it or taking its element gives the source.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "shells/analysis.hpp"

namespace ascribe::shells {

struct Call;  // machine/call.hpp: arguments, result

/// Computes the result of a call from constants (or does what only this function does). False when it cannot: then
/// `result` of the entry says what is known.
using Evaluate = bool (*)(Call& call);

/// Entry::makes of the name that a visitor gave to a file he sends.
inline constexpr std::string_view kUploadName = "#upload_name";

/// The type of what frameworks of PHP hand a request on in, whatever they call it.
inline constexpr std::string_view kRequestType = "Request";

/// What the result of a call is, when it could not be computed.
enum class Result : std::uint8_t {
    passes,   // made of its arguments (and object): keeps where they came from. The default, and what unknown functions
              // do
    decodes,  // the same, and it undoes an encoding, encryption or compression
    cleans,   // nothing of the arguments' text survives that could do harm: length, hash, number
    numbers,  // numbers are read out of the arguments: harmless, until letters are made of them
    letters,  // the same as `passes`, and letters are made of numbers
    verifies,       // true or false about the arguments: a condition on it is a check
    authenticates,  // the same about who asks: password_verify, a session's user
    source          // new data from `origin`
};

/// Argument numbers as bits.
inline constexpr std::uint16_t kFirst = 1, kSecond = 2, kThird = 4, kFourth = 8, kFifth = 16, kEvery = 0x7fff,
                               kObject = 0x8000;  // what the method is called on
/// Whether an argument is among those; there are names for the first fifteen.
inline bool is_among(std::uint16_t arguments, std::size_t i) { return i < 15 && (arguments >> i & 1) != 0; }

struct Entry {
    std::string_view name;
    Result result = Result::passes;
    Origin origin = Origin::unknown;      // of a source
    std::optional<Capability> sink = {};  // what it does with the arguments `takes`
    std::uint16_t takes = 0;              // 0 and a sink: it tells without any data (phpinfo)
    std::uint16_t content = 0;            // arguments that a file is given: script text there is a dropper
    Language code = Language::none;       // what `takes` is program text of; constants become layers
    std::uint16_t calls = 0;              // arguments that are called as functions, with the other arguments
    std::uint16_t fills = 0;              // arguments that the data is written to (by reference)
    std::string_view makes = {};          // type of the result
    std::string_view signal = {};         // counted whenever it is called: "chmod", "network.connect"
    Evaluate evaluate = nullptr;
    bool glances = false;  // looks at a few signs of a text, however long that is: loops call it for each
};

/// The type whose entries serve an object that is known to be `had` ("" when not) and is declared as `declared`:
/// ASP.NET's HttpRequest is what its pages call Request; a more general type makes nothing less known.
std::string_view type_as_declared(Language language, std::string_view had, std::string_view declared);

/// All entries for a language, in the order in which they are looked up.
std::span<const std::span<const Entry>> library(Language language);

/// The entry of that name, folded where the language folds; null when there is none.
const Entry* find_entry(Language language, std::string_view name);
/// The same of a name in two parts.
const Entry* find_entry(Language language, std::string_view begin, std::string_view end);

}  // namespace ascribe::shells
