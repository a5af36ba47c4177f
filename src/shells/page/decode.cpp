// UTF-16 with or without a mark, UTF-7 (RFC 2152; classic ASP takes it with codepage=65000, and ill-formed runs of
// base64 stand for nothing there), EBCDIC (Tomcat takes it from an XML declaration), and the Script Encoder.
#include "shells/page/decode.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"

namespace ascribe::shells {
namespace {

unsigned byte_of(char c) { return static_cast<unsigned char>(c); }

int base64_value(char c) {
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

// UTF-16
// ----------------------------------------------------------------------------------------------------------------

std::string swap_bytes(std::string_view raw) {
    std::string out(raw.substr(0, raw.size() & ~std::size_t{1}));
    for (std::size_t i = 0; i + 1 < out.size(); i += 2) std::swap(out[i], out[i + 1]);
    return out;
}

/// Text of ASCII in UTF-16 has a NUL in every other place; a page may also begin in ASCII and go on in UTF-16 (JSP).
bool every_other_is_nul(std::string_view bytes) {
    if (bytes.find('\0') == std::string_view::npos) return false;
    std::size_t pairs = 0;
    for (std::size_t i = 0; i + 1 < bytes.size(); ++i) pairs += (bytes[i] == '\0') != (bytes[i + 1] == '\0');
    auto nuls = static_cast<std::size_t>(std::ranges::count(bytes, '\0'));
    return nuls > 16 && nuls * 10 > bytes.size() * 2 && pairs * 10 > nuls * 16;
}

// UTF-7
// -----------------------------------------------------------------------------------------------------------------

constexpr std::size_t kUtf7Looked = 64 << 10;  // bytes that tell whether a page is UTF-7

std::string from_utf7(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        if (text[i] != '+') {
            out += text[i++];
            continue;
        }
        ++i;
        if (i < text.size() && text[i] == '-') {
            out += '+';
            ++i;
            continue;
        }
        std::uint32_t bits = 0;
        unsigned have = 0;
        char32_t high = 0;
        for (; i < text.size() && base64_value(text[i]) >= 0; ++i) {
            bits = bits << 6 | static_cast<std::uint32_t>(base64_value(text[i]));
            if ((have += 6) < 16) continue;
            have -= 16;
            char32_t unit = (bits >> have) & 0xFFFF;
            if (unit >= 0xD800 && unit < 0xDC00) {
                high = unit;
            } else if (unit >= 0xDC00 && unit < 0xE000) {
                if (high != 0) append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00));
                high = 0;
            } else {
                append_utf8(out, unit);
            }
        }
        if (i < text.size() && text[i] == '-') ++i;
    }
    return out;
}

/// By a directive of ASP, which nobody writes who does not mean it. PHP knows none.
bool declares_utf7(std::string_view bytes) {
    if (bytes.find("<?php") != std::string_view::npos || bytes.find("<?=") != std::string_view::npos) return false;
    auto head = bytes.substr(0, kUtf7Looked);
    if (head.find("65000") == std::string_view::npos && !contains_folded(head, "utf-7")) return false;
    auto squeezed = lower(head);
    std::erase_if(squeezed, [](char c) { return c == ' ' || c == '"' || c == '\'' || c == '\t'; });
    return squeezed.find("codepage=65000") != std::string::npos || squeezed.find("encoding=utf-7") != std::string::npos;
}

bool is_utf7(std::string_view bytes) {
    auto head = bytes.substr(0, kUtf7Looked);
    if (head.starts_with("+/v8") || head.starts_with("+/v9") || head.starts_with("+/v+") || head.starts_with("+/v/"))
        return true;
    return head.find("+ADw-") != std::string_view::npos || head.find("+ADwAJQ") != std::string_view::npos;
}

// EBCDIC
// ----------------------------------------------------------------------------------------------------------------

// Code page 037 for 0x40..0xFF; https://www.ibm.com/docs/en/zos-basic-skills?topic=mainframe-ebcdic-character-set.
// A blank where the page has no sign of ASCII.
constexpr std::string_view kEbcdic =
    "           .<(+|"
    "&         !$*);^"
    "-/         ,%_>?"
    "         `:#@'=\""
    " abcdefghi      "
    " jklmnopqr      "
    " ~stuvwxyz      "
    "^         []    "
    "{ABCDEFGHI      "
    "}JKLMNOPQR      "
    "\\ STUVWXYZ      "
    "0123456789      ";
static_assert(kEbcdic.size() == 0xC0);

std::string from_ebcdic(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size());
    for (char c : bytes) {
        auto byte = byte_of(c);
        if (byte >= 0x40)
            out += kEbcdic[byte - 0x40];
        else
            out += byte == 0x25 || byte == 0x15 || byte == 0x0D ? '\n' : ' ';
    }
    return out;
}

// The Script Encoder
// ----------------------------------------------------------------------------------------------------

// What a disguised sign stands for in each of three alphabets (the tabulator's entry, then those of 32 to 127), and
// which alphabet the n-th sign uses. Facts of the format, which Windows' own scrrun.dll holds; each alphabet is a
// permutation.
constexpr std::array<std::string_view, 3> kAlphabets = {
    "W.GzVBj/&IA42[vrC89pEhqO\tbD#uJ~J^@wJa]\"KoN;LPg*}tT+-,0nkf5%!dMRc?{x)(sY3\177mUS|:_eFX1ilZH'\\=$y7`Q 6",
    "n-uR`q^I\\b})6 |z\177kc3+hQfv1dTCL:L~LE,*t'7DyY/o&rj9{?8wgSG4x]0#Z[lHUpi.L!$NP\tVs5aKX;W\"mM%(FJ2A=_OBe",
    "{20!)[83=X:5e9\\VsfNEkbYx^}JmqA`AS@B'Hru17MR\"TjGd- \177.L]~loytC&v%$+(#A4\t*D?w;UiacPgQIOFh|6pnz/_KZ,W"};
constexpr std::string_view kTurns = "0120121221210212021200122102122100212120200120210212001220012021";
static_assert(kAlphabets[0].size() == 97 && kAlphabets[1].size() == 97 && kAlphabets[2].size() == 97);
static_assert(kTurns.size() == 64);

constexpr std::string_view kEncodedBegin = "#@~^", kEncodedEnd = "^#~@";
constexpr std::size_t kLengthField = 8, kSumField = 8;  // base64 of four bytes each

char escaped_sign(char c) {
    switch (c) {
        case '&': return '\n';
        case '#': return '\r';
        case '*': return '>';
        case '!': return '<';
        case '$': return '@';
        default: return 0;
    }
}

/// `pairs`: of cp936, whose second bytes are not disguised though they may look like ASCII.
std::string undisguised(std::string_view text, bool pairs) {
    std::string out;
    out.reserve(text.size());
    std::size_t turn = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto byte = byte_of(text[i]);
        if (byte >= 128) {
            out += text[i];
            if (pairs && byte > 0x80 && i + 1 < text.size() && byte_of(text[i + 1]) >= 0x40) out += text[++i];
            continue;
        }
        char escaped = byte == '@' && i + 1 < text.size() ? escaped_sign(text[i + 1]) : '\0';
        if (escaped != 0) {
            out += escaped;
            ++i;
        } else if ((byte == 9 || byte >= 32) && byte != '<' && byte != '>' && byte != '@') {
            auto alphabet = static_cast<std::size_t>(kTurns[turn % kTurns.size()] - '0');
            out += kAlphabets[alphabet][byte == 9 ? 0 : byte - 31];
        } else {
            out += text[i];
        }
        ++turn;
    }
    return out;
}

/// The encoder leaves the sum of a script's ASCII signs behind it. cp1252 and its kin have single bytes where cp936 has
/// pairs, and nothing else tells which a script was written in: the reading whose sum is nearer is the right one.
std::string undisguised(std::string_view text, std::string_view sum_field) {
    auto single = undisguised(text, false);
    if (is_utf8(text)) return single;
    auto paired = undisguised(text, true);
    auto field = from_base64(sum_field);
    if (!field || field->size() < 4 || single == paired) return paired;
    std::uint32_t stated = 0;
    for (int i = 4; i-- > 0;) stated = stated << 8 | byte_of((*field)[static_cast<std::size_t>(i)]);
    auto distance = [stated](std::string_view script) {
        std::uint32_t sum = 0;
        for (char c : script)
            if (byte_of(c) < 128) sum += byte_of(c);
        return std::min(sum - stated, stated - sum);
    };
    return distance(single) < distance(paired) ? single : paired;
}

// Java's escapes
// --------------------------------------------------------------------------------------------------------

/// Bytes of the escape that begins at `at`, and what it stands for; 0 when there is none.
std::size_t unicode_escape(std::string_view text, std::size_t at, char32_t& code) {
    if (text[at] != '\\' || at + 5 >= text.size() || text[at + 1] != 'u') return 0;
    auto digits = at + 1;
    while (digits < text.size() && text[digits] == 'u') ++digits;
    if (digits + 4 > text.size()) return 0;
    code = 0;
    for (std::size_t i = digits; i < digits + 4; ++i) {
        char c = lower(text[i]);
        bool digit = c >= '0' && c <= '9';
        if (!digit && !(c >= 'a' && c <= 'f')) return 0;
        code = code << 4 | static_cast<char32_t>(digit ? c - '0' : c - 'a' + 10);
    }
    return digits + 4 - at;
}

/// PHP knows of no encoding, and whoever does not know of UTF-7 reads the bytes as they are: where those hold code too,
/// both readings are the page.
Decoded with_plain(std::string decoded, std::string_view bytes, std::string_view mark, std::string_view how) {
    if (bytes.find(mark) != std::string_view::npos) decoded.append("\n").append(bytes);
    return {std::move(decoded), std::string(how)};
}

}  // namespace

void append_utf8(std::string& out, char32_t code) {
    auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xC0 | code >> 6);
        put(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        put(0xE0 | code >> 12);
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    } else {
        put(0xF0 | (code >> 18 & 7));
        put(0x80 | (code >> 12 & 0x3F));
        put(0x80 | (code >> 6 & 0x3F));
        put(0x80 | (code & 0x3F));
    }
}

Decoded decode(std::string_view bytes) {
    if (bytes.starts_with("\xFF\xFE")) return with_plain(from_utf16(bytes.substr(2)), bytes, "<?", "UTF-16");
    if (bytes.starts_with("\xFE\xFF"))
        return with_plain(from_utf16(swap_bytes(bytes.substr(2))), bytes, "<?", "UTF-16");
    if (every_other_is_nul(bytes)) {
        std::string text(bytes);
        std::erase(text, '\0');
        return {std::move(text), "UTF-16"};
    }
    if (bytes.starts_with("\x4C\x6F\xA7\x94\x93") || bytes.starts_with("\x4C\x6C\x7C"))
        return with_plain(from_ebcdic(bytes), bytes, "<?", "EBCDIC");
    if (declares_utf7(bytes)) return {from_utf7(bytes), "UTF-7"};
    if (is_utf7(bytes)) {
        bool plain = bytes.find("<%") != std::string_view::npos;
        return with_plain(from_utf7(bytes), bytes, plain ? "<%" : "<?", "UTF-7");
    }
    return {std::string(bytes), ""};
}

bool has_encoded_script(std::string_view text) { return text.find(kEncodedBegin) != std::string_view::npos; }

std::string decode_encoded_script(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto begin = text.find(kEncodedBegin, at);
        out += text.substr(at, begin - at);
        if (begin == std::string_view::npos) break;
        auto from = std::min(begin + kEncodedBegin.size() + kLengthField, text.size());
        auto end = text.find(kEncodedEnd, from);
        auto body = text.substr(from, end == std::string_view::npos ? end : end - from);
        std::string_view sum;
        if (end != std::string_view::npos && body.size() >= kSumField) {
            sum = body.substr(body.size() - kSumField);
            body.remove_suffix(kSumField);
        }
        out += undisguised(body, sum);
        at = end == std::string_view::npos ? text.size() : end + kEncodedEnd.size();
    }
    return out;
}

std::string decode_unicode_escapes(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    char32_t high = 0;
    for (std::size_t i = 0; i < text.size();) {
        char32_t code = 0;
        auto size = unicode_escape(text, i, code);
        if (size == 0 && text[i] == '\\' && i + 1 < text.size()) {  // the next sign is escaped by this one
            out += text.substr(i, 2);
            i += 2;
            continue;
        }
        if (size == 0) {
            out += text[i++];
            continue;
        }
        i += size;
        if (code >= 0xD800 && code < 0xDC00) {
            high = code;
        } else if (code >= 0xDC00 && code < 0xE000) {
            if (high != 0) append_utf8(out, 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00));
            high = 0;
        } else {
            append_utf8(out, code);
        }
    }
    return out;
}

std::string decode_xml_text(std::string_view text) {
    constexpr std::size_t kMostEntity = 64;  // zeros may stand before its number
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        auto rest = text.substr(i);
        auto skip = [&](std::string_view begin, std::string_view end, bool keep) {
            if (!rest.starts_with(begin)) return false;
            auto stop = rest.find(end, begin.size());
            auto body = rest.substr(begin.size(), stop == std::string_view::npos ? stop : stop - begin.size());
            if (keep) out += body;
            i += stop == std::string_view::npos ? rest.size() : stop + end.size();
            return true;
        };
        if (skip("<![CDATA[", "]]>", true) || skip("<!--", "-->", false) || skip("<?", "?>", false)) continue;
        if (rest[0] == '&') {
            auto stop = rest.substr(0, kMostEntity).find(';');
            auto name = rest.substr(1, stop == std::string_view::npos ? 0 : stop - 1);
            char plain = name == "lt"     ? '<'
                         : name == "gt"   ? '>'
                         : name == "amp"  ? '&'
                         : name == "quot" ? '"'
                         : name == "apos" ? '\''
                                          : '\0';
            if (plain == '\0' && name.size() > 1 && name[0] == '#') {
                bool hex = name[1] == 'x' || name[1] == 'X';
                auto code = std::strtoul(std::string(name.substr(hex ? 2 : 1)).c_str(), nullptr, hex ? 16 : 10);
                if (code > 0 && code < 0x80) plain = static_cast<char>(code);
            }
            if (plain != '\0') {
                out += plain;
                i += stop + 1;
                continue;
            }
        }
        out += text[i++];
    }
    return out;
}

bool hides_ascii(std::string_view text) {
    for (auto at = text.find("\\u"); at != std::string_view::npos; at = text.find("\\u", at + 2)) {
        char32_t code = 0;
        if (unicode_escape(text, at, code) != 0 && code < 0x7F) return true;
    }
    return false;
}

}  // namespace ascribe::shells
