#include "shells/library/encodings.hpp"

#include <openssl/evp.h>
#include <zlib.h>

#include <array>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    c = lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int base64_digit(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+' || c == '-') return 62;
    if (c == '/' || c == '_') return 63;
    return -1;
}

std::string digest(std::string_view bytes, const EVP_MD* kind) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), out.data(), &size, kind, nullptr) != 1) return {};
    return to_hex_text({reinterpret_cast<const char*>(out.data()), size});
}

void append_code_point(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 0x3f));
    } else {
        out += static_cast<char>(0xe0 | ((code >> 12) & 0xf));
        out += static_cast<char>(0x80 | ((code >> 6) & 0x3f));
        out += static_cast<char>(0x80 | (code & 0x3f));
    }
}

}  // namespace

std::optional<std::string> from_base64(std::string_view text, bool strict) {
    std::string out;
    out.reserve(text.size() / 4 * 3);
    std::uint32_t bits = 0;
    int have = 0;
    for (char c : text) {
        if (c == '=') continue;
        int digit = base64_digit(c);
        if (digit < 0) {
            bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
            if (strict && !blank) return std::nullopt;
            continue;
        }
        bits = (bits << 6) | static_cast<std::uint32_t>(digit);
        have += 6;
        if (have < 8) continue;
        have -= 8;
        out += static_cast<char>((bits >> have) & 0xff);
    }
    return out;
}

std::string to_base64(std::string_view bytes) {
    constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t j = 0; j < 3; ++j)
            bits = (bits << 8) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
        for (int j = 0; j < 4; ++j)
            out += i + static_cast<std::size_t>(j) > bytes.size() ? '=' : kDigits[(bits >> (18 - 6 * j)) & 63];
    }
    return out;
}

std::optional<std::string> from_hex(std::string_view text) {
    if (text.size() % 2 != 0) return std::nullopt;
    std::string out(text.size() / 2, '\0');
    for (std::size_t i = 0; i < out.size(); ++i) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        out[i] = static_cast<char>(high * 16 + low);
    }
    return out;
}

std::string to_hex_text(std::string_view bytes) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (char c : bytes) {
        auto byte = static_cast<unsigned char>(c);
        out += kDigits[byte >> 4];
        out += kDigits[byte & 15];
    }
    return out;
}

std::optional<std::string> from_uuencoded(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.empty()) continue;
        auto count = static_cast<std::size_t>((line[0] - ' ') & 63);
        if (count == 0) break;
        std::string bytes;
        for (std::size_t i = 1; i + 3 < line.size() + 3 && bytes.size() < count; i += 4) {
            std::uint32_t bits = 0;
            for (std::size_t j = 0; j < 4; ++j)
                bits = (bits << 6) | static_cast<std::uint32_t>(i + j < line.size() ? (line[i + j] - ' ') & 63 : 0);
            for (int j = 16; j >= 0; j -= 8) bytes += static_cast<char>((bits >> j) & 0xff);
        }
        bytes.resize(std::min(bytes.size(), count));
        out += bytes;
    }
    return out;
}

std::string to_percent(std::string_view text, bool plus) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '_' || c == '.' || (c == '~' && !plus))
            out += c;
        else if (c == ' ' && plus)
            out += '+';
        else
            out.append({'%', kDigits[byte >> 4], kDigits[byte & 15]});
    }
    return out;
}

std::string from_percent(std::string_view text, bool plus) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

std::string from_quoted_printable(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '=') {
            out += text[i];
        } else if (i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            while (i + 1 < text.size() && (text[i + 1] == '\r' || text[i + 1] == '\n')) ++i;
        }
    }
    return out;
}

std::string rot13(std::string_view text) {
    std::string out(text);
    for (auto& c : out) {
        char base = c >= 'a' && c <= 'z' ? 'a' : c >= 'A' && c <= 'Z' ? 'A' : '\0';
        if (base != '\0') c = static_cast<char>(base + (c - base + 13) % 26);
    }
    return out;
}

std::string from_entities(std::string_view text) {
    struct Named {
        std::string_view name;
        char is;
    };
    constexpr Named kNamed[] = {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}, {"nbsp", ' '}};
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto end = text[i] == '&' ? text.substr(i, 12).find(';') : std::string_view::npos;
        if (end == std::string_view::npos) {
            out += text[i];
            continue;
        }
        auto name = text.substr(i + 1, end - 1);
        auto before = out.size();
        if (name.starts_with('#') && name.size() > 1) {
            bool hex = lower(name[1]) == 'x';
            std::uint32_t code = 0;
            bool good = true;
            for (char c : name.substr(hex ? 2 : 1)) {
                int digit = hex_digit(c);
                good = good && digit >= 0 && (hex || digit < 10);
                code = code * (hex ? 16u : 10u) + static_cast<std::uint32_t>(digit < 0 ? 0 : digit);
            }
            if (good && code > 0 && code < 0x10000) append_code_point(out, code);
        }
        for (const auto& [known, is] : kNamed)
            if (name == known) out += is;
        if (out.size() == before)
            out += '&';
        else
            i += end;
    }
    return out;
}

std::optional<std::string> inflate(std::string_view bytes, Deflated form) {
    z_stream stream{};
    int bits = form == Deflated::raw ? -MAX_WBITS : form == Deflated::gzip ? MAX_WBITS + 16 : MAX_WBITS;
    if (inflateInit2(&stream, bits) != Z_OK) return std::nullopt;
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib reads only
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), UINT32_MAX));
    std::string out;
    std::array<char, 16384> piece{};
    int state = Z_OK;
    while (state == Z_OK && out.size() < kMostInflated) {
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = ::inflate(&stream, Z_NO_FLUSH);
        out.append(piece.data(), piece.size() - stream.avail_out);
        if (state == Z_BUF_ERROR) break;
    }
    inflateEnd(&stream);
    if (out.empty()) return std::nullopt;
    return out;
}

std::string with_slashes(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '\'' || c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

std::string md5(std::string_view bytes) { return digest(bytes, EVP_md5()); }
std::string sha1(std::string_view bytes) { return digest(bytes, EVP_sha1()); }
std::uint32_t crc32(std::string_view bytes) {
    return static_cast<std::uint32_t>(
        ::crc32(0, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

}  // namespace ascribe::shells
