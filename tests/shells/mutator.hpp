// Rewrites scripts without changing what they do, in memory, to see whether the analyser understands or merely
// recognises. For tests alone: it works on the inert one-liners (which no interpreter runs) and, for false alarms, on
// clean files whose rewriting is thrown away; it is not installed and writes nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <random>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.hpp"

namespace ascribe::shells::test {

using Random = std::mt19937;

/// How a language writes what the transformations need; "" where it has no such thing.
struct Dialect {
    std::string concat, comment_open, comment_close, line_comment, end, variable;  // variable: its sigil
    bool blocks = true;                                                            // { } around statements
};

inline Dialect dialect_of(std::string_view language, std::string_view page) {
    if (language == "php") return {".", "/*", "*/", "//", ";", "$", true};
    if (language == "asp") return {"&", "", "", "'", "\n", "", false};
    if (language == "perl") return {".", "", "", "#", ";", "$", true};
    if (language == "python") return {"+", "", "", "#", "\n", "", false};
    if (language == "cfm") return {"&", "", "", "", "", "", false};
    bool script = page.find("Jscript") != std::string_view::npos;
    return {"+", "/*", "*/", "//", ";", language == "aspx" && script ? "var " : language == "jsp" ? "String " : "var ",
            true};
}

/// A page in three: what stands before the code, the first island's code, what stands behind.
struct Cut {
    std::string before, code, after;
    std::string whole() const { return before + code + after; }
};

inline Cut cut(std::string_view language, const std::string& page) {
    auto between = [&](std::size_t begin, std::size_t end) {
        return Cut{page.substr(0, begin), page.substr(begin, end - begin), page.substr(end)};
    };
    auto behind = [&](std::string_view mark, std::size_t from = 0) {
        auto at = page.find(mark, from);
        return at == std::string::npos ? at : at + mark.size();
    };
    auto until = [&](std::string_view mark, std::size_t from) { return std::min(page.find(mark, from), page.size()); };
    if (language == "php") {
        auto begin = behind("<?php");
        if (begin == std::string::npos) return {page, "", ""};
        return between(begin, until("?>", begin));
    }
    if (language == "perl" || language == "python") {
        auto begin = behind("html\\n\")");
        if (begin == std::string::npos) begin = behind("html\\n\\n\";");
        if (begin == std::string::npos) return {page, "", ""};
        return between(begin, until("\n)", begin));
    }
    if (language == "cfm") return {page, "", ""};
    if (auto load = page.find("void Page_Load"); load != std::string::npos)
        return between(behind("{", load), until(" }\n</script>", load));
    auto begin = behind("<%");
    while (begin != std::string::npos && begin < page.size() &&
           (page[begin] == '@' || page[begin] == '-' || page[begin] == '='))
        begin = behind("<%", begin);
    if (begin == std::string::npos) return {page, "", ""};
    return between(begin, until("%>", begin));
}

struct Token {
    enum Kind { blank, comment, text, name, number, sign } kind;
    std::string bytes;
};

inline std::vector<Token> tokens_of(std::string_view code, const Dialect& dialect) {
    std::vector<Token> tokens;
    auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; };
    for (std::size_t at = 0; at < code.size();) {
        auto begin = at;
        char c = code[at];
        auto rest = code.substr(at);
        Token::Kind kind = Token::sign;
        if (std::isspace(static_cast<unsigned char>(c)) != 0) {
            while (at < code.size() && std::isspace(static_cast<unsigned char>(code[at])) != 0) ++at;
            kind = Token::blank;
        } else if (!dialect.line_comment.empty() && rest.starts_with(dialect.line_comment)) {
            at = std::min(code.find('\n', at), code.size());
            kind = Token::comment;
        } else if (!dialect.comment_open.empty() && rest.starts_with(dialect.comment_open)) {
            auto end = code.find(dialect.comment_close, at + 2);
            at = end == std::string_view::npos ? code.size() : end + 2;
            kind = Token::comment;
        } else if (c == '"' || (c == '\'' && dialect.line_comment != "'")) {
            bool escapes = dialect.line_comment != "'";
            for (++at; at < code.size() && code[at] != c; ++at)
                if (escapes && code[at] == '\\') ++at;
            at = std::min(at + 1, code.size());
            kind = Token::text;
        } else if (is_name(c)) {
            bool digits = std::isdigit(static_cast<unsigned char>(c)) != 0;
            while (at < code.size() && is_name(code[at])) ++at;
            kind = digits ? Token::number : Token::name;
        } else {
            ++at;
        }
        tokens.push_back({kind, std::string(code.substr(begin, at - begin))});
    }
    return tokens;
}

inline std::string joined(const std::vector<Token>& tokens) {
    std::string out;
    for (const Token& token : tokens) out += token.bytes;
    return out;
}

/// A constant's letters where it is plain: no escapes, nothing interpolated.
inline std::string letters_of(const Token& token) {
    if (token.kind != Token::text || token.bytes.size() < 4) return "";
    auto inner = token.bytes.substr(1, token.bytes.size() - 2);
    for (char c : inner)
        if (c < ' ' || c > '~' || std::string_view("\\\"'$@%#{}<>").find(c) != std::string_view::npos) return "";
    return inner;
}

inline std::string base64(std::string_view text) {
    static constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < text.size(); i += 3) {
        std::uint32_t bits = 0;
        for (std::size_t k = 0; k < 3; ++k)
            bits = bits << 8 | (i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0u);
        for (std::size_t k = 0; k < 4; ++k) out += i + k > text.size() ? '=' : kDigits[bits >> (18 - 6 * k) & 63];
    }
    return out;
}

/// Replaces each plain constant by an expression that makes it.
inline std::string rewrite_texts(const std::string& code, const Dialect& dialect,
                                 const std::function<std::string(const std::string& letters, char quote)>& make) {
    auto tokens = tokens_of(code, dialect);
    for (Token& token : tokens)
        if (auto letters = letters_of(token); !letters.empty())
            if (auto made = make(letters, token.bytes.front()); !made.empty()) token.bytes = made;
    return joined(tokens);
}

struct Mutation {
    std::string_view name;
    /// The rewritten page, or "" where the language or the page has no room for it.
    std::string (*apply)(const std::string& language, const std::string& page, Random& random);
};

namespace detail {

using Code = std::function<std::string(const std::string& code, const Dialect& dialect)>;

inline std::string on_code(const std::string& language, const std::string& page, const Code& change) {
    auto parts = cut(language, page);
    if (parts.code.empty()) return "";
    auto changed = change(parts.code, dialect_of(language, page));
    if (changed.empty() || changed == parts.code) return "";
    parts.code = changed;
    return parts.whole();
}

inline std::string on_texts(const std::string& language, const std::string& page,
                            const std::function<std::string(const std::string&, char)>& make) {
    return on_code(language, page,
                   [&](const std::string& code, const Dialect& dialect) { return rewrite_texts(code, dialect, make); });
}

/// What the visitor sent, as the language writes it.
inline const std::regex& source_of(const std::string& language) {
    static const std::regex php(R"(\$_(GET|POST|REQUEST|COOKIE)\['?\w+'?\])");
    static const std::regex asp(R"(Request(\.\w+)?\("\w+"\))");
    static const std::regex aspx(R"(Request(\.\w+)?\["\w+"\](\.Value)?)");
    static const std::regex jsp(R"(request\.get(Parameter|Header|QueryString)\("?\w*"?\))");
    static const std::regex perl(R"(\$q->(param|cookie)\('\w+'\)|\$ENV\{'\w+'\})");
    static const std::regex python(R"(form\.getvalue\("\w+"\)|os\.environ\["\w+"\]|sys\.stdin\.read\(\))");
    static const std::regex none("\\b\\B");
    return language == "php"      ? php
           : language == "asp"    ? asp
           : language == "aspx"   ? aspx
           : language == "jsp"    ? jsp
           : language == "perl"   ? perl
           : language == "python" ? python
                                  : none;
}

/// Puts `expression` (%s: the source) in the place of the first source, with `before` (%s too) in front of the code.
inline std::string through(const std::string& language, const std::string& page, std::string before,
                           std::string expression) {
    return on_code(language, page, [&](const std::string& code, const Dialect&) -> std::string {
        std::smatch found;
        if (!std::regex_search(code, found, source_of(language))) return "";
        auto put = [&](std::string form) {
            for (auto at = form.find("%s"); at != std::string::npos; at = form.find("%s", at + found.length()))
                form.replace(at, 2, found.str());
            return form;
        };
        std::string lead = language == "python" ? "\n" : " ";
        return lead + put(before) + found.prefix().str() + put(expression) + found.suffix().str();
    });
}

inline std::string per_language(
    const std::string& language, const std::string& page,
    std::initializer_list<std::pair<std::string_view, std::pair<std::string, std::string>>> forms) {
    for (const auto& [name, form] : forms)
        if (name == language) return through(language, page, form.first, form.second);
    return "";
}

inline std::string in_front(const std::string& language, const std::string& page, const std::string& c_like,
                            const std::string& vb, const std::string& python) {
    return on_code(language, page, [&](const std::string& code, const Dialect& dialect) -> std::string {
        if (language == "python") return python.empty() ? "" : "\n" + python + code;
        if (language == "asp") return vb.empty() ? "" : "\n" + vb + "\n" + code;
        auto text = c_like;
        for (auto at = text.find('@'); at != std::string::npos; at = text.find('@', at))
            text.replace(at, 1, dialect.variable == "$" ? "$" : "");
        for (auto at = text.find('~'); at != std::string::npos; at = text.find('~', at))
            text.replace(at, 1,
                         language == "perl"              ? "my "
                         : language == "php"             ? ""
                         : dialect.variable == "String " ? "int "
                                                         : "var ");
        return " " + text + " " + code;
    });
}

inline std::string around(const std::string& language, const std::string& page, const std::string& open,
                          const std::string& close, const std::string& vb_open, const std::string& vb_close,
                          const std::string& python) {
    return on_code(language, page, [&](const std::string& code, const Dialect&) -> std::string {
        if (language == "python") {
            if (python.empty()) return "";
            std::string out = "\n" + python;
            for (auto line : split(code, '\n')) out += "\n    " + std::string(line);
            return out;
        }
        if (language == "asp") return vb_open.empty() ? "" : "\n" + vb_open + "\n" + code + "\n" + vb_close + "\n";
        return " " + open + " " + code + " " + close + " ";
    });
}

inline std::string list_of(const std::string& letters, char quote) {
    std::string out;
    for (char c : letters) out += (out.empty() ? "" : ",") + std::string(1, quote) + c + quote;
    return out;
}

}  // namespace detail

/// All of them; every one leaves what the script does as it was.
inline const std::vector<Mutation>& mutations() {
    using detail::around, detail::in_front, detail::list_of, detail::on_code, detail::on_texts, detail::per_language;
    using S = const std::string&;
    static const std::vector<Mutation> all = {
        {"blanks",
         [](S l, S p, Random& r) {
             return on_code(l, p, [&](S code, const Dialect& d) {
                 auto tokens = tokens_of(code, d);
                 for (Token& t : tokens)
                     if (t.kind == Token::blank && t.bytes == " ") t.bytes = std::string(1 + r() % 4, ' ');
                 return joined(tokens);
             });
         }},
        {"tabs",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect& d) {
                 auto tokens = tokens_of(code, d);
                 for (Token& t : tokens)
                     if (t.kind == Token::blank && t.bytes == " ") t.bytes = "\t";
                 return joined(tokens);
             });
         }},
        {"line ends",
         [](S, S p, Random&) {
             std::string out;
             for (char c : p) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
             return out;
         }},
        {"a statement a line",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect& d) -> std::string {
                 if (d.end != ";") return "";
                 auto tokens = tokens_of(code, d);
                 for (Token& t : tokens)
                     if (t.bytes == ";") t.bytes = ";\n\n";
                 return joined(tokens);
             });
         }},
        {"comments between",
         [](S l, S p, Random& r) {
             return on_code(l, p, [&](S code, const Dialect& d) -> std::string {
                 if (d.comment_open.empty()) return "";
                 auto tokens = tokens_of(code, d);
                 for (Token& t : tokens)
                     if (t.kind == Token::sign && (t.bytes == "(" || t.bytes == ","))
                         t.bytes += "/* note " + std::to_string(r() % 100) + " */";
                 return joined(tokens);
             });
         }},
        {"comments at ends",
         [](S l, S p, Random& r) {
             return on_code(l, p, [&](S code, const Dialect& d) -> std::string {
                 if (d.line_comment.empty()) return "";
                 if (d.end == "\n") return code + "\n" + d.line_comment + " note " + std::to_string(r() % 100) + "\n";
                 auto tokens = tokens_of(code, d);
                 for (Token& t : tokens)
                     if (t.bytes == ";") t.bytes += " " + d.line_comment + " note " + std::to_string(r() % 100) + "\n";
                 return joined(tokens);
             });
         }},
        {"licence above",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect& d) -> std::string {
                 if (d.line_comment.empty()) return "";
                 std::string head = "\n";
                 for (int i = 0; i < 40; ++i)
                     head +=
                         d.line_comment + " This file is part of an application and may be used as its licence says.\n";
                 return head + code;
             });
         }},
        {"case",
         [](S l, S p, Random& r) {
             return on_code(l, p, [&](S code, const Dialect& d) -> std::string {
                 if (l != "php" && l != "asp") return "";
                 auto tokens = tokens_of(code, d);
                 for (Token& t : tokens)
                     if (t.kind == Token::name && t.bytes.front() != '$' && t.bytes != "_GET" && t.bytes.size() > 1)
                         for (char& c : t.bytes)
                             if (r() % 2 == 0 && std::isalpha(static_cast<unsigned char>(c)) != 0)
                                 c = static_cast<char>(c ^ 0x20);
                 return joined(tokens);
             });
         }},
        {"renamed variables",
         [](S l, S p, Random& r) {
             return on_code(l, p, [&](S code, const Dialect& d) -> std::string {
                 if (d.variable != "$") return "";
                 auto tail = std::to_string(r() % 1000);
                 auto tokens = tokens_of(code, d);
                 auto renamed = [&](const std::string& name) {
                     bool own = name.size() > 1 && name.front() == '$' && name[1] != '_' && name != "$this" &&
                                name != "$q" && name != "$ENV" && name != "$GLOBALS";
                     return own ? name + "x" + tail : name;
                 };
                 static const std::regex within(R"(\$[A-Za-z]\w*)");
                 for (Token& t : tokens) {
                     if (t.kind == Token::name) t.bytes = renamed(t.bytes);
                     if (t.kind != Token::text || t.bytes.front() != '"') continue;
                     std::string out, rest = t.bytes;  // where a text names it
                     for (std::smatch found; std::regex_search(rest, found, within);) {
                         out += found.prefix().str() + renamed(found.str());
                         rest = found.suffix().str();
                     }
                     t.bytes = out + rest;
                 }
                 return joined(tokens);
             });
         }},
        {"renamed keys",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect&) {
                 static const std::regex php(R"((_(?:GET|POST|REQUEST|COOKIE)\[')\w+('))"),
                     other(
                         R"(((?:Request|Form|QueryString|Cookies|getParameter|getHeader|getvalue|param)[\(\[]["'])\w+(["']))");
                 return std::regex_replace(code, l == "php" ? php : other, "$1zq81$2");
             });
         }},
        {"split constants",
         [](S l, S p, Random& r) {
             auto d = dialect_of(l, p);
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 if (d.concat.empty()) return "";
                 auto at = 1 + r() % (t.size() - 1);
                 return "(" + (q + t.substr(0, at)) + q + " " + d.concat + " " + q + t.substr(at) + q + ")";
             });
         }},
        {"letters by number",
         [](S l, S p, Random&) {
             auto d = dialect_of(l, p);
             bool script = p.find("Jscript") != std::string::npos;
             return on_texts(l, p, [&](S t, char) -> std::string {
                 std::string out;
                 for (char c : t) {
                     auto n = std::to_string(static_cast<int>(c));
                     auto one = l == "php" || l == "perl" || l == "python" ? "chr(" + n + ")"
                                : l == "asp"                               ? "Chr(" + n + ")"
                                : script                                   ? "String.fromCharCode(" + n + ")"
                                                                           : "(char)" + n;
                     out += out.empty() ? (one.starts_with("(char)") ? "(\"\" + " + one : "(" + one)
                                        : " " + d.concat + " " + one;
                 }
                 return out + ")";
             });
         }},
        {"escapes",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char) -> std::string {
                 if (l == "asp") return "";
                 std::string out = "\"";
                 static constexpr std::string_view kHex = "0123456789abcdef";
                 for (char c : t) {
                     out += l == "jsp" || l == "aspx" ? "\\u00" : "\\x";
                     out += kHex[static_cast<unsigned char>(c) >> 4];
                     out += kHex[static_cast<unsigned char>(c) & 15];
                 }
                 return out + "\"";
             });
         }},
        {"reversed",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 std::string back(t.rbegin(), t.rend()), quoted = q + back + q;
                 if (l == "php") return "strrev(" + quoted + ")";
                 if (l == "asp") return "StrReverse(" + quoted + ")";
                 if (l == "perl") return "scalar(reverse(" + quoted + "))";
                 if (l == "python") return quoted + "[::-1]";
                 if (l == "jsp") return "new StringBuilder(" + quoted + ").reverse().toString()";
                 return "";
             });
         }},
        {"base64",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 auto quoted = q + base64(t) + q;
                 if (l == "php") return "base64_decode(" + quoted + ")";
                 if (l == "python") return "__import__(\"base64\").b64decode(" + quoted + ").decode()";
                 if (l == "jsp") return "new String(java.util.Base64.getDecoder().decode(" + quoted + "))";
                 if (l == "aspx" && p.find("Jscript") == std::string::npos)
                     return "System.Text.Encoding.UTF8.GetString(System.Convert.FromBase64String(" + quoted + "))";
                 return "";
             });
         }},
        {"rot13",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 if (l != "php") return "";
                 std::string out;
                 for (char c : t) {
                     char base = static_cast<char>(c & 0x60);
                     out += std::isalpha(static_cast<unsigned char>(c)) != 0
                                ? static_cast<char>(base + ((c & 0x1F) - 1 + 13) % 26 + 1)
                                : c;
                 }
                 return "str_rot13(" + (q + out) + q + ")";
             });
         }},
        {"joined lists",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 auto list = list_of(t, q);
                 if (l == "php") return "implode('', array(" + list + "))";
                 if (l == "asp") return "Join(Array(" + list + "), \"\")";
                 if (l == "perl") return "join('', " + list + ")";
                 if (l == "python") return "''.join([" + list + "])";
                 if (l == "jsp") return "String.join(\"\", " + list + ")";
                 if (l == "aspx" && p.find("Jscript") == std::string::npos)
                     return "string.Join(\"\", new string[] {" + list + "})";
                 return "";
             });
         }},
        {"replaced signs",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 auto quoted = q + t.substr(0, 1) + "~" + t.substr(1) + q;
                 if (l == "php") return "str_replace('~', '', " + quoted + ")";
                 if (l == "asp") return "Replace(" + quoted + ", \"~\", \"\")";
                 if (l == "python" || l == "jsp") return quoted + ".replace(\"~\", \"\")";
                 if (l == "aspx" && p.find("Jscript") == std::string::npos) return quoted + ".Replace(\"~\", \"\")";
                 return "";
             });
         }},
        {"xor of constants",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char) -> std::string {
                 if (l != "php") return "";
                 std::string left, right;
                 for (char c : t) {
                     char other = 'A';
                     while (std::string_view("'\\").find(static_cast<char>(c ^ other)) != std::string_view::npos ||
                            (c ^ other) < ' ' || (c ^ other) > '~')
                         ++other;
                     left += other;
                     right += static_cast<char>(c ^ other);
                 }
                 return "('" + left + "' ^ '" + right + "')";
             });
         }},
        {"cut out of longer",
         [](S l, S p, Random&) {
             return on_texts(l, p, [&](S t, char q) -> std::string {
                 auto quoted = q + ("zz" + t + "yy") + q;
                 auto size = std::to_string(t.size()), end = std::to_string(t.size() + 2);
                 if (l == "php" || l == "perl") return "substr(" + quoted + ", 2, " + size + ")";
                 if (l == "asp") return "Mid(" + quoted + ", 3, " + size + ")";
                 if (l == "python") return quoted + "[2:" + end + "]";
                 if (l == "jsp") return quoted + ".substring(2, " + end + ")";
                 if (l == "aspx" && p.find("Jscript") == std::string::npos)
                     return quoted + ".Substring(2, " + size + ")";
                 return "";
             });
         }},
        {"dead assignment",
         [](S l, S p, Random&) { return in_front(l, p, "~@t70 = 3 * 7;", "t70 = 3 * 7", "t70 = 3 * 7"); }},
        {"dead branch",
         [](S l, S p, Random&) {
             return in_front(l, p, "if (1 > 2) { ~@t71 = 4; }", "If 1 > 2 Then\nt71 = 4\nEnd If",
                             "if 1 > 2:\n    t71 = 4");
         }},
        {"dead loop",
         [](S l, S p, Random&) {
             return in_front(l, p, "for (~@t72 = 0; @t72 < 3; @t72++) { @t72 += 1; }",
                             "For t72 = 0 To 3\nt73 = t72\nNext", "for t72 in range(3):\n    t73 = t72");
         }},
        {"branch taken",
         [](S l, S p, Random&) { return around(l, p, "if (2 > 1) {", "}", "If 2 > 1 Then", "End If", "if 2 > 1:"); }},
        {"loop run once",
         [](S l, S p, Random&) {
             return around(l, p, "do {", "} while (1 > 2);", "Do", "Loop While 1 > 2", "for t74 in range(1):");
         }},
        {"faults caught",
         [](S l, S p, Random&) -> std::string {
             if (l == "perl") return "";
             return around(l, p, "try {", l == "jsp" || l == "php" ? "} catch (Exception $e) { }" : "} catch (e) { }",
                           "On Error Resume Next", "On Error Goto 0", "");
         }},
        {"kept in a variable",
         [](S l, S p, Random&) {
             return per_language(l, p,
                                 {{"php", {"$v80 = %s;", "$v80"}},
                                  {"asp", {"\nv80 = %s\n", "v80"}},
                                  {"aspx", {"var v80 = %s;", "v80"}},
                                  {"jsp", {"String v80 = %s;", "v80"}},
                                  {"perl", {"my $v80 = %s;", "$v80"}},
                                  {"python", {"v80 = %s", "v80"}}});
         }},
        {"handed on twice",
         [](S l, S p, Random&) {
             return per_language(l, p,
                                 {{"php", {"$v81 = %s; $v82 = $v81;", "$v82"}},
                                  {"asp", {"\nv81 = %s\nv82 = v81\n", "v82"}},
                                  {"aspx", {"var v81 = %s; var v82 = v81;", "v82"}},
                                  {"jsp", {"String v81 = %s; String v82 = v81;", "v82"}},
                                  {"perl", {"my $v81 = %s; my $v82 = $v81;", "$v82"}},
                                  {"python", {"v81 = %s\nv82 = v81", "v82"}}});
         }},
        {"through a function",
         [](S l, S p, Random&) {
             return per_language(l, p,
                                 {{"php", {"function same83($x) { return $x; }", "same83(%s)"}},
                                  {"perl", {"sub same83 { my ($x) = @_; return $x; }", "same83(%s)"}},
                                  {"python", {"def same83(x):\n    return x\n", "same83(%s)"}}});
         }},
        {"through a list",
         [](S l, S p, Random&) {
             return per_language(l, p,
                                 {{"php", {"$v84 = array('k' => %s);", "$v84['k']"}},
                                  {"asp", {"\nv84 = Array(0, %s)\n", "v84(1)"}},
                                  {"jsp", {"String[] v84 = new String[] {%s};", "v84[0]"}},
                                  {"perl", {"my %v84 = ('k' => %s);", "$v84{'k'}"}},
                                  {"python", {"v84 = {\"k\": %s}", "v84[\"k\"]"}}});
         }},
        {"empty text added",
         [](S l, S p, Random&) {
             return per_language(l, p,
                                 {{"php", {"", "(%s . '')"}},
                                  {"asp", {"", "(%s & \"\")"}},
                                  {"aspx", {"", "(%s + \"\")"}},
                                  {"jsp", {"", "(%s + \"\")"}},
                                  {"perl", {"", "(%s . '')"}},
                                  {"python", {"", "(%s + \"\")"}}});
         }},
        {"choice",
         [](S l, S p, Random&) {
             return per_language(l, p,
                                 {{"php", {"", "(2 > 1 ? %s : '')"}},
                                  {"aspx", {"", "(2 > 1 ? %s : \"\")"}},
                                  {"jsp", {"", "(2 > 1 ? %s : \"\")"}},
                                  {"perl", {"", "(2 > 1 ? %s : '')"}},
                                  {"python", {"", "(%s if 2 > 1 else \"\")"}}});
         }},
        {"function by name",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect&) -> std::string {
                 if (l != "php") return "";
                 static const std::regex call(
                     R"(\b(system|passthru|shell_exec|exec|popen|call_user_func|array_map|file_put_contents|move_uploaded_file)\()");
                 std::smatch found;
                 if (!std::regex_search(code, found, call)) return "";
                 auto name = found[1].str();
                 return " $n85 = '" + name.substr(0, 3) + "' . '" + name.substr(3) + "'; " + found.prefix().str() +
                        "$n85(" + found.suffix().str();
             });
         }},
        {"markup around",
         [](S, S p, Random&) -> std::string {
             if (p.starts_with("#!")) return "";
             return "<html><head><title>Notes</title></head><body><h1>Notes</h1>\n" + p +
                    "\n<p>Last changed in spring.</p></body></html>\n";
         }},
        {"body in base64",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect&) -> std::string {
                 return l == "php" ? " eval(base64_decode('" + base64(code) + "')); " : "";
             });
         }},
        {"jump",
         [](S l, S p, Random&) {
             return on_code(l, p, [&](S code, const Dialect&) -> std::string {
                 return l == "php" ? " goto b86; a86: goto c86; b86: goto a86; c86: " + code : "";
             });
         }},
    };
    return all;
}

}  // namespace ascribe::shells::test
