// The one list of detectors. Findings, the verdict and coverage do not depend on their order; states between processes
// are numbered by it.
#include "detect/all.hpp"

namespace ascribe {

// What the evidence can show.
extern const Detector kFactsBuilds, kFactsClocks, kFactsHashes, kFactsRequestClocks, kFactsSettings, kFactsSources;
// Windows events.
extern const Detector kExchangeManagementCommand, kExchangePageFirstRun, kExchangePageWritten, kExchangeProcessTree,
    kExchangeSsrfTarget, kExchangeUnifiedMessaging, kLogTampering, kPersistence, kRecordGaps;
// Files.
extern const Detector kFilesShellSource, kFilesStaged, kFilesStockMismatch, kFilesUnknownPage, kIntelIndicator;
// Web, Exchange and PowerShell logs.
extern const Detector kExchangeCalendarRequest, kExchangeEcpVirtualDirectory, kExchangeOabGenerator, kExchangeOwassrf,
    kExchangeProxyLogon, kExchangeProxyLogonIis, kExchangeProxyNotShell, kExchangeProxyShell, kExchangeProxyToken,
    kExchangeViewState, kIntelRequestIndicator, kWebScanNote, kWebStagedArchive, kWebUnknownPage;
// What requests tell together.
extern const Detector kBehaviourEnumeration, kBehaviourMailboxVolume, kBehaviourPage, kBehaviourServerAccount,
    kBehaviourSession;

// The user's rules.
extern const Detector kSigmaRules;

std::span<const Detector> detectors() {
    static const std::vector<Detector> all = {
        // Facts
        kFactsBuilds,
        kFactsClocks,
        kFactsHashes,
        kFactsRequestClocks,
        kFactsSettings,
        kFactsSources,
        // Windows events
        kExchangeManagementCommand,
        kExchangePageFirstRun,
        kExchangePageWritten,
        kExchangeProcessTree,
        kExchangeSsrfTarget,
        kExchangeUnifiedMessaging,
        kLogTampering,
        kPersistence,
        kRecordGaps,
        // Files
        kFilesShellSource,
        kFilesStaged,
        kFilesStockMismatch,
        kFilesUnknownPage,
        kIntelIndicator,
        // Web, Exchange and PowerShell logs
        kExchangeCalendarRequest,
        kExchangeEcpVirtualDirectory,
        kExchangeOabGenerator,
        kExchangeOwassrf,
        kExchangeProxyLogon,
        kExchangeProxyLogonIis,
        kExchangeProxyNotShell,
        kExchangeProxyShell,
        kExchangeProxyToken,
        kExchangeViewState,
        kIntelRequestIndicator,
        kWebScanNote,
        kWebStagedArchive,
        kWebUnknownPage,
        // What requests tell together
        kBehaviourEnumeration,
        kBehaviourMailboxVolume,
        kBehaviourPage,
        kBehaviourServerAccount,
        kBehaviourSession,
        // The user's rules
        kSigmaRules,
    };
    return all;
}

}  // namespace ascribe
