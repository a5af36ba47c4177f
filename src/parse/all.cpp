#include "parse/all.hpp"

namespace ascribe {

extern const Parser kIisParser, kExchangeParser, kEventJsonParser;
extern const Parser kEvtxParser;

std::span<const Parser> parsers() {
    static const Parser all[] = {kEvtxParser, kEventJsonParser, kIisParser, kExchangeParser};
    return all;
}

}  // namespace ascribe
