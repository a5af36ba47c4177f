#include "shells/prefilter.hpp"

#include <hs/hs.h>

#include <algorithm>

#include "base/text.hpp"
#include "shells/automata/patterns.hpp"
#include "shells/page/configuration.hpp"
#include "shells/page/islands.hpp"
#include "shells/page/tags.hpp"

/// Made by automata/main.cpp, compiled in by cmake/EmbedAutomata.cmake.
extern "C" const char ascribe_marks[], ascribe_marks_end[], ascribe_deeds[], ascribe_deeds_end[];

namespace ascribe::shells {
namespace {

constexpr std::size_t kHead = 2;

/// One pass over a file for the patterns of some groups.
struct Automaton {
    hs_database_t* database = nullptr;
    hs_scratch_t* scratch = nullptr;

    Automaton(unsigned wanted, const char* begin, const char* end) {
        if (hs_deserialize_database(begin, static_cast<std::size_t>(end - begin), &database) != HS_SUCCESS)
            database = make_automaton(wanted);  // another version of the library
        if (database != nullptr && hs_alloc_scratch(database, &scratch) != HS_SUCCESS) database = nullptr;
    }
};

const Automaton& marks() {
    static const Automaton made(kMarks, ascribe_marks, ascribe_marks_end);
    return made;
}

const Automaton& deeds() {
    static const Automaton made(kDeeds, ascribe_deeds, ascribe_deeds_end);
    return made;
}

bool is_enough(unsigned seen) {
    if ((seen & (always | page)) != 0) return true;
    if ((seen & php) == 0) return false;
    return ((seen & act) != 0 && (seen & source) != 0) || ((seen & harm) != 0 && (seen & form) != 0);
}

int note(unsigned pattern, unsigned long long, unsigned long long, unsigned, void* context) {
    auto& seen = *static_cast<unsigned*>(context);
    seen |= kPatterns[pattern].group;
    return is_enough(seen) ? 1 : 0;
}

/// In a picture or archive any two bytes turn up by chance: a mark counts there when text follows.
bool is_binary_without_script(std::string_view bytes) {
    constexpr std::size_t kLooked = 4 << 10;
    auto head = bytes.substr(0, kLooked);
    if (head.find('\0') == std::string_view::npos || bytes.starts_with("MZ")) return false;
    std::size_t zeros = 0;
    for (char c : head) zeros += c == '\0' ? 1 : 0;
    if (zeros * 4 > head.size()) return false;  // UTF-16
    return !begins_text(bytes, {"<?php", "<?=", "<?", "<%", "<script"});
}

/// Languages whose scripts need no mark: the name alone makes the server run the file.
bool needs_no_mark(std::string_view path, std::string_view bytes) {
    switch (platform_of_name(path)) {
        case Platform::perl:
        case Platform::python:
        case Platform::cfml:
        case Platform::asp: return !is_configuration(path);  // marks are written in more ways than patterns name
        case Platform::jsp:
        case Platform::aspnet: return true;
        default: return bytes.starts_with("#!") || bytes.starts_with("MZ");  // compiled pages are triaged
    }
}

}  // namespace

void prepare_prefilter() {
    marks();
    deeds();
}

bool may_matter(std::string_view path, std::string_view bytes) {
    if (bytes.size() < kHead) return false;
    if (is_configuration(path) && contains_folded(bytes, "<handlers")) return true;
    if (is_configuration(path) && contains_folded(bytes, "<buildproviders")) return true;
    if (needs_no_mark(path, bytes) || marks().database == nullptr || deeds().database == nullptr) return true;
    bool php_by_name = platform_of_name(path) == Platform::php && contains_folded(bytes, "<?php");  // whatever follows
    if (!php_by_name && is_binary_without_script(bytes)) return false;
    unsigned seen = 0;
    auto look = [&](const Automaton& automaton) {
        auto size = static_cast<unsigned>(std::min<std::size_t>(bytes.size(), UINT32_MAX));
        hs_scan(automaton.database, bytes.data(), size, 0, automaton.scratch, note, &seen);
    };
    look(marks());
    if ((seen & php) != 0 && !is_enough(seen)) look(deeds());
    bool picture = bytes.starts_with("GIF8") || bytes.starts_with("\x89PNG") || bytes.starts_with("\xFF\xD8\xFF");
    return is_enough(seen) || (picture && (seen & php) != 0);
}

}  // namespace ascribe::shells
