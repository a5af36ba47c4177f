// A script written by anybody is read, unfolded and judged without harm, within its budget, and the same each time: the
// first byte says which server would run it. Everything told points into a layer that there is, and a layer comes out
// of an earlier one.
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "shells/examine.hpp"
#include "shells/saved.hpp"

using namespace ascribe;

namespace {

constexpr const char* kNames[] = {"a.php", "a.asp", "a.aspx", "a.ashx", "a.jsp",    "a.jspx",
                                  "a.cfm", "a.pl",  "a.py",   "a.asax", "a.cshtml", "a"};

void expect_inside(const shells::Analysis& analysis, const shells::Place& place) {
    if (place.layer >= analysis.layers.size()) std::abort();
    const auto& text = analysis.layers[place.layer].text;
    if (place.span.offset > text.size() || place.span.size > text.size() - place.span.offset) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    if (size == 0) return 0;
    std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    auto analysis = shells::examine(kNames[data[0] % std::size(kNames)], text, shells::Depth::all);
    if (analysis.layers.empty() || !(analysis.probability >= 0 && analysis.probability <= 1)) std::abort();
    for (std::size_t i = 1; i < analysis.layers.size(); ++i) {
        if (analysis.layers[i].from.layer >= i) std::abort();
        expect_inside(analysis, analysis.layers[i].from);
    }
    for (const auto& flow : analysis.flows)
        for (const auto& step : flow.trail) expect_inside(analysis, step.place);
    for (const auto& reason : analysis.reasons)
        if (reason.place) expect_inside(analysis, *reason.place);
    Writer out;
    save(analysis, shells::Detail::explanation, out);
    Reader in(as_bytes(out.bytes()));
    if (!shells::load(in)) std::abort();
    return 0;
}
