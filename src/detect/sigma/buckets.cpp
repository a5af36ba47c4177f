#include "detect/sigma/buckets.hpp"

#include <algorithm>

#include "detect/sigma/addresses.hpp"

namespace ascribe::sigma {
namespace {

/// Events' buckets with fewer programs are judged one by one: a scan costs as much as some tests. Keywords are tests of
/// every value of the event, so they are always scanned for; and rows of logs go through the sieve, which needs
/// anchors.
constexpr std::size_t kScanFrom = 6;

bool is_number(std::string_view text) { return text.find_first_not_of("0123456789-") == std::string_view::npos; }

bool is_keyword(const Cover& cover) { return cover.anchors.front().field == kKeyword; }

constexpr std::uint8_t bit_of(std::size_t cover) { return static_cast<std::uint8_t>(1U << cover); }

/// The literals as they stand in masked addresses; nothing where one cannot be masked.
std::optional<BucketMaker::Told> masked(const BucketMaker::Told& literals) {
    BucketMaker::Told out;
    for (const auto& [literal, programs] : literals) {
        auto forms = masked_anchors(literal);
        if (!forms) return {};
        for (const std::string& form : *forms) out[form].insert(programs.begin(), programs.end());
    }
    return out;
}

}  // namespace

BucketMaker::Wanted BucketMaker::wanted_of(Bucket& bucket, RecordKind record) const {
    Wanted wanted;
    bool few = record == RecordKind::windows_event && bucket.programs.size() < kScanFrom;
    for (std::uint32_t i = 0; i < bucket.programs.size(); ++i) {
        const auto& covers = covers_[bucket.programs[i]];
        if (few && std::ranges::none_of(covers, is_keyword)) continue;
        for (std::size_t k = 0; k < covers.size(); ++k) {
            bucket.needed[i] |= bit_of(k);
            for (const Anchored& each : covers[k].anchors)
                wanted[{each.field, each.anchor.expression}][each.anchor].push_back({i, bit_of(k)});
        }
    }
    return wanted;
}

Bucket::Field BucketMaker::field_of(const Place& place, Anchors& anchors, Bucket& bucket) {
    Bucket::Field field{.field = place.first, .scanner = {}, .marks = {}};
    std::vector<Scanner::Anchor> list;
    for (auto& [anchor, marks] : anchors) {
        list.push_back(anchor);
        field.shortest = std::min(field.shortest, anchor.expression ? 0 : anchor.text.size());
        field.marks.push_back(std::move(marks));
    }
    auto& [scanner, left] = scanners_[list];
    if (!scanner) scanner = std::make_shared<const Scanner>(list, left, cache_);
    field.scanner = scanner;
    for (auto number : left)  // cannot be looked for: as if it were always there
        for (auto [program, bit] : field.marks[number]) bucket.needed[program] &= static_cast<std::uint8_t>(~bit);
    return field;
}

Bucket BucketMaker::make(const std::vector<std::uint32_t>& programs, RecordKind record) {
    Bucket bucket{.programs = programs, .needed = std::vector<std::uint8_t>(programs.size()), .fields = {}};
    for (auto& [place, anchors] : wanted_of(bucket, record)) bucket.fields.push_back(field_of(place, anchors, bucket));
    for (std::uint32_t i = 0; i < programs.size(); ++i)
        if (bucket.needed[i] == 0) bucket.always.push_back(i);
    for (auto needed : bucket.needed)
        bucket.telling.push_back(static_cast<std::uint8_t>(needed & (~needed + 1)));  // the rarest
    return bucket;
}

bool BucketMaker::is_of_address(std::uint32_t field) const {
    if (field == kKeyword) return true;
    const FieldPlace& place = fields_[field];
    return place.kind == FieldPlace::Kind::uri ||
           (place.kind == FieldPlace::Kind::column &&
            (place.column == HttpRequest::stem || place.column == HttpRequest::query));
}

/// What an address must hold tells more than a method or an agent.
void BucketMaker::prefer_addresses(Bucket& bucket) const {
    auto of_address = [&](const Anchored& each) { return is_of_address(each.field); };
    for (std::size_t i = 0; i < bucket.programs.size(); ++i) {
        const auto& covers = covers_[bucket.programs[i]];
        for (std::size_t k = covers.size(); k-- > 0;)
            if ((bucket.needed[i] & bit_of(k)) != 0 && std::ranges::all_of(covers[k].anchors, of_address))
                bucket.telling[i] = bit_of(k);
    }
}

/// Gathers the literals that may stand in an address. False when an expression has none: then addresses cannot tell.
bool BucketMaker::gather(const Bucket& bucket, Told& literals, Bucket::Addresses& addresses) const {
    std::set<std::uint32_t> expressions;
    bool all = true;
    for (std::uint32_t program = 0; program < bucket.programs.size(); ++program) {
        const auto& covers = covers_[bucket.programs[program]];
        for (std::size_t k = 0; k < covers.size(); ++k) {
            if (bucket.telling[program] != bit_of(k)) continue;
            for (const auto& [field, anchor] : covers[k].anchors) {
                if (!is_of_address(field)) continue;
                if (field == kKeyword && (anchor.expression || is_number(anchor.text)))
                    addresses.number_keywords = true;
                if (anchor.expression) expressions.insert(program);
                auto needed = anchor.expression ? needed_literals(anchor) : std::vector{anchor.text};
                all = all && needed;
                if (!needed) continue;
                for (const std::string& literal : *needed) literals[literal].insert(program);
            }
        }
    }
    addresses.expressions.assign(expressions.begin(), expressions.end());
    return all;
}

void BucketMaker::look_at_addresses(Bucket& bucket) const {
    prefer_addresses(bucket);
    Told literals;
    Bucket::Addresses addresses;
    if (!gather(bucket, literals, addresses)) return;
    auto forms = masked(literals);
    addresses.masked = forms.has_value();
    std::vector<Scanner::Anchor> anchors;
    for (const auto& [literal, programs] : forms ? *forms : literals) {
        anchors.push_back({.text = literal, .every = true});
        addresses.tell.emplace_back(programs.begin(), programs.end());
    }
    std::vector<std::uint32_t> left;
    addresses.literals = Scanner(anchors, left, cache_);
    if (left.empty()) bucket.addresses = std::move(addresses);
}

std::optional<Scanner> keyword_scanner(std::span<const std::vector<Cover>> covers, Cache* cache) {
    std::set<Scanner::Anchor> anchors;
    for (const auto& of_program : covers)
        for (const Cover& cover : of_program)
            for (const auto& [field, anchor] : cover.anchors) {
                if (field != kKeyword) continue;
                // Numbers do not lie among the texts, and letters beyond ASCII have more than one form.
                bool ascii = std::ranges::all_of(anchor.text, [](char c) { return c > 0; });
                if (anchor.expression || !ascii || is_number(anchor.text)) return {};
                anchors.insert({.text = anchor.text, .ignore_case = true});
            }
    std::vector<std::uint32_t> left;
    Scanner scanner({anchors.begin(), anchors.end()}, left, cache);
    return left.empty() ? std::optional(std::move(scanner)) : std::nullopt;
}

}  // namespace ascribe::sigma
