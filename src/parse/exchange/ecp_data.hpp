// EventData of ECP logs: S:KEY=VALUE pairs separated by ; where a value may be quoted with ' and hold ; inside.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

namespace ascribe {

using EcpPairs = std::vector<std::pair<std::string_view, std::string_view>>;

/// The pairs in order, keys without "S:". Values keep their quotes; nothing is lost: what has no key has the key "".
void split_ecp_data(std::string_view data, EcpPairs& pairs);

}  // namespace ascribe
