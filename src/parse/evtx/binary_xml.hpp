// Binary XML of one chunk: fragments, elements, templates and the values put into them, laid flat as leaves.
#pragma once

#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/reader.hpp"
#include "parse/event_row.hpp"
#include "parse/evtx/value.hpp"

namespace ascribe::evtx {

/// Templates within values within templates. A forwarded event nests 3 deep.
inline constexpr std::size_t kNestingLimit = 16;
/// Elements within elements. Event data nest 4 deep or so.
inline constexpr std::size_t kElementLimit = 64;
/// Work spent on one chunk, so that templates which instantiate each other cannot multiply it. A chunk of real events
/// has some 200,000 tokens and 2 MB of text; every byte of it would have to be a token of its own, 16 times over, to
/// reach these.
inline constexpr std::size_t kChunkTokens = 1 << 20;
inline constexpr std::size_t kChunkText = 16 << 20;

/// Gathers leaves from elements as they open and close.
class LeafBuilder {
public:
    void clear();
    Result<void> open(std::string_view name, std::uint64_t offset);
    void attribute(std::string_view name, std::string_view text);
    void text(std::string_view text);
    void item(std::string_view text);
    void close();
    std::size_t depth() const { return elements_.size(); }
    /// Bytes of paths built since this builder was made.
    std::size_t cost() const { return cost_; }
    const std::vector<Leaf>& leaves() const { return leaves_; }

private:
    struct Element {
        std::string path, text;
        std::vector<std::string> items;
        bool has_inner = false;
    };
    void leaf(std::string path, std::string text);

    std::vector<Element> elements_;
    std::vector<Leaf> leaves_;
    std::deque<std::string> texts_;
    std::size_t unnamed_ = 0, cost_ = 0;
};

/// Reads the records of one chunk.
class ChunkXml {
public:
    /// `chunk` is the chunk's bytes, `start` their offset in the artefact.
    ChunkXml(std::span<const std::byte> chunk, std::uint64_t start) : chunk_(chunk), start_(start) {}
    /// The leaves of the binary XML in [begin, end) of the chunk; they live until the next call.
    Result<const std::vector<Leaf>*> read(std::size_t begin, std::size_t end);

private:
    struct Frame {
        Reader in;
        std::vector<Value> values;  // what substitutions refer to
        bool is_template = false;   // elements of templates have a dependency identifier, those of fragments do not
        std::size_t elements = 0;   // open when the frame began
    };
    struct Attribute {
        bool open = false;
        std::string name, text;
    };

    Result<void> token(Frame& frame);
    Result<void> open_element(Frame& frame, bool has_attributes);
    Result<void> template_instance(Frame& frame);
    Result<std::vector<Value>> template_values(Reader& in);
    Result<void> substitution(Frame& frame, bool optional);
    Result<void> inline_value(Frame& frame);
    Result<void> put(const Value& value);
    void put_text(std::string_view text);
    void finish_attribute();
    Result<std::string_view> name(Reader& in);
    Result<std::string> counted_text(Reader& in);
    Result<void> push(std::size_t begin, std::size_t end, std::vector<Value> values, bool is_template);
    std::size_t position(const Reader& in) const { return static_cast<std::size_t>(in.offset() - start_); }

    std::span<const std::byte> chunk_;
    std::uint64_t start_;
    LeafBuilder builder_;
    Attribute attribute_;
    std::vector<Frame> frames_;
    std::unordered_map<std::uint32_t, std::string> names_;
    std::size_t tokens_ = 0, text_ = 0;
};

}  // namespace ascribe::evtx
