#include "cli/known.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <fstream>

#include "base/text.hpp"

namespace ascribe {
namespace {

/// An IPv4 or IPv6 address as logs write it, with a zone ("fe80::1%4") or without.
bool is_address(const std::string& text) {
    in6_addr parsed{};
    auto address = text.substr(0, text.find('%'));
    return inet_pton(AF_INET, text.c_str(), &parsed) == 1 || inet_pton(AF_INET6, address.c_str(), &parsed) == 1;
}

bool is_finding(std::string_view id) {
    constexpr std::size_t kFinding = 12, kNotice = 18;  // "F-" and ten hex digits, "N-" and sixteen: see model/
    bool is_one = (id.size() == kFinding && id.starts_with("F-")) || (id.size() == kNotice && id.starts_with("N-"));
    return is_one && id.find_first_not_of("0123456789abcdef", 2) == id.npos;
}

/// An entry that can never match would leave its writer believing that it does.
std::string_view fault_of(std::string_view kind, const std::string& value) {
    if (kind == "address" && !is_address(value))
        return "is no IPv4 or IPv6 address; ranges are not read, give each address a line";
    if (kind == "finding" && !is_finding(value))
        return "is no finding's id; give it as the report does, such as F-0123456789";
    return {};
}

}  // namespace

std::expected<Known, std::string> load_known(const std::string& path) {
    std::ifstream file(path);
    if (!file) return std::unexpected(fmt::format("{}: cannot be opened; give a readable text file to --known", path));
    Known known;
    std::string line;
    for (int number = 1; std::getline(file, line); ++number) {
        auto text = trim(std::string_view(line).substr(0, line.find('#')));
        if (text.empty()) continue;
        auto space = text.find(' ');
        auto kind = text.substr(0, space);
        auto value = std::string(space == std::string_view::npos ? std::string_view() : trim(text.substr(space)));
        if (kind != "finding") value = lower(value);
        auto* into = kind == "address"   ? &known.addresses
                     : kind == "page"    ? &known.pages
                     : kind == "finding" ? &known.findings
                                         : nullptr;
        if (into == nullptr || value.empty())
            return std::unexpected(fmt::format("{}:{}: expected 'address', 'page' or 'finding' and a value, found '{}'",
                                               path, number, text));
        if (auto fault = fault_of(kind, value); !fault.empty())
            return std::unexpected(fmt::format("{}:{}: '{}' {}", path, number, value, fault));
        into->insert(value);
    }
    if (file.bad())
        return std::unexpected(fmt::format("{}: cannot be read; give a readable text file to --known", path));
    return known;
}

}  // namespace ascribe
