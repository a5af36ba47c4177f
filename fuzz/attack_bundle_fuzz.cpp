// Bundles, the table made from them, files of incidents, and galaxies of names: each must be refused or read, and what
// was read must come back from its own table.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "intel/attack.hpp"
#include "intel/incidents.hpp"
#include "intel/names.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const auto kKnowledge =
        ascribe::read_attack_table("group\tG0125\tHAFNIUM\tSilk Typhoon\ngroup\tG0007\tAPT28\t\n", "fuzz").value();
    std::string_view text(reinterpret_cast<const char*>(data), size);
    if (auto read = ascribe::read_attack_bundle(text, "fuzz")) {
        auto table = ascribe::write_attack_table(*read);
        auto again = ascribe::read_attack_table(table, "fuzz");
        if (!again || ascribe::write_attack_table(*again) != table) std::abort();
    }
    (void)ascribe::read_attack_table(text, "fuzz");
    (void)ascribe::read_incidents(text, "fuzz");
    if (auto table = ascribe::names_of_galaxy(text, text, kKnowledge, "2026-08-06", "fuzz"))
        if (!ascribe::read_names(*table, "fuzz")) std::abort();
    (void)ascribe::read_names(text, "fuzz");
    return 0;
}
