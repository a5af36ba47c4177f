#include "shells/machine/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/text.hpp"
#include "shells/machine/choices.hpp"

namespace ascribe::shells {

Value Value::text(std::string text) {
    Value value = of(Kind::text);
    auto owner = std::make_shared<std::string>(std::move(text));
    value.view = *owner;
    value.owner = std::move(owner);
    return value;
}

Value Value::of_list(std::shared_ptr<List> list) {
    Value value = of(Kind::list);
    value.owner = std::move(list);
    return value;
}

// ---------------------------------------------------------------------------------------------- lists

Value key_of(const Value& value) {
    switch (value.kind) {
        case Kind::number: return Value::of_number(std::trunc(value.number));
        case Kind::truth: return Value::of_number(value.number);
        case Kind::text: {
            auto text = value.view;
            if (text.empty() || text.size() > 15 || (text[0] == '0' && text.size() > 1)) return value;
            if (text == "-" || text == "-0") return value;
            for (std::size_t i = text[0] == '-' ? 1 : 0; i < text.size(); ++i)
                if (text[i] < '0' || text[i] > '9') return value;
            return Value::of_number(leading_number(text));
        }
        default: return Value::constant("");
    }
}

std::string key_text(const Value& key) {
    return key.kind == Kind::number ? number_text(key.number) : std::string(key.view);
}

namespace {

constexpr std::size_t kFew = 12;

bool same_key(const Value& a, const Value& b) {
    if (a.kind != b.kind) return false;
    return a.kind == Kind::number ? a.number == b.number : a.view == b.view;
}

std::uint32_t hash_of_key(const Value& key) {
    if (key.kind != Kind::number) return hash_of_name(key.view);
    auto number = key.number == 0 ? 0 : key.number;  // 0 and -0 are one key
    return hash_of_name({reinterpret_cast<const char*>(&number), sizeof number});
}

}  // namespace

void List::spoil() {
    if (!dense) {
        if (!index.empty()) index.add(hash_of_key(items.back().key), static_cast<std::uint32_t>(items.size() - 1));
        return;
    }
    dense = false;
    build();
}

void List::build() {
    index.clear();
    if (items.size() <= kFew) return;
    for (std::uint32_t i = 0; i < items.size(); ++i) index.add(hash_of_key(items[i].key), i);
}

Value* List::find(const Value& key) {
    if (dense) {
        if (key.kind != Kind::number || key.number < 0 || key.number >= static_cast<double>(items.size()))
            return nullptr;
        return &items[static_cast<std::size_t>(key.number)].value;
    }
    if (items.size() <= kFew) {
        for (auto& item : items)
            if (same_key(item.key, key)) return &item.value;
        return nullptr;
    }
    if (index.empty()) build();
    auto found = index.find(hash_of_key(key), [&](std::uint32_t at) { return same_key(items[at].key, key); });
    return found == Places::kNone ? nullptr : &items[found].value;
}

Value& List::at(const Value& key) {
    if (auto* found = find(key)) return *found;
    items.push_back({key, {}});
    bool in_order = dense && key.kind == Kind::number && key.number == static_cast<double>(items.size() - 1);
    if (!in_order) spoil();
    if (key.kind == Kind::number && key.number >= next) next = key.number + 1;
    return items.back().value;
}

void List::remove(const Value& key) {
    auto* found = find(key);
    if (found == nullptr) return;
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (&items[i].value != found) continue;
        bool last = i + 1 == items.size();
        if (last) {
            if (!index.empty()) index.remove(hash_of_key(items[i].key), static_cast<std::uint32_t>(i));
            items.pop_back();
            return;
        }
        items.erase(items.begin() + static_cast<std::ptrdiff_t>(i));
        dense = false;
        build();
        return;
    }
}

void List::renumber(bool texts_stay) {
    next = 0;
    dense = true;
    for (std::size_t i = 0; i < items.size(); ++i) {
        auto& key = items[i].key;
        if (key.kind == Kind::number || !texts_stay) key = Value::of_number(next++);
        if (key.kind != Kind::number || key.number != static_cast<double>(i)) dense = false;
    }
    index.clear();
    if (!dense) build();
}

// ---------------------------------------------------------------------------------------------- conversions

std::string number_text(double number) {
    if (std::abs(number) < 1e15 && number == std::trunc(number))
        return fmt::format("{}", static_cast<long long>(number));
    if (std::isnan(number)) return "NAN";
    if (std::isinf(number)) return number > 0 ? "INF" : "-INF";
    auto text = fmt::format("{:.14G}", number);
    // 1E+20 as PHP writes it: 1.0E+20
    if (auto e = text.find('E'); e != std::string::npos && text.find('.') == std::string::npos) text.insert(e, ".0");
    return text;
}

std::optional<std::string> text_of(const Value& value) {
    switch (value.kind) {
        case Kind::nothing: return "";
        case Kind::truth: return value.number != 0 ? "1" : "";
        case Kind::number: return number_text(value.number);
        case Kind::text: return std::string(value.view);
        case Kind::list: return "Array";
        default: return std::nullopt;
    }
}

double leading_number(std::string_view text) {
    constexpr std::size_t kLongest = 1024;  // more digits than any number has
    text = trim(text.substr(0, kLongest));
    if (text.starts_with('+')) text.remove_prefix(1);
    double number = 0;
    if (text.size() > 2 && text[0] == '&' && lower(text[1]) == 'h') {  // Basic's hexadecimal; nothing to all others
        std::uint64_t value = 0;
        std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
        return static_cast<double>(value);
    }
    auto plain = text.substr(0, text.find_first_not_of("0123456789+-.eE"));
    std::from_chars(plain.data(), plain.data() + plain.size(), number);
    return std::isfinite(number) ? number : 0;
}

std::optional<double> number_of(const Value& value) {
    switch (value.kind) {
        case Kind::nothing: return 0;
        case Kind::truth:
        case Kind::number: return value.number;
        case Kind::text: return leading_number(value.view);
        case Kind::list: return value.list().items.empty() ? 0 : 1;
        default: return std::nullopt;
    }
}

std::optional<bool> truth_of(const Value& value) {
    switch (value.kind) {
        case Kind::nothing:
            if (value.has(flag::undefined)) return std::nullopt;
            return false;
        case Kind::truth:
        case Kind::number: return value.number != 0;
        case Kind::text:
            if (value.tainted()) return std::nullopt;
            return !value.view.empty() && value.view != "0";
        case Kind::list:
            if (value.list().rest.kind != Kind::nothing) return std::nullopt;
            return !value.list().items.empty();
        case Kind::object:
        case Kind::closure: return true;
        default: return std::nullopt;
    }
}

// ---------------------------------------------------------------------------------------------- origins

Origin strongest(std::uint16_t origins) {
    constexpr Origin kOrder[] = {Origin::body,   Origin::request,     Origin::cookie,  Origin::header,
                                 Origin::upload, Origin::session,     Origin::network, Origin::database,
                                 Origin::file,   Origin::environment, Origin::constant};
    for (auto origin : kOrder)
        if ((origins & bit(origin)) != 0) return origin;
    return Origin::unknown;
}

namespace {

unsigned rank(std::uint16_t origins) {
    if (origins == 0) return 0;
    auto origin = strongest(origins);
    switch (origin) {
        case Origin::request:
        case Origin::cookie:
        case Origin::header:
        case Origin::body: return 4;
        case Origin::upload: return 3;
        case Origin::session:
        case Origin::network: return 2;
        default: return 1;
    }
}

}  // namespace

void taint(Value& value, const Value& from) {
    constexpr std::uint16_t kCarried = flag::decoded | flag::part | flag::led | flag::checked | flag::hashed |
                                       flag::login | flag::upload_name | flag::verifies | flag::authenticates |
                                       flag::ending | flag::fetched;
    if (from.trail != nullptr && (value.trail == nullptr || rank(from.origins) > rank(value.origins)))
        value.trail = from.trail;
    bool hashed = from.tainted() ? from.has(flag::hashed) && (!value.tainted() || value.has(flag::hashed))
                                 : value.has(flag::hashed);  // a digest beside data that is none
    value.origins |= from.origins;
    value.flags |= static_cast<std::uint16_t>(from.flags & kCarried);
    if (!hashed) value.flags &= static_cast<std::uint16_t>(~flag::hashed);
}

Value number_of_data(const Value& data) {
    if (data.type() == kNumber) return data;
    Value number = Value::unknown();
    if (!data.tainted()) return number;
    auto sent = Value::unknown();
    taint(sent, data);
    number.view = kNumber;
    number.owner = std::make_shared<Value>(std::move(sent));
    return number;
}

Value letters_of_numbers(const Value& value) {
    constexpr std::size_t kLooked = 256;  // items of a list
    auto letters = Value::unknown();
    auto add = [&](const Value& number) {
        if (number.type() != kNumber) return;
        taint(letters, *static_cast<const Value*>(number.owner.get()));
        letters.flags |= flag::decoded;
    };
    if (value.kind != Kind::list) {
        add(value);
        return letters;
    }
    const auto& list = value.list();
    add(list.rest);
    for (std::size_t i = 0; i < std::min(list.items.size(), kLooked); ++i) {
        const auto& item = list.items[i].value;
        add(item.kind == Kind::reference ? item.cell->value : item);
    }
    return letters;
}

bool names_runner(const Value& value) {
    constexpr std::string_view kRunners[] = {"assert", "eval",      "exec",       "passthru", "pcntl_exec",
                                             "popen",  "proc_open", "shell_exec", "system"};
    if (value.kind != Kind::text || value.tainted() || value.view.size() < 4 || value.view.size() > 10) return false;
    return std::ranges::find(kRunners, value.view) != std::end(kRunners);
}

Value join(const Value& a, const Value& b) {
    if (a.type() == kOneOf || b.type() == kOneOf) return either(a, b);
    // Two unlike constants: the later one goes on; what is followed is where data came from. Of two names of functions
    // the one goes on that tells more.
    bool earlier = b.kind == Kind::nothing || (names_runner(a) && b.kind == Kind::text && !names_runner(b));
    const Value& base = earlier ? a : b;
    Value value = base;
    const Value& other = &base == &b ? a : b;
    if (other.tainted() && !base.tainted() && other.kind == Kind::unknown && base.is_scalar()) {
        value = Value::unknown();
        value.flags = base.flags;
    }
    if (other.type() == kNumber && base.kind == Kind::unknown && base.type().empty() && !base.tainted()) value = other;
    taint(value, other);
    value.flags &= static_cast<std::uint16_t>(~flag::undefined);
    return value;
}

Value summary(const Value& value) {
    if (value.kind == Kind::object) {
        Value result = Value::unknown();
        taint(result, value);
        std::size_t looked = 0;
        for (const auto& [name, member] : value.object->members) {
            if (++looked > 64) break;
            if (member.kind != Kind::reference) taint(result, member);
        }
        return result;
    }
    if (value.kind != Kind::list) return value;
    Value result = Value::unknown();
    taint(result, value);
    const auto& list = value.list();
    taint(result, list.rest);
    std::size_t looked = 0;
    for (const auto& item : list.items) {
        if (++looked > 256) break;
        const auto& each = item.value.kind == Kind::reference ? item.value.cell->value : item.value;
        taint(result, each);
        if (each.kind != Kind::list) continue;
        for (std::size_t i = 0; i < std::min<std::size_t>(each.list().items.size(), 16); ++i)
            taint(result, each.list().items[i].value);
    }
    return result;
}

}  // namespace ascribe::shells
