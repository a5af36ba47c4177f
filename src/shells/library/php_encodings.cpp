// PHP's functions that write a text in another form or back: letters, escapes, encodings, compression, digests.
// https://www.php.net/manual/en/ref.strings.php
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/php.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

template <std::string (*change)(std::string_view)>
bool one(Call& call) {
    auto text = call.text(0);
    return text && call.give(change(*text));
}

template <std::optional<std::string> (*change)(std::string_view)>
bool decode(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    auto done = change(*text);
    return done ? call.give(std::move(*done)) : call.give_truth(false);
}

std::optional<std::string> base64(std::string_view text) { return from_base64(text); }
std::optional<std::string> hex(std::string_view text) { return from_hex(text); }
std::optional<std::string> raw_inflate(std::string_view text) { return inflate(text, Deflated::raw); }
std::optional<std::string> zlib_inflate(std::string_view text) { return inflate(text, Deflated::zlib); }
std::optional<std::string> gzip_inflate(std::string_view text) { return inflate(text, Deflated::gzip); }
std::optional<std::string> any_inflate(std::string_view text) {
    for (auto form : {Deflated::zlib, Deflated::gzip, Deflated::raw})
        if (auto done = inflate(text, form)) return done;
    return std::nullopt;
}
std::string url(std::string_view text) { return from_percent(text, true); }
std::string raw_url(std::string_view text) { return from_percent(text, false); }
std::string reverse(std::string_view text) { return {text.rbegin(), text.rend()}; }
std::string low(std::string_view text) { return lower(text); }
char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }
std::string high(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
}
std::string first_high(std::string_view text) {
    std::string out(text);
    if (!out.empty()) out[0] = upper(out[0]);
    return out;
}
std::string first_low(std::string_view text) {
    std::string out(text);
    if (!out.empty()) out[0] = lower(out[0]);
    return out;
}
std::string words_high(std::string_view text) {
    std::string out(text);
    bool start = true;
    for (auto& c : out) {
        if (start) c = upper(c);
        start = c == ' ' || c == '\t' || c == '\n';
    }
    return out;
}
std::string without_slashes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size()) ++i;
        out += text[i];
    }
    return out;
}
std::string without_c_slashes(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\' || i + 1 >= text.size()) {
            out += text[i];
            continue;
        }
        char e = text[++i];
        auto digit = [](char c) {
            return c >= '0' && c <= '9' ? c - '0' : lower(c) >= 'a' && lower(c) <= 'f' ? lower(c) - 'a' + 10 : -1;
        };
        if (e == 'x') {
            int value = 0, digits = 0;
            while (digits < 2 && i + 1 < text.size() && digit(text[i + 1]) >= 0)
                value = value * 16 + digit(text[++i]), ++digits;
            out += static_cast<char>(value);
        } else if (e >= '0' && e <= '7') {
            int value = e - '0';
            for (int digits = 1; digits < 3 && i + 1 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '7';
                 ++digits)
                value = value * 8 + (text[++i] - '0');
            out += static_cast<char>(value);
        } else {
            constexpr std::string_view kFrom = "nrtvaf", kTo = "\n\r\t\v\a\f";
            auto at = kFrom.find(e);
            out += at == std::string_view::npos ? e : kTo[at];
        }
    }
    return out;
}
std::string slashes(std::string_view text) { return with_slashes(text); }
std::string without_tags(std::string_view text) {
    std::string out;
    bool inside = false;
    for (char c : text) {
        if (c == '<')
            inside = true;
        else if (c == '>' && inside)
            inside = false;
        else if (!inside)
            out += c;
    }
    return out;
}
std::string upper_hex(std::string_view text) { return to_hex_text(text); }
// -- Digests
template <std::string (*digest)(std::string_view)>
bool digested(Call& call) {
    if (auto text = call.text(0); text && !call.arguments[0].tainted()) return call.give(digest(*text));
    call.result = Value::unknown();
    for (const auto& argument : call.arguments) taint(call.result, summary(argument));
    call.result.flags |= flag::hashed;
    return true;
}
bool hashed(Call& call) {
    call.result = Value::unknown();
    for (const auto& argument : call.arguments) taint(call.result, summary(argument));
    call.result.flags |= flag::hashed;
    return true;
}
bool crc(Call& call) {
    auto text = call.text(0);
    return text && call.give(static_cast<double>(crc32(*text)));
}

constexpr Entry kTable[] = {
    {.name = "strrev", .evaluate = one<reverse>},
    {.name = "strtolower", .evaluate = one<low>},
    {.name = "mb_strtolower", .evaluate = one<low>},
    {.name = "strtoupper", .evaluate = one<high>},
    {.name = "mb_strtoupper", .evaluate = one<high>},
    {.name = "ucfirst", .evaluate = one<first_high>},
    {.name = "lcfirst", .evaluate = one<first_low>},
    {.name = "ucwords", .evaluate = one<words_high>},
    {.name = "stripslashes", .evaluate = one<without_slashes>},
    {.name = "stripcslashes", .evaluate = one<without_c_slashes>},
    {.name = "addslashes", .evaluate = one<slashes>},
    {.name = "strip_tags", .evaluate = one<without_tags>},
    {.name = "bin2hex", .evaluate = one<upper_hex>},
    {.name = "base64_encode", .evaluate = one<to_base64>},
    {.name = "urldecode", .evaluate = one<url>},
    {.name = "rawurldecode", .evaluate = one<raw_url>},
    {.name = "html_entity_decode", .evaluate = one<from_entities>},
    {.name = "mb_decode_numericentity", .evaluate = one<from_entities>},
    {.name = "htmlspecialchars_decode", .evaluate = one<from_entities>},
    {.name = "str_rot13", .result = Result::decodes, .evaluate = one<rot13>},
    {.name = "quoted_printable_decode", .result = Result::decodes, .evaluate = one<from_quoted_printable>},
    {.name = "base64_decode", .result = Result::decodes, .evaluate = decode<base64>},
    {.name = "hex2bin", .result = Result::decodes, .evaluate = decode<hex>},
    {.name = "convert_uudecode", .result = Result::decodes, .evaluate = decode<from_uuencoded>},
    {.name = "gzinflate", .result = Result::decodes, .evaluate = decode<raw_inflate>},
    {.name = "gzuncompress", .result = Result::decodes, .evaluate = decode<zlib_inflate>},
    {.name = "gzdecode", .result = Result::decodes, .evaluate = decode<gzip_inflate>},
    {.name = "zlib_decode", .result = Result::decodes, .evaluate = decode<any_inflate>},
    {.name = "bzdecompress", .result = Result::decodes},
    {.name = "openssl_decrypt", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "mcrypt_decrypt", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "mdecrypt_generic", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "openssl_public_decrypt", .result = Result::decodes, .fills = kSecond, .signal = "conceal.decrypts"},
    {.name = "openssl_private_decrypt", .result = Result::decodes, .fills = kSecond, .signal = "conceal.decrypts"},
    {.name = "openssl_open", .result = Result::decodes, .fills = kSecond, .signal = "conceal.decrypts"},
    {.name = "sodium_crypto_secretbox_open", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "sodium_crypto_box_open", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "sodium_crypto_box_seal_open", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "sodium_crypto_stream_xor", .result = Result::decodes, .signal = "conceal.decrypts"},
    {.name = "openssl_encrypt"},
    {.name = "md5", .evaluate = digested<md5>},
    {.name = "sha1", .evaluate = digested<sha1>},
    {.name = "hash", .evaluate = hashed},
    {.name = "hash_hmac", .evaluate = hashed},
    {.name = "crypt", .evaluate = hashed},
    {.name = "password_hash", .evaluate = hashed},
    {.name = "md5_file", .evaluate = hashed},
    {.name = "sha1_file", .evaluate = hashed},
    {.name = "crc32", .evaluate = crc},
};

}  // namespace

const std::span<const Entry> kPhpEncodings = kTable;

}  // namespace ascribe::shells
