// Golden tests of islands and front ends: tests/shells/steps/NAME.EXTENSION gives NAME.EXTENSION.out, every unit with
// its steps. ASCRIBE_UPDATE=1 writes them. Samples are inert: they lack what would make them of use to anybody.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "shells/languages/front_end.hpp"
#include "shells/page/decode.hpp"
#include "shells/page/islands.hpp"
#include "shells/steps_text.hpp"

namespace ascribe::shells {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream out;
    out << in.rdbuf();
    return out.str();
}

std::string from_hex(std::string_view digits) {
    std::string bytes, pair;
    for (char c : digits) {
        if (std::isxdigit(static_cast<unsigned char>(c)) == 0) continue;
        pair += c;
        if (pair.size() < 2) continue;
        bytes += static_cast<char>(std::stoi(pair, nullptr, 16));
        pair.clear();
    }
    return bytes;
}

std::string described(std::string_view bytes, std::string_view path) {
    auto decoded = decode(bytes);
    auto page = read_page(decoded.text, path);
    std::string out = fmt::format("platform {}\n", static_cast<int>(page.platform));
    if (!decoded.how.empty()) out += "decoded " + decoded.how + "\n";
    for (const auto& unit : page.units) {
        out += fmt::format("unit {} {} [{}+{}]\n", static_cast<int>(unit.language), unit.how, unit.where.offset,
                           unit.where.size);
        const auto* reader = front_end(unit.language);
        if (reader == nullptr) continue;
        out += test::steps_text(reader->compile(unit.text, {0, static_cast<std::uint32_t>(unit.text.size())}));
    }
    return out;
}

TEST(Steps, Golden) {
    bool update = std::getenv("ASCRIBE_UPDATE") != nullptr;
    std::size_t samples = 0;
    for (const auto& entry : fs::directory_iterator(fs::path(ASCRIBE_TEST_DIR) / "shells" / "steps")) {
        auto path = entry.path();
        if (path.extension() == ".out") continue;
        ++samples;
        auto bytes = read(path);
        auto name = path;
        if (path.extension() == ".hex") bytes = from_hex(bytes), name.replace_extension();
        auto found = described(bytes, name.string());
        auto expected = path.string() + ".out";
        if (update)
            std::ofstream(expected, std::ios::binary) << found;
        else
            EXPECT_EQ(found, read(expected)) << path;
    }
    EXPECT_GE(samples, 20u);
}

/// Whatever a front end makes of broken text, its jumps and functions stay within the program, and reading it twice
/// gives the same.
TEST(Steps, EveryPrefixStaysInBounds) {
    for (const auto& entry : fs::directory_iterator(fs::path(ASCRIBE_TEST_DIR) / "shells" / "steps")) {
        auto path = entry.path();
        if (path.extension() == ".out") continue;
        auto bytes = read(path);
        auto name = path;
        if (path.extension() == ".hex") bytes = from_hex(bytes), name.replace_extension();
        for (std::size_t size = 0; size <= bytes.size(); size += 7) {
            auto decoded = decode(std::string_view(bytes).substr(0, size));
            for (const auto& unit : read_page(decoded.text, name.string()).units) {
                const auto* reader = front_end(unit.language);
                if (reader == nullptr) continue;
                auto program = reader->compile(unit.text, {0, static_cast<std::uint32_t>(unit.text.size())});
                for (const auto& step : program.steps) {
                    if (step.op == Op::closure) {
                        EXPECT_LT(step.target, program.functions.size()) << path << " " << size;
                    } else if (test::has_target(step.op)) {
                        EXPECT_LE(step.target, program.steps.size()) << path << " " << size;
                    }
                    EXPECT_LE(step.span.offset + step.span.size, unit.text.size()) << path << " " << size;
                }
                for (const auto& function : program.functions) {
                    EXPECT_LE(function.begin, function.end);
                    EXPECT_LE(function.end, program.steps.size());
                }
            }
        }
    }
}

/// Hostile shapes must not cost more than their length: brackets, tags, blocks without end.
TEST(Steps, TrapsAreLinear) {
    auto repeated = [](std::string_view piece, std::size_t count) {
        std::string out;
        for (std::size_t i = 0; i < count; ++i) out += piece;
        return out;
    };
    constexpr std::size_t kMany = 20'000;
    for (const char* path : {"x.asp", "x.aspx", "x.jsp", "x.cshtml"})
        for (const char* piece : {"<%", "<%=((", "<script runat=server>", "<asp:", "<% if a then %>", "<% if(a){ %>",
                                  "@{", "@if", "@(", "${", "<% f(x => { %>", "<% \"a\" & _\n %>", "#@~^", "<%@",
                                  "<% new A(){ %>", "<% for(;;) %>", "<% a?b: %>"}) {
            auto text = repeated(piece, kMany);
            auto begin = std::clock();  // processor time: the machine may be busy with others
            auto page = read_page(decode(text).text, path);
            for (const auto& unit : page.units)
                if (const auto* reader = front_end(unit.language); reader != nullptr)
                    reader->compile(unit.text, {0, static_cast<std::uint32_t>(unit.text.size())});
            auto spent = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
            EXPECT_LT(spent, 2.0) << path << " " << piece;
        }
}

}  // namespace
}  // namespace ascribe::shells
