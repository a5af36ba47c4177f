// From bytes to text: the encodings that web servers accept in a page, so that no reader behind has to know of them.
#pragma once

#include <string>
#include <string_view>

namespace ascribe::shells {

struct Decoded {
    std::string text;  // mostly UTF-8; bytes of cp936 and cp1252 stay as they are: no language gives them a meaning
    std::string how;   // "" when text is the bytes as they are; else "UTF-16", "UTF-7", "EBCDIC"
};

/// Never fails; what is no encoding known here stays as it is.
Decoded decode(std::string_view bytes);

/// Whether `text` holds a script that Microsoft's Script Encoder disguised ("#@~^...==" to "^#~@").
bool has_encoded_script(std::string_view text);
/// The same text with each disguised script readable. A disguise that is cut short is read up to its end.
std::string decode_encoded_script(std::string_view text);

/// \uXXXX as Java reads it before anything else: an even number of backslashes before is no escape.
std::string decode_unicode_escapes(std::string_view text);
/// Whether one of the escapes stands for a letter, digit or sign of ASCII, which nobody needs to write so.
bool hides_ascii(std::string_view text);

/// XML text as a reader of XML hands it on: without comments and CDATA marks, entities resolved. Never longer.
std::string decode_xml_text(std::string_view text);

/// A code point of at most U+10FFFF as UTF-8.
void append_utf8(std::string& out, char32_t code);

}  // namespace ascribe::shells
