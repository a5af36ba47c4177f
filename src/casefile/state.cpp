#include "casefile/state.hpp"

#include <bit>
#include <concepts>
#include <type_traits>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "casefile/fields.hpp"

namespace ascribe {
namespace {

class Save {
public:
    template <class... T>
    void operator()(T&... members) {
        (put(members), ...);
    }
    std::string take() { return out_.take(); }

private:
    void put(bool value) { out_.little(static_cast<std::uint8_t>(value)); }
    template <std::integral T>
    void put(T value) {
        out_.little(value);
    }
    void put(double value) { out_.little(std::bit_cast<std::uint64_t>(value)); }
    template <class E>
    requires std::is_enum_v<E>
    void put(E value) { out_.little(static_cast<std::uint8_t>(value)); }
    void put(std::string& value) { out_.text(value); }
    void put(Digest& value) { out_.text(as_text(value)); }
    void put(Time value) { out_.little(value.time_since_epoch().count()); }
    void put(Ticks value) { out_.little(value.count()); }
    template <class T>
    void put(std::optional<T>& value) {
        put(value.has_value());
        if (value) put(*value);
    }
    template <class T>
    void put(std::vector<T>& list) {
        out_.count(list.size());
        for (T& item : list) put(item);
    }
    template <class T>
    requires std::is_class_v<T>
    void put(T& value) { fields(*this, value); }
    Writer out_;
};

class Load {
public:
    explicit Load(std::string_view bytes) : in_(as_bytes(bytes)) {}
    template <class... T>
    void operator()(T&... members) {
        (get(members), ...);
    }
    const std::optional<Error>& error() const { return error_; }
    bool finished() const { return in_.left() == 0; }

private:
    template <class T>
    T number() {
        if (error_) return {};
        auto value = in_.little<T>("case.number");
        if (!value) error_ = value.error();
        return value.value_or(T{});
    }
    void fail(std::string_view what) {
        if (!error_) error_ = Error{Fault::bad_value, what, in_.offset()};
    }
    void get(bool& value) { value = number<std::uint8_t>() != 0; }
    template <std::integral T>
    void get(T& value) {
        value = number<T>();
    }
    void get(double& value) { value = std::bit_cast<double>(number<std::uint64_t>()); }
    template <class E>
    requires std::is_enum_v<E>
    void get(E& value) {
        auto raw = number<std::uint8_t>();
        if (raw > kLast<E>) return fail("case.enumeration");
        value = static_cast<E>(raw);
    }
    void get(std::string& value) {
        if (error_) return;
        auto text = in_.text("case.text");
        if (!text) {
            error_ = text.error();
            return;
        }
        value = *text;
    }
    void get(Digest& value) {
        std::string text;
        get(text);
        if (text.size() != value.size()) return fail("case.digest");
        std::memcpy(value.data(), text.data(), text.size());
    }
    void get(Time& value) { value = Time{Ticks{number<std::int64_t>()}}; }
    void get(Ticks& value) { value = Ticks{number<std::int64_t>()}; }
    template <class T>
    void get(std::optional<T>& value) {
        bool set = false;
        get(set);
        if (set) get(value.emplace());
    }
    template <class T>
    void get(std::vector<T>& list) {
        if (error_) return;
        auto size = in_.count("case.list");
        if (!size) {
            error_ = size.error();
            return;
        }
        for (std::uint32_t i = 0; i < *size && !error_; ++i) get(list.emplace_back());
    }
    template <class T>
    requires std::is_class_v<T>
    void get(T& value) { fields(*this, value); }
    Reader in_;
    std::optional<Error> error_;
};

}  // namespace

std::string pack(const Case& investigated) {
    Save save;
    // The field list serves loading too, so it takes members it may change; saving changes none.
    fields(save, const_cast<Case&>(investigated));
    return save.take();
}

Result<Case> unpack(std::string_view bytes) {
    Load load(bytes);
    Case loaded;
    fields(load, loaded);
    if (load.error()) return std::unexpected(*load.error());
    if (!load.finished()) return std::unexpected(Error{Fault::bad_value, "case.left_over"});
    for (std::size_t i = 0; i < loaded.artefacts.size(); ++i)
        if (loaded.artefacts[i].id.value != i) return std::unexpected(Error{Fault::bad_value, "case.artefact_ids"});
    return loaded;
}

}  // namespace ascribe
