#include "attribute/pool.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "base/text.hpp"

namespace ascribe {
namespace {

/// Disjoint sets, halving paths; the earliest member leads.
class Sets {
public:
    explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
    std::size_t root(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) {
        a = root(a), b = root(b);
        parent_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::size_t> parent_;
};

bool is_hard(std::string_view link) {
    for (std::string_view kind : {"sha256:", "key:", "host:", "address:"})
        if (starts_folded(link, kind) && link.size() > kind.size()) return true;
    return false;
}

}  // namespace

bool is_public_address(std::string_view address) {
    for (std::string_view local : {"10.", "127.", "192.168.", "169.254.", "0.", "::1", "fe80:", "fc", "fd", "-"})
        if (starts_folded(address, local)) return false;
    if (address.starts_with("172.")) {
        auto second = parse_number(address.substr(4, address.find('.', 4) - 4));
        if (second && *second >= 16 && *second < 32) return false;
    }
    return address.find_first_of(".:") != std::string_view::npos;
}

std::vector<std::vector<std::size_t>> pools_of(const std::vector<HardLinks>& intrusions) {
    Sets sets(intrusions.size());
    std::map<std::string, std::vector<std::size_t>> who;  // by link
    for (std::size_t i = 0; i < intrusions.size(); ++i)
        for (const std::string& link : intrusions[i].links)
            if (is_hard(link)) who[lower(link)].push_back(i);
    for (auto& [link, members] : who) {
        bool fades = link.starts_with("address:");
        if (fades) {
            std::erase_if(members, [&](auto i) { return !intrusions[i].day; });
            std::ranges::stable_sort(members, {}, [&](auto i) { return *intrusions[i].day; });
        }
        for (std::size_t k = 1; k < members.size(); ++k)
            if (!fades || *intrusions[members[k]].day - *intrusions[members[k - 1]].day <= kAddressDays)
                sets.join(members[k - 1], members[k]);
    }
    std::map<std::size_t, std::vector<std::size_t>> pools;
    for (std::size_t i = 0; i < intrusions.size(); ++i) pools[sets.root(i)].push_back(i);
    std::vector<std::vector<std::size_t>> out;
    for (auto& [root, members] : pools) out.push_back(std::move(members));
    return out;
}

std::expected<std::vector<ToldIncident>, std::string> pool_incidents(const std::vector<ToldIncident>& incidents) {
    std::vector<HardLinks> links;
    for (const ToldIncident& incident : incidents) {
        for (const std::string& link : incident.links)
            if (!is_hard(link))
                return std::unexpected(
                    fmt::format("incident {}: '{}' is no hard link; those are sha256:..., key:..., host:... and "
                                "address:...",
                                incident.id, link));
        links.push_back({incident.links, incident.day});
    }
    std::vector<ToldIncident> out;
    for (const auto& pool : pools_of(links)) {
        ToldIncident whole;
        std::set<std::string> items;
        for (auto index : pool) {
            const ToldIncident& each = incidents[index];
            whole.id += (whole.id.empty() ? "" : " + ") + each.id;
            items.insert(each.items.begin(), each.items.end());
            if (whole.sector.empty()) whole.sector = each.sector;
            if (each.day && (!whole.day || *each.day < *whole.day)) whole.day = each.day;
        }
        whole.items.assign(items.begin(), items.end());
        out.push_back(std::move(whole));
    }
    return out;
}

}  // namespace ascribe
