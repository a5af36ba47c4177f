#include <algorithm>

#include "notify/outlet.hpp"

namespace ascribe {

extern const Outlet kFileOutlet, kSyslogOutlet, kWebhookOutlet;

std::span<const Outlet> outlets() {
    static const Outlet all[] = {kFileOutlet, kSyslogOutlet, kWebhookOutlet};
    return all;
}

const Outlet& outlet(std::string_view name) { return *std::ranges::find(outlets(), name, &Outlet::name); }

}  // namespace ascribe
