#include "shells/judge/vocabulary.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <unordered_map>
#include <vector>

#include "base/text.hpp"

namespace ascribe::shells {
namespace {

struct Row {
    Trade trade;
    std::string_view names;  // lower case, blanks between
};

// Functions, classes and members by their manuals: php.net, learn.microsoft.com (VBScript, .NET), docs.oracle.com
// (Java, Jakarta EE), helpx.adobe.com/coldfusion, perldoc.perl.org, docs.python.org.
constexpr Row kRows[] = {
    {Trade::evaluate,
     "eval assert create_function execute executeglobal executestatement evaluate precisionevaluate preg_replace "
     "mb_ereg_replace preg_filter scriptengine scriptenginemanager scriptcontrol compileassemblyfromsource "
     "csharpcodeprovider vbcodeprovider jscodeprovider jscriptevaluate vsaengine groovyshell expressionfactory "
     "elprocessor templatesimpl javacompiler compile exec_code codedom addcode elresolver"},
    {Trade::command,
     "system passthru shell_exec proc_open popen pcntl_exec wscript.shell shell.application shellexecute createprocess "
     "processstartinfo processbuilder getruntime cfexecute subprocess com win32 backtick processimpl winexec "
     "expect_popen "
     "w32api ffi shell cmd.exe powershell bin/sh bin/bash redirectstandardoutput useshellexecute getinputstream "
     "geterrorstream"},
    {Trade::decode,
     "base64_decode gzinflate gzuncompress gzdecode str_rot13 strrev convert_uudecode hex2bin urldecode rawurldecode "
     "html_entity_decode pack unpack chr ord frombase64string frombase64 base64decoder decodebuffer base64 "
     "chrw ascw asc strreverse openssl_decrypt mcrypt_decrypt rijndaelmanaged aes cipher secretkeyspec createdecryptor "
     "transformfinalblock decryptor bin2hex gzcompress gzdeflate convert tobinary binarydecode unescape fromcharcode "
     "decode_base64 b64decode codecs rot13 str_replace substr_replace strtr substr implode explode array_map xor "
     "hexdec"},
    {Trade::request,
     "_post _get _request _cookie _server http_post_vars http_get_vars http_raw_post_data http_cookie_vars "
     "filter_input "
     "getallheaders apache_request_headers request querystring form binaryread getparameter getparametervalues "
     "getheader "
     "getreader inputstream getquerystring httpcontext params url cgi param query_string fieldstorage http_server_vars "
     "get_defined_vars import_request_variables parse_str request_uri http_user_agent http_referer"},
    {Trade::upload,
     "_files move_uploaded_file is_uploaded_file tmp_name saveas postedfile fileupload htmlinputfile httppostedfile "
     "http_post_files getpart multipart cffile upload filecontent fileitem diskfileitemfactory servletfileupload"},
    {Trade::file_read,
     "file_get_contents fread fgets readfile show_source highlight_file fpassthru file openastextfile opentextfile "
     "streamreader readalltext readallbytes fileinputstream filereader bufferedreader readtoend readall loadfromfile "
     "fileread fgetc fgetss openfile cfinclude readline randomaccessfile"},
    {Trade::file_write,
     "file_put_contents fwrite fputs createtextfile streamwriter writealltext writeallbytes fileoutputstream "
     "filewriter "
     "savetofile filewrite fputcsv adodb.stream writeline binarywriter dataoutputstream printwriter touch"},
    {Trade::file_manage,
     "unlink rename copy rmdir mkdir chmod chown chgrp deletefile deletefolder movefile copyfile movefolder copyfolder "
     "createfolder setlastwritetime setattributes lastwritetime creationtime setlastmodified deletefilex renameto "
     "filedelete directorydelete mkdirs symlink link attributes fileperms fileowner setcreationtime datelastmodified"},
    {Trade::folder,
     "opendir readdir scandir glob getfiles getdirectories getfolder subfolders directoryinfo listfiles listroots "
     "filesystemobject scripting.filesystemobject getdrives drives drivetype getdrive directorylist cfdirectory dir "
     "disk_free_space disk_total_space diskfreespace getlogicaldrives is_dir getcwd chdir realpath listdir freespace "
     "totalsize"},
    {Trade::socket,
     "fsockopen pfsockopen socket_create socket_connect socket_bind socket_listen stream_socket_client "
     "stream_socket_server tcpclient tcplistener serversocket socket socketchannel networkstream inetaddress "
     "sockaddr_in "
     "ipendpoint inet_aton"},
    {Trade::fetch,
     "curl_exec curl_init webclient downloadfile downloaddata downloadstring httpwebrequest xmlhttp msxml2.xmlhttp "
     "microsoft.xmlhttp msxml2.serverxmlhttp winhttp.winhttprequest.5.1 urlconnection openconnection urlopen "
     "http_get cfhttp responsebody responsetext"},
    {Trade::database,
     "mysql_connect mysql_query mysqli mysqli_connect mysqli_query pg_connect pg_query mssql_connect mssql_query "
     "oci_connect ocilogon odbc_connect odbc_exec sqlite_open pdo adodb.connection adodb.recordset sqlconnection "
     "sqlcommand oledbconnection drivermanager getconnection executequery executeupdate preparestatement "
     "mysql_select_db mysql_list_dbs mysql_list_tables mysql_fetch_array mysql_fetch_row xp_cmdshell sp_oacreate "
     "cfquery connectionstring adox.catalog preparedstatement resultset"},
    {Trade::inform,
     "php_uname phpinfo phpversion posix_getpwuid posix_geteuid posix_getgid posix_getegid get_current_user getmyuid "
     "getmygid getmypid ini_get get_cfg_var disk_functions php_sapi_name server_software document_root script_filename "
     "environ getenv machinename osversion username userdomainname servervariables gethostbyname appl_physical_path "
     "getproperty getproperties serverinfo getserverinfo remote_addr server_name local_addr wscript.network "
     "disable_functions safe_mode open_basedir getservbyport"},
    {Trade::silence,
     "error_reporting set_time_limit ignore_user_abort ini_set ini_restore set_magic_quotes_runtime "
     "magic_quotes_gpc get_magic_quotes_gpc display_errors log_errors max_execution_time error_log scripttimeout "
     "set_error_handler validaterequest enableviewstatemac register_shutdown_function memory_limit"},
    {Trade::callback,
     "call_user_func call_user_func_array array_map array_filter array_walk array_walk_recursive array_reduce usort "
     "uasort uksort array_udiff array_uintersect array_diff_ukey register_tick_function preg_replace_callback "
     "func_get_args iterator_apply forward_static_call ob_start spl_autoload_register filter_var array_diff_uassoc "
     "sqlite_create_function mb_ereg_replace_callback is_callable function_exists invoke getref"},
    {Trade::reflect,
     "reflectionfunction reflectionmethod reflectionclass newinstance newinstanceargs class_exists getmethod "
     "getdeclaredmethod forname defineclass classloader urlclassloader assembly createinstance gettype getmethods "
     "invokemember activator activatorload loadclass setaccessible objectinputstream readobject unserialize unsafe "
     "xmldecoder bcel initialcontext lookup dynamicmethod entrypoint loadlibrary dl extension_loaded jni createobject "
     "methodinfo appdomain"},
    {Trade::digest,
     "md5 sha1 crypt hash sha256 hash_algos messagedigest md5cryptoserviceprovider computehash password_hash crc32 "
     "hashpasswordforstoringinconfigfile md5_file password_verify hash_equals"},
    {Trade::session,
     "_session session_start session getsession setattribute getattribute httpsession session_destroy session_id "
     "http_session_vars pagecontext application"},
    {Trade::cookie, "setcookie cookie cookies addcookie getcookies httpcookie setrawcookie"},
    {Trade::mail, "mail smtpclient mailmessage cdonts.newmail cdo.message sendmail cfmail smtp imap_open fake_mail"},
    {Trade::archive,
     "ziparchive zipoutputstream zipinputstream gzopen zipfile pclzip createarchive zipentry addfile gzencode bzopen "
     "extractto"},
    {Trade::output_buffer,
     "ob_start ob_get_contents ob_end_clean ob_get_clean ob_end_flush ob_clean flush ob_gzhandler header"},
};

struct Entry {
    std::uint32_t trades = 0;  // bit set: a name may serve several
    std::uint32_t id = 0;
};

const std::unordered_map<std::string_view, Entry>& vocabulary() {
    static const auto table = [] {
        std::unordered_map<std::string_view, Entry> made;
        for (const Row& row : kRows)
            for (auto name : split(row.names, ' ')) {
                if (name.empty()) continue;
                Entry& entry = made[name];
                entry.trades |= 1u << static_cast<unsigned>(row.trade);
                entry.id = static_cast<std::uint32_t>(made.size() - 1);
            }
        return made;
    }();
    return table;
}

/// What the counter needs to know of a byte, as bits.
constexpr std::uint8_t kLetter = 1, kDigit = 2, kData = 4, kVowel = 8, kZero = 16, kMark = 32, kLine = 64;
constexpr auto kClasses = [] {
    std::array<std::uint8_t, 256> classes{};
    auto add = [&](std::string_view bytes, std::uint8_t bit) {
        for (char c : bytes) classes[static_cast<unsigned char>(c)] |= bit;
    };
    for (unsigned c = 0x80; c < 256; ++c) classes[c] = kLetter;
    add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_", kLetter);
    add("0123456789", kDigit);
    add("+/=", kData);
    add("aeiouAEIOU", kVowel);
    add("_", kLine);
    add("O0oIl1_", kZero);         // that are taken for each other
    add(";{}\n=/#'<\\%&", kMark);  // that end a statement, begin a comment, assign or escape
    return classes;
}();
constexpr bool is(char c, std::uint8_t bits) { return (kClasses[static_cast<unsigned char>(c)] & bits) != 0; }
constexpr bool is_letter(char c) { return is(c, kLetter); }
constexpr bool is_digit(char c) { return is(c, kDigit); }

/// Names that the counter knows by more than their trade.
constexpr std::string_view kDeclaring[] = {"function",  "sub",     "def",     "class",        "namespace",
                                           "interface", "include", "require", "require_once", "include_once",
                                           "form",      "input",   "textarea"};

/// Whether a name may be one the counter knows: by its length, its first two letters and its last. Most are not.
class Sieve {
public:
    Sieve() {
        for (const auto& known : vocabulary())
            if (known.first.size() >= 2) passes_.set(slot(known.first));
        for (auto name : kDeclaring) passes_.set(slot(name));
    }
    bool passes(std::string_view name) const { return passes_.test(slot(name)); }

private:
    static constexpr std::size_t kSlots = 1 << 14;
    static std::size_t slot(std::string_view name) {
        auto letter = [&](std::size_t at) {
            return static_cast<std::size_t>(static_cast<unsigned char>(name[at]) | 0x20);
        };
        return (letter(0) * 31 + letter(1) * 577 + letter(name.size() - 1) * 5171 + name.size() * 97) % kSlots;
    }
    std::bitset<kSlots> passes_;
};

const Sieve& sieve() {
    static const Sieve made;
    return made;
}

/// Where the comment that begins at `at` ends; `at` when none begins there.
std::size_t end_of_comment(std::string_view text, std::size_t at, Platform platform) {
    auto until = [&](std::string_view mark, std::size_t from, bool with) {
        auto end = text.find(mark, from);
        return end == std::string_view::npos ? text.size() : end + (with ? mark.size() : 0);
    };
    auto rest = text.substr(at);
    switch (text[at]) {
        case '/':
            if (rest.starts_with("/*")) {
                auto end = find_comment_end(text, at + 2);
                return end == std::string_view::npos ? text.size() : end + 2;
            }
            if (rest.starts_with("//") && (at == 0 || text[at - 1] != ':')) return until("\n", at, false);
            return at;
        case '#': {
            bool hash = platform == Platform::php || platform == Platform::perl || platform == Platform::python;
            bool starts = at == 0 || text[at - 1] == '\n' || text[at - 1] == ' ' || text[at - 1] == '\t';
            return hash && starts ? until("\n", at, false) : at;
        }
        case '\'': {
            bool starts = at == 0 || text[at - 1] == '\n' || text[at - 1] == '\t';
            return platform == Platform::asp && starts ? until("\n", at, false) : at;
        }
        case '<':
            if (rest.starts_with("<!---")) return until("--->", at, true);
            if (rest.starts_with("<%--")) return until("--%>", at, true);
            return at;
        default: return at;
    }
}

/// Names such as "q3x9zk" or "OOO0O0": digits among letters twice, or hardly a vowel. `all` and `any` are what its
/// bytes are.
bool is_odd(std::string_view name, std::uint8_t all, std::uint8_t any) {
    if (name.size() < 5) return false;
    bool no_word = name.size() >= 7 && (any & (kVowel | kLine)) == 0;
    if ((all & kZero) != 0 || no_word || static_cast<unsigned char>(name.front()) >= 0x80) return true;
    if ((any & kDigit) == 0) return false;
    int turns = 0;
    auto before = is_digit(name.front());
    for (char c : name) {
        turns += is_digit(c) != before ? 1 : 0;
        before = is_digit(c);
    }
    return turns >= 3;
}

constexpr std::uint32_t bit(Trade trade) { return 1u << static_cast<unsigned>(trade); }
/// What a name keeps of the statement that filled it.
constexpr std::uint32_t kCarried = bit(Trade::request) | bit(Trade::upload) | bit(Trade::cookie) | bit(Trade::session) |
                                   bit(Trade::fetch) | bit(Trade::decode) | bit(Trade::file_read) | bit(Trade::socket) |
                                   bit(Trade::reflect) | bit(Trade::command) | bit(Trade::evaluate) |
                                   bit(Trade::digest);

class Counter {
public:
    Counter(std::string_view text, Platform platform, Words& words)
        : text_(text), platform_(platform), words_(words), seen_(vocabulary().size()), sieve_(sieve()) {}

    void run() {
        std::size_t at = 0;
        while (at < text_.size()) {
            char c = text_[at];
            if (!is(c, kLetter | kMark)) {
                ++at;
                continue;
            }
            if (c == ';' || c == '{' || c == '}' || (c == '\n' && platform_ != Platform::php)) end_statement();
            if (c == '=' && target_.empty() && at + 1 < text_.size() && text_[at + 1] != '=' && text_[at + 1] != '>')
                target_ = last_;
            if (is_letter(c)) {
                at = name(at);
            } else if (auto end = end_of_comment(text_, at, platform_); end > at) {
                words_.comment_bytes += static_cast<std::uint32_t>(end - at);
                at = end;
            } else {
                mark(at);
                ++at;
            }
        }
        end_statement();
        words_.code_bytes += static_cast<std::uint32_t>(text_.size());
    }

private:
    // What a statement takes from where is remembered with the name it is put into. One pass: a name is what it was
    // last made of, or ever, since branches are not told apart.
    void end_statement() {
        auto all = here_ | carried_;
        if (all != 0) {
            for (std::size_t from = 0; from < kTrades; ++from) {
                if ((all >> from & 1u) == 0) continue;
                for (std::size_t to = 0; to < kTrades; ++to)
                    if (to != from && (here_ >> to & 1u) != 0) ++words_.met[from][to];
            }
            constexpr std::size_t kMostNames = 1 << 14;
            if (!target_.empty() && (all & kCarried) != 0 && filled_.size() < kMostNames) {
                filled_[target_] |= all & kCarried;
                filled_lengths_ |= std::uint64_t{1} << target_.size() % 64;
            }
        }
        here_ = carried_ = 0;
        target_ = last_ = {};
    }

    void mark(std::size_t at) {
        char c = text_[at];
        auto next = at + 1 < text_.size() ? text_[at + 1] : '\0';
        if (c == '\\' && (next == 'x' || is_digit(next) || next == 'u')) ++words_.escapes;
        if (c == '%' && at + 2 < text_.size() && std::isxdigit(static_cast<unsigned char>(next)) != 0 &&
            std::isxdigit(static_cast<unsigned char>(text_[at + 2])) != 0)
            ++words_.escapes;
        if (c == '&' && next == '#') ++words_.escapes;
    }

    std::size_t name(std::size_t begin) {
        auto end = begin;
        std::uint8_t all = 0xff, any = 0;
        for (; end < text_.size(); ++end) {
            auto classes = kClasses[static_cast<unsigned char>(text_[end])];
            if ((classes & (kLetter | kDigit)) == 0) break;
            all &= classes;
            any |= classes;
        }
        auto longest = end;
        while (longest < text_.size() && is(text_[longest], kLetter | kDigit | kData)) ++longest;
        words_.longest_word = std::max(words_.longest_word, static_cast<std::uint32_t>(longest - begin));
        // Such runs are data, not names.
        constexpr std::size_t kRun = 200;
        if (longest - begin > kRun) return longest;
        auto word = text_.substr(begin, end - begin);
        ++words_.names;
        char before = begin > 0 ? text_[begin - 1] : '\0';
        if (before == '$') {
            if (word.size() <= 2) ++words_.short_names;
            auto after = end;
            while (after < text_.size() && text_[after] == ' ') ++after;
            if (after < text_.size() && text_[after] == '(') ++words_.calls_of_values;
        }
        if (is_odd(word, all, any)) ++words_.odd_names;
        constexpr std::size_t kLongest = 40;
        last_ = word;
        if ((filled_lengths_ >> word.size() % 64 & 1) != 0)
            if (auto filled = filled_.find(word); filled != filled_.end()) carried_ |= filled->second;
        if (word.size() > kLongest || word.size() < 2) return end;
        note(word, begin);
        // Dotted names are looked up as one too: WScript.Shell.
        if (end < text_.size() && text_[end] == '.' && end + 1 < text_.size() && is_letter(text_[end + 1])) {
            auto dotted = end + 1;
            while (dotted < text_.size() && dotted - begin < kLongest &&
                   (is_letter(text_[dotted]) || is_digit(text_[dotted]) || text_[dotted] == '.'))
                ++dotted;
            note(text_.substr(begin, dotted - begin), begin);
        }
        return end;
    }

    void note(std::string_view word, std::size_t begin) {
        if (!sieve_.passes(word)) return;
        char folded[64];
        std::transform(word.begin(), word.end(), folded, [](char c) { return lower(c); });
        std::string_view key(folded, word.size());
        if (key == "function" || key == "sub" || key == "def") ++words_.functions;
        if (key == "class" || key == "namespace" || key == "interface") ++words_.classes;
        if (key == "include" || key == "require" || key == "require_once" || key == "include_once") ++words_.includes;
        if ((key == "form" || key == "input" || key == "textarea") && begin > 0 && text_[begin - 1] == '<')
            ++words_.html_forms;
        auto found = vocabulary().find(key);
        if (found == vocabulary().end()) return;
        if (key == "chr" || key == "chrw") ++words_.escapes;
        here_ |= found->second.trades;
        for (std::size_t trade = 0; trade < kTrades; ++trade) {
            if ((found->second.trades >> trade & 1u) == 0) continue;
            if (words_.total[trade]++ == 0)
                words_.first[trade] = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(word.size())};
            if (!seen_[found->second.id]) ++words_.distinct[trade];
        }
        seen_[found->second.id] = true;
    }

    std::string_view text_;
    Platform platform_;
    Words& words_;
    std::vector<bool> seen_;
    std::uint32_t here_ = 0, carried_ = 0;  // trades named in this statement, and those of names used in it
    std::string_view last_, target_;
    std::unordered_map<std::string_view, std::uint32_t> filled_;
    std::uint64_t filled_lengths_ = 0;  // of their names, modulo 64
    const Sieve& sieve_;
};

}  // namespace

std::string_view to_string(Trade trade) {
    static constexpr std::string_view kNames[] = {
        "evaluate", "command", "decode", "request",  "upload",        "file_read", "file_write", "file_manage",
        "folder",   "socket",  "fetch",  "database", "inform",        "silence",   "callback",   "reflect",
        "digest",   "session", "mail",   "archive",  "output_buffer", "cookie"};
    static_assert(std::size(kNames) == kTrades);
    return kNames[static_cast<std::size_t>(trade)];
}

void count_words(std::string_view text, Platform platform, Words& words) { Counter(text, platform, words).run(); }

}  // namespace ascribe::shells
