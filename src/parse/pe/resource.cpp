// Headers, section table, resource tree (type, name, language: three levels, no more), then the version block, whose
// tree of counted nodes has three levels too. Every loop is bounded by a count of 16 bits or by bytes that are there.
// https://learn.microsoft.com/windows/win32/debug/pe-format
// https://learn.microsoft.com/windows/win32/menurc/vs-versioninfo
#include "parse/pe/resource.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/text.hpp"

namespace ascribe::pe {
namespace {

constexpr std::size_t kPeOffsetField = 0x3C;
constexpr std::uint32_t kPeSignature = 0x4550;  // "PE\0\0"
constexpr std::uint16_t kPe32 = 0x10B, kPe32Plus = 0x20B;
constexpr std::uint16_t kVersionType = 16;             // RT_VERSION
constexpr std::uint32_t kFixedSignature = 0xFEEF04BD;  // VS_FIXEDFILEINFO
constexpr std::uint32_t kSubdirectory = 0x8000'0000;
constexpr std::size_t kVersionLimit = 64 << 10;  // its own length field has 16 bits

struct Section {
    std::uint32_t address, size, offset;
};

struct Image {
    std::vector<Section> sections;
    std::uint32_t resources = 0;  // relative virtual address of the root directory
};

Result<Image> read_image(std::span<const std::byte> file) {
    Reader in(file);
    TRY(in.seek(kPeOffsetField, "pe.offset"));
    auto header = TRY(in.little<std::uint32_t>("pe.offset"));
    TRY(in.seek(header, "pe.header"));
    auto signature = TRY(in.little<std::uint32_t>("pe.signature"));
    if (signature != kPeSignature)
        return std::unexpected(Error{Fault::bad_magic, "pe.signature", header, kPeSignature, signature});
    TRY(in.take(2, "pe.machine"));
    auto sections = TRY(in.little<std::uint16_t>("pe.sections"));
    TRY(in.take(12, "pe.coff"));
    auto optional_size = TRY(in.little<std::uint16_t>("pe.optional_size"));
    TRY(in.take(2, "pe.characteristics"));
    auto optional = TRY(in.take(optional_size, "pe.optional"));

    Reader fields(optional, in.offset() - optional_size);
    auto magic = TRY(fields.little<std::uint16_t>("pe.optional_magic"));
    if (magic != kPe32 && magic != kPe32Plus)
        return std::unexpected(Error{Fault::bad_value, "pe.optional_magic", fields.offset(), 0, magic});
    TRY(fields.seek((magic == kPe32 ? 96 : 112) + 2 * 8, "pe.directories"));  // third data directory: resources
    Image image;
    image.resources = TRY(fields.little<std::uint32_t>("pe.resources"));
    if (image.resources == 0) return std::unexpected(Error{Fault::bad_value, "pe.resources", fields.offset()});
    for (unsigned i = 0; i < sections; ++i) {
        TRY(in.take(8, "pe.section.name"));
        Section section{};
        auto virtual_size = TRY(in.little<std::uint32_t>("pe.section.virtual_size"));
        section.address = TRY(in.little<std::uint32_t>("pe.section.address"));
        section.size = TRY(in.little<std::uint32_t>("pe.section.size"));
        section.offset = TRY(in.little<std::uint32_t>("pe.section.offset"));
        TRY(in.take(16, "pe.section.rest"));
        section.size = std::max(section.size, virtual_size);
        image.sections.push_back(section);
    }
    return image;
}

Result<std::size_t> file_offset(const Image& image, std::uint32_t address) {
    for (const Section& section : image.sections)
        if (address >= section.address && address - section.address < section.size)
            return std::size_t{section.offset} + (address - section.address);
    return std::unexpected(Error{Fault::bad_value, "pe.address", address});
}

/// The entry `id` of the directory at `at` (any entry when `id` is 0): the offset it points to, with its subdirectory
/// flag.
Result<std::uint32_t> entry_of(std::span<const std::byte> file, std::size_t at, std::uint16_t id) {
    Reader in(file);
    TRY(in.seek(at, "pe.resource.directory"));
    TRY(in.take(12, "pe.resource.directory"));
    auto named = TRY(in.little<std::uint16_t>("pe.resource.named"));
    auto numbered = TRY(in.little<std::uint16_t>("pe.resource.numbered"));
    for (std::uint32_t i = 0; i < std::uint32_t{named} + numbered; ++i) {
        auto name = TRY(in.little<std::uint32_t>("pe.resource.name"));
        auto target = TRY(in.little<std::uint32_t>("pe.resource.target"));
        if (id == 0 || name == id) return target;
    }
    return std::unexpected(Error{Fault::bad_value, "pe.resource.version", at});
}

Result<std::span<const std::byte>> version_block(std::span<const std::byte> file, Version& version) {
    auto image = TRY(read_image(file));
    auto root = TRY(file_offset(image, image.resources));
    std::uint32_t target = kSubdirectory;
    for (auto id : {kVersionType, std::uint16_t{0}, std::uint16_t{0}}) {
        if ((target & kSubdirectory) == 0) return std::unexpected(Error{Fault::bad_value, "pe.resource.level", root});
        target = TRY(entry_of(file, root + (target & ~kSubdirectory), id));
    }
    if ((target & kSubdirectory) != 0) return std::unexpected(Error{Fault::too_deep, "pe.resource.level", root});
    Reader in(file);
    TRY(in.seek(root + target, "pe.resource.data"));
    auto address = TRY(in.little<std::uint32_t>("pe.resource.address"));
    auto size = TRY(in.little<std::uint32_t>("pe.resource.size"));
    if (size > kVersionLimit)
        return std::unexpected(Error{Fault::too_large, "pe.resource.size", in.offset(), kVersionLimit, size});
    auto offset = TRY(file_offset(image, address));
    TRY(in.seek(offset, "pe.version"));
    version.offset = offset;
    version.size = size;
    return in.take(size, "pe.version");
}

/// One node of the version block: a counted header, a key, a value and children, each aligned to four bytes.
struct Node {
    std::string key;
    std::span<const std::byte> value, children;
    std::size_t length = 0;  // aligned, to the next sibling
};

Result<Node> read_node(std::span<const std::byte> bytes) {
    Reader in(bytes);
    auto length = TRY(in.little<std::uint16_t>("pe.version.length"));
    auto value_length = TRY(in.little<std::uint16_t>("pe.version.value_length"));
    auto is_text = TRY(in.little<std::uint16_t>("pe.version.type"));
    if (length < 6 || length > bytes.size())
        return std::unexpected(Error{Fault::truncated, "pe.version.length", 0, length, bytes.size()});
    auto body = bytes.first(length);
    std::size_t end = 6;
    while (end + 2 <= length && (body[end] != std::byte{} || body[end + 1] != std::byte{})) end += 2;
    auto aligned = [&](std::size_t pos) { return std::min<std::size_t>((pos + 3) & ~std::size_t{3}, length); };
    Node node;
    node.key = from_utf16(as_text(body.subspan(6, end - 6)));
    auto value = aligned(end + 2);
    auto size = std::min<std::size_t>(std::size_t{value_length} * (is_text == 1 ? 2 : 1), length - value);
    node.value = body.subspan(value, size);
    node.children = body.subspan(aligned(value + size));
    node.length = std::min<std::size_t>((std::size_t{length} + 3) & ~std::size_t{3}, bytes.size());
    return node;
}

/// The nodes that stand in a row in `bytes`, up to the first broken one.
std::vector<Node> nodes_in(std::span<const std::byte> bytes) {
    std::vector<Node> nodes;
    while (bytes.size() >= 6) {
        auto node = read_node(bytes);
        if (!node) break;
        bytes = bytes.subspan(node->length);
        nodes.push_back(std::move(*node));
    }
    return nodes;
}

void take_strings(const Node& table, Version& version) {
    for (const Node& string : nodes_in(table.children)) {
        auto text = from_utf16(as_text(string.value));
        text.resize(std::min(text.find('\0'), text.size()));
        if (string.key == "ProductName") version.product_name = text;
        if (string.key == "OriginalFilename") version.original_name = text;
        if (string.key == "CompanyName") version.company = text;
    }
}

}  // namespace

Result<Version> read_version(std::span<const std::byte> file) {
    Version version;
    auto block = TRY(version_block(file, version));
    auto root = TRY(read_node(block));
    Reader fixed(root.value, version.offset);
    auto signature = TRY(fixed.little<std::uint32_t>("pe.version.signature"));
    if (signature != kFixedSignature)
        return std::unexpected(
            Error{Fault::bad_magic, "pe.version.signature", version.offset, kFixedSignature, signature});
    TRY(fixed.take(4, "pe.version.structure"));
    auto high = TRY(fixed.little<std::uint32_t>("pe.version.high"));
    auto low = TRY(fixed.little<std::uint32_t>("pe.version.low"));
    version.file_version = fmt::format("{}.{}.{}.{}", high >> 16, high & 0xFFFF, low >> 16, low & 0xFFFF);
    for (const Node& info : nodes_in(root.children))
        if (info.key == "StringFileInfo")
            for (const Node& table : nodes_in(info.children)) take_strings(table, version);
    return version;
}

}  // namespace ascribe::pe
