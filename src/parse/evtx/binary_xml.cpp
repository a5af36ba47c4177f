// Tokens are read from a stack of frames: the record's own fragment, the template it instantiates, and fragments that
// lie in values. Everything is relative to the chunk, which is self-contained: names and templates stand where they are
// first used. [MS-EVEN6] 2.2.12 (BinXml);
// https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
#include "parse/evtx/binary_xml.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace ascribe::evtx {
namespace {

enum Token : std::uint8_t {
    kEnd = 0x00,
    kOpenStart = 0x01,
    kCloseStart = 0x02,
    kCloseEmpty = 0x03,
    kEndElement = 0x04,
    kValue = 0x05,
    kAttribute = 0x06,
    kCdata = 0x07,
    kCharReference = 0x08,
    kEntityReference = 0x09,
    kInstructionTarget = 0x0A,
    kInstructionData = 0x0B,
    kTemplateInstance = 0x0C,
    kSubstitution = 0x0D,
    kOptionalSubstitution = 0x0E,
    kFragmentHeader = 0x0F,
    kMore = 0x40,  // flag: attributes or more of the same follow
};

constexpr std::size_t kTemplateHeader = 24;  // next template, GUID, size of the body

std::string entity_text(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> kEntities[] = {
        {"lt", "<"}, {"gt", ">"}, {"amp", "&"}, {"quot", "\""}, {"apos", "'"}};
    for (auto [known, text] : kEntities)
        if (name == known) return std::string(text);
    return fmt::format("&{};", name);
}

bool holds_data(std::string_view path) { return path.starts_with("EventData") || path.starts_with("UserData"); }

}  // namespace

void LeafBuilder::clear() {
    elements_.clear();
    leaves_.clear();
    texts_.clear();
    unnamed_ = 0;
}

/// Paths begin below the outermost element, Event.
Result<void> LeafBuilder::open(std::string_view name, std::uint64_t offset) {
    if (elements_.size() == kElementLimit)
        return std::unexpected(Error{Fault::too_deep, "evtx.xml.elements", offset, 0, kElementLimit});
    Element element;
    if (!elements_.empty()) {
        auto& parent = elements_.back();
        parent.has_inner = true;
        element.path = parent.path.empty() ? std::string(name) : fmt::format("{}.{}", parent.path, name);
        cost_ += element.path.size();
    }
    elements_.push_back(std::move(element));
    return {};
}

void LeafBuilder::attribute(std::string_view name, std::string_view text) {
    if (elements_.empty() || name.starts_with("xmlns")) return;
    auto& element = elements_.back();
    if (element.path == "EventData.Data" && name == "Name") {
        element.path = fmt::format("EventData.{}", text);
        return;
    }
    element.has_inner = true;
    if (!element.path.empty()) leaf(fmt::format("{}.{}", element.path, name), std::string(text));
}

void LeafBuilder::text(std::string_view text) {
    if (!elements_.empty()) elements_.back().text += text;
}

/// An element whose content is an array stands for as many elements.
void LeafBuilder::item(std::string_view text) {
    if (!elements_.empty()) elements_.back().items.emplace_back(text);
}

void LeafBuilder::close() {
    auto element = std::move(elements_.back());
    elements_.pop_back();
    if (!element.text.empty() || (element.items.empty() && !element.has_inner && holds_data(element.path)))
        element.items.insert(element.items.begin(), std::move(element.text));
    for (auto& text : element.items) {
        bool unnamed = element.path == "EventData.Data";
        leaf(unnamed ? fmt::format("EventData.Data[{}]", unnamed_++) : element.path, std::move(text));
    }
}

void LeafBuilder::leaf(std::string path, std::string text) {
    cost_ += path.size();
    texts_.push_back(std::move(text));
    leaves_.push_back({std::move(path), texts_.back()});
}

Result<const std::vector<Leaf>*> ChunkXml::read(std::size_t begin, std::size_t end) {
    builder_.clear();
    frames_.clear();
    frames_.reserve(kNestingLimit);  // frames are referred to while others are pushed
    attribute_ = {};
    TRY(push(begin, end, {}, false));
    while (!frames_.empty()) {
        Frame& frame = frames_.back();
        if (frame.in.left() == 0) {
            if (builder_.depth() != frame.elements)
                return std::unexpected(
                    Error{Fault::truncated, "evtx.xml.element", frame.in.offset(), builder_.depth(), frame.elements});
            frames_.pop_back();
            continue;
        }
        if (++tokens_ > kChunkTokens || text_ + builder_.cost() > kChunkText)
            return std::unexpected(
                Error{Fault::too_large, "evtx.xml.work", frame.in.offset(), tokens_, text_ + builder_.cost()});
        TRY(token(frame));
    }
    return &builder_.leaves();
}

Result<void> ChunkXml::push(std::size_t begin, std::size_t end, std::vector<Value> values, bool is_template) {
    if (frames_.size() == kNestingLimit)
        return std::unexpected(Error{Fault::too_deep, "evtx.xml.nesting", start_ + begin, 0, kNestingLimit});
    if (end > chunk_.size() || begin > end)
        return std::unexpected(Error{Fault::truncated, "evtx.xml.fragment", start_ + begin, end, chunk_.size()});
    Frame frame{Reader(chunk_.subspan(begin, end - begin), start_ + begin), std::move(values), is_template,
                builder_.depth()};
    frames_.push_back(std::move(frame));
    return {};
}

Result<void> ChunkXml::token(Frame& frame) {
    auto& in = frame.in;
    auto at = in.offset();
    auto raw = TRY(in.little<std::uint8_t>("evtx.xml.token"));
    switch (raw & ~kMore) {
        case kEnd: TRY(in.take(in.left(), "evtx.xml.end")); return {};
        case kOpenStart: return open_element(frame, (raw & kMore) != 0);
        case kCloseStart: finish_attribute(); return {};
        case kCloseEmpty:
        case kEndElement:
            finish_attribute();
            if (builder_.depth() <= frame.elements)
                return std::unexpected(Error{Fault::bad_value, "evtx.xml.end_element", at});
            builder_.close();
            return {};
        case kValue: return inline_value(frame);
        case kAttribute:
            finish_attribute();
            attribute_.name = TRY(name(in));
            attribute_.open = true;
            return {};
        case kCdata: {
            auto text = TRY(counted_text(in));
            put_text(text);
            return {};
        }
        case kCharReference: {
            auto unit = TRY(in.take(2, "evtx.xml.character"));
            put_text(from_utf16(as_text(unit)));
            return {};
        }
        case kEntityReference: {
            auto entity = TRY(name(in));
            put_text(entity_text(entity));
            return {};
        }
        case kInstructionTarget: TRY(name(in)); return {};
        case kInstructionData: TRY(counted_text(in)); return {};
        case kTemplateInstance: return template_instance(frame);
        case kSubstitution: return substitution(frame, false);
        case kOptionalSubstitution: return substitution(frame, true);
        case kFragmentHeader: TRY(in.take(3, "evtx.xml.fragment_header")); return {};
        default: return std::unexpected(Error{Fault::bad_value, "evtx.xml.token", at, 0, raw});
    }
}

Result<void> ChunkXml::open_element(Frame& frame, bool has_attributes) {
    auto& in = frame.in;
    finish_attribute();
    auto at = in.offset();
    if (frame.is_template) TRY(in.take(2, "evtx.xml.dependency"));
    TRY(in.take(4, "evtx.xml.element_size"));
    auto element = TRY(name(in));
    if (has_attributes) TRY(in.take(4, "evtx.xml.attributes_size"));
    return builder_.open(element, at);
}

/// An offset into the chunk; where it points right behind itself, the name stands here and is stepped over.
Result<std::string_view> ChunkXml::name(Reader& in) {
    auto at = TRY(in.little<std::uint32_t>("evtx.xml.name_offset"));
    bool is_here = at == position(in);
    auto [known, added] = names_.try_emplace(at);
    if (added || is_here) {
        Reader reader(chunk_, start_);
        TRY(reader.seek(at, "evtx.xml.name"));
        TRY(reader.take(6, "evtx.xml.name_header"));  // the next name of the same hash, and the hash
        auto units = TRY(reader.little<std::uint16_t>("evtx.xml.name_size"));
        auto raw = TRY(reader.take(std::size_t{units} * 2, "evtx.xml.name_text"));
        TRY(reader.take(2, "evtx.xml.name_end"));
        if (added) known->second = from_utf16(as_text(raw));
        if (is_here) TRY(in.take(position(reader) - at, "evtx.xml.name_text"));
    }
    return std::string_view(known->second);
}

Result<std::string> ChunkXml::counted_text(Reader& in) {
    auto units = TRY(in.little<std::uint16_t>("evtx.xml.text_size"));
    auto raw = TRY(in.take(std::size_t{units} * 2, "evtx.xml.text"));
    text_ += raw.size();
    return text_of(kString, raw);
}

Result<void> ChunkXml::inline_value(Frame& frame) {
    auto at = frame.in.offset();
    auto type = TRY(frame.in.little<std::uint8_t>("evtx.xml.value_type"));
    if (type != kString) return std::unexpected(Error{Fault::unsupported, "evtx.xml.value_type", at, kString, type});
    auto text = TRY(counted_text(frame.in));
    put_text(text);
    return {};
}

Result<void> ChunkXml::template_instance(Frame& frame) {
    auto& in = frame.in;
    TRY(in.take(1 + 4, "evtx.template.instance"));  // unknown, and the template's short id
    auto at = TRY(in.little<std::uint32_t>("evtx.template.offset"));
    Reader definition(chunk_, start_);
    TRY(definition.seek(at, "evtx.template.offset"));
    TRY(definition.take(kTemplateHeader - 4, "evtx.template.header"));
    auto size = TRY(definition.little<std::uint32_t>("evtx.template.size"));
    if (at == position(in)) TRY(in.take(kTemplateHeader + std::size_t{size}, "evtx.template.body"));
    auto values = TRY(template_values(in));
    auto begin = position(definition);
    return push(begin, begin + size, std::move(values), true);
}

/// Sizes and types of all values come first, the values behind them.
Result<std::vector<Value>> ChunkXml::template_values(Reader& in) {
    constexpr std::size_t kDescriptor = 4;
    auto count = TRY(in.little<std::uint32_t>("evtx.template.values"));
    if (count > in.left() / kDescriptor)
        return std::unexpected(
            Error{Fault::truncated, "evtx.template.values", in.offset(), count, in.left() / kDescriptor});
    Reader descriptors(TRY(in.take(count * kDescriptor, "evtx.template.descriptors")));
    tokens_ += count;
    std::vector<Value> values(count);
    for (auto& value : values) {
        auto size = TRY(descriptors.little<std::uint16_t>("evtx.value.size"));
        value.type = TRY(descriptors.little<std::uint8_t>("evtx.value.type"));
        TRY(descriptors.take(1, "evtx.value.unknown"));
        value.at = position(in);
        value.raw = TRY(in.take(size, "evtx.value"));
    }
    return values;
}

Result<void> ChunkXml::substitution(Frame& frame, bool optional) {
    auto at = frame.in.offset();
    auto index = TRY(frame.in.little<std::uint16_t>("evtx.substitution.index"));
    TRY(frame.in.take(1, "evtx.substitution.type"));  // the value itself knows its type better
    if (index >= frame.values.size())
        return std::unexpected(Error{Fault::bad_value, "evtx.substitution.index", at, index, frame.values.size()});
    const Value& value = frame.values[index];
    if (value.type == kNull || (optional && value.raw.empty())) {
        if (optional && attribute_.open) attribute_ = {};  // an attribute without value does not exist
        return {};
    }
    return put(value);
}

Result<void> ChunkXml::put(const Value& value) {
    if (value.type == kBinXml) return push(value.at, value.at + value.raw.size(), {}, false);
    text_ += value.raw.size();
    if ((value.type & kArray) == 0) {
        put_text(text_of(value.type, value.raw));
        return {};
    }
    auto items = items_of(value);
    text_ += items.size();
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (attribute_.open)
            put_text((i > 0 ? "," : "") + items[i]);
        else
            builder_.item(items[i]);
    }
    return {};
}

void ChunkXml::put_text(std::string_view text) {
    if (attribute_.open)
        attribute_.text += text;
    else
        builder_.text(text);
}

void ChunkXml::finish_attribute() {
    if (attribute_.open) builder_.attribute(attribute_.name, attribute_.text);
    attribute_ = {};
}

}  // namespace ascribe::evtx
