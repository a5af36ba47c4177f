// Abstract evaluation: steps are run on what is known of values, never on anything outside. Constants are computed
// with; of data from a visitor, a file or elsewhere only its way is followed. Where a condition is not known, both
// branches are walked, one after the other, in the same state, and nothing that was learned in one is forgotten in the
// other.
//
// A region is the stretch of steps that a condition may jump over. Within it nothing is certain: a jump out of it, a
// return or an end of the script is passed over, and what it would have skipped is walked all the same. So one walk
// over a function sees all of it, in time linear in its length; loops over constants alone run as often as they say,
// within the budget. Functions that nobody calls are walked at the end, with parameters of which nothing is known.
#pragma once

#include <array>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "shells/analysis.hpp"
#include "shells/library/library.hpp"
#include "shells/machine/choices.hpp"
#include "shells/machine/fields.hpp"
#include "shells/machine/ledger.hpp"
#include "shells/machine/letters.hpp"
#include "shells/machine/state.hpp"
#include "shells/machine/value.hpp"
#include "shells/program.hpp"

namespace ascribe::shells {

/// What one script may cost. Each is named in Analysis::limits when it is reached.
struct Budget {
    std::size_t work = 3 << 20;         // steps, and bytes / 16 that functions look at: "work"
    std::size_t bytes = 24 << 20;       // that values may be made of, all together: "memory"
    std::size_t layers = 96;            // "layers"
    std::size_t layer_bytes = 8 << 20;  // of all layers but the first: "layer bytes"
    std::uint16_t depth = 40;           // layers in layers: "layer depth"
    std::uint16_t frames = 48;          // calls in calls: "calls"
    std::size_t flows = 400;            // "flows"
};

/// Bytes that a function or operator looks through for one unit of work.
inline constexpr std::size_t kLookedAtOnce = 64;
/// Bytes of a value that a function, method or type is looked for by.
inline constexpr std::size_t kLongestName = 256;
/// Methods of PHP that a store to a member runs which an object lacks, and a store to an element.
inline constexpr std::string_view kStore = "__set", kStoreElement = "offsetset";
/// The constant that holds what a script of PHP has called for what nobody catches.
inline constexpr std::string_view kExceptionHandler = "#exception_handler";
/// Functions as values that one script makes.
inline constexpr std::size_t kMostClosures = 20000;

class Machine {
public:
    Machine(Analysis& analysis, Budget budget) : analysis_(analysis), budget_(budget), loops_end_(budget.work / 2) {}
    Machine(const Machine&) = delete;
    Machine& operator=(const Machine&) = delete;

    /// Runs the program of a layer in the globals, then walks what it left unvisited. The text of the layer must live.
    void run(Program program, std::uint32_t layer);
    /// Layers that were found as text to be written or run elsewhere: each wants a machine of its own.
    struct Written {
        std::uint32_t layer = 0;
        Language language{};
    };
    std::vector<Written> take_written() { return std::exchange(written_, {}); }
    /// Signals and capabilities into the analysis.
    void finish();

    // -- For functions of the library (Call)
    void signal(std::string_view name, Span span, double value = 1);
    void flow(Capability capability, const Value& data, std::string_view sink, Span span, bool concealed = false);
    /// Data of a source that is not in a table.
    Value source(Origin origin, std::string_view what, Span span);
    void note(Value& value, std::string_view what, Span span);  // one more step on its trail
    /// Calls a value; the result of all that it does.
    Value call_back(const Value& callee, std::vector<Value> arguments, Span span);
    /// Runs text as code where the call at hand stands.
    Value evaluate(const Value& code, Language language, std::string_view how, Span span);
    /// Program text that is written to a file or sent elsewhere.
    void written(const Value& text, std::string_view how, Span span);
    /// A script that is put before or behind what other files hold.
    void infected(std::string_view script, std::string_view how, Span span);
    /// A constant becomes part of something unknown: when it is a script that was hidden, it is read by itself.
    void lost(const Value& value, Span span);
    void assign(std::int32_t path, Value value, bool uncertain);
    Value* variable(std::string_view name);
    Value& set_variable(std::string_view name, Value value);
    Scope& scope() { return *frames_.back().scope; }
    Scope& globals() { return *globals_; }
    std::string_view intern(std::string_view text);
    bool function_exists(std::string_view name) const;
    bool type_exists(std::string_view name) const { return types_.contains(name); }
    void define(std::string_view name, Value value) { constants_[intern(name)] = std::move(value); }
    const Value* defined(std::string_view name) const;
    Value create(std::string_view type, std::vector<Value> arguments, Span span);
    /// An object as unserialize makes it: members as given, no constructor, then what wakes it up.
    Value revive(std::string_view type, std::vector<std::pair<std::string_view, Value>> members, Span span);
    /// A static member or constant of a type, by its name as a value.
    Value type_member(std::string_view type, std::string_view name);
    /// What a type of the script extends in the end: one of the library, or its own first.
    std::string_view library_type(std::string_view type) const;
    /// A function of the script or the library by its name, as a value.
    Value function_named(std::string_view name);
    /// Calls each method of an object of the script's own but magic ones: what they give. Nothing where it has none.
    std::optional<Value> call_each_method(const Value& object, std::vector<Value> arguments, Span span);
    /// A function as a method of an object.
    Value bound(const Value& function, const Value& self);
    /// Notes which file is open to be written: what is written from here on is what that holds.
    void file_opened(const Value& name, std::int32_t path) { opened_ = file_key(name, path); }
    /// Notes a function that code elsewhere is given.
    void hand_over(const Value& callee);
    /// Whether a check of who asks stands before the step at hand.
    bool guarded() const;
    /// Whether a check of this stands there.
    bool verified(const Value& data) const;
    /// Objects of the script's own types that wake up or are destroyed, as a visitor made them.
    void revive_any(const Value& data, Span span);
    /// What is printed from now on passes through `handler`.
    void buffer_output(Value handler);
    /// Prints.
    void echo(const Value& value, Span span);
    /// What is printed from now on is kept, until `kept_output` ends it.
    void keep_output();
    /// What was printed since; `ends`: nothing is kept any more.
    Value kept_output(bool ends);
    /// What the method of an object says that is asked about an element or a member of it; unknown where none is.
    Value ask_about(std::int32_t path, std::string_view of_element, std::string_view of_member, Span span);
    /// A condition that says of the data at a place that it is one of a few constants.
    Value choice(std::int32_t path, const Value& data, std::shared_ptr<List> options);
    /// The page may end here, for whom the innermost condition does not let pass.
    void pass_check();
    /// The page ends here, for whom the condition before it does not let pass; whoever called this function goes on
    /// for the others only.
    void end_page();
    /// The function under way gives this one by one: all of it together is its result.
    void yield(const Value& value, const Value& key = {});
    void yield_all(const Value& values);
    bool charge(std::size_t work) {
        work_ += work;
        if (work_ > budget_.work && !over_) limit("work");
        return !over_;
    }
    bool charge_bytes(std::size_t bytes);
    /// For what looks through a constant text, and for a summary of a list.
    void charge_text(const Value& value) {
        if (value.kind == Kind::text) charge(value.view.size() / kLookedAtOnce);
    }
    void charge_items(const Value& value) {
        constexpr std::size_t kSummed = 256;  // items, and a few of each that is a list itself
        if (value.kind == Kind::list) charge(std::min(value.list().items.size(), kSummed) / 4);
    }
    void limit(std::string_view name);
    bool over() const { return over_; }
    /// Where the letters of a text begin.
    const Letters& letters(const Value& text) {
        for (const auto& known : letters_)
            if (known.are_of(text)) return known;
        charge(1 + text.view.size() / 16);
        auto& next = letters_[next_letters_++ % letters_.size()];
        next.read(text);
        return next;
    }
    /// Text of the file itself.
    std::string_view own_text() const;
    Language language() const { return frames_.empty() ? Language::none : module().program.language; }
    std::span<const Value> arguments() const { return frames_.back().arguments; }
    /// The object whose method is under way.
    const Value& self() const { return frames_.back().self; }

private:
    Module& module() { return *frames_.back().module; }
    const Module& module() const { return *frames_.back().module; }
    Frame& frame() { return frames_.back(); }
    Place place(Span span) const { return {frames_.empty() ? 0 : module().layer, span}; }

    // machine.cpp, steps.cpp: the loop
    Module& load(Program program, std::uint32_t layer);
    void run_to(std::size_t depth);
    void step(const Step& step);
    void begin_frame(Module& module, std::uint32_t begin, std::uint32_t end, std::shared_ptr<Scope> scope);
    void end_frame();
    bool resume_pending();
    void conditional(const Step& step, bool if_true);
    void jump_to(std::uint32_t target);
    void leave(Value value);
    void turn_away();
    void come_back(const Passed& passed);
    void end_regions();
    void close_region();
    void each(const Step& step);
    template <class Chosen>
    void walk_unvisited(std::size_t first_module, std::size_t share, Chosen chosen);
    void walk_function(Module& module, std::uint32_t number);
    void destroy_objects();
    bool uncertain() const { return !frames_.back().regions.empty(); }

    // stack
    void push(Value value) { stack_.emplace_back(std::move(value)); }
    void push(Value value, std::int32_t path) { stack_.emplace_back(std::move(value), path); }
    Slot pop() {
        if (stack_.size() <= (frames_.empty() ? 0 : frames_.back().base)) return {Value::unknown(), -1, {}};
        Slot slot = std::move(stack_.back());
        stack_.pop_back();
        return slot;
    }
    std::vector<Slot> pop_many(std::size_t count);

    // reading.cpp, storing.cpp
    struct Held {
        Value* value = nullptr;
        PathNode place = {};
    };
    Held held_outside(std::string_view name);
    void push_variable(const Step& step, std::string_view name);
    void push_element(const Step& step, Slot container, Slot key);
    void push_member(const Step& step, Slot object, std::string_view name);
    std::int32_t path(PathNode node);
    std::int32_t path_of_variable(std::string_view name);
    Value* resolve(std::int32_t path, bool make);
    Value beside_visitors(std::string_view name);
    bool is_field(std::string_view name);
    Value registered(std::string_view name, Span span);
    Value read_element(const Value& container, const Value& key, Span span);
    bool is_asked(FunctionRef getter, const Value& object, std::string_view name) const;
    bool is_idle(Rounds& rounds);
    /// Whether so much was worked that loops and calls are walked once from here on.
    bool is_late() const { return work_ > loops_end_; }
    Ledger& ledger_of(std::int32_t at);
    void note_exit(std::uint32_t target);
    // narrowing.cpp: what conditions say of data
    std::string place_of(std::int32_t path) const;
    Value choice_of_key(std::int32_t path);
    void deny_key(Value& condition, std::int32_t path);
    Value narrowed(Value value, std::int32_t path) const;
    void open_choice(const Value& condition, bool holds);
    void turn_choice();
    void pass_choice(std::size_t depth);
    void close_facts();
    void forget_facts(std::uint32_t from, std::uint32_t to);
    std::optional<Fact> fact_of_both() const;
    void compare_choice(Value& result, Operator what, const Slot& left, const Slot& right);
    void note_copy(std::int32_t to, std::int32_t from);
    bool store_instead(std::int32_t at, Value& value);
    bool recurs(FunctionRef function, std::uint64_t shape, bool concrete) const;
    std::optional<Value> ask(const Entry& entry, Span span);
    bool run_setter(const PathNode& node, const Value& value);
    bool run_store(const PathNode& node, const Value& value);
    Value read_member(const Value& object, std::string_view name, Span span);
    std::optional<Value> read_property(std::string_view type, const Value& object, std::string_view name, Span span);
    void assign_step(const Step& step);
    void reference_step();
    void destructure(const Slot& target, const Value& value, std::size_t depth);
    void write(Value& to, Value value, bool uncertain, Ledger& ledger, bool within);
    std::optional<Value> concatenate(const Value& left, const Value& right);
    Value operate(Operator what, const Value& left, const Value& right, Span span);
    Value unary(Operator what, const Value& value, Span span);
    void unary_step(const Step& step);
    Value cast(std::string_view type, Value value, Span span);
    Cell* cell(Value& slot);

    // surroundings.cpp: names that are members of something
    Value as_value(FunctionRef function, const Value& self);
    Value method_of(const Value& object, std::string_view name, Span span);
    bool push_surrounding(const Step& step, std::string_view name);
    bool call_surrounding(std::string_view name, std::vector<Slot>& arguments, const Step& step);
    bool push_prototype(const Step& step, const Slot& object, std::string_view name);
    bool assign_prototype(const PathNode& node, const Value& value);
    const Value* prototype_member(std::string_view type, std::string_view name) const;
    bool call_prototype(std::string_view type, Slot& object, std::string_view name, std::vector<Slot>& arguments,
                        const Step& step);

    // calls.cpp, entering.cpp, applying.cpp
    void call(std::string_view name, std::vector<Slot> arguments, const Step& step, bool assembled);
    std::vector<Value> choices_of(const Slot& callee);
    bool call_each_beginning(std::string_view beginning, const std::vector<Slot>& arguments, const Step& step);
    void call_value(Slot callee, std::vector<Slot> arguments, const Step& step);

    // methods.cpp: each says whether it was called
    bool call_of_object(Slot& object, std::string_view name, std::vector<Slot>& arguments, const Step& step);
    bool call_of_function(Slot& object, std::string_view name, std::vector<Slot>& arguments, const Step& step);
    bool call_of_declared(std::string_view type, std::string_view name, std::vector<Slot>& arguments, const Step& step);
    bool call_of_type(std::string_view type, const Value& value, std::string_view name, std::vector<Slot>& arguments,
                      const Step& step);
    static std::vector<Slot> named_arguments(std::string_view name, std::vector<Slot>& arguments);
    bool call_any_method(const Value& object, const Value& name, const std::vector<Slot>& arguments, const Step& step);
    bool call_packaged(std::string_view type, Slot& object, std::string_view name, std::vector<Slot>& arguments,
                       const Step& step);
    bool call_member(const Slot& callee, std::vector<Slot>& arguments, const Step& step);
    void method(Slot object, std::string_view name, std::vector<Slot> arguments, const Step& step, bool assembled);
    void create_step(std::string_view type, std::vector<Slot> arguments, const Step& step, bool assembled);
    void enter(FunctionRef function, std::vector<Slot> arguments, const Step& step, Value self, std::string_view type,
               const Closure* closure, After after, Value made);
    void apply(const Entry& entry, std::string_view shown, std::vector<Slot>& arguments, Slot* object, const Step& step,
               bool assembled);
    void order_by_parameter(const Function& function, std::vector<Slot>& arguments);
    static std::size_t looked_at(const std::vector<Slot>& arguments, const Slot* object);
    bool is_computed(const Entry& entry, const std::vector<Value>& arguments, const Slot* object) const;
    void pass_unknown(std::string_view name, std::vector<Slot>& arguments, const Value* object, const Step& step);
    const Entry* look(std::string_view name);
    /// The entry of a variable, without its sign.
    const Entry* look_variable(std::string_view name);
    const Entry* look_member(std::string_view type, std::string_view name, std::string_view end = {});
    FunctionRef find_method(std::string_view type, std::string_view name) const;
    /// The type's own constant or static member, or that of what it is made of; its type is initialised.
    TypeInfo* find_static(std::string_view type, std::string_view name);
    std::vector<Value> constants_of(std::string_view type);
    bool choose_constant(std::string_view type, std::string_view name, const std::vector<Slot>& arguments);
    std::optional<Value> call_each_constant(std::string_view type, std::string_view name,
                                            const std::vector<Slot>& arguments, Span span);
    std::string_view resolve_type(std::string_view type) const;
    void initialise_type(TypeInfo& type);
    Object* instance(std::string_view type, Span span);
    void initialise_object(Object& object);
    /// Runs a method to its end.
    Value invoke(FunctionRef method, const Value& self, std::vector<Value> arguments, Span span);
    std::uint64_t shape_of(FunctionRef function, const std::vector<Slot>& arguments, const Value& self) const;
    bool folds() const;
    std::string_view folded(std::string_view name);
    void sink(const Entry& entry, std::string_view shown, std::vector<Slot>& arguments, Slot* object, Span span,
              bool assembled);
    void commanded(const Value& command, Span span);
    void queried(const Value& query, std::string_view shown, Span span, bool assembled);
    /// Notes what the script can do. To run code of its own is no deed: what that code does may be one.
    void able(Capability capability, bool deed);
    void remember_check(Value& truth) const;
    /// What a script writes to a file and then runs: by what names the file, a constant or a variable.
    void follow_file(const Entry& entry, std::string_view shown, const std::vector<Slot>& arguments, const Slot* object,
                     Span span);
    std::string_view file_key(const Value& name, std::int32_t path);
    /// What a script does to a file it names itself says nothing about a visitor.
    bool is_own_file(const Entry& entry, const std::vector<Slot>& arguments, const Slot* object) const;
    std::uint32_t add_layer(const Value& text, Language language, std::string how, Place from);
    std::string how_of(const Value& value, std::string_view last) const;

    friend struct Call;

    Analysis& analysis_;
    Budget budget_;
    std::deque<std::unique_ptr<Module>> modules_;
    std::deque<Value> texts_;  // of layers, kept for as long as steps and trails point into them
    std::deque<std::string> interned_store_;
    NameMap<std::string_view> interned_;
    std::deque<Object> objects_;
    std::deque<Closure> closures_;
    std::deque<Cell> cells_;
    std::deque<Trail> trails_;
    std::shared_ptr<Scope> globals_ = std::make_shared<Scope>();
    NameMap<FunctionRef> functions_;
    NameMap<TypeInfo> types_;
    NameMap<FunctionRef> only_methods_;  // not set where several types have one
    NameMap<Value> constants_;
    std::vector<Value> within_;    // whose members go by their bare names, the innermost last
    NameMap<Object*> prototypes_;  // of JScript's types
    NameMap<Value> files_;         // what visitors sent, by the key of the file that it was written to
    std::string_view opened_;
    std::vector<Value> output_handlers_;
    std::vector<Value> outputs_;  // kept, the innermost last
    std::vector<Frame> frames_;
    std::vector<Slot> stack_;
    std::vector<PathNode> paths_;
    struct Memo {
        std::uint32_t count = 0;
        Value result;
        Passed passed;
    };
    std::unordered_map<std::uint64_t, Memo> memos_;
    std::unordered_map<std::string_view, std::uint32_t> layer_of_;  // text of a layer: which
    std::vector<Written> written_;
    std::unordered_map<std::string, std::size_t> flow_of_, signal_of_;
    std::unordered_map<std::string_view, std::uint32_t> evaluated_;
    std::unordered_map<const Function*, Closure*> closure_of_;
    std::unordered_set<const Function*> handed_;        // to code that is not here, which may call them
    std::unordered_map<std::uint32_t, Fields> fields_;  // of layers that ask a visitor without naming him
    struct Growing {                                    // a text in the middle of a larger buffer
        std::shared_ptr<std::string> buffer;
        std::size_t from = 0, to = 0;
    };
    std::array<Growing, 4> growing_;
    std::size_t next_growing_ = 0;
    std::array<Letters, 4> letters_;  // a decoder looks into its text and its alphabets in turn
    std::size_t next_letters_ = 0;
    std::size_t decided_ = 0;  // conditions that constants decided
    Ledger ledger_;            // of what outlives the function that stores it
    std::size_t work_ = 0, bytes_ = 0, layer_bytes_ = 0;
    std::size_t loops_end_ = 0;  // of work_: what comes then is walked once
    std::uint32_t capabilities_ = 0, deeds_ = 0;
    bool over_ = false;
    bool stores_ = false;  // a script has properties that run a function when they are written
};

}  // namespace ascribe::shells
