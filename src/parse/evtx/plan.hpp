// What becomes of a template's values, worked out once: the plan of a template names, for each value, the column or
// field it goes to, so that a record is read by index and no name is looked at again.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "parse/event_row.hpp"
#include "parse/evtx/tokens.hpp"

namespace ascribe::evtx {

/// An element or attribute that events have, by its path below the outermost element, Event, whose path is empty.
struct Node {
    EventTarget target;
    std::string path;
    bool is_root = false;     // outside of any element: where the record's own fragment stands
    bool is_datum = false;    // EventData.Data: its attribute Name names it
    bool holds_data = false;  // in EventData or UserData, where an empty element is a datum all the same
};

struct Step {
    enum class Kind : std::uint8_t {
        constant,        // a leaf whose text stands in the template
        value,           // a leaf that is one value
        gather,          // begins a leaf of several pieces, which are:
        piece_constant,  //   text
        piece_value,     //   a value
        gathered,        // ends it
        renamed,         // ends it too: what was gathered is the name of the element's leaves
        instance,        // another template, put in where this fragment stands
    };
    Kind kind = Kind::constant;
    bool optional = false;              // a value that is absent leaves nothing behind
    bool attribute = false;             // arrays are joined, absent attributes do not exist
    bool keeps_empty = false;           // an empty element here is a datum all the same
    bool unnamed = false;               // one of EventData's data without a name: Data[0], Data[1], ...
    bool by_name = false;               // the name comes from a `renamed` before
    std::uint8_t place = kEventPlaces;  // the node's target, beside the step so that a leaf costs one look
    std::uint16_t index = 0;            // of the value
    std::uint32_t position = 0;         // of the instance in its chunk
    const Node* node = nullptr;
    std::string_view field;  // the node's target
    std::string_view text;   // UTF-8; the library's
};

struct Plan {
    std::vector<Step> steps;
    std::size_t least_values = 0;  // the highest index asked for, and one
    const Node* within = nullptr;  // what it was made for:
    std::string_view tokens;       //   the flat tokens; empty in a plan that is good for one record
};

/// Names and plans, by what they say. Rows point to its names, so batches hold it.
class Library {
public:
    /// This thread's library, a new one when the last is full. Templates are the same in all logs of a machine, so what
    /// was worked out for one part serves the next; nothing that is read depends on what is in it.
    static std::shared_ptr<Library> shared();
    /// Names take at most this much; then a new library is begun. Windows and all its providers have some 100,000 names
    /// of 20 bytes; evidence may invent more.
    static constexpr std::size_t kBytes = 8 << 20;

    /// What the record's own fragment stands in.
    const Node& root() const { return root_; }
    enum class Kind : std::uint8_t { element, attribute, datum };
    /// The element or attribute `name` (UTF-16) of `parent`, or the datum that its attribute Name calls `name` (UTF-8).
    const Node& child(const Node& parent, std::string_view name, Kind kind = Kind::element);
    /// The name of the datum that is called `name` (UTF-8).
    std::string_view datum(std::string_view name) { return child(root_, name, Kind::datum).target.field; }
    /// `text` where it lives as long as the library.
    std::string_view keep(std::string_view text);
    /// The name of the n-th unnamed datum.
    std::string_view unnamed(std::size_t n);
    /// The plan for these tokens inside the element `within`, made when they are new.
    Result<const Plan*> plan(FlatTokens& tokens, const Node& within);
    /// Plans that something of this name had before: the GUID of a template, or the step whose value a fragment was.
    /// Both are the intruder's to choose, so what is there is compared before its plan is believed.
    struct Candidates {
        std::array<const Plan*, 4> plans{};  // the latest first

        void put_first(const Plan* plan) {
            auto at = std::ranges::find(plans, plan);
            std::shift_right(plans.begin(), at == plans.end() ? at : at + 1, 1);
            plans.front() = plan;
        }
    };
    Candidates& candidates(std::uint64_t name) { return candidates_[(name ^ name >> 32) % candidates_.size()]; }
    bool is_full() const { return bytes_ > kBytes; }

    Library() = default;
    Library(const Library&) = delete;
    Library& operator=(const Library&) = delete;

private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    template <class T>
    using ByText = std::unordered_map<std::string, std::unique_ptr<T>, Hash, std::equal_to<>>;

    const Node& node(std::string path);

    ByText<const Node> nodes_;  // by path
    struct Edge {
        const Node* parent;
        Kind kind;
        std::string name;
        const Node* child;
    };
    std::unordered_multimap<std::size_t, Edge> edges_;  // by hash
    ByText<Plan> plans_;
    ByText<const std::string> names_;
    std::array<Candidates, 1024> candidates_{};
    std::vector<std::string_view> unnamed_;
    const Node root_{.target = {}, .path = {}, .is_root = true};
    std::size_t bytes_ = 0;
};

/// The plan of tokens that stand inside `within`; nodes are the library's.
Result<Plan> make_plan(const FlatTokens& tokens, const Node& within, Library& library);

}  // namespace ascribe::evtx
