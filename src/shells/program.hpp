// What every front end makes of a script, whatever its language: a flat list of steps for a stack machine, in the order
// in which an interpreter would take them. Flat, because nesting is the intruder's to choose: nothing here recurses, a
// front end emits postfix in linear time, and the machine is one loop with a budget. Loops and jumps are jumps, so
// decoding loops over constants and spaghetti of labels run like any other code.
//
// Every step pushes exactly one entry unless it says otherwise. An entry is a value that remembers its place (variable,
// member, element), so that `assign` needs no second kind of expression.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/arena.hpp"
#include "shells/language.hpp"

namespace ascribe::shells {

/// Bytes of a layer's text.
struct Span {
    std::uint32_t offset = 0, size = 0;
};

enum class Op : std::uint8_t {
    // Values
    text,      // constant `text`
    number,    // constant `number`
    truth,     // constant true when `number` is not 0, else false
    nothing,   // null, Nothing, None
    unknown,   // a value of which nothing is known; as a condition, both branches are walked
    type,      // the type `text` itself: the object of `member` and `method` is then its statics and constants
    variable,  // variable `text`, as the language spells it without sigil, folded where the language folds
    dynamic,   // pops a name; the variable of that name ($$x)
    member,    // pops an object; its member `text`
    element,   // pops key, container; container[key]
    append,    // pops a container; the place behind its last element ($x[])
    list,      // pops `count` pairs key, value (key `nothing` where there is none); an array, list or map
    closure,   // function number `target` as a value
    join,      // pops `count` values; their texts one after the other
    unary,     // pops one; `detail` is an Operator. `count` 1: an increment or decrement whose value is the old one
    binary,    // pops right, left; `detail` is an Operator
    cast,  // pops one; the same as type `text`. Also what a declaration knows: `Runtime r = x()` casts x() to Runtime
    defined,  // pops one; true when there is a value (isset, the left side of ??, an argument that was given)
    // Calls: arguments first to last on the stack
    call,          // pops `count` arguments; function `text`, qualified names with '.', folded where the language folds
    call_value,    // pops `count` arguments, then the callee
    method,        // pops `count` arguments, then the object; method `text`
    method_value,  // pops `count` arguments, method name, object ($x->$y())
    create,        // pops `count` arguments; a new object of type `text`, qualified with '.'
    create_value,  // pops `count` arguments, then the type's name
    // Stores: pops value, then the entry whose place is written; pushes the value
    assign,     // `detail`: Operator::none for plain, else the operator of a compound assignment
    reference,  // the two places are one from now on ($a = &$b)
    // Names
    within,   // pops an object: names that nothing else explains are members of it from here on; pushes nothing
    without,  // up to here, for the innermost one; pushes nothing
    named,    // the top is an argument that goes to the parameter `text`; pushes nothing
    // Effects
    echo,     // pops one value that goes to the visitor; pushes nothing
    markup,   // page text between islands, `text`; pushes nothing
    include,  // pops a path; runs that file
    shell,    // pops a command line; runs it (backticks)
    drop,     // pops one; pushes nothing
    copy,     // pushes the top once more
    swap,     // exchanges the two topmost; pushes nothing
    // Control; all push nothing
    jump,         // to step `target`
    jump_unless,  // pops a condition
    jump_if,      // pops a condition
    each_begin,   // pops a container and iterates over it; `each_next` follows directly
    each_next,    // pushes key, then value of the next element (which remembers its place), or jumps to `target`
    each_end,     // forgets the innermost iteration
    leave,        // pops a value and returns it from the function, or ends the script
    raise,        // pops a value; what is behind it is walked all the same
};

enum class Operator : std::uint8_t {
    none,
    add,
    subtract,
    multiply,
    divide,
    whole_divide,
    remainder,
    power,
    concat,
    bit_and,
    bit_or,
    bit_xor,
    bit_not,
    shift_left,
    shift_right,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    logical_and,
    logical_or,
    logical_xor,
    logical_not,
    negate,
    coalesce,
    increment,
    decrement,  // the latter two are unary with effect on the place
};

struct Step {
    Op op{};
    std::uint8_t detail = 0;   // an Operator; of a text: 1 when it is written as escapes that it does not need; of a
                               // member: 1 when it is the method of that name, not called
    std::uint32_t count = 0;   // arguments, pairs or pieces; of `leave`: 1 when it ends the script
    std::uint32_t target = 0;  // a step, or a function
    Span span;                 // where it stands
    std::string_view text;     // lives as long as the program
    double number = 0;
};

struct Parameter {
    std::string_view name, type = {};  // type: as declared, "" when not
    bool by_reference = false;
    bool rest = false;  // takes all further arguments as a list
};

/// A named function, method, property initialiser or closure: steps [begin, end). Steps of functions lie outside the
/// main path: the front end jumps over them. Two names are reserved, and a type may have any number of both:
/// kInitialise runs with `this` for each new object, kInitialiseType once for a type (statics, constants).
inline constexpr std::string_view kInitialise = "#new", kInitialiseType = "#type";
/// What answers object[key], of PHP's ArrayAccess and of indexers.
inline constexpr std::string_view kElementGetter = "offsetget";
/// A function that makes a list of a size.
inline constexpr std::string_view kSized = "#sized";
/// A function that makes a table of a list of keys and values.
inline constexpr std::string_view kTableOf = "#table";
/// The variable of all functions that holds what was thrown last.
inline constexpr std::string_view kThrown = "#static/thrown";
/// What follows a property's name in the name of the function that a store to it runs, with what is stored.
inline constexpr std::string_view kSetter = "=";
struct Function {
    std::string_view name, type;  // "" for closures; type: the class it belongs to or ""
    std::vector<Parameter> parameters;
    std::uint32_t begin = 0, end = 0;
    Span span;
    std::vector<Parameter> captured = {};  // closures: variables of the outside
    bool sees_outside = false;  // closures that read every variable of the outside (arrow functions, lambdas)
    bool getter = false;        // of a property: reading the member of its name runs it
};

struct Type {
    /// A method by another name: PHP's `T::a as b`, `T::a insteadof U`. type: "" for any that it is made of.
    struct Alias {
        std::string_view name, type, method;
    };
    std::string_view name, parent;
    Span span;
    std::vector<std::string_view> others = {};  // interfaces, traits, mixins
    std::vector<Alias> aliases = {};
};

/// Limits on what one script may make of itself. A script beyond them is judged on what was read, and the verdict says
/// so.
inline constexpr std::size_t kMostSteps = 1 << 18;
inline constexpr std::size_t kMostNesting = 256;  // open brackets and blocks a front end keeps

struct Program {
    Language language{};
    std::vector<Step> steps;
    std::vector<Function> functions;
    std::vector<Type> types;
    std::vector<std::string_view> entry_points = {};  // functions the server calls by itself: Page_Load, ProcessRequest
    bool cut = false;                                 // a limit was reached: steps are missing
    std::uint32_t unread = 0;  // pieces that the front end could not make sense of and passed over
    Arena arena;               // texts that are not in the source as they are
};

}  // namespace ascribe::shells
