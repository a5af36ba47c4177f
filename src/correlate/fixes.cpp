// Builds are major.minor.build.revision. The third number names the cumulative update (a "branch"), the fourth moves
// with security updates inside it. A fix comes as one first fixed build for each branch then supported; later branches
// have it from their release; earlier ones never got it (Exchange 2016 RTM to CU7 has no ProxyLogon fix).
#include "correlate/fixes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace ascribe {
namespace {

// Security updates of March 2021 for cumulative updates out of support hold the fixes of that month only, not those of
// earlier months. Source: the warning of HealthChecker.ps1 (CSS-Exchange) for these cumulative updates.
struct MarchOnly {
    std::string_view product_year;
    int first, last;  // CU numbers
};
constexpr MarchOnly kMarchOnly[] = {{"2013", 21, 22}, {"2016", 8, 17}, {"2019", 1, 6}};
const Time kMarch2021 = *make_time(2021, 3, 2);

// The first build of Subscription Edition, which continues the 15.2 line of 2019 (Microsoft's table of builds, RTM).
constexpr std::uint32_t kSubscriptionEdition = 2562;

using Branch = std::array<std::uint32_t, 3>;
Branch branch_of(const Build& build) { return {build.part[0], build.part[1], build.part[2]}; }

/// Builds of one product line are comparable: all of 14.x (service packs of 2010), 15.0, 15.1, 15.2.
bool same_line(const Build& a, const Build& b) {
    return a.part[0] == b.part[0] && (a.part[0] == 14 || a.part[1] == b.part[1]);
}

std::string_view product_of(const Build& build) {
    if (build.part[0] == 14) return "2010";
    if (build.part[0] != 15) return {};
    switch (build.part[1]) {
        case 0: return "2013";
        case 1: return "2016";
        case 2: return build.part[2] >= kSubscriptionEdition ? "SE" : "2019";
        default: return {};
    }
}

bool names_product(const Vulnerability& vulnerability, std::string_view product) {
    return std::ranges::any_of(vulnerability.products, [&](const std::string& name) {
        return contains_folded(name, product) || (product == "SE" && contains_folded(name, "Subscription"));
    });
}

/// The lowest known build of the branch: the cumulative update as released. nullptr when the branch is unknown.
const KnownBuild* base_of(const Build& build, const Intel& intel) {
    const KnownBuild* base = nullptr;
    for (const KnownBuild& known : intel.builds)
        if (branch_of(known.build) == branch_of(build) && (!base || known.build < base->build)) base = &known;
    return base;
}

bool is_march_only(const Build& build, const Intel& intel) {
    auto known = std::ranges::find(intel.builds, build, &KnownBuild::build);
    if (known == intel.builds.end() || !starts_folded(known->security_update, "Mar21")) return false;
    if (!starts_folded(known->update, "CU")) return false;
    auto number = parse_number(std::string_view(known->update).substr(2));
    return number && std::ranges::any_of(kMarchOnly, [&](const MarchOnly& only) {
               return contains_folded(known->product, only.product_year) && *number >= only.first &&
                      *number <= only.last;
           });
}

std::string name_of(const FirstFixed& fixed) { return fixed.update.empty() ? std::string("its update") : fixed.update; }

FixOf within_branch(const Build& build, const std::vector<const FirstFixed*>& here, const Vulnerability& vulnerability,
                    const Intel& intel) {
    const FirstFixed& least = *here.front();
    const FirstFixed& most = *here.back();
    auto text = to_string(build);
    if (build < least.build)
        return {Fix::missing, fmt::format("build {} is older than {}, the first fixed build of {}", text,
                                          to_string(least.build), name_of(least))};
    if (build < most.build)
        return {Fix::cannot_tell,
                fmt::format(
                    "sources disagree whether {} or {} is the first fixed build of {}, and build {} lies between them",
                    to_string(least.build), to_string(most.build), name_of(least), text)};
    const KnownBuild* base = base_of(build, intel);
    if (base && base->build >= most.build)
        return {Fix::by_base,
                fmt::format("build {} is of {}, which had the fix when it was released", text, name_of(most))};
    if (vulnerability.patched && *vulnerability.patched < kMarch2021 && is_march_only(build, intel))
        return {Fix::cannot_tell, fmt::format("build {} is an update that holds the fixes of March 2021 only, so its "
                                              "number does not prove an older one",
                                              text)};
    return {Fix::by_update, fmt::format("build {} is not older than {}, the first fixed build of {}", text,
                                        to_string(most.build), name_of(most))};
}

/// No first fixed build is listed for this branch: dates decide.
FixOf by_release(const Build& build, bool older_than_all, bool newer_than_all, const Vulnerability& vulnerability,
                 const Intel& intel) {
    auto text = to_string(build);
    const KnownBuild* base = base_of(build, intel);
    auto released = base ? parse_time(base->released) : std::nullopt;
    if (released && vulnerability.patched) {
        if (*released > *vulnerability.patched && !older_than_all)
            return {Fix::by_base,
                    fmt::format("build {} is of an update released on {}, after the fix", text, base->released)};
        if (newer_than_all || vulnerability.fixed_in.empty())
            return {Fix::cannot_tell, fmt::format("no first fixed build is known for the update of build {}", text)};
    } else if (newer_than_all) {
        return {Fix::by_base, fmt::format("build {} is newer than every update that needed the fix", text)};
    }
    if (older_than_all) return {Fix::missing, fmt::format("build {} is of an update that never got the fix", text)};
    return {Fix::cannot_tell, fmt::format("no first fixed build is known for the update of build {}", text)};
}

}  // namespace

FixOf fix_in(const Build& build, const Vulnerability& vulnerability, const Intel& intel) {
    std::vector<const FirstFixed*> line, here;
    for (const FirstFixed& fixed : vulnerability.fixed_in) {
        if (!same_line(fixed.build, build)) continue;
        line.push_back(&fixed);
        if (branch_of(fixed.build) == branch_of(build)) here.push_back(&fixed);
    }
    auto product = product_of(build);
    if (product.empty())
        return {Fix::cannot_tell, fmt::format("build {} is of no Exchange version known here", to_string(build))};
    if (line.empty() && !vulnerability.products.empty() && !names_product(vulnerability, product))
        return {Fix::not_affected, {}};

    std::ranges::sort(here, {}, [](const FirstFixed* fixed) { return fixed->build; });
    if (!here.empty()) return within_branch(build, here, vulnerability, intel);
    auto older = [&](const FirstFixed* fixed) { return branch_of(build) < branch_of(fixed->build); };
    bool older_than_all = !line.empty() && std::ranges::all_of(line, older);
    bool newer_than_all = !line.empty() && std::ranges::none_of(line, older);
    return by_release(build, older_than_all, newer_than_all, vulnerability, intel);
}

}  // namespace ascribe
