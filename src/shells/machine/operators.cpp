// Operators on what is known of values.
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/formats.hpp"
#include "shells/machine/machine.hpp"
#include "shells/machine/texts.hpp"

namespace ascribe::shells {
namespace {

constexpr std::uint16_t kConditions = flag::verifies | flag::authenticates | flag::login | flag::hashed;

std::int64_t whole(double number) {
    if (!(number > -9.2e18 && number < 9.2e18)) return 0;
    return static_cast<std::int64_t>(number);
}

bool numeric(std::string_view text) {
    constexpr std::size_t kLongest = 1024;  // more digits than any number has
    if (text.size() > kLongest) return false;
    text = trim(text);
    return !text.empty() && text.find_first_not_of("0123456789.+-eE") == std::string_view::npos &&
           text.find_first_of("0123456789") != std::string_view::npos;
}

/// Loose comparison: -1, 0, 1; nothing when it cannot be told.
std::optional<int> compare(const Value& a, const Value& b) {
    if (!a.is_scalar() || !b.is_scalar()) return std::nullopt;
    if (a.kind == Kind::text && b.kind == Kind::text && !(numeric(a.view) && numeric(b.view))) {
        auto order = a.view.compare(b.view);
        return order < 0 ? -1 : order > 0 ? 1 : 0;
    }
    if (a.kind == Kind::truth || b.kind == Kind::truth) {
        auto x = truth_of(a), y = truth_of(b);
        if (!x || !y) return std::nullopt;
        return *x == *y ? 0 : *x < *y ? -1 : 1;
    }
    if ((a.kind == Kind::text && !numeric(a.view)) || (b.kind == Kind::text && !numeric(b.view))) {
        auto x = text_of(a), y = text_of(b);
        return x == y ? 0 : *x < *y ? -1 : 1;
    }
    auto x = number_of(a), y = number_of(b);
    if (!x || !y) return std::nullopt;
    return *x == *y ? 0 : *x < *y ? -1 : 1;
}

bool looks_like_digest(std::string_view text) {
    if (text.size() < 32 || text.size() > 130) return false;
    if (text.starts_with("$")) return true;
    return text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

/// "%s%s" % (a, b)
std::optional<std::string> printed_values(std::string_view format, const Value& given) {
    std::vector<Value> values{given};
    if (given.kind == Kind::list) {
        values.clear();
        for (const auto& item : given.list().items) values.push_back(item.value);
    }
    return printed(format, values);
}

Value of_bytes(std::string bytes) {
    auto value = Value::text(std::move(bytes));
    value.flags |= flag::assembled;
    return value;
}

}  // namespace

// Texts that grow at one end share a buffer with room at that end, so that a loop that makes n bytes costs n, in
// whichever direction: what was written before stays as it is for whoever holds it.
std::optional<Value> Machine::concatenate(const Value& left, const Value& right) {
    constexpr std::size_t kLong = 1024;
    std::string kept[2];
    auto view_of = [](const Value& value, std::string& keep) -> std::optional<std::string_view> {
        if (value.kind == Kind::text) return value.view;
        auto text = text_of(value);
        if (!text) return std::nullopt;
        keep = std::move(*text);
        return keep;
    };
    auto a = view_of(left, kept[0]), b = view_of(right, kept[1]);
    if (!a || !b) return std::nullopt;
    auto size = a->size() + b->size();
    bool front = a->size() < b->size() / 4, back = b->size() < a->size() / 4;
    if (size < kLong || (!front && !back)) {
        if (!charge(1 + size / 16) || !charge_bytes(size)) return Value::unknown();
        return of_bytes(std::string(*a).append(*b));
    }
    auto piece = front ? *a : *b, whole = front ? *b : *a;
    if (!charge(1 + piece.size() / 16)) return Value::unknown();
    auto at_its_end = [&](const Growing& each) {
        if (each.buffer == nullptr) return false;
        const char* begin = each.buffer->data();
        return front ? whole.data() == begin + each.from : whole.data() + whole.size() == begin + each.to;
    };
    auto found = std::ranges::find_if(growing_, at_its_end);
    bool room = found != growing_.end() && (front ? found->from : found->buffer->size() - found->to) >= piece.size();
    if (!room) {
        if (!charge(size / 8) || !charge_bytes(2 * size)) return Value::unknown();
        if (found == growing_.end())
            found = growing_.begin() + static_cast<std::ptrdiff_t>(next_growing_++ % growing_.size());
        auto buffer = std::make_shared<std::string>(2 * size, '\0');
        found->from = front ? buffer->size() - whole.size() : 0;
        found->to = found->from + whole.size();
        std::ranges::copy(whole, buffer->begin() + static_cast<std::ptrdiff_t>(found->from));
        whole = std::string_view(*buffer).substr(found->from, whole.size());
        found->buffer = std::move(buffer);
    }
    if (front) found->from -= piece.size();
    std::ranges::copy(piece, found->buffer->begin() + static_cast<std::ptrdiff_t>(front ? found->from : found->to));
    if (!front) found->to += piece.size();
    auto text = Value::constant({front ? whole.data() - piece.size() : whole.data(), size});
    text.owner = found->buffer;
    text.flags |= flag::assembled;
    return text;
}

Value Machine::operate(Operator what, const Value& left, const Value& right, Span span) {
    auto mixed = [&](std::uint16_t flags = 0) {
        auto value = Value::unknown();
        taint(value, left.kind == Kind::list || left.kind == Kind::object ? summary(left) : left);
        taint(value, right.kind == Kind::list || right.kind == Kind::object ? summary(right) : right);
        value.flags |= flags;
        return value;
    };
    bool weakly_typed = language() == Language::php || language() == Language::perl || language() == Language::cfml;
    bool known = left.is_known() && right.is_known() && !left.tainted() && !right.tainted();
    // What nobody has set may be set by what includes the script, or by the server.
    bool settled = known && !left.has(flag::undefined | flag::maybe) && !right.has(flag::undefined | flag::maybe);
    auto constants = [&](Value value) {
        taint(value, left);
        taint(value, right);
        return value;
    };

    // What is calculated of data is a number that was read out of it.
    auto read_number = [&] {
        if (left.type() == kNumber) return left;
        return right.type() == kNumber ? right : number_of_data(mixed());
    };

    // Done += Run: of the handlers of an event, the last one stands for all.
    bool event = what == Operator::add && language() == Language::csharp && left.kind == Kind::unknown;
    if (event && !left.tainted() &&
        (right.kind == Kind::closure || find_method(frame().type, right.names_function()).is()))
        return right;

    if (what == Operator::add && !weakly_typed) {
        auto is_number = [](const Value& value) { return value.kind == Kind::number || value.type() == kNumber; };
        bool number = is_number(left) && is_number(right);
        if (!number) {
            if (left.kind == Kind::list && right.kind == Kind::list) {
                auto all = std::make_shared<List>(left.list());
                if (!charge(all->items.size() + right.list().items.size())) return Value::unknown();
                charge_bytes((all->items.size() + right.list().items.size()) * sizeof(Item));
                for (const auto& item : right.list().items) all->append(item.value);
                return constants(Value::of_list(std::move(all)));
            }
            what = Operator::concat;
        }
    }
    switch (what) {
        case Operator::concat: {
            // One side may be data: the other then stands before or behind it.
            if (known)
                if (auto text = concatenate(left, right)) return constants(std::move(*text));
            if (auto each = options_concatenated(left, right)) return *std::move(each);
            charge_text(left);
            charge_text(right);
            lost(left, span);
            lost(right, span);
            // "./" names the folder that a script lies in, not another.
            bool upload = left.has(flag::upload_name) || right.has(flag::upload_name);
            auto words = [&](const Value& v) {
                // So does "/" behind __DIR__, of which nothing is known; nobody puts files that are sent elsewhere.
                bool own = v.view.find_first_not_of(upload ? "./\\~" : "./") == std::string_view::npos &&
                           (v.view.starts_with("./") || upload);
                return v.kind == Kind::text && trim(v.view).size() > 0 && !v.tainted() && !own;
            };
            bool before = words(left) || left.kind == Kind::number;
            // Whose server is not said, or what listens there: "http://", "http://127.0.0.1:"
            bool server = left.kind == Kind::text && left.view.contains("://");
            bool led = before && !(server && (left.view.ends_with("://") || left.view.ends_with(':')));
            // A file that is named by its session holds what the visitor put there.
            bool session = right.trail != nullptr && right.trail->source && right.trail->what == "session_id";
            led = !session && (led || (left.kind == Kind::unknown && !left.tainted() && left.has(flag::part)));
            bool part = before || words(right) || right.kind == Kind::number;
            auto result = mixed(static_cast<std::uint16_t>((led ? flag::led : 0) | (part ? flag::part : 0)));
            bool piped = (words(left) && trim(left.view).starts_with('|')) ||
                         (words(right) && trim(right.view).ends_with('|')) ||
                         (left.type() == kPiped && right.kind == Kind::unknown);
            if (piped && language() == Language::perl) result.view = kPiped;
            bool writes = (words(left) && trim(left.view).starts_with('>')) || left.type() == kWritten;
            if (writes && language() == Language::perl) result.view = kWritten;
            if (auto type = type_of_beginning(left); !type.empty() && language() == Language::php) result.view = type;
            if (result.type() == kArchiveAddress && right.tainted()) revive_any(right, span);
            bool constant = right.kind == Kind::text && !right.tainted();
            auto ending = !constant ? right.flags : right.view.empty() ? left.flags : ending_of(right.view);
            if (const auto* options = options_of(right)) ending = ending_of_all(*options);
            result.flags = static_cast<std::uint16_t>((result.flags & ~flag::ending) | (ending & flag::ending));
            if (auto type = type_of_texts(left, right); !type.empty()) result.view = type;
            if (language() == Language::php) infect(result, left, right);
            if (language() == Language::php)
                begin_name(result, left, false);
            else if (language() == Language::java || language() == Language::csharp || language() == Language::vbnet)
                begin_name(result, left, true);
            if (auto command = quoted_for(left, right); command.tainted())
                return command;
            else if (command.type() == kQuoted && result.view.empty())
                result.view = kQuoted;
            if (!result.tainted() && result.view.empty() && (left.type() == kComputed || right.type() == kComputed)) {
                auto fits = [](const Value& v) { return v.type() == kComputed || v.kind != Kind::unknown; };
                if (fits(left) && fits(right)) result.view = kComputed;
            }
            bool named = right.origins == bit(Origin::database) && left.kind == Kind::text && names_table(left.view);
            if (named && language() != Language::php) signal("dump.each_table", span);
            return result;
        }
        case Operator::bit_and:
        case Operator::bit_or:
        case Operator::bit_xor: {
            bool texts = left.kind == Kind::text && right.kind == Kind::text;
            if (known && texts && language() == Language::php) {
                auto a = left.view, b = right.view;
                bool longest = what == Operator::bit_or;
                auto size = longest ? std::max(a.size(), b.size()) : std::min(a.size(), b.size());
                if (!charge(1 + size / 16) || !charge_bytes(size)) return Value::unknown();
                std::string bytes(size, '\0');
                for (std::size_t i = 0; i < size; ++i) {
                    auto x = i < a.size() ? static_cast<unsigned char>(a[i]) : 0u;
                    auto y = i < b.size() ? static_cast<unsigned char>(b[i]) : 0u;
                    bytes[i] = static_cast<char>(what == Operator::bit_xor  ? x ^ y
                                                 : what == Operator::bit_or ? x | y
                                                                            : x & y);
                }
                signal("conceal.bits", span);
                auto value = constants(of_bytes(std::move(bytes)));
                value.flags |= flag::decoded;
                return value;
            }
            if (known) {
                auto a = number_of(left), b = number_of(right);
                if (a && b) {
                    auto x = whole(*a), y = whole(*b);
                    return Value::of_number(static_cast<double>(what == Operator::bit_xor  ? x ^ y
                                                                : what == Operator::bit_or ? x | y
                                                                                           : x & y));
                }
            }
            if (left.kind == Kind::number || right.kind == Kind::number || left.type() == kNumber ||
                right.type() == kNumber)
                return read_number();
            return mixed(what == Operator::bit_xor ? flag::decoded : 0);
        }
        case Operator::equal:
        case Operator::not_equal: {
            if (settled) {
                charge(std::min(left.view.size(), right.view.size()) / kLookedAtOnce);
                if (auto order = compare(left, right)) return Value::truth((*order == 0) == (what == Operator::equal));
                return Value::unknown();
            }
            auto value = Value::unknown();
            value.flags =
                static_cast<std::uint16_t>((left.flags | right.flags) & (flag::verifies | flag::authenticates));
            if (value.has(flag::verifies)) value.trail = (left.has(flag::verifies) ? left : right).trail;
            const auto& data = left.tainted() ? left : right;
            const auto& other = left.tainted() ? right : left;
            if (data.tainted()) {
                bool sent = strongest(data.origins) <= Origin::session;  // a file's digest is no proof of who asks
                bool text = other.kind == Kind::text && !other.view.empty();
                bool proof =
                    sent && (data.has(flag::login | flag::hashed) || (data.origins & bit(Origin::session)) != 0 ||
                             (text && looks_like_digest(other.view)));
                bool nothing = other.kind == Kind::truth || other.kind == Kind::nothing ||
                               (other.kind == Kind::text && other.view.empty());
                if (proof && !nothing) value.flags |= flag::authenticates;
                if (proof && text && analysis_.password.empty() && (data.origins & bit(Origin::session)) == 0)
                    analysis_.password = std::string(other.view.substr(0, 256));
                if (proof && text && data.has(flag::hashed)) signal("login.hash_compare", span);
                if (data.trail != nullptr && data.trail->length > 2 && text) {
                    value.flags |= flag::verifies;
                    if (language() != Language::php) value.trail = data.trail;
                }
            }
            return value;
        }
        case Operator::less:
        case Operator::less_equal:
        case Operator::greater:
        case Operator::greater_equal: {
            if (settled) {
                charge(std::min(left.view.size(), right.view.size()) / kLookedAtOnce);
                if (auto order = compare(left, right)) {
                    return Value::truth(what == Operator::less         ? *order < 0
                                        : what == Operator::less_equal ? *order <= 0
                                        : what == Operator::greater    ? *order > 0
                                                                       : *order >= 0);
                }
            }
            // Where something is found in a list: at no place, or at one.
            auto found = Value::unknown();
            const auto& place = left.has(flag::verifies) ? left : right;
            found.flags = static_cast<std::uint16_t>(place.flags & flag::verifies);
            if (found.flags != 0) found.trail = place.trail;
            return found;
        }
        case Operator::logical_and:
        case Operator::logical_or:
        case Operator::logical_xor: {
            auto a = left.tainted() || left.has(flag::maybe) ? std::nullopt : truth_of(left),
                 b = right.tainted() || right.has(flag::maybe) ? std::nullopt : truth_of(right);
            if (a && b)
                return Value::truth(what == Operator::logical_and  ? *a && *b
                                    : what == Operator::logical_or ? *a || *b
                                                                   : *a != *b);
            auto value = Value::unknown();
            value.flags = static_cast<std::uint16_t>((left.flags | right.flags) & kConditions);
            if (left.has(flag::verifies) != right.has(flag::verifies))
                value.trail = (left.has(flag::verifies) ? left : right).trail;
            return value;
        }
        case Operator::coalesce: return shells::join(right, left);
        default: break;
    }

    // Arithmetic: what comes out is a number, harmless whatever went in, as long as it stays one.
    if (what == Operator::add && left.kind == Kind::list && right.kind == Kind::list) {
        auto all = std::make_shared<List>(left.list());
        if (!charge(all->items.size() + right.list().items.size())) return Value::unknown();
        charge_bytes((all->items.size() + right.list().items.size()) * sizeof(Item));
        for (const auto& item : right.list().items)
            if (all->find(item.key) == nullptr) all->at(item.key) = item.value;
        return constants(Value::of_list(std::move(all)));
    }
    // Python's "%s" % x
    if (what == Operator::remainder && language() == Language::python && left.kind == Kind::text) {
        if (auto text = known ? printed_values(left.view, right) : std::nullopt) return of_bytes(std::move(*text));
        return mixed(flag::part | (left.view.starts_with('%') ? 0 : flag::led));
    }
    if (!known) {
        if (what == Operator::add && (left.kind == Kind::list || right.kind == Kind::list)) return mixed();
        return read_number();
    }
    auto a = number_of(left), b = number_of(right);
    if (!a || !b) return Value::unknown();
    switch (what) {
        case Operator::add: return Value::of_number(*a + *b);
        case Operator::subtract: return Value::of_number(*a - *b);
        case Operator::multiply: return Value::of_number(*a * *b);
        case Operator::divide:
            if (*b == 0) return Value::unknown();
            return Value::of_number(*a / *b);
        case Operator::whole_divide:
            if (std::trunc(*b) == 0) return Value::unknown();
            return Value::of_number(std::trunc(*a / *b));
        case Operator::remainder: {
            auto x = whole(*a), y = whole(*b);
            if (y == 0) return Value::unknown();
            if (y == -1) return Value::of_number(0);
            auto rest = x % y;
            if (language() == Language::python && rest != 0 && (rest < 0) != (y < 0)) rest += y;
            return Value::of_number(static_cast<double>(rest));
        }
        case Operator::power: {
            auto power = std::pow(*a, *b);
            return std::isfinite(power) ? Value::of_number(power) : Value::unknown();
        }
        case Operator::shift_left:
        case Operator::shift_right: {
            auto x = whole(*a);
            auto by = whole(*b);
            if (by < 0) return Value::unknown();
            if (by > 63) return Value::of_number(what == Operator::shift_right && x < 0 ? -1 : 0);
            if (what == Operator::shift_right) return Value::of_number(static_cast<double>(x >> by));
            return Value::of_number(
                static_cast<double>(static_cast<std::int64_t>(static_cast<std::uint64_t>(x) << by)));
        }
        default: return Value::unknown();
    }
}

Value Machine::unary(Operator what, const Value& value, Span span) {
    switch (what) {
        case Operator::logical_not: {
            auto known = value.tainted() || value.has(flag::maybe) ? std::nullopt : truth_of(value);
            if (known) return Value::truth(!*known);
            auto result = Value::unknown();
            result.flags = static_cast<std::uint16_t>(value.flags & kConditions);
            if (value.has(flag::verifies)) result.trail = value.trail;
            negate_choice(result, value);
            if ((value.origins & bit(Origin::session)) != 0) result.flags |= flag::authenticates;
            return result;
        }
        case Operator::negate:
            if (auto number = value.tainted() ? std::nullopt : number_of(value)) return Value::of_number(-*number);
            return Value::unknown();
        case Operator::bit_not:
            if (value.kind == Kind::text && !value.tainted() && language() == Language::php) {
                std::string bytes(value.view);
                if (!charge(1 + bytes.size() / 16) || !charge_bytes(bytes.size())) return Value::unknown();
                for (auto& c : bytes) c = static_cast<char>(~static_cast<unsigned char>(c));
                signal("conceal.bits", span);
                auto result = of_bytes(std::move(bytes));
                taint(result, value);
                result.flags |= flag::decoded;
                return result;
            }
            if (auto number = value.tainted() ? std::nullopt : number_of(value); number && value.kind != Kind::text)
                return Value::of_number(static_cast<double>(~whole(*number)));
            {
                auto result = Value::unknown();
                taint(result, value);
                result.flags |= flag::decoded;
                return result;
            }
        default: return Value::unknown();
    }
}

void Machine::unary_step(const Step& step) {
    auto what = static_cast<Operator>(step.detail);
    auto slot = pop();
    if (what != Operator::increment && what != Operator::decrement) {
        auto result = unary(what, slot.value, step.span);
        if (what == Operator::logical_not) deny_key(result, slot.path);
        return push(std::move(result));
    }
    const auto& old = slot.value;
    Value value = Value::unknown();
    if (old.kind == Kind::number) {
        value = Value::of_number(old.number + (what == Operator::increment ? 1 : -1));
    } else if (old.kind == Kind::nothing) {
        value = what == Operator::increment ? Value::of_number(1) : Value();
    } else if (old.kind == Kind::text && !old.tainted()) {
        charge_text(old);
        auto letters = old.view.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        if (numeric(old.view)) {
            value = Value::of_number(leading_number(old.view) + (what == Operator::increment ? 1 : -1));
        } else if (what == Operator::decrement || letters != std::string_view::npos || old.view.empty()) {
            value = old.view.empty() ? Value::of_number(1) : old;
        } else {  // "az"++ is "ba", "Zz"++ is "AAa"
            std::string text(old.view.substr(0, 4096));
            auto at = text.size();
            while (at > 0) {
                char& c = text[--at];
                if (c == 'z' || c == 'Z' || c == '9') {
                    char first = c == 'z' ? 'a' : c == 'Z' ? 'A' : '0';
                    c = first;
                    if (at == 0) text.insert(0, 1, first == '0' ? '1' : first);
                    continue;
                }
                ++c;
                break;
            }
            signal("conceal.increment", step.span);
            value = of_bytes(std::move(text));
        }
    }
    auto before = slot.value;
    if (before.kind == Kind::nothing) before.flags = 0;
    if (slot.path >= 0) assign(slot.path, value, false);
    if (step.count == 1) return push(std::move(before));
    push(std::move(value), slot.path);
}

Value Machine::cast(std::string_view type, Value value, Span span) {
    static_cast<void>(span);
    auto is = [&](std::initializer_list<std::string_view> names) {
        return std::any_of(names.begin(), names.end(), [&](auto name) { return equals_folded(name, type); });
    };
    bool known = value.is_known() && !value.tainted();
    if (is({"int", "integer", "long", "short", "byte", "int32", "int64", "uint", "ulong", "ushort"})) {
        auto number = known ? number_of(value) : std::nullopt;
        return number ? Value::of_number(std::trunc(*number)) : number_of_data(summary(value));
    }
    if (is({"float", "double", "real", "decimal", "single"})) {
        auto number = known ? number_of(value) : std::nullopt;
        return number ? Value::of_number(*number) : Value::unknown();
    }
    if (is({"bool", "boolean"})) {
        auto truth = known ? truth_of(value) : std::nullopt;
        if (truth) return Value::truth(*truth);
        auto result = Value::unknown();
        result.flags = static_cast<std::uint16_t>(value.flags & kConditions);
        return result;
    }
    if (is({"char"}) && value.kind == Kind::number && value.number >= 0 && value.number < 256)
        return of_bytes(std::string(1, static_cast<char>(value.number)));
    if (is({"char"}) && value.type() == kNumber) return letters_of_numbers(value);
    if (language() != Language::php) {
        if (value.kind == Kind::unknown && !type.empty()) {
            value.view = type_as_declared(language(), value.view, type);
            value.flags &= static_cast<std::uint16_t>(~flag::name);
        }
        return value;
    }
    if (type == "string" || type == "binary") {
        if (value.kind == Kind::object) {
            auto method = find_method(value.object->type, "__tostring");
            if (method.is()) return invoke(method, value, {}, span);
        }
        auto text = known ? text_of(value) : std::nullopt;
        if (!text || value.kind == Kind::text) return value;
        auto result = Value::text(std::move(*text));
        result.flags = value.flags;
        return result;
    }
    if (type == "array") {
        if (value.kind == Kind::list || value.kind == Kind::unknown) return value;
        auto list = std::make_shared<List>();
        if (value.kind == Kind::object) {
            charge(value.object->members.size() / 4);
            if (!charge_bytes(value.object->members.size() * sizeof(Item))) return Value::unknown();
            for (const auto& [name, member] : value.object->members) list->at(Value::constant(name)) = member;
        } else if (value.kind != Kind::nothing) {
            list->append(value);
        }
        return Value::of_list(std::move(list));
    }
    if (type == "object" && value.kind == Kind::list) {
        if (objects_.size() > 20000) return Value::unknown();
        auto size = value.list().items.size();
        charge(size / 4);
        if (!charge_bytes(size * (sizeof(Value) + 64))) return Value::unknown();
        auto& object = objects_.emplace_back();
        object.type = "stdclass";
        for (const auto& item : value.list().items) object.members[intern(key_text(item.key))] = item.value;
        Value result;
        result.kind = Kind::object;
        result.object = &object;
        return result;
    }
    if (type == "unset") return {};
    return value;
}

}  // namespace ascribe::shells
