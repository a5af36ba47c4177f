#include "parse/all.hpp"

namespace ascribe {

extern const Parser kIisParser, kExchangeParser, kEventJsonParser;

std::span<const Parser> parsers() {
    static const Parser all[] = {kEventJsonParser, kIisParser, kExchangeParser};
    return all;
}

}  // namespace ascribe
