// What the prefilter looks for, and the automata that look for it. They are made when the program is built (main.cpp),
// since that takes longer than to pass over a thousand files; where the library at hand does not take what was made,
// they are made anew.
#pragma once

#include <hs/hs.h>

#include <vector>

namespace ascribe::shells {

enum Group : unsigned { php = 1, page = 2, act = 4, source = 8, always = 16, harm = 32, form = 64 };

struct Pattern {
    unsigned group;
    const char* text;  // a regular expression, case folded
};

// Marks of script languages. "<?xml" and "<?xpacket" are no marks. What is written around a mark differs too much to
// ask for more.
constexpr Pattern kPatterns[] = {
    {php, R"(<\?(?:[^x]|x[^mp]))"},
    {php, R"(<script\s[^>]{0,80}language\s{0,8}=\s{0,8}.?php|<script\s{64})"},
    {page, "<%"},
    {page, R"(<script[^>]{0,200}runat|<script[^>]{200})"},
    {page, "<jsp:"},
    {page, "<cf[a-z]"},
    {page, "#@~\\^"},
    // Encodings in which none of the other patterns could show.
    {always, R"(\+ADw)"},
    {always, R"(<\x00[?%sj]\x00)"},
    {always, R"(\x00<\x00[?%sj])"},
    {always, R"(\x4C\x6F\xA7\x94\x93)"},  // "<?xml" in EBCDIC
    {always, R"(&#(?:x3c|60);[?%])"},
    // What a shell does. PHP: https://www.php.net/manual/en/ref.exec.php, ref.filesystem, ref.funchand.
    {act,
     R"(\b(?:eval|assert|exec|system|passthru|popen|create_function|preg_replace|preg_filter|mb_eregi?_replace)\b)"},
    {act | harm, R"(shell_exec|proc_open|pcntl_|expect_popen|preg_replace_callback|ssh2_|imap_open|mb_send_mail|ffi)"},
    {act,
     R"(call_user_func|array_(?:map|filter|walk|reduce|diff_u|udiff|intersect_u|uintersect)|u[ak]?sort|register_)"},
    {act,
     R"(iterator_apply|forward_static|ob_start|spl_autoload|reflection|sqlite_?create|createfunction|createaggregate|closure|registerphpfunctions|socket_(?:bind|listen|connect|create))"},
    {act, R"(\b(?:include|require)(?:_once)?\b)"},
    {act | harm,
     R"(file_put_contents|\bfwrite|\bfputs|move_uploaded|\bcopy\b|\brename\b|\bunlink\b|\bchmod\b|\btouch\b|\bsymlink\b)"},
    {act | harm,
     R"(file_get_contents|readfile|\bfopen|\bopendir|\bscandir|\bglob\b|\bfile\s{0,4}\(|show_source|highlight_file|fsockopen|curl_exec|\bmail\b)"},
    {act,
     R"(mysql_query|mysqli_query|->query|pg_query|mssql_query|ziparchive|unserialize|extract\s{0,4}\(|parse_str|\bdl\s{0,4}\()"},
    {act, R"(add_(?:action|filter)\s{0,4}\([^;\n]{1,80},\s{0,4}\$_)"},
    {act, R"([\w\]\)\}'"]\s{0,8}\]\s{0,8}\()"},
    {act, R"(\$\w{1,80}\s{0,8}\()"},
    {act, R"([\)\}/]\s{0,8}\()"},
    {act, R"((?:->|::)\s{0,4}[\$\{])"},
    {act | harm, R"(error_handler|filter_(?:var|input)|\berror_log\b)"},
    {act | harm | source, R"(wp_(?:create|insert)_user|wp_set_auth_cookie)"},
    {act | harm, R"(extractto|savehtmlfile|asxml|openuri|imagick|image(?:png|gif|jpeg|webp|bmp)\s{0,4}\(|\bputenv\b)"},
    {act | harm, R"(domdocument|simplexml|phardata|\bnew\s{1,4}\\?phar\b|writeimage)"},
    {act, R"(new\s{1,4}\$|\bnew\s{1,4}\\?(?:com|lua|v8js)\b)"},
    {act | source, R"(soapserver|xmlrpc_server|into\s{1,8}(?:out|dump)file)"},
    // Accounts in the tables of an application.
    {act | source, R"(s:13:\\?"administrator|wp_capabilities|user_usergroup_map|admin_role)"},
    {act, "`"},
    // Where it comes from: a visitor ...
    {source, R"(_(?:GET|POST|REQUEST|COOKIE|FILES|SERVER|SESSION|ENV)\b)"},
    {source, "get_defined_vars"},
    {source,
     R"(->\s{0,4}(?:input|request|query)\b|getrequest|\brequest\s{0,4}\(|get_param|getqueryparam|getparsedbody)"},
    {source, R"(\brequest\s{1,4}\$|\$request\b|serverrequest|wp_rest_request|jrequest|get_query_var)"},
    {source,
     R"(php://|data://|HTTP_[A-Z]|getallheaders|apache_request|filter_input|getenv|import_request|func_get_args|session_)"},
    // ... by a form of the page's own, to scripts that expect variables ...
    {form, R"(<(?:input|form|textarea|select)\b|[?&]\w{1,16}=)"},
    // ... the network ...
    {source, R"(fsockopen|socket_|curl_|stream_|['"](?:https?|ftp)://)"},
    {source, R"(/dev/(?:tcp|udp)/|x-httpd-php|auto_(?:pre|ap)pend_file|ignore_user_abort)"},
    {source, R"(authorized_keys|\bmsl:)"},
    {source, R"((?:wget|curl)\s[^'"\n]{0,200}(?:\|\s{0,4}(?:ba)?sh\b|chmod))"},
    {source, R"([,(.]\s{0,4}['"]<\?(?:php|=))"},  // another script
    // ... or a constant that hides it.
    {source,
     R"(base64|gz(?:inflate|uncompress|decode)|rot13|uudecode|hex2bin|\bpack\b|strrev|\bchr\s{0,4}\(|\bord\s{0,4}\(|_decrypt|mcrypt|rawurldecode|urldecode)"},
    {source, R"(\\x[0-9a-f]{2}\\|\\[0-7]{2,3}\\)"},
    {source, R"(\\x[4-7][0-9a-f]\w{0,4}[\\/]|\\1[0-7]{2}\w{0,4}[\\/])"},  // letters that need no escape
    {source, R"((?:include|require)\b[^;\n]{0,200}\.(?:ico|png|gif|jpe?g|bmp)\b)"},
    {source, R"(['"\)\]\w]\s{0,8}\^\s{0,8}['"\(\$~])"},
    {source, R"(~\s{0,4}['"\(])"},
    {source, R"(\$\{|\$\$|GLOBALS|\bgoto\b|__halt_compiler|__FILE__)"},
    {source, R"([A-Za-z0-9+/=%]{200})"},
    {source, R"([\x80-\xFF]{16})"},
    {source, R"(\beval\b|\bassert\b|create_function|e?regi?_replace|preg_filter)"},
    // Names put together: 'ev' . 'al', $a[3] . $a[5], str_replace('x', '', 'exvxal'), comments between.
    {source, R"(['"]\s{0,4}\.\s{0,4}(?:\\r|\\n)?\s{0,4}['"])"},
    {source, R"([\]\}]\s{0,4}\.\s{0,4}\$\w{1,40}\s{0,4}[\[\{])"},
    {source, R"(str_replace\s{0,4}\(\s{0,4}['"][^'"]{1,16}['"]\s{0,4},\s{0,4}['"]['"])"},
    {source, R"(\*/\s{0,4}[.(\[]|\\[0-7]{3}|\{\s{0,4}['"])"},
};

/// Most files of a web server hold no mark of a script at all: they are looked at for marks only, which is many times
/// faster than to look for what scripts do.
inline constexpr unsigned kMarks = php | page | always, kDeeds = act | source | harm | form;

/// Automaton for the patterns of some groups, for processors as named, or this one; null when that fails.
inline hs_database_t* make_automaton(unsigned wanted, const hs_platform_info_t* processor = nullptr) {
    std::vector<const char*> texts;
    std::vector<unsigned> flags, ids;
    for (const Pattern& pattern : kPatterns) {
        if ((pattern.group & wanted) == 0) continue;
        texts.push_back(pattern.text);
        flags.push_back(HS_FLAG_CASELESS | HS_FLAG_DOTALL | HS_FLAG_SINGLEMATCH);
        ids.push_back(static_cast<unsigned>(&pattern - kPatterns));
    }
    hs_database_t* database = nullptr;
    hs_compile_error_t* error = nullptr;
    if (hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                         processor, &database, &error) == HS_SUCCESS)
        return database;
    hs_free_compile_error(error);
    return nullptr;
}

}  // namespace ascribe::shells
