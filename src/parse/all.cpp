#include "parse/all.hpp"

namespace ascribe {

extern const Parser kIisParser, kExchangeParser, kEventJsonParser;
extern const Parser kEvtxParser, kPeParser, kConfigurationParser, kPageParser, kCompiledParser;
extern const Parser kListingParser, kAntivirusParser, kSetupLogParser, kWebLogParser;
extern const Parser kAccessLogParser, kWebCsvParser, kWebJsonParser;

std::span<const Parser> parsers() {
    static const Parser all[] = {kEvtxParser,      kEventJsonParser, kIisParser,           kExchangeParser,
                                 kPeParser,        kCompiledParser,  kConfigurationParser, kPageParser,
                                 kListingParser,   kAntivirusParser, kSetupLogParser,      kWebLogParser,
                                 kAccessLogParser, kWebCsvParser,    kWebJsonParser};
    return all;
}

}  // namespace ascribe
