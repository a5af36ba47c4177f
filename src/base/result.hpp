// Errors are values that carry the byte where reading stopped. Nothing in a stage throws for what an intruder wrote.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>
#include <utility>

namespace ascribe {

enum class Fault : std::uint8_t {
    truncated,    // fewer bytes than the format promises
    bad_magic,    // not the format it claimed to be
    bad_value,    // a field outside its range
    checksum,     // a stored checksum that does not match
    too_deep,     // nested deeper than the named limit
    too_large,    // larger than the named limit
    unsupported,  // known, and not read by this version
    encrypted,    // needs a password that was not given
    io,           // the operating system refused
    crashed,      // the worker that read it ended by a signal
    timed_out,    // the worker that read it used up its time
    cancelled,    // stopped by the user
    repeated,     // the same bytes as another artefact: read once
};

/// The fault's name in words, such as "truncated".
std::string_view to_string(Fault fault);

/// Why a read failed and where, precise enough to find the byte in a hex editor.
struct Error {
    Fault fault;
    std::string_view what;     // static text naming the field, such as "evtx.chunk.header"
    std::uint64_t offset = 0;  // bytes from the start of the artefact
    std::uint64_t need = 0, have = 0;
};

template <class T>
using Result = std::expected<T, Error>;

}  // namespace ascribe

/// The value of `expr`, or return its error from this function. Do not nest: name the inner value.
#define TRY(expr)                                                  \
    __extension__({                                                \
        auto&& try_result = (expr);                                \
        if (!try_result) [[unlikely]]                              \
            return std::unexpected(std::move(try_result).error()); \
        *std::move(try_result);                                    \
    })
