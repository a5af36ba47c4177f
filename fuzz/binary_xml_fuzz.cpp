// The binary XML of one record, written by anybody: put into a chunk whose frame holds, so that the fuzzer spends its
// time on tokens, templates and values and not on magics and sizes. No crash, no overrun, and the record is read or
// listed as bad.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "parse/all.hpp"

namespace {

using namespace ascribe;

constexpr std::size_t kFile = 4096, kChunk = 64 << 10, kHeader = 512, kFrame = 24;

struct Count : Sink {
    std::uint64_t rows = 0, lost = 0;
    void batch(RecordBatch batch) override { rows += batch.size(); }
    void bad(const Error&) override { ++lost; }
    void damage(const Error&) override {}
    void directives(std::uint64_t) override {}
    void lines(std::uint64_t) override {}
};

template <class T>
void put(std::vector<std::uint8_t>& out, std::size_t at, T value) {
    std::memcpy(out.data() + at, &value, sizeof value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Parser& evtx = *std::ranges::find(parsers(), std::string_view("evtx"), &Parser::name);
    size = std::min(size, kChunk - kHeader - kFrame - 4);
    std::vector<std::uint8_t> file(kFile + kChunk);
    std::memcpy(file.data(), "ElfFile", 8);
    std::memcpy(file.data() + kFile, "ElfChnk", 8);
    auto record = kFile + kHeader, whole = kFrame + size + 4;
    put<std::uint64_t>(file, kFile + 24, 1);
    put<std::uint64_t>(file, kFile + 32, 1);
    put<std::uint32_t>(file, kFile + 48, static_cast<std::uint32_t>(kHeader + whole));
    std::memcpy(file.data() + record, "\x2a\x2a\0\0", 4);
    put<std::uint32_t>(file, record + 4, static_cast<std::uint32_t>(whole));
    put<std::uint64_t>(file, record + 8, 1);
    std::memcpy(file.data() + record + kFrame, data, size);
    put<std::uint32_t>(file, record + kFrame + size, static_cast<std::uint32_t>(whole));

    Part part{};
    part.whole = Bytes(std::as_bytes(std::span(file)), nullptr);
    part.end = file.size();
    Count count;
    evtx.parse(part, count);
    if (count.rows + count.lost != 1) std::abort();
    return 0;
}
