// A program made of nothing but headers and a version resource, whole, cut and bent.
#include <gtest/gtest.h>

#include "base/writer.hpp"
#include "parse/collected.hpp"

namespace ascribe {
namespace {

std::string wide(std::string_view text) {
    std::string out;
    for (char c : text) out += {c, '\0'};
    return out + std::string(2, '\0');
}

void pad(std::string& bytes) { bytes.resize((bytes.size() + 3) & ~std::size_t{3}); }

/// A node of the version block: length, value length, type, key, value, children.
std::string node(std::string_view key, std::string value, std::size_t value_length, bool is_text,
                 std::string_view children) {
    std::string body = wide(key);
    body.insert(0, 6, '\0');
    pad(body);
    body += value;
    pad(body);
    body += children;
    Writer head;
    head.little(static_cast<std::uint16_t>(body.size()));
    head.little(static_cast<std::uint16_t>(value_length));
    head.little(static_cast<std::uint16_t>(is_text));
    body.replace(0, 6, head.bytes());
    pad(body);
    return body;
}

std::string text_node(std::string_view key, std::string_view value) {
    return node(key, wide(value), value.size() + 1, true, "");
}

std::string version_block(std::string_view product, std::string_view original) {
    Writer fixed;
    for (std::uint32_t value : {0xFEEF04BDu, 0x10000u, 15u << 16 | 1u, 2106u << 16 | 2u}) fixed.little(value);
    auto value = fixed.take();
    value.resize(52);
    auto strings = text_node("CompanyName", "Microsoft Corporation") + text_node("OriginalFilename", original) +
                   text_node("ProductName", product);
    return node("VS_VERSION_INFO", value, 52, false,
                node("StringFileInfo", "", 0, true, node("040904B0", "", 0, true, strings)));
}

std::string program(std::string_view product, std::string_view original) {
    constexpr std::uint32_t kHeaders = 0x200, kAddress = 0x1000;
    auto version = version_block(product, original);
    Writer resources;
    auto directory = [&](std::uint32_t id, std::uint32_t target) {
        for (int i = 0; i < 3; ++i) resources.little(std::uint32_t{0});
        resources.little(std::uint16_t{0});
        resources.little(std::uint16_t{1});
        resources.little(id);
        resources.little(target);
    };
    directory(16, 0x8000'0000u | 24);
    directory(1, 0x8000'0000u | 48);
    directory(1033, 72);
    for (std::uint32_t value : {kAddress + 88, static_cast<std::uint32_t>(version.size()), 0u, 0u})
        resources.little(value);
    auto section = resources.take() + version;

    Writer out;
    out.little(std::uint16_t{0x5A4D});
    for (int i = 0; i < 29; ++i) out.little(std::uint16_t{0});
    out.little(std::uint32_t{0x40});
    out.little(std::uint32_t{0x4550});
    for (int value : {0x8664, 1, 0, 0, 0, 0, 0, 0, 240, 0}) out.little(static_cast<std::uint16_t>(value));
    auto optional = std::string(240, '\0');
    optional.replace(0, 2, "\x0B\x02");
    Writer at;
    at.little(kAddress);
    optional.replace(112 + 16, 4, at.bytes());
    auto bytes = out.take() + optional;
    Writer table;
    table.little(std::uint64_t{0});
    for (std::uint32_t value : {static_cast<std::uint32_t>(section.size()), kAddress,
                                static_cast<std::uint32_t>(section.size()), kHeaders, 0u, 0u, 0u, 0u})
        table.little(value);
    bytes += table.bytes();
    bytes.resize(kHeaders);
    return bytes + section;
}

TEST(Pe, SaysTheBuildOfExchangeOnly) {
    auto bytes = Bytes::copy(program("Microsoft\xAE Exchange", "ExSetup.exe"));
    EXPECT_GT(test::parser_named("pe").claim("x.bin", bytes.view()), 0);
    auto got = test::run("pe", bytes, R"(C:\Program Files\Microsoft\Exchange Server\V15\Bin\ExSetup.exe)");
    ASSERT_EQ(got.rows().size(), 1u);
    EXPECT_EQ(got.rows()[0].text(InstalledBuild::build), "15.1.2106.2");
    EXPECT_EQ(got.rows()[0].text(InstalledBuild::source), "pe_version");
    EXPECT_LE(got.rows()[0].ref.offset + got.rows()[0].ref.size, bytes.size());
    EXPECT_EQ(test::run("pe", bytes, "renamed.bin").rows().size(), 1u);
    EXPECT_EQ(test::run("pe", Bytes::copy(program("Other", "ExSetup.exe")), "ExSetup.exe").rows().size(), 0u);
    EXPECT_EQ(test::run("pe", Bytes::copy(program("Microsoft Exchange", "other.dll")), "other.dll").rows().size(), 0u);
}

TEST(Pe, EveryCutAndEveryBentByteIsSurvived) {
    auto whole = program("Microsoft Exchange", "ExSetup.exe");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        auto got = test::run("pe", Bytes::copy(std::string_view(whole).substr(0, size)), "ExSetup.exe");
        ASSERT_EQ(got.rows().size() + got.damages.size(), 1u) << size;
    }
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto bent = whole;
        bent[at] = '\xFF';
        auto bytes = Bytes::copy(bent);
        for (const auto& row : test::run("pe", bytes, "ExSetup.exe").rows())
            ASSERT_LE(row.ref.offset + row.ref.size, bytes.size());
    }
}

}  // namespace
}  // namespace ascribe
