// Writes an automaton of the prefilter to a file, for the build: automata marks|deeds FILE. For any processor: the
// newest instructions win nothing here.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string_view>

#include "shells/automata/patterns.hpp"

int main(int count, char** arguments) {
    using namespace ascribe::shells;
    if (count != 3) return 2;
    const hs_platform_info_t any{};
    const std::unique_ptr<hs_database_t, decltype([](hs_database_t* held) { hs_free_database(held); })> database(
        make_automaton(std::string_view(arguments[1]) == "marks" ? kMarks : kDeeds, &any));
    char* bytes = nullptr;
    std::size_t size = 0;
    if (database == nullptr || hs_serialize_database(database.get(), &bytes, &size) != HS_SUCCESS) return 1;
    const std::unique_ptr<char, decltype([](char* held) { std::free(held); })> owner(bytes);
    auto* file = std::fopen(arguments[2], "wb");
    if (file == nullptr) return 1;
    bool written = std::fwrite(bytes, 1, size, file) == size;
    return std::fclose(file) == 0 && written ? 0 : 1;
}
