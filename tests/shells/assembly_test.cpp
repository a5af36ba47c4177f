// Triage of .NET assemblies: a small one built here, by hand, from the specification.
#include <gtest/gtest.h>

#include <string>

#include "shells/assembly.hpp"

namespace ascribe::shells {
namespace {

void put(std::string& out, std::size_t at, std::uint32_t value, std::size_t size) {
    if (out.size() < at + size) out.resize(at + size);
    for (std::size_t i = 0; i < size; ++i) out[at + i] = static_cast<char>(value >> (8 * i) & 0xFF);
}
void put(std::string& out, std::size_t at, std::string_view text) {
    if (out.size() < at + text.size()) out.resize(at + text.size());
    out.replace(at, text.size(), text);
}

/// One section at 0x200 (address 0x2000), one type reference, one member reference.
std::string assembly(std::string_view space, std::string_view type, std::string_view member) {
    std::string out(0x200, '\0');
    put(out, 0, "MZ");
    put(out, 0x3C, 0x80, 4);
    put(out, 0x80, std::string_view("PE\0\0", 4));
    put(out, 0x86, 1, 2);      // sections
    put(out, 0x94, 0xE0, 2);   // size of the optional header
    put(out, 0x98, 0x10B, 2);  // PE32
    put(out, 0x98 + 92, 16, 4);
    put(out, 0x98 + 96 + 14 * 8, 0x2000, 4);  // CLI header
    auto section = std::size_t{0x98 + 0xE0};
    put(out, section + 12, 0x2000, 4);
    put(out, section + 16, 0x800, 4);
    put(out, section + 20, 0x200, 4);
    put(out, 0x208, 0x2100, 4);  // metadata
    std::size_t root = 0x300;
    put(out, root, 0x424A5342, 4);
    put(out, root + 12, 4, 4);  // version "v4\0\0"
    put(out, root + 16, "v4");
    put(out, root + 22, 2, 2);  // streams
    put(out, root + 24, 0x40, 4);
    put(out, root + 28, 0x60, 4);
    put(out, root + 32, std::string_view("#~\0\0", 4));
    put(out, root + 36, 0x100, 4);
    put(out, root + 40, 0x100, 4);
    put(out, root + 44, std::string_view("#Strings\0\0\0\0", 12));
    auto names =
        std::string(1, '\0') + std::string(space) + '\0' + std::string(type) + '\0' + std::string(member) + '\0';
    put(out, root + 0x100, names);
    auto tables = root + 0x40;
    put(out, tables + 8, 1u << 1 | 1u << 10, 4);  // TypeRef, MemberRef
    put(out, tables + 24, 1, 4);
    put(out, tables + 28, 1, 4);
    auto row = tables + 32;
    put(out, row, 2, 2);
    put(out, row + 2, static_cast<std::uint32_t>(2 + space.size()), 2);
    put(out, row + 4, 1, 2);
    put(out, row + 6, 1 << 3 | 1, 2);
    put(out, row + 8, static_cast<std::uint32_t>(3 + space.size() + type.size()), 2);
    put(out, row + 10, 0, 2);
    out.resize(0xA00);
    return out;
}

TEST(AssemblyTriage, NamesWhatItRefersTo) {
    auto bytes = assembly("System.Diagnostics", "Process", "Start");
    ASSERT_TRUE(is_assembly(bytes));
    auto read = read_assembly(bytes);
    EXPECT_FALSE(read.damaged);
    ASSERT_EQ(read.references.size(), 1u);
    EXPECT_EQ(read.references[0].space, "System.Diagnostics");
    EXPECT_EQ(read.references[0].type, "Process");
    EXPECT_EQ(read.references[0].member, "Start");
    EXPECT_EQ(bytes.substr(read.references[0].span.offset, read.references[0].span.size), "Start");
    auto signals = signals_of(read);
    ASSERT_EQ(signals.size(), 1u);
    EXPECT_EQ(signals[0].name, "assembly.command");
}

TEST(AssemblyTriage, OrdinaryReferencesTellNothing) {
    EXPECT_TRUE(signals_of(read_assembly(assembly("System", "String", "Concat"))).empty());
}

TEST(AssemblyTriage, AnyCutAndAnyByteIsSurvived) {
    auto bytes = assembly("System.Reflection", "Assembly", "Load");
    for (std::size_t size = 0; size < bytes.size(); size += 3) read_assembly(std::string_view(bytes).substr(0, size));
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        auto spoilt = bytes;
        spoilt[at] = static_cast<char>(0xFF);
        for (const auto& reference : read_assembly(spoilt).references)
            EXPECT_LE(reference.span.offset + reference.span.size, spoilt.size());
    }
    EXPECT_FALSE(is_assembly("MZ"));
    EXPECT_FALSE(is_assembly("<% %>"));
}

}  // namespace
}  // namespace ascribe::shells
