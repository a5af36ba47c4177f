// What the tables of several languages need to make values of constants.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/text.hpp"
#include "detect/shells/machine/call.hpp"

namespace ascribe::shells {

/// Longest text that one function makes; a longer one is left unknown or cut.
inline constexpr std::size_t kMostMade = 1 << 20;

/// The text of the object a method is called on, where it is a constant that no visitor had a hand in.
inline std::optional<std::string> object_text(const Call& call) {
    if (call.object == nullptr || call.object->kind != Kind::text || call.object->tainted()) return std::nullopt;
    return std::string(call.object->view);
}

/// A script's number as a count from 0 to `most`; what is no number counts as 0.
inline std::size_t clamped(double number, std::size_t most) {
    if (!(number > 0)) return 0;
    return number > static_cast<double>(most) ? most : static_cast<std::size_t>(number);
}

/// A wrapper is what it wraps: new BufferedWriter(new FileWriter(x)) writes that file.
inline bool wrapped(Call& call) {
    if (call.size() == 0 || call.arguments[0].type().empty() || call.arguments[0].has(flag::name)) return false;
    return call.give(call.arguments[0]);
}

/// No application lets a visitor say which database to open, and as whom.
inline bool opens_database(Call& call) {
    for (const auto& argument : call.arguments)
        if (argument.tainted() && strongest(argument.origins) < Origin::session)
            call.machine.signal("console.database", call.span);
    return false;
}

/// The settings of the web server itself, or its accounts: ADSI paths.
inline bool reads_directory(Call& call) {
    auto path = call.text(0);
    bool server = path && (starts_folded(*path, "IIS://") || starts_folded(*path, "WinNT://"));
    if (server) call.machine.signal("inform.directory", call.span);
    return false;
}

/// a.equals(b), String.Equals(a, b): as the operator of other languages.
inline bool equals(Call& call) {
    bool two = call.size() > 1 && (call.object == nullptr || call.object->has(flag::name));
    if (two) return call.give(call.compared(call.arguments[0], call.arguments[1]));
    if (call.object == nullptr || call.size() == 0 || call.object->has(flag::name)) return false;
    return call.give(call.compared(*call.object, call.arguments[0]));
}

}  // namespace ascribe::shells
