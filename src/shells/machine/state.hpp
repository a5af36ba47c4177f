// What a machine keeps while it walks: where values came from, functions as values, the regions, loops and facts of a
// function under way, and the types of a script.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shells/machine/choices.hpp"
#include "shells/machine/ledger.hpp"
#include "shells/machine/value.hpp"
#include "shells/program.hpp"

namespace ascribe::shells {

/// Where the value on the stack came from, so that it can be written: a variable, an element of an element, ...
struct PathNode {
    enum class Kind : std::uint8_t { variable, element, append, member, type_member, cell } kind{};
    std::int32_t before = -1;    // of the container
    std::string_view name;       // variable or member
    Value key;                   // of an element; of a member: the object
    std::int32_t key_path = -1;  // of an element: where its key was read
};

struct Module;
struct FunctionRef {
    const Module* module = nullptr;
    std::uint32_t number = 0;
    bool is() const { return module != nullptr; }
    bool operator==(const FunctionRef&) const = default;
    const Function& get() const;
};
struct Scope {
    NameMap<Value> variables;
    Value rest;  // what variables without a value may hold: extract($_POST)
};
/// A function, a method bound to an object, or a function of the library, as a value.
struct Closure {
    FunctionRef function;
    std::string_view name;  // of the library; then `function` is not set
    Value self;             // of a method
    std::vector<std::pair<std::string_view, Value>> captured;
    std::shared_ptr<Scope> outside;
    bool assembled = false;
};
/// A program and the layer it was made of.
struct Module {
    std::uint32_t number = 0, layer = 0;
    Program program;
    std::vector<bool> visited;           // steps
    std::vector<std::uint32_t> entered;  // how often each function was
};

struct Part;
using Parts = std::vector<Part>;
/// What is on the stack.
struct Slot {
    Value value;
    std::int32_t path = -1;             // into paths_
    std::shared_ptr<Parts> parts = {};  // of a list that may be a target; of an argument: its name
};
inline constexpr std::int32_t kNamed = -2;  // path of the part that is the name of an argument
/// A place in a list that is a target, [$a, $b] = ..., or the name of an argument.
struct Part {
    Value key;
    std::int32_t path = -1;
    std::shared_ptr<Parts> parts;  // of a list within: [[$a], $b]
};
/// A loop, between its rounds.
struct Rounds {
    std::uint32_t head = 0;              // step that the loop begins with
    std::uint32_t count = 0, quiet = 0;  // rounds; those in a row that only counted
    std::uint32_t open = 0;              // ways out that an unknown condition may have taken
    std::size_t decided = 0;
    Ledger ledger;  // when the last round began; bytes: the most so far
};
/// Steps that a condition may jump over.
struct Region {
    std::uint32_t begin = 0, end = 0;
    std::size_t height = 0;
    bool kept = false, guards = false, verifies = false;
    std::shared_ptr<const Choice> choice = {};  // what the condition says of data, and whether it holds here
    bool holds = false, turned = false;         // turned: "else"
    bool if_true = false;                       // entered when the condition does not hold: "a || b"
    bool assumed = false;                       // no condition of the script's own: it may not be walked at all
    const Trail* verified = nullptr;            // what it verifies; nullptr: it is not known, so anything
    Value keep = {};
    std::vector<std::string_view> stored = {};  // variables that were written within
};
/// A walk over the items of a container.
struct Iteration {
    std::uint32_t begin = 0;  // step of each_next
    Value container;
    std::size_t at = 0;
    bool abstract = false;
    std::int32_t path = -1;
};
/// What becomes of the result of a call.
enum class After : std::uint8_t { push, discard, object };
/// In regions no less than `depth` deep the data of a place is one of a few constants.
struct Fact {
    std::shared_ptr<const Choice> choice;
    std::shared_ptr<List> options;
    std::size_t depth = 0;
    std::uint32_t made_at = 0;  // step; a loop around it forgets it
};
/// What whoever comes back from a function has passed: it ended the page for others.
struct Passed {
    bool guard = false, ends = false;  // ends: for all
    std::vector<const Trail*> checks = {};
};
/// A function under way.
struct Frame {
    Module* module = nullptr;
    FunctionRef function;
    std::uint32_t at = 0, end = 0;
    std::shared_ptr<Scope> scope;
    Value self;
    std::string_view type, called;  // of the method, and which it was called on: PHP's `static`
    std::vector<Region> regions;
    std::vector<Fact> facts = {};
    std::vector<std::pair<std::string_view, std::string>> copied = {};  // places, by what a switch keeps them in
    std::vector<Iteration> iterations;
    std::vector<std::uint32_t> pending;      // steps that a jump out of a region would have gone to
    std::map<std::uint32_t, Rounds> rounds;  // of jumps backwards
    std::vector<Value> arguments;
    std::size_t base = 0, paths = 0;
    Ledger ledger;                       // of its own variables
    Value result, made;                  // made: the object a constructor works on
    std::shared_ptr<List> yielded = {};  // by a generator
    bool returned = false, guarded = false;
    Passed passed = {};
    std::vector<const Trail*> verified = {};  // what was checked on the way here; nullptr: anything
    After after = After::push;
    std::int32_t place = -1;  // of what it gives: the element that was asked for
    std::uint16_t layer_depth = 0;
    std::uint64_t memo = 0;
};
/// A type of the script.
struct TypeInfo {
    std::string_view name, parent;
    std::vector<std::string_view> others;
    std::vector<Type::Alias> aliases;
    NameMap<FunctionRef> methods;
    std::vector<FunctionRef> initialise, initialise_type;
    NameMap<Value> statics;
    bool initialised = false;
    Object* last = nullptr;  // created last
};

}  // namespace ascribe::shells
