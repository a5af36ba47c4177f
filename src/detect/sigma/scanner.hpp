// Many literals or regular expressions looked for at once, by Vectorscan.
// https://intel.github.io/hyperscan/dev-reference/
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

struct hs_database;
struct hs_scratch;

namespace ascribe::sigma {

class Cache;

class Scanner {
public:
    struct Anchor {
        std::string text;  // literal: bytes; expression: as RE2 takes it
        bool expression = false;
        bool ignore_case = false;                 // of ASCII letters
        bool multiline = false, dot_all = false;  // expression
        bool every = false;                       // find it as often as it is there: for scan_many()
        friend auto operator<=>(const Anchor&, const Anchor&) = default;
    };

    Scanner() = default;
    /// Anchors are numbered by their place. Those it cannot take are named in `left`: they must count as always found.
    /// What `cache` remembers is not compiled again.
    Scanner(const std::vector<Anchor>& anchors, std::vector<std::uint32_t>& left, Cache* cache);

    /// Numbers of the anchors in `text`, in no order, once each; `found` is appended to.
    void scan(std::string_view text, hs_scratch* scratch, std::vector<std::uint32_t>& found) const;
    struct Found {
        std::uint32_t anchor;
        std::uint64_t end;
    };
    /// Where anchors end in many texts that lie one after the other; `found` is appended to, in no order. Anchors are
    /// of the kind that is found as often as it is there.
    void scan_many(std::string_view texts, hs_scratch* scratch, std::vector<Found>& found) const;
    bool is_empty() const { return !database_; }
    /// True when the text must be UTF-8 for the result to hold.
    bool needs_utf8() const { return needs_utf8_; }
    /// Scratch space grown to serve this scanner too.
    void grow(hs_scratch*& scratch) const;
    static void release(hs_scratch* scratch);

private:
    void compile(const std::vector<Anchor>& anchors, std::vector<std::uint32_t>& left);
    std::string to_bytes(std::span<const std::uint32_t> left) const;
    bool restore(std::string_view kept, std::vector<std::uint32_t>& left, std::size_t anchors);

    struct Free {
        void operator()(hs_database* database) const;
    };
    std::unique_ptr<hs_database, Free> database_;
    bool needs_utf8_ = false;
};

}  // namespace ascribe::sigma
