#include "parse/exchange/ecp_data.hpp"

namespace ascribe {
namespace {

constexpr std::size_t kPairLimit = 4'096;  // an honest row has a dozen

}  // namespace

std::vector<std::pair<std::string_view, std::string_view>> split_ecp_data(std::string_view data) {
    std::vector<std::pair<std::string_view, std::string_view>> pairs;
    while (!data.empty() && pairs.size() < kPairLimit) {
        bool quoted = false;
        std::size_t end = 0;
        while (end < data.size() && (quoted || data[end] != ';')) {
            if (data[end] == '\'') quoted = !quoted;
            ++end;
        }
        // An open quote that never closes ends at the next ";S:" instead: the intruder wrote the value.
        if (quoted) {
            auto next = data.find(";S:");
            end = next == std::string_view::npos ? data.size() : next;
        }
        auto item = data.substr(0, end);
        auto equals = item.find('=');
        if (item.starts_with("S:") && equals != std::string_view::npos)
            pairs.emplace_back(item.substr(2, equals - 2), item.substr(equals + 1));
        else if (!item.empty())
            pairs.emplace_back(std::string_view{}, item);
        if (end == data.size()) break;
        data.remove_prefix(end + 1);
    }
    if (!data.empty() && pairs.size() == kPairLimit) pairs.emplace_back(std::string_view{}, data);
    return pairs;
}

}  // namespace ascribe
