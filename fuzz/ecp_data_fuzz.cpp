// EventData of ECP logs: every piece lies in the text, in order, and none overlap.
#include <cstdlib>
#include <string_view>

#include "parse/exchange/ecp_data.hpp"

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const char* at = text.data();
    ascribe::EcpPairs pairs;
    ascribe::split_ecp_data(text, pairs);
    for (auto [key, value] : pairs) {
        if (!key.empty() && (key.data() < at || key.data() + key.size() > text.data() + size)) std::abort();
        if (value.empty()) continue;
        if (value.data() < at || value.data() + value.size() > text.data() + size) std::abort();
        at = value.data() + value.size();
    }
    return 0;
}
