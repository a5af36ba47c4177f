// Steps as text, one a line, for golden files.
#pragma once

#include <fmt/format.h>

#include <string>

#include "base/text.hpp"
#include "shells/program.hpp"

namespace ascribe::shells::test {

inline std::string_view name_of(Op op) {
    static constexpr std::string_view kNames[] = {
        "text",      "number",    "truth",  "nothing",    "unknown", "type",         "variable", "dynamic",
        "member",    "element",   "append", "list",       "closure", "join",         "unary",    "binary",
        "cast",      "defined",   "call",   "call_value", "method",  "method_value", "create",   "create_value",
        "assign",    "reference", "within", "without",    "named",   "echo",         "markup",   "include",
        "shell",     "drop",      "copy",   "swap",       "jump",    "jump_unless",  "jump_if",  "each_begin",
        "each_next", "each_end",  "leave",  "raise"};
    return kNames[static_cast<std::size_t>(op)];
}

inline std::string_view name_of(Operator what) {
    static constexpr std::string_view kNames[] = {
        "none",        "add",        "subtract",      "multiply",    "divide",     "whole_divide",
        "remainder",   "power",      "concat",        "bit_and",     "bit_or",     "bit_xor",
        "bit_not",     "shift_left", "shift_right",   "equal",       "not_equal",  "less",
        "less_equal",  "greater",    "greater_equal", "logical_and", "logical_or", "logical_xor",
        "logical_not", "negate",     "coalesce",      "increment",   "decrement"};
    return kNames[static_cast<std::size_t>(what)];
}

inline bool has_target(Op op) {
    return op == Op::jump || op == Op::jump_if || op == Op::jump_unless || op == Op::each_next || op == Op::closure;
}

/// What may be on the stack at most after a step, given what was before; for the check that expressions are balanced.
inline std::string steps_text(const Program& program) {
    std::string out;
    for (const auto& type : program.types)
        out += fmt::format("type {} : {}\n", visible(type.name), visible(type.parent));
    for (const auto& function : program.functions) {
        out += fmt::format("function {}{}{}(", visible(function.type), function.type.empty() ? "" : ".",
                           visible(function.name));
        for (const auto& parameter : function.parameters)
            out += fmt::format("{}{}{}{} ", parameter.by_reference ? "&" : "", visible(parameter.name),
                               parameter.type.empty() ? "" : ":", visible(parameter.type));
        out += fmt::format(") {}..{}\n", function.begin, function.end);
    }
    for (auto name : program.entry_points) out += fmt::format("entry {}\n", visible(name));
    for (std::size_t i = 0; i < program.steps.size(); ++i) {
        const auto& step = program.steps[i];
        out += fmt::format("{:4} {}", i, name_of(step.op));
        if (step.op == Op::number || step.op == Op::truth) out += fmt::format(" {}", step.number);
        if (step.op == Op::unary || step.op == Op::binary || (step.op == Op::assign && step.detail != 0))
            out += fmt::format(" {}", name_of(static_cast<Operator>(step.detail)));
        if (!step.text.empty()) out += fmt::format(" \"{}\"", visible(step.text));
        if (step.count != 0) out += fmt::format(" /{}", step.count);
        if (has_target(step.op)) out += fmt::format(" ->{}", step.target);
        out += '\n';
    }
    out += fmt::format("unread {}{}\n", program.unread, program.cut ? ", cut" : "");
    return out;
}

}  // namespace ascribe::shells::test
