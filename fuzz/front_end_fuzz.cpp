// A front end reads anything: its jumps and functions stay within the program, its spans within the text, and its work
// is bounded by the text's length.
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "shells/languages/front_end.hpp"

using namespace ascribe::shells;

namespace {

const FrontEnd& fuzzed() {
    for (const auto& each : front_ends())
        if (to_string(each.language) == ASCRIBE_FRONT_END) return each;
    std::abort();
}

void expect(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what);
    std::abort();
}

bool jumps(Op op) { return op == Op::jump || op == Op::jump_if || op == Op::jump_unless || op == Op::each_next; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    static const FrontEnd& end = fuzzed();
    std::string_view text(reinterpret_cast<const char*>(data), size);
    auto program = end.compile(text, {0, static_cast<std::uint32_t>(size)});
    expect(program.steps.size() <= 64 + size * 16, "more steps than the text can hold");
    for (const auto& step : program.steps) {
        if (jumps(step.op)) expect(step.target <= program.steps.size(), "a jump leaves the program");
        if (step.op == Op::closure) expect(step.target < program.functions.size(), "a function that is not there");
        expect(step.span.offset <= size && step.span.size <= size - step.span.offset, "a span leaves the text");
    }
    for (const auto& function : program.functions)
        expect(function.begin <= function.end && function.end <= program.steps.size(), "a function leaves the program");
    return 0;
}
