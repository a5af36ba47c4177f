// page_features LOG...: one JSON line a page that was used, with the features seen and the probability; the first line
// of a log is its totals. Logs are read by the product's own parsers; nothing of this is in the product.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "detect/behaviour/features.hpp"
#include "intel/load.hpp"
#include "parse/all.hpp"

namespace ascribe {
namespace {

using namespace behaviour;

class Feed : public Sink {
public:
    Feed(Pages& pages, const Intel& intel) : pages_(pages), intel_(intel) {}
    void batch(RecordBatch batch) override {
        if (batch.kind() == RecordKind::http_request) pages_.observe(batch, intel_);
    }
    void bad(const Error&) override {}
    void damage(const Error&) override {}
    void directives(std::uint64_t) override {}
    void lines(std::uint64_t) override {}

private:
    Pages& pages_;
    const Intel& intel_;
};

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (char c : text)
        if (c == '"' || c == '\\')
            out += std::string("\\") + c;
        else if (static_cast<unsigned char>(c) >= ' ')
            out += c;
    return out + "\"";
}

constexpr std::string_view kBy[] = {"used", "fetched", "unsized"};

void print(const char* path, const Intel& intel) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    auto bytes = Bytes::copy(text.str());
    auto head = bytes.view().first(std::min(bytes.size(), kHeadBytes));
    const Parser* reader = nullptr;
    int sureness = 0;
    for (const Parser& parser : parsers())
        if (int claim = parser.claim(path, head); claim > sureness) reader = &parser, sureness = claim;
    Pages pages;
    Feed feed(pages, intel);
    if (reader != nullptr)
        reader->parse(
            {.artefact = {}, .path = path, .whole = bytes, .base = 0, .begin = 0, .end = bytes.size(), .header = {}},
            feed);
    pages.settle();
    fmt::print("{{\"log\": {}, \"rows\": {}, \"probes\": {}, \"parser\": {}}}\n", quoted(path), pages.totals.rows,
               pages.totals.probes, quoted(reader == nullptr ? "" : reader->name));
    for (const JudgedPage& judged : judge_pages(pages)) {
        std::vector<std::string> seen;
        for (std::size_t i = 0; i < kFeatures; ++i)
            if (judged.seen[i]) seen.push_back(quoted(feature_texts()[i].name));
        fmt::print("{{\"page\": {}, \"uses\": {}, \"by\": {}, \"probability\": {:.4f}, \"features\": [{}]}}\n",
                   quoted(judged.key), judged.doings->all.rows, quoted(kBy[static_cast<std::size_t>(judged.by)]),
                   judged.probability, fmt::join(seen, ", "));
    }
}

}  // namespace
}  // namespace ascribe

int main(int count, char** arguments) {
    auto intel = ascribe::builtin_intel();
    for (int i = 1; i < count; ++i) ascribe::print(arguments[i], intel);
}
