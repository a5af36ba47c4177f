#include "detect/sigma/scanner.hpp"

#include <fmt/format.h>
#include <hs/hs.h>

#include <new>

namespace ascribe::sigma {
namespace {

std::string escaped(const Scanner::Anchor& anchor) {
    std::string out = anchor.at_start ? "^" : "";
    for (char c : anchor.text) out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    return out + (anchor.at_end ? "\\z" : "");
}

unsigned flags_of(const Scanner::Anchor& anchor) {
    unsigned flags = HS_FLAG_SINGLEMATCH;
    if (!anchor.expression) return flags | HS_FLAG_DOTALL;
    flags |= HS_FLAG_PREFILTER | HS_FLAG_ALLOWEMPTY | HS_FLAG_UTF8;
    if (anchor.ignore_case) flags |= HS_FLAG_CASELESS;
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

Scanner::Scanner(const std::vector<Anchor>& anchors, std::vector<std::uint32_t>& left) {
    std::vector<std::string> texts;
    std::vector<unsigned> flags, numbers;
    for (std::uint32_t i = 0; i < anchors.size(); ++i) {
        auto text = anchors[i].expression ? anchors[i].text : escaped(anchors[i]);
        if (anchors[i].expression && !compiles(text, flags_of(anchors[i]))) {
            left.push_back(i);
            continue;
        }
        needs_utf8_ = needs_utf8_ || anchors[i].expression;
        texts.push_back(std::move(text));
        flags.push_back(flags_of(anchors[i]));
        numbers.push_back(i);
    }
    if (texts.empty()) return;
    std::vector<const char*> pointers;
    for (const auto& text : texts) pointers.push_back(text.c_str());
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    auto count = static_cast<unsigned>(texts.size());
    if (hs_compile_multi(pointers.data(), flags.data(), numbers.data(), count, HS_MODE_BLOCK, nullptr, &database,
                         &error) != HS_SUCCESS) {
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
