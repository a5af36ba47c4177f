// Activity threads: findings joined by hard links (the same page, client address, session or account), never by mere
// likeness, so that two intruders stay two. What the server itself wrote down (a page written, a process started) names
// no client; it joins the one intruder active within ten minutes, and stands alone when there are two.
#include "correlate/threads.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <string_view>

#include "base/text.hpp"

namespace ascribe {
namespace {

/// Disjoint sets over the indices of findings, halving paths: near-linear in the number of links.
class Sets {
public:
    explicit Sets(std::size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), std::size_t{0}); }
    std::size_t find(std::size_t i) {
        while (parent_[i] != i) i = parent_[i] = parent_[parent_[i]];
        return i;
    }
    void join(std::size_t a, std::size_t b) {
        a = find(a), b = find(b);
        parent_[std::max(a, b)] = std::min(a, b);  // the earlier finding leads, whatever the order of links
    }

private:
    std::vector<std::size_t> parent_;
};

/// A page of one's own making. Chains request stock names and throw-away scripts (/ecp/y.js), which many share.
std::string page_key(const Finding& finding, const Intel& intel) {
    static constexpr std::string_view kExecutable[] = {".aspx", ".ashx", ".asmx",  ".asp", ".cshtml", ".svc", ".soap",
                                                       ".php",  ".php5", ".phtml", ".jsp", ".jspx",   ".cfm"};
    // Every application has pages of these names, each its own.
    static constexpr std::string_view kEverybodys[] = {"index", "default", "home", "admin", "login", "upload", "api"};
    auto name = lower(base_name(finding.page));
    auto dot = extension(name);
    auto stem = std::string_view(name).substr(0, name.size() - dot.size());
    bool foreign = !dot.starts_with(".as") && std::ranges::find(kEverybodys, stem) != std::end(kEverybodys);
    if (foreign) return {};
    if (std::ranges::find(kExecutable, dot) == std::end(kExecutable) || intel.stock_names.contains(name)) return {};
    // Exchange services that exist as handlers, not files, so no list of files knows them.
    if (name == "ddiservice.svc" || name == "exchange.asmx" || name == "mrsproxy.svc") return {};
    return name;
}

bool is_loopback(std::string_view address) { return address.starts_with("127.") || address == "::1" || address == "-"; }

std::string address_key(const Finding& finding, const Known& known) {
    auto address = lower(finding.address);
    return is_loopback(address) || known.addresses.contains(address) ? std::string() : address;
}

/// Accounts that belong to nobody: the machine, services, and the built-in administrator that every chain turns into.
std::string account_key(const Finding& finding) {
    auto account = lower(finding.account);
    auto name = base_name(account);
    static constexpr std::string_view kNobody[] = {"system",        "administrator",   "anonymous", "anonymous logon",
                                                   "local service", "network service", "-",         "n/a"};
    bool nobody = name.ends_with('$') || std::ranges::find(kNobody, name) != std::end(kNobody) ||
                  account.starts_with("nt authority") || account.starts_with("iis apppool") ||
                  name.starts_with("healthmailbox") || name.starts_with("administrator@") ||
                  account.starts_with("s-1-5-18") || account.starts_with("s-1-5-19") ||
                  account.starts_with("s-1-5-20") || (account.starts_with("s-1-5-21-") && account.ends_with("-500"));
    return nobody ? std::string() : account;
}

struct Member {
    const Finding* finding;
    bool client;  // names a client: an address or a session
    bool linked;  // has any key
};

/// Every moment of every finding, by time; for asking "which set was active then, and only it?".
class Activity {
public:
    void add(const Finding& finding, std::size_t set) {
        if (finding.time) entries_.push_back({*finding.time, set});
        for (Time moment : finding.moments) entries_.push_back({moment, set});
    }
    void close() {
        std::ranges::sort(entries_);
        next_other_.assign(entries_.size(), entries_.size());
        for (std::size_t i = entries_.size(); i-- > 1;)
            next_other_[i - 1] = entries_[i - 1].second == entries_[i].second ? next_other_[i] : i;
    }
    /// The only set active within kActiveNearby of `time`.
    std::optional<std::size_t> only_one(Time time) const {
        auto at = std::ranges::lower_bound(entries_, std::pair(time - kActiveNearby, std::size_t{0}));
        auto index = static_cast<std::size_t>(at - entries_.begin());
        if (at == entries_.end() || at->first > time + kActiveNearby) return {};
        auto other = next_other_[index];
        if (other < entries_.size() && entries_[other].first <= time + kActiveNearby) return {};
        return at->second;
    }

    /// Whether any set was active within kActiveNearby of `time`.
    bool any(Time time) const {
        auto at = std::ranges::lower_bound(entries_, std::pair(time - kActiveNearby, std::size_t{0}));
        return at != entries_.end() && at->first <= time + kActiveNearby;
    }

private:
    std::vector<std::pair<Time, std::size_t>> entries_;
    std::vector<std::size_t> next_other_;
};

void link(Sets& sets, std::vector<Member>& members, const Intel& intel, const Known& known) {
    std::map<std::string, std::size_t> first;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const Finding& finding = *members[i].finding;
        auto address = address_key(finding, known);
        std::pair<char, std::string> keys[] = {{'a', address},
                                               {'s', lower(finding.session)},
                                               {'p', page_key(finding, intel)},
                                               {'u', account_key(finding)}};
        for (const auto& [kind, key] : keys) {
            if (key.empty()) continue;
            members[i].linked = true;
            members[i].client = members[i].client || kind == 'a' || kind == 's';
            auto [at, added] = first.try_emplace(kind + key, i);
            if (!added) sets.join(at->second, i);
        }
    }
}

/// Joins every set that `loose` says is loose to the only set that `host` says may take it and was active then.
void attach(Sets& sets, const std::vector<Member>& members, const std::vector<bool>& loose,
            const std::vector<bool>& host) {
    Activity activity;
    std::vector<std::size_t> root(members.size());
    for (std::size_t i = 0; i < members.size(); ++i) root[i] = sets.find(i);
    for (std::size_t i = 0; i < members.size(); ++i)
        if (host[root[i]]) activity.add(*members[i].finding, root[i]);
    activity.close();
    std::map<std::size_t, std::set<std::size_t>> hosts;  // loose set -> sets its findings point to
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (!members[i].finding->time || !loose[root[i]]) continue;
        if (auto only = activity.only_one(*members[i].finding->time)) hosts[root[i]].insert(*only);
    }
    for (const auto& [set, candidates] : hosts)
        if (candidates.size() == 1) sets.join(set, *candidates.begin());
}

/// Per root: whether any member of its set has the property.
std::vector<bool> any_in_set(Sets& sets, const std::vector<Member>& members, bool Member::*property) {
    std::vector<bool> any(members.size());
    for (std::size_t i = 0; i < members.size(); ++i)
        if (members[i].*property) any[sets.find(i)] = true;
    return any;
}

/// Where no client is known nearby, traces that follow each other closely are one chain seen from the server's side,
/// unless each side of the join made a page of its own: then they may be two intruders and stay two.
void chain_without_client(Sets& sets, const std::vector<Member>& members, const Intel& intel) {
    auto client = any_in_set(sets, members, &Member::client);
    Activity clients;
    std::map<std::size_t, std::set<std::string>> pages;
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto root = sets.find(i);
        if (client[root]) clients.add(*members[i].finding, root);
        if (auto page = page_key(*members[i].finding, intel); !page.empty()) pages[root].insert(page);
    }
    clients.close();
    std::optional<std::size_t> before;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto& time = members[i].finding->time;
        auto root = sets.find(i);
        if (!time || client[root] || clients.any(*time)) continue;
        auto other = before ? sets.find(*before) : root;
        bool close = before && *time - *members[*before].finding->time <= kActiveNearby;
        if (other != root && close && (pages[other].empty() || pages[root].empty())) {
            auto together = pages[other];
            together.insert(pages[root].begin(), pages[root].end());
            sets.join(other, root);
            pages[sets.find(i)] = std::move(together);
        }
        before = i;
    }
}

std::vector<bool> negated(std::vector<bool> flags) {
    flags.flip();
    return flags;
}

void add_unique(std::vector<std::string>& list, const std::string& text) {
    if (!text.empty()) list.push_back(text);
}

void settle(std::vector<std::string>& list) {
    std::ranges::sort(list);
    list.erase(std::ranges::unique(list).begin(), list.end());
}

}  // namespace

std::vector<Thread> join_threads(const std::vector<Finding>& findings, const Intel& intel, const Known& known) {
    std::vector<Member> members;
    for (const Finding& finding : findings)
        if (finding.level != Level::scan) members.push_back({&finding, false, false});
    Sets sets(members.size());
    link(sets, members, intel, known);
    // First sets that know a page or account but no client, then findings that know nothing.
    auto client = any_in_set(sets, members, &Member::client);
    attach(sets, members, negated(client), client);
    auto linked = any_in_set(sets, members, &Member::linked);
    attach(sets, members, negated(linked), linked);
    chain_without_client(sets, members, intel);

    std::vector<Thread> threads;
    std::map<std::size_t, std::size_t> place;  // root -> index in threads; roots lead, so first activity orders them
    for (std::size_t i = 0; i < members.size(); ++i) {
        auto [at, added] = place.try_emplace(sets.find(i), threads.size());
        if (added)
            threads.push_back({.id = fmt::format("T{}", threads.size() + 1),
                               .first = {},
                               .last = {},
                               .addresses = {},
                               .pages = {},
                               .accounts = {},
                               .findings = {}});
        Thread& thread = threads[at->second];
        const Finding& finding = *members[i].finding;
        thread.findings.push_back(finding.id);
        add_unique(thread.addresses, finding.address);
        add_unique(thread.pages, finding.page);
        add_unique(thread.accounts, finding.account);
        if (!finding.time) continue;
        if (!thread.first) thread.first = finding.time;
        thread.last = std::max(thread.last, std::max(finding.time, finding.last));
    }
    for (Thread& thread : threads)
        for (auto* list : {&thread.addresses, &thread.pages, &thread.accounts}) settle(*list);
    return threads;
}

}  // namespace ascribe
