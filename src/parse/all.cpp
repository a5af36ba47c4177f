#include "parse/all.hpp"

namespace ascribe {

extern const Parser kIisParser, kExchangeParser, kEventJsonParser;
extern const Parser kEvtxParser, kPeParser, kConfigurationParser, kPageParser, kCompiledParser;

std::span<const Parser> parsers() {
    static const Parser all[] = {kEvtxParser, kEventJsonParser, kIisParser,           kExchangeParser,
                                 kPeParser,   kCompiledParser,  kConfigurationParser, kPageParser};
    return all;
}

}  // namespace ascribe
