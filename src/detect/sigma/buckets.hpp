// Which programs one kind of record may satisfy, and what to look for in it before any of them is judged.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "detect/sigma/anchors.hpp"
#include "detect/sigma/rule_set.hpp"

namespace ascribe::sigma {

class BucketMaker {
public:
    using Told = std::map<std::string, std::set<std::uint32_t>>;  // by literal: the programs it speaks for

    /// `covers`: of each program, the rarest first; it outlives the maker.
    BucketMaker(std::span<const std::vector<Cover>> covers, std::span<const FieldPlace> fields, Cache* cache)
        : covers_(covers), fields_(fields), cache_(cache) {}

    Bucket make(const std::vector<std::uint32_t>& programs, RecordKind record);
    /// What the anchors of a bucket of requests make of addresses.
    void look_at_addresses(Bucket& bucket) const;

private:
    using Place = std::pair<std::uint32_t, bool>;                          // field; expressions, or literals
    using Anchors = std::map<Scanner::Anchor, std::vector<Bucket::Mark>>;  // anchor -> covers
    using Wanted = std::map<Place, Anchors>;
    struct Made {
        std::shared_ptr<const Scanner> scanner;
        std::vector<std::uint32_t> left;  // anchors it could not take
    };

    Wanted wanted_of(Bucket& bucket, RecordKind record) const;
    Bucket::Field field_of(const Place& place, Anchors& anchors, Bucket& bucket);
    bool is_of_address(std::uint32_t field) const;
    void prefer_addresses(Bucket& bucket) const;
    bool gather(const Bucket& bucket, Told& literals, Bucket::Addresses& addresses) const;

    std::span<const std::vector<Cover>> covers_;
    std::span<const FieldPlace> fields_;
    Cache* cache_;
    std::map<std::vector<Scanner::Anchor>, Made> scanners_;
};

/// One scanner for all keywords, for batches whose texts lie together; nothing where it cannot speak for all of them.
std::optional<Scanner> keyword_scanner(std::span<const std::vector<Cover>> covers, Cache* cache);

}  // namespace ascribe::sigma
