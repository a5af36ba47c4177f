// The documents of a YAML text, each parsed by itself into a flat tree. yaml-cpp reads, as a stream of events: building
// its own nodes costs as much again, and a flat tree can be kept from one run to the next (cache.hpp).
//
// yaml-cpp 0.7 finds documents without end in a text as short as ",", so its own way of loading several is not used: a
// line that begins with --- ends a document wherever it stands, and what a document leaves unread is a fault.
// https://yaml.org/spec/1.2.2/#912-document-markers
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ascribe::sigma {

class Cache;

/// A value of a document: null, scalar, list or map; or nothing, where a map lacks a name. Cheap to copy.
class Yaml {
public:
    Yaml() = default;

    explicit operator bool() const { return tree_ != nullptr; }
    bool is_null() const { return is(Kind::null); }
    bool is_scalar() const { return is(Kind::scalar); }
    bool is_list() const { return is(Kind::list); }
    bool is_map() const { return is(Kind::map); }

    /// A scalar's text; "" of anything else.
    std::string scalar() const;
    /// The number a scalar is written as.
    std::optional<double> number() const;
    /// Of a list; empty of anything else.
    std::vector<Yaml> items() const;
    /// Of a map, in order; empty of anything else.
    std::vector<std::pair<Yaml, Yaml>> entries() const;
    /// What a map has under `name`, if it has.
    Yaml operator[](std::string_view name) const;

private:
    friend class YamlBuilder;
    friend Yaml parse_yaml(const std::string& document, Cache* cache);

    enum class Kind : std::uint8_t { null, scalar, list, map, alias };
    static constexpr std::uint32_t kNone = UINT32_MAX;
    struct Cell {
        Kind kind = Kind::null;
        std::uint32_t next = kNone;   // what follows it in its list; in a map names and values take turns
        std::uint32_t first = kNone;  // list, map: its first child; scalar: offset of its text; alias: what it names
        std::uint32_t size = 0;       // of a scalar's text
    };
    struct Tree {
        std::vector<Cell> cells;  // the first is the root; children stand behind their parents
        std::string text;
    };

    Yaml(std::shared_ptr<const Tree> tree, std::uint32_t cell);
    const Cell& cell() const { return tree_->cells[cell_]; }
    bool is(Kind kind) const { return tree_ && cell().kind == kind; }
    static std::string to_bytes(const Tree& tree);
    static std::shared_ptr<const Tree> from_bytes(std::string_view bytes);  // nullptr: not a tree

    std::shared_ptr<const Tree> tree_;
    std::uint32_t cell_ = 0;
};

/// The texts of the documents; pieces of comments and directives only are none.
std::vector<std::string> yaml_documents(std::string_view text);

/// Throws YAML::Exception when the text is not one document and nothing else, or a map names something twice: of two
/// values under a name one would be lost without a word. A document that `cache` remembers is not read again.
Yaml parse_yaml(const std::string& document, Cache* cache);

}  // namespace ascribe::sigma
