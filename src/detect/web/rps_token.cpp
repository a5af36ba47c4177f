// Reads the token up to the user SID; the groups behind it are not needed.
#include "detect/web/rps_token.hpp"

#include <fmt/format.h>

#include "base/reader.hpp"

namespace ascribe {
namespace {

int value_of(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' || c == '-' || c == ' ' ? 62 : c == '/' || c == '_' ? 63 : -1;  // a + may have become a space
}

std::string decode_base64(std::string_view text) {
    constexpr std::size_t kLongest = 16 << 10;  // longer than any URL that IIS accepts
    std::string out;
    unsigned bits = 0;
    int held = 0;
    for (char c : text.substr(0, kLongest)) {
        int value = value_of(c);
        if (value < 0) break;
        bits = (bits << 6 | static_cast<unsigned>(value)) & 0xFFFFFF;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out += static_cast<char>(bits >> held & 0xFF);
    }
    return out;
}

struct Token {
    std::string logon, sid;
};

Result<Token> read(Reader in) {
    Token token;
    while (in.left() > 0) {
        auto letter = TRY(in.little<char>("token.letter"));
        if (letter == 'V') {
            TRY(in.take(2, "token.version"));
        } else if (letter == 'C') {
            TRY(in.take(1, "token.compressed"));
        } else if (letter == 'T' || letter == 'A' || letter == 'L' || letter == 'U') {
            auto size = TRY(in.little<std::uint8_t>("token.size"));
            auto text = TRY(in.take(size, "token.text"));
            if (letter == 'L') token.logon = as_text(text);
            if (letter == 'U') token.sid = as_text(text);
        } else {
            break;  // groups, or damage
        }
    }
    return token;
}

}  // namespace

std::string account_of_token(std::string_view base64) {
    auto raw = decode_base64(base64);
    if (!raw.starts_with('V')) return {};
    auto token = read(Reader(as_bytes(raw)));
    if (!token) return {};
    if (token->logon.empty() || token->sid.empty()) return token->logon + token->sid;
    return fmt::format("{} ({})", token->logon, token->sid);
}

}  // namespace ascribe
