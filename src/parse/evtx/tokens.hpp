// Binary XML as it stands in a chunk, read once and laid flat: names spelled out instead of pointed to, sizes and
// identifiers left away. Templates that say the same are then equal bytes, whichever chunk they stand in.
// [MS-EVEN6] 2.2.12 (BinXml);
// https://github.com/libyal/libevtx/blob/main/documentation/Windows%20XML%20Event%20Log%20(EVTX).asciidoc
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/reader.hpp"
#include "parse/evtx/value.hpp"

namespace ascribe::evtx {

enum Token : std::uint8_t {
    kEnd = 0x00,
    kOpenStart = 0x01,
    kCloseStart = 0x02,
    kCloseEmpty = 0x03,
    kEndElement = 0x04,
    kValue = 0x05,
    kAttribute = 0x06,
    kCdata = 0x07,
    kCharReference = 0x08,
    kEntityReference = 0x09,
    kInstructionTarget = 0x0A,
    kInstructionData = 0x0B,
    kTemplateInstance = 0x0C,
    kSubstitution = 0x0D,
    kOptionalSubstitution = 0x0E,
    kFragmentHeader = 0x0F,
    kMore = 0x40,  // flag: attributes or more of the same follow
};

/// Elements within elements. Event data nest 4 deep or so.
inline constexpr std::size_t kElementLimit = 64;

/// A chunk's bytes and where they are in the artefact.
struct Chunk {
    std::span<const std::byte> bytes;
    std::uint64_t start = 0;
    /// What is read may point to names and templates that have been overwritten: a name must have its hash, a template
    /// its identifier (the first quarter of its GUID).
    bool is_overwritten = false;

    /// A reader of [begin, end) whose errors name offsets of the artefact.
    Result<Reader> reader(std::size_t begin, std::size_t end, std::string_view what) const;
    std::size_t position(const Reader& in) const { return static_cast<std::size_t>(in.offset() - start); }
};

/// Where a template instance points: its definition's body, and the values put into it.
struct Instance {
    std::size_t definition = 0;               // of the definition's header: what tells templates of a chunk apart
    std::uint64_t name = 0;                   // of the template: the first half of its GUID
    std::size_t begin = 0, end = 0;           // its body
    std::uint32_t count = 0;                  // of values
    std::size_t descriptors = 0, values = 0;  // where their sizes and types, and their bytes stand
};
/// Reads an instance behind its token and steps over it, values too.
Result<Instance> read_instance(const Chunk& chunk, Reader& in);

/// Tokens in the order of the source, each with what belongs to it:
///   kOpenStart name | kAttribute name | kEntityReference name | kCloseStart | kEndElement (for kCloseEmpty too)
///   kValue UTF-16 text (for kCdata and kCharReference too) | kTemplateInstance position
///   kSubstitution, kOptionalSubstitution index
/// Names and texts are UTF-16 with their size before them, as Writer::text writes them.
struct FlatTokens {
    std::string bytes;
    std::size_t count = 0;
    bool is_local = false;     // points into the chunk: a template instance stands in it
    std::vector<Value> texts;  // of a fragment's elements and attributes: kSubstitution stands for them, so that
                               // fragments which differ in their texts alone are equal bytes as well
};

/// Fills `flat` with the tokens of [begin, end), at most to the end token. Elements are balanced and at most
/// kElementLimit deep.
Result<void> flatten(const Chunk& chunk, std::size_t begin, std::size_t end, bool is_template, FlatTokens& flat);
/// Whether flatten() would give these tokens. `flat` gets their count and the texts then; nothing is laid flat to find
/// out.
bool reads_as(const Chunk& chunk, std::size_t begin, std::size_t end, bool is_template, std::string_view tokens,
              FlatTokens& flat);

}  // namespace ascribe::evtx
