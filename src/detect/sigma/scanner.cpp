#include "detect/sigma/scanner.hpp"

#include <hs/hs.h>

#include <algorithm>
#include <cstdlib>
#include <new>

#include "base/reader.hpp"
#include "base/writer.hpp"
#include "detect/sigma/cache.hpp"

namespace ascribe::sigma {
namespace {

unsigned flags_of(const Scanner::Anchor& anchor) {
    unsigned flags = anchor.every ? 0 : HS_FLAG_SINGLEMATCH;
    if (anchor.ignore_case) flags |= HS_FLAG_CASELESS;
    if (!anchor.expression) return flags;
    flags |= HS_FLAG_PREFILTER | HS_FLAG_UTF8;
    if (!anchor.every) flags |= HS_FLAG_ALLOWEMPTY;  // else it would be found everywhere: better refused
    if (anchor.multiline) flags |= HS_FLAG_MULTILINE;
    if (anchor.dot_all) flags |= HS_FLAG_DOTALL;
    return flags;
}

bool compiles(const std::string& text, unsigned flags) {
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    bool good = hs_compile(text.c_str(), flags, HS_MODE_BLOCK, nullptr, &database, &error) == HS_SUCCESS;
    hs_free_database(database);
    hs_free_compile_error(error);
    return good;
}

/// Of everything an automaton is made from.
Digest key_of(const std::vector<Scanner::Anchor>& anchors) {
    Writer out;
    for (const Scanner::Anchor& anchor : anchors) {
        out.text(anchor.text);
        out.little(flags_of(anchor));
        out.little(static_cast<std::uint8_t>(anchor.expression));
    }
    return Cache::key(hs_version(), out.bytes());
}

}  // namespace

void Scanner::Free::operator()(hs_database* database) const { hs_free_database(database); }

// Literals go without their places (^, \z): those would make them expressions, which take a hundred times as long to
// compile and longer to look for; the rule's own comparison settles the place.
Scanner::Scanner(const std::vector<Anchor>& anchors, std::vector<std::uint32_t>& left, Cache* cache) {
    auto key = cache != nullptr ? key_of(anchors) : Digest{};
    if (cache != nullptr)
        if (auto kept = cache->find(key); kept && restore(*kept, left, anchors.size())) return;
    compile(anchors, left);
    if (cache != nullptr) cache->keep(key, to_bytes(left));
}

void Scanner::compile(const std::vector<Anchor>& anchors, std::vector<std::uint32_t>& left) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags, numbers;
    std::vector<std::size_t> sizes;
    for (std::uint32_t i = 0; i < anchors.size(); ++i) {
        const Anchor& anchor = anchors[i];
        if (anchor.expression && !compiles(anchor.text, flags_of(anchor))) {
            left.push_back(i);
            continue;
        }
        needs_utf8_ = needs_utf8_ || anchor.expression;
        texts.push_back(anchor.text.c_str());
        sizes.push_back(anchor.text.size());
        flags.push_back(flags_of(anchor));
        numbers.push_back(i);
    }
    if (texts.empty()) return;
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    auto count = static_cast<unsigned>(texts.size());
    auto made = needs_utf8_ ? hs_compile_multi(texts.data(), flags.data(), numbers.data(), count, HS_MODE_BLOCK,
                                               nullptr, &database, &error)
                            : hs_compile_lit_multi(texts.data(), flags.data(), numbers.data(), sizes.data(), count,
                                                   HS_MODE_BLOCK, nullptr, &database, &error);
    if (made != HS_SUCCESS) {
        hs_free_compile_error(error);
        left.insert(left.end(), numbers.begin(), numbers.end());  // slow, and right
        return;
    }
    database_.reset(database);
}

std::string Scanner::to_bytes(std::span<const std::uint32_t> left) const {
    Writer out;
    out.little(static_cast<std::uint8_t>(needs_utf8_));
    out.count(left.size());
    for (auto number : left) out.little(number);
    char* bytes = nullptr;
    std::size_t size = 0;
    if (database_ && hs_serialize_database(database_.get(), &bytes, &size) == HS_SUCCESS) out.text({bytes, size});
    std::free(bytes);
    return out.take();
}

bool Scanner::restore(std::string_view kept, std::vector<std::uint32_t>& left, std::size_t anchors) {
    auto read = [&]() -> Result<void> {
        Reader in(as_bytes(kept));
        bool utf8 = TRY(in.little<std::uint8_t>("utf8")) != 0;
        std::vector<std::uint32_t> numbers(TRY(in.count("left")));
        for (auto& number : numbers) number = TRY(in.little<std::uint32_t>("number"));
        std::string_view bytes;
        if (in.left() > 0) bytes = TRY(in.text("database"));
        hs_database_t* database = nullptr;  // Vectorscan checks its own version, the CPU and a checksum
        bool good = bytes.empty() ? numbers.size() == anchors
                                  : hs_deserialize_database(bytes.data(), bytes.size(), &database) == HS_SUCCESS;
        database_.reset(database);
        if (!good || std::ranges::any_of(numbers, [&](auto number) { return number >= anchors; }))
            return std::unexpected(Error{Fault::bad_value, "automaton", 0, 0, 0});
        needs_utf8_ = utf8;
        left = std::move(numbers);
        return {};
    };
    if (read()) return true;
    database_.reset();
    return false;
}

void Scanner::scan(std::string_view text, hs_scratch* scratch, std::vector<std::uint32_t>& found) const {
    if (!database_) return;
    auto note = [](unsigned id, unsigned long long, unsigned long long, unsigned, void* context) {
        static_cast<std::vector<std::uint32_t>*>(context)->push_back(id);
        return 0;
    };
    // An empty text must not come with a null pointer.
    hs_scan(database_.get(), text.data() == nullptr ? "" : text.data(), static_cast<unsigned>(text.size()), 0, scratch,
            note, &found);
}

void Scanner::scan_many(std::string_view texts, hs_scratch* scratch, std::vector<Found>& found) const {
    if (!database_ || texts.empty()) return;
    auto note = [](unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) {
        static_cast<std::vector<Found>*>(context)->push_back({id, end});
        return 0;
    };
    hs_scan(database_.get(), texts.data(), static_cast<unsigned>(texts.size()), 0, scratch, note, &found);
}

void Scanner::grow(hs_scratch*& scratch) const {
    if (database_ && hs_alloc_scratch(database_.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
}

void Scanner::release(hs_scratch* scratch) { hs_free_scratch(scratch); }

}  // namespace ascribe::sigma
