// What the machine knows of a value: constants are computed with, of everything else only the origin is followed.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shells/analysis.hpp"
#include "shells/machine/names.hpp"
#include "shells/program.hpp"

namespace ascribe::shells {

/// One step on the way of data, linked to the one before it.
struct Trail {
    const Trail* before = nullptr;
    Place place;
    std::string_view what;
    std::uint16_t length = 1;
    bool source = false;  // the first one: an element of it is named with it
};
inline constexpr std::uint16_t kMostTrail = 48;
/// Where a trail begins.
inline const Trail* root_of(const Trail* trail) {
    while (trail != nullptr && trail->before != nullptr) trail = trail->before;
    return trail;
}

// What else is known of data; what is made of several values has the flags of all.
namespace flag {
inline constexpr std::uint16_t decoded = 1,  // an encoding, encryption or compression was undone
    part = 2,                                // constant text stands before or behind it
    checked = 4,         // compared with a list or pattern, cleaned, or passed through code that is not here
    assembled = 8,       // a constant that was not written as it is
    verifies = 16,       // true or false: data was checked
    authenticates = 32,  // true or false: who asks was checked
    hashed = 64,         // a digest of what a visitor sent
    undefined = 128,     // nothing, because it was never set
    login = 256,         // by its name, what a visitor proves who he is with
    name = 512,          // not a value but the name of a type or path: System.Diagnostics
    upload_name = 1024,  // the name a visitor gave to a file that he sent
    led = 4096,          // constant text stands before it
    maybe = 2048,        // stored where a condition that is not known held: other conditions on it are not known either
    // Of a text that is not known, how it ends:
    page_name = 8192,       // as the name of a page that a server would run
    document_name = 16384,  // as that of a document or picture, which nothing runs
    fetched = 32768;        // what a server sends that a visitor named
inline constexpr std::uint16_t ending = page_name | document_name;
}  // namespace flag

/// A bit among the origins: a framework handed it over, and may have asked who sends it. Tells where it is run, no
/// more.
inline constexpr std::uint16_t kRelayed = 1 << 15;

/// Type of a text of which only this is known: it begins or ends with '|', which makes Perl's open() run it.
inline constexpr std::string_view kPiped = "#piped";

/// The same: it begins with '>', which makes open() write.
inline constexpr std::string_view kWritten = "#written_to";

/// Type of a text of which only this is known: it is an address of PHP's that holds what is read from it, or makes it.
inline constexpr std::string_view kDataStream = "#data_stream";

/// The same: it names something on another server.
inline constexpr std::string_view kRemoteAddress = "#remote_address";

/// The same: it names an archive of PHP's; whoever makes that makes objects of whatever type.
inline constexpr std::string_view kArchiveAddress = "#archive_address";

/// The same: it names a script of ImageMagick, or the library that every process loads first.
inline constexpr std::string_view kMagickScript = "#magick_script", kPreload = "#preload";

/// Type of a connection to another server.
inline constexpr std::string_view kSocket = "#socket";

/// Type of a path of which only this is known: it is that of the keys that log in to a server.
inline constexpr std::string_view kKeysFile = "#keys_file";

/// Type of an argument that was quoted for a command line, and of constants with such: no more than arguments of a
/// program. What was quoted is beside it.
inline constexpr std::string_view kQuoted = "#quoted";

/// The flag of how a constant ends, or none.
std::uint16_t ending_of(std::string_view text);
/// Whether a path ends as the name of a text file does.
bool names_text_file(std::string_view path);
/// Type of such a file that is open to be written.
inline constexpr std::string_view kWrittenDocument = "#written_document";
/// Type of what a function of the library makes of constants alone, where it was not computed: constant, and nobody's
/// data.
inline constexpr std::string_view kComputed = "#computed";
/// Type of a query with data in it that has the database run a command, or a constant of which that holds.
inline constexpr std::string_view kShellQuery = "#shell_query";
/// The same of a query that makes an account in the tables of an application, or changes one; as an administrator's.
inline constexpr std::string_view kAccountQuery = "#account_query", kAdministratorQuery = "#administrator_query";
/// What a file holds, and a constant script before or behind it (infection()).
inline constexpr std::string_view kInfected = "#infected";

/// Type of a number that was read out of data: harmless, until letters are made of such numbers.
inline constexpr std::string_view kNumber = "#number";

/// Type of what Python's getattr gives for a name that is data: whichever function the data says.
inline constexpr std::string_view kAttribute = "#attribute";

struct List;
struct Object;
struct Closure;
struct Cell;

enum class Kind : std::uint8_t {
    nothing,
    unknown,
    truth,
    number,
    text,
    list,
    object,
    closure,
    reference  // in storage only: the value is in a cell that several places share
};

struct Value {
    Kind kind = Kind::nothing;
    std::uint16_t flags = 0;
    std::uint16_t origins = 0;  // bit of each Origin
    const Trail* trail = nullptr;
    std::string_view view;        // text: its bytes. Else the name of its type, "" when not known
    std::shared_ptr<void> owner;  // of a text's bytes (std::string), or the List; of some types: a Value beside it
    union {
        double number;
        Object* object;
        Closure* closure;
        Cell* cell;
    };

    Value() : number(0) {}

    static Value unknown() { return of(Kind::unknown); }
    static Value undefined() {
        Value value;
        value.flags = flag::undefined;
        return value;
    }
    static Value truth(bool is) {
        Value value = of(Kind::truth);
        value.number = is ? 1 : 0;
        return value;
    }
    static Value of_number(double number) {
        Value value = of(Kind::number);
        // Neither infinite nor undefined numbers: what is made of them is of no use, and they have no place in a list.
        value.number = std::isfinite(number) ? number : 0;
        return value;
    }
    /// `text` outlives the machine.
    static Value constant(std::string_view text) {
        Value value = of(Kind::text);
        value.view = text;
        return value;
    }
    static Value text(std::string text);
    static Value of_list(std::shared_ptr<List> list);
    static Value of_type(std::string_view type) {
        Value value = unknown();
        value.view = type;
        return value;
    }

    bool is_known() const { return kind != Kind::unknown; }
    bool is_scalar() const {
        return kind == Kind::nothing || kind == Kind::truth || kind == Kind::number || kind == Kind::text;
    }
    bool has(std::uint16_t which) const { return (flags & which) != 0; }
    bool tainted() const { return origins != 0; }
    bool relayed() const { return (origins & kRelayed) != 0; }
    std::string_view type() const { return kind == Kind::unknown ? view : std::string_view{}; }
    /// The name of a function, as a value: AddressOf f, \&f; "" when it is none.
    std::string_view names_function() const { return !tainted() && has(flag::name) ? type() : std::string_view{}; }
    List& list() const { return *static_cast<List*>(owner.get()); }
    /// The script that was put before or behind what a file holds; "" where none was.
    std::string_view infection() const {
        return type() == kInfected && owner != nullptr ? static_cast<const Value*>(owner.get())->view
                                                       : std::string_view{};
    }
    /// The owned string, when the text is all of it.
    std::string* own_text() const {
        auto* text = kind == Kind::text ? static_cast<std::string*>(owner.get()) : nullptr;
        return text != nullptr && text->size() == view.size() && text->data() == view.data() ? text : nullptr;
    }

private:
    static Value of(Kind kind) {
        Value value;
        value.kind = kind;
        return value;
    }
};

/// A place that several names share.
struct Cell {
    Value value;
};
/// What a place holds, wherever that is kept.
inline Value& behind(Value& value) { return value.kind == Kind::reference ? value.cell->value : value; }
inline const Value& behind(const Value& value) { return value.kind == Kind::reference ? value.cell->value : value; }

struct Item {
    Value key, value;  // key: number or text
};

/// PHP's arrays, and with them every language's lists and maps: in order, keys of numbers or texts.
struct List {
    std::vector<Item> items;
    Places index;       // of keys that are not their own position; when many
    double next = 0;    // key of what is appended
    bool dense = true;  // item i has the key i
    Value rest;         // what was stored under keys that are not known; nothing when none was

    Value* find(const Value& key);
    /// The item of that key, made when there is none.
    Value& at(const Value& key);
    void append(Value value) {
        items.push_back({Value::of_number(next), std::move(value)});
        if (next != static_cast<double>(items.size() - 1)) spoil();
        next += 1;
    }
    void remove(const Value& key);
    /// Keys were changed by hand.
    void renumber(bool texts_stay);

private:
    void spoil();
    void build();
};

struct Object {
    std::string_view type;
    NameMap<Value> members;
    Value rest = {};  // what members without a value hold: of an object that a visitor made
    bool destroyed = false;
};

/// PHP's idea of an integer key: "12" is 12.
Value key_of(const Value& value);
std::string key_text(const Value& key);

/// As text; nothing when the value is not a constant that has one.
std::optional<std::string> text_of(const Value& value);
std::string number_text(double number);
std::optional<double> number_of(const Value& value);
double leading_number(std::string_view text);
std::optional<bool> truth_of(const Value& value);

constexpr std::uint16_t bit(Origin origin) { return static_cast<std::uint16_t>(1u << static_cast<unsigned>(origin)); }
/// The origin that says most about an intruder.
Origin strongest(std::uint16_t origins);
/// What follows the last dot of a qualified name.
inline std::string_view last_part(std::string_view name) { return name.substr(name.rfind('.') + 1); }
/// Whether it is a constant that names a function of PHP which runs what it is given.
bool names_runner(const Value& value);
/// Whether that is the name of what a visitor proves who he is with.
bool names_login(std::string_view name);
/// Origins, flags and trail of `from` too.
void taint(Value& value, const Value& from);
/// What may be either.
Value join(const Value& a, const Value& b);
/// What a number is that is read out of data; unknown where nobody sent it.
Value number_of_data(const Value& data);
/// What letters are that are made of such a number, or of a list of them; unknown where it is none.
Value letters_of_numbers(const Value& value);
/// Origins and flags of all that a list holds; looks at a bounded number of items.
Value summary(const Value& value);

}  // namespace ascribe::shells
