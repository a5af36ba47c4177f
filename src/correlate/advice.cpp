// The order is that of incident handling: stop the loss, keep the evidence, close the hole, take back control, look
// further. Each line says one thing a person can do.
#include "correlate/advice.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ascribe {
namespace {

constexpr std::size_t kPagesNamed = 5;  // more belongs in the report's list of findings

bool any_success(const Incident& incident, Question question) {
    return std::ranges::any_of(incident.findings, [&](const Finding& finding) {
        return finding.question == question && finding.level == Level::success;
    });
}

bool still_open(const Incident& incident) {
    return std::ranges::any_of(incident.exposures, [](const Exposure& exposure) {
        return exposure.state == CveState::vulnerable && !exposure.until;
    });
}

std::vector<std::string> pages_left(const Incident& incident) {
    std::vector<std::string> pages;
    for (const Finding& finding : incident.findings) {
        if (finding.question != Question::shell || finding.level != Level::success || finding.page.empty()) continue;
        if (std::ranges::find(pages, finding.page) == pages.end() && pages.size() < kPagesNamed)
            pages.push_back(finding.page);
    }
    return pages;
}

void advise_compromised(const Incident& incident, const Verdict& verdict, std::vector<std::string>& actions) {
    actions.emplace_back(
        "Cut the server off from the internet and from the rest of the network, and leave it running.");
    actions.emplace_back(
        "Take a memory image, then a disk image, before anything is cleaned or patched; keep the logs that still roll "
        "over.");
    for (const std::string& page : pages_left(incident))
        actions.push_back(fmt::format("Keep a copy of {} with its times, then remove it.", page));
    if (verdict.used.answer != Answer::no) {
        actions.emplace_back(
            "Treat every account that was logged on to this server as known to the intruder, and change its password.");
        actions.emplace_back(
            "Ask whether the domain is lost: Exchange holds wide rights in Active Directory. If it may be, change the "
            "krbtgt password twice.");
    }
    actions.emplace_back(
        "Replace the machine keys of Exchange and IIS, and certificates whose private keys lay on the server.");
    actions.emplace_back(
        "Look for what survives a patch: mailbox delegation, forwarding rules, ApplicationImpersonation, new "
        "administrators, tasks, services, IIS modules, transport agents.");
    actions.emplace_back("Investigate the other Exchange servers and the hosts this one can log on to.");
    actions.emplace_back("Rebuild the server rather than clean it, fully patched, before it goes back into service.");
    actions.emplace_back("Check which duties to report apply; many regulators count hours from now.");
}

void advise_attempted(const Incident& incident, std::vector<std::string>& actions) {
    actions.emplace_back(
        "Keep this evidence and copy the logs that roll over (HttpProxy keeps about 30 days) before they are lost.");
    actions.emplace_back("Block the addresses of the threads below at the edge, knowing that they change quickly.");
    if (any_success(incident, Question::persistence))
        actions.emplace_back("Explain every change of accounts, tasks and delegation listed below.");
}

}  // namespace

std::vector<std::string> advise(const Incident& incident, const Verdict& verdict) {
    std::vector<std::string> actions;
    if (verdict.state == State::compromised) advise_compromised(incident, verdict, actions);
    if (verdict.state == State::attempted) advise_attempted(incident, actions);
    if (still_open(incident) && verdict.state != State::compromised)
        actions.emplace_back(
            "Install the current cumulative and security update; until then keep the server off the internet.");
    for (const Coverage& coverage : incident.coverage)
        if (!coverage.collect.empty() && std::ranges::find(actions, coverage.collect) == actions.end())
            actions.push_back(coverage.collect);
    if (verdict.state == State::insufficient)
        actions.emplace_back("Run this again with what was collected; until then do not call the server clean.");
    if (actions.empty())
        actions.emplace_back("Nothing urgent. Keep the logs, stay patched, and repeat this after the next advisory.");
    return actions;
}

}  // namespace ascribe
