// Any bytes, given to one parser. Whatever they are: no crash and no overrun (the sanitizers), every Ref lies inside
// the artefact, and parts say the same as the whole.
#include <algorithm>
#include <cstdio>
#include <map>

#include <fmt/format.h>

#include "parse/all.hpp"
#include "require.hpp"

namespace ascribe {
namespace {

std::string text_of(const Cell& cell) {
    if (auto* number = std::get_if<std::int64_t>(&cell)) return fmt::to_string(*number);
    auto* text = std::get_if<std::string_view>(&cell);
    return text != nullptr ? fmt::format("'{}'", *text) : "-";
}

/// Everything said, in a form that does not depend on how batches were cut.
class Said : public Sink {
public:
    explicit Said(std::uint64_t size) : size_(size) {}
    void batch(RecordBatch batch) override {
        auto& rows = rows_[batch.kind()];
        for (std::size_t i = 0; i < batch.size(); ++i) {
            auto row = batch[i];
            require(row.ref.offset <= size_ && row.ref.size <= size_ - row.ref.offset, "a ref leaves the artefact");
            rows += fmt::format("{}+{} {} {} ", row.ref.offset, row.ref.size, row.time.time_since_epoch().count(),
                                batch.host);
            for (const Cell& cell : row.cells) rows += text_of(cell) + ' ';
            for (const Field& field : row.fields) rows += fmt::format("{}={} ", field.name, text_of(field.value));
            rows += '\n';
        }
    }
    void bad(const Error& error) override { note("bad", error); }
    void damage(const Error& error) override { note("damage", error); }
    void directives(std::uint64_t count) override { directives_ += count; }
    void lines(std::uint64_t count) override { lines_ += count; }
    std::string text() const {
        std::string all;
        for (const auto& [kind, rows] : rows_) all += rows;
        return all + errors_ + fmt::format("directives {} lines {}\n", directives_, lines_);
    }
    bool operator==(const Said& other) const {
        return rows_ == other.rows_ && errors_ == other.errors_ && directives_ == other.directives_ &&
               lines_ == other.lines_;
    }

private:
    void note(const char* kind, const Error& error) {
        require(error.offset <= size_, "an error lies outside the artefact");
        errors_ += fmt::format("{} {} {} {} {}\n", kind, error.what, error.offset, error.need, error.have);
    }

    std::uint64_t size_, directives_ = 0, lines_ = 0;
    std::map<RecordKind, std::string> rows_;
    std::string errors_;
};

const Parser& parser() {
    static const Parser& found = *std::ranges::find(parsers(), std::string_view(ASCRIBE_PARSER), &Parser::name);
    return found;
}

/// The whole in parts of `unit` bytes behind the parser's origin.
void parse_in_parts(const Bytes& bytes, std::uint64_t unit, Sink& sink) {
    Part part{};
    part.artefact = ArtefactId{1};
    part.whole = bytes;
    do {
        part.end = std::min<std::uint64_t>(bytes.size(), part.begin + unit + (part.begin == 0 ? parser().origin : 0));
        parser().parse(part, sink);
        part.begin = part.end;
    } while (part.begin < bytes.size());
}

}  // namespace
}  // namespace ascribe

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ascribe;
    Bytes bytes(std::as_bytes(std::span(data, size)), nullptr);
    parser().claim("", bytes.view().first(std::min(size, kHeadBytes)));
    Said whole(size);
    parse_in_parts(bytes, size, whole);
    if (parser().unit == 0) return 0;
    // Binary formats have units of their own; text may be cut anywhere, here into about seven.
    constexpr std::uint64_t kSlot = 64 << 10;
    Said parts(size);
    parse_in_parts(bytes, parser().origin > 0 ? kSlot : size / 7 + 1, parts);
    if (!(whole == parts)) std::fprintf(stderr, "whole:\n%s\nparts:\n%s\n", whole.text().c_str(), parts.text().c_str());
    require(whole == parts, "parts and whole differ");
    return 0;
}
