#include "parse/evtx/tokens.hpp"

#include <cstring>

namespace ascribe::evtx {
namespace {

constexpr std::size_t kTemplateHeader = 24;           // next template, GUID, size of the body
constexpr std::string_view kName("N\0a\0m\0e\0", 8);  // UTF-16
constexpr std::size_t kDescriptor = 4;                // size, type, and a byte of no known meaning

/// As Windows makes it of the UTF-16 units (libevtx's notes, "name").
std::uint16_t name_hash(std::span<const std::byte> raw) {
    std::uint32_t hash = 0;
    for (std::size_t i = 0; i + 1 < raw.size(); i += 2)
        hash = hash * 65599 + (static_cast<std::uint32_t>(raw[i]) | static_cast<std::uint32_t>(raw[i + 1]) << 8);
    return static_cast<std::uint16_t>(hash);
}

/// Where tokens go: laid flat, ...
class Laying {
public:
    explicit Laying(FlatTokens& flat) : bytes_(flat.bytes) {}
    void put(std::string_view bytes) { bytes_ += bytes; }
    static bool goes_on() { return true; }

private:
    std::string& bytes_;
};

/// ... or compared with tokens laid flat before.
class Comparing {
public:
    explicit Comparing(std::string_view expected) : expected_(expected) {}
    void put(std::string_view bytes) {
        same_ = same_ && expected_.starts_with(bytes);
        if (same_) expected_.remove_prefix(bytes.size());
    }
    bool goes_on() const { return same_; }
    bool all_same() const { return same_ && expected_.empty(); }

private:
    std::string_view expected_;
    bool same_ = true;
};

template <class Out>
class Flattener {
public:
    Flattener(const Chunk& chunk, Reader in, bool is_template, FlatTokens& flat, Out& out)
        : chunk_(chunk), in_(in), is_template_(is_template), flat_(flat), out_(out) {}

    Result<void> all() {
        while (in_.left() > 0 && out_.goes_on()) TRY(token());
        if (depth_ != 0) return std::unexpected(Error{Fault::truncated, "evtx.xml.element", in_.offset(), depth_, 0});
        return {};
    }

private:
    void put(std::uint8_t token) {
        auto byte = static_cast<char>(token);
        out_.put({&byte, 1});
        ++flat_.count;
    }

    void put_index(std::uint8_t token, std::size_t index) {
        put(token);
        const char bytes[] = {static_cast<char>(index & 0xFF), static_cast<char>(index >> 8 & 0xFF)};
        out_.put({bytes, sizeof bytes});
    }

    Result<void> put_text(std::uint8_t token, Result<std::string_view> text) {
        auto read = TRY(text);
        put(token);
        auto size = static_cast<std::uint32_t>(read.size());
        char raw[sizeof size];
        std::memcpy(raw, &size, sizeof size);
        out_.put({raw, sizeof raw});
        out_.put(read);
        return {};
    }

    /// Text of a template stays, and a name of something; what else a fragment says is a value of its own.
    Result<void> put_value(std::string_view text) {
        if (is_template_ || in_name_ || depth_ == 0 || flat_.texts.size() > UINT16_MAX) return put_text(kValue, text);
        auto raw = as_bytes(text);
        put_index(kSubstitution, flat_.texts.size());
        flat_.texts.push_back({kString, raw, static_cast<std::size_t>(raw.data() - chunk_.bytes.data())});
        return {};
    }

    Result<void> token() {
        auto at = in_.offset();
        auto raw = TRY(in_.little<std::uint8_t>("evtx.xml.token"));
        switch (raw & ~kMore) {
            case kEnd: TRY(in_.take(in_.left(), "evtx.xml.end")); return {};
            case kOpenStart: return open_element((raw & kMore) != 0);
            case kCloseStart:
                in_name_ = false;
                put(kCloseStart);
                return {};
            case kCloseEmpty:
            case kEndElement:
                if (depth_ == 0) return std::unexpected(Error{Fault::bad_value, "evtx.xml.end_element", at});
                --depth_;
                in_name_ = false;
                put(kEndElement);
                return {};
            case kValue: return inline_value();
            case kAttribute: {
                auto attribute = TRY(name());
                in_name_ = attribute == kName;
                return put_text(kAttribute, attribute);
            }
            case kCdata: return put_value(TRY(counted_text()));
            case kCharReference: {
                auto unit = TRY(in_.take(2, "evtx.xml.character"));
                return put_value(as_text(unit));
            }
            case kEntityReference: return put_text(kEntityReference, name());
            case kInstructionTarget: TRY(name()); return {};  // processing instructions say nothing of an event
            case kInstructionData: TRY(counted_text()); return {};
            case kTemplateInstance: {
                flat_.is_local = true;
                put_index(kTemplateInstance, chunk_.position(in_));  // a chunk has 64 KiB
                TRY(read_instance(chunk_, in_));
                return {};
            }
            case kSubstitution:
            case kOptionalSubstitution: {
                if (!is_template_) return std::unexpected(Error{Fault::bad_value, "evtx.substitution.index", at});
                auto index = TRY(in_.little<std::uint16_t>("evtx.substitution.index"));
                TRY(in_.take(1, "evtx.substitution.type"));  // the value itself knows its type better
                put_index(static_cast<std::uint8_t>(raw & ~kMore), index);
                return {};
            }
            case kFragmentHeader: TRY(in_.take(3, "evtx.xml.fragment_header")); return {};
            default: return std::unexpected(Error{Fault::bad_value, "evtx.xml.token", at, 0, raw});
        }
    }

    /// Elements of templates have a dependency identifier, those of fragments do not.
    Result<void> open_element(bool has_attributes) {
        if (depth_ == kElementLimit)
            return std::unexpected(Error{Fault::too_deep, "evtx.xml.elements", in_.offset(), 0, kElementLimit});
        ++depth_;
        in_name_ = false;
        if (is_template_) TRY(in_.take(2, "evtx.xml.dependency"));
        TRY(in_.take(4, "evtx.xml.element_size"));
        TRY(put_text(kOpenStart, name()));
        if (has_attributes) TRY(in_.take(4, "evtx.xml.attributes_size"));
        return {};
    }

    /// An offset into the chunk; where it points right behind itself, the name stands here and is stepped over.
    Result<std::string_view> name() {
        auto at = TRY(in_.little<std::uint32_t>("evtx.xml.name_offset"));
        auto here = chunk_.position(in_);
        auto reader = TRY(chunk_.reader(at, chunk_.bytes.size(), "evtx.xml.name"));
        TRY(reader.take(4, "evtx.xml.name_header"));  // the next name of the same hash
        auto hash = TRY(reader.little<std::uint16_t>("evtx.xml.name_hash"));
        auto units = TRY(reader.little<std::uint16_t>("evtx.xml.name_size"));
        auto raw = TRY(reader.take(std::size_t{units} * 2, "evtx.xml.name_text"));
        TRY(reader.take(2, "evtx.xml.name_end"));
        if (chunk_.is_overwritten && name_hash(raw) != hash)
            return std::unexpected(Error{Fault::checksum, "evtx.xml.name_hash", reader.offset(), hash, name_hash(raw)});
        if (at == here) TRY(in_.take(chunk_.position(reader) - at, "evtx.xml.name_text"));
        return as_text(raw);
    }

    Result<std::string_view> counted_text() {
        auto units = TRY(in_.little<std::uint16_t>("evtx.xml.text_size"));
        auto raw = TRY(in_.take(std::size_t{units} * 2, "evtx.xml.text"));
        return as_text(raw);
    }

    Result<void> inline_value() {
        auto at = in_.offset();
        auto type = TRY(in_.little<std::uint8_t>("evtx.xml.value_type"));
        if (type != kString)
            return std::unexpected(Error{Fault::unsupported, "evtx.xml.value_type", at, kString, type});
        return put_value(TRY(counted_text()));
    }

    const Chunk& chunk_;
    Reader in_;
    bool is_template_;
    bool in_name_ = false;
    std::size_t depth_ = 0;
    FlatTokens& flat_;
    Out& out_;
};

}  // namespace

Result<Reader> Chunk::reader(std::size_t begin, std::size_t end, std::string_view what) const {
    if (end > bytes.size() || begin > end)
        return std::unexpected(Error{Fault::truncated, what, start + begin, end, bytes.size()});
    return Reader(bytes.subspan(begin, end - begin), start + begin);
}

Result<Instance> read_instance(const Chunk& chunk, Reader& in) {
    TRY(in.take(1, "evtx.template.version"));
    auto id = TRY(in.little<std::uint32_t>("evtx.template.id"));
    auto at = TRY(in.little<std::uint32_t>("evtx.template.offset"));
    auto definition = TRY(chunk.reader(at, chunk.bytes.size(), "evtx.template.offset"));
    TRY(definition.take(4, "evtx.template.next"));
    auto name = TRY(definition.little<std::uint64_t>("evtx.template.guid"));
    if (chunk.is_overwritten && id != static_cast<std::uint32_t>(name))
        return std::unexpected(Error{Fault::bad_value, "evtx.template.id", in.offset(), id, name});
    TRY(definition.take(8, "evtx.template.guid"));
    auto size = TRY(definition.little<std::uint32_t>("evtx.template.size"));
    if (at == chunk.position(in)) TRY(in.take(kTemplateHeader + std::size_t{size}, "evtx.template.body"));

    Instance instance{.definition = at, .name = name, .begin = chunk.position(definition)};
    instance.end = instance.begin + size;
    instance.count = TRY(in.little<std::uint32_t>("evtx.template.values"));
    if (instance.count > in.left() / kDescriptor)
        return std::unexpected(
            Error{Fault::truncated, "evtx.template.values", in.offset(), instance.count, in.left() / kDescriptor});
    instance.descriptors = chunk.position(in);
    auto descriptors = TRY(in.take(instance.count * kDescriptor, "evtx.template.descriptors"));
    instance.values = chunk.position(in);
    std::size_t total = 0;
    for (std::size_t i = 0; i < descriptors.size(); i += kDescriptor)
        total += static_cast<std::size_t>(descriptors[i]) | static_cast<std::size_t>(descriptors[i + 1]) << 8;
    TRY(in.take(total, "evtx.value"));
    return instance;
}

namespace {

template <class Out>
Result<void> flatten_into(const Chunk& chunk, std::size_t begin, std::size_t end, bool is_template, FlatTokens& flat,
                          Out& out) {
    flat.bytes.clear();
    flat.texts.clear();
    flat.count = 0;
    flat.is_local = false;
    return Flattener(chunk, TRY(chunk.reader(begin, end, "evtx.xml.fragment")), is_template, flat, out).all();
}

}  // namespace

Result<void> flatten(const Chunk& chunk, std::size_t begin, std::size_t end, bool is_template, FlatTokens& flat) {
    Laying out(flat);
    return flatten_into(chunk, begin, end, is_template, flat, out);
}

bool reads_as(const Chunk& chunk, std::size_t begin, std::size_t end, bool is_template, std::string_view tokens,
              FlatTokens& flat) {
    Comparing out(tokens);
    return flatten_into(chunk, begin, end, is_template, flat, out) && out.all_same() && !flat.is_local;
}

}  // namespace ascribe::evtx
