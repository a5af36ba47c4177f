#include "detect/sigma/scanner.hpp"

#include <hs/hs.h>

#include <new>

namespace ascribe::sigma {
namespace {

unsigned flags_of(const Scanner::Anchor& anchor) {
    unsigned flags = HS_FLAG_SINGLEMATCH;
    if (anchor.ignore_case) flags |= HS_FLAG_CASELESS;
    if (!anchor.expression) return flags;
    flags |= HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY | HS_FLAG_UTF8;
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

}  // namespace

void Scanner::Free::operator()(hs_database* database) const { hs_free_database(database); }

// Literals go without their places (^, \z): those would make them expressions, which take a hundred times as long to
// compile and longer to look for; the rule's own comparison settles the place.
Scanner::Scanner(const std::vector<Anchor>& anchors, std::vector<std::uint32_t>& left) {
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

void Scanner::grow(hs_scratch*& scratch) const {
    if (database_ && hs_alloc_scratch(database_.get(), &scratch) != HS_SUCCESS) throw std::bad_alloc();
}

void Scanner::release(hs_scratch* scratch) { hs_free_scratch(scratch); }

}  // namespace ascribe::sigma
