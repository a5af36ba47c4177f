#include "shells/machine/texts.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace ascribe::shells {

Language script_in(std::string_view text) {
    auto head = text.substr(0, 1 << 20);
    auto php = head.find("<?");
    if (php != std::string_view::npos) {
        auto rest = head.substr(php + 2);
        if (starts_folded(rest, "php") || rest.starts_with("=") ||
            (!starts_folded(rest, "xml") && rest.find('$') != std::string_view::npos))
            return Language::php;
    }
    if (contains_folded(head, "<script language=\"php\"") || contains_folded(head, "<script language='php'"))
        return Language::php;
    auto page = head.find("<%");
    if (page != std::string_view::npos || contains_folded(head, "runat=\"server\"") ||
        contains_folded(head, "<!--#include"))
        return Language::none;  // read_page decides
    return Language::perl;      // no page at all
}

bool is_silent(std::string_view script) {
    script = trim(script);
    if (!starts_folded(script, "<?php")) return false;
    script.remove_prefix(5);
    for (;;) {
        script = trim(script);
        bool line = script.starts_with("//") || script.starts_with("#"), block = script.starts_with("/*");
        if (!line && !block) return script.empty() || script == "?>";
        auto end = block ? script.find("*/") : script.find_first_of("\r\n");
        if (end == std::string_view::npos) return true;
        script.remove_prefix(end + (block ? 2 : 1));
    }
}

bool only_denies(std::string_view setting) {
    constexpr std::string_view kDirectives[] = {"deny from",   "order ",  "require all denied", "options -indexes",
                                                "<files",      "</files", "<ifmodule",          "</ifmodule",
                                                "indexignore", "#"};
    bool denies = false;
    while (!setting.empty()) {
        auto end = std::min(setting.find('\n'), setting.size());
        auto line = trim(setting.substr(0, end));
        setting.remove_prefix(std::min(end + 1, setting.size()));
        bool known = std::ranges::any_of(kDirectives, [&](auto begin) { return starts_folded(line, begin); });
        if (!line.empty() && !known) return false;
        denies |= known && !line.starts_with('#');
    }
    return denies;
}

bool is_interpreter(std::string_view command) {
    command = trim(command);
    for (std::string_view rest : {" -i", " -l", " -"})
        if (command.ends_with(rest)) command = trim(command.substr(0, command.size() - rest.size()));
    auto name = command.substr(command.find_last_of("/\\") + 1);
    for (std::string_view known :
         {"sh", "bash", "dash", "zsh", "ksh", "csh", "tcsh", "cmd", "cmd.exe", "powershell.exe"})
        if (equals_folded(name, known)) return true;
    return false;
}

bool calls_home(std::string_view command) {
    if (command.find("/dev/tcp/") != std::string_view::npos || command.find("/dev/udp/") != std::string_view::npos)
        return true;
    constexpr std::string_view kNames[] = {"nc ", "ncat ", "netcat ", "nc.exe ", "ncat.exe "};
    bool netcat = std::ranges::any_of(kNames, [&](auto name) {
        auto at = command.find(name);
        return at != std::string_view::npos && (at == 0 || std::string_view(" /\\;|&").contains(command[at - 1]));
    });
    return netcat &&
           (command.find(" -e ") != std::string_view::npos || command.find("|sh") != std::string_view::npos ||
            command.find("| sh") != std::string_view::npos || command.find("/bin/sh -i") != std::string_view::npos);
}

bool runs_fetched(std::string_view command) {
    auto has = [&](std::string_view word) { return command.find(word) != std::string_view::npos; };
    if (!has("wget ") && !has("curl ")) return false;
    return has("|sh") || has("| sh") || has("|bash") || has("| bash") || has("chmod ");
}

bool maps_to_php(std::string_view text) {
    auto head = text.substr(0, 4096);
    if (!contains_folded(head, "x-httpd-php")) return false;
    for (std::string_view directive : {"AddType", "AddHandler", "SetHandler", "ForceType"})
        if (contains_folded(head, directive)) return true;
    return false;
}

bool prepends_other(std::string_view text) {
    auto head = text.substr(0, 4096);
    for (std::string_view name : {"auto_prepend_file", "auto_append_file"}) {
        auto at = head.find(name);
        if (at == std::string_view::npos) continue;
        auto value = head.substr(at + name.size());
        value = value.substr(0, value.find_first_of("\r\n;"));
        auto begin = value.find_first_not_of(" \t=\"'");
        if (begin == std::string_view::npos) continue;
        value = value.substr(begin, value.find_first_of(" \t\"'", begin) - begin);
        if (!equals_folded(value, "none") && !ends_folded(value, ".php") && !value.empty()) return true;
    }
    return false;
}

bool names_text_file(std::string_view path) {
    constexpr std::string_view kEndings[] = {".txt", ".log", ".csv", ".json", ".xml"};
    return std::ranges::any_of(kEndings, [&](auto ending) { return ends_folded(path, ending); });
}

std::uint16_t ending_of(std::string_view text) {
    constexpr std::string_view kPages[] = {".asp",  ".asa", ".cer",  ".aspx", ".ashx", ".asmx",
                                           ".ascx", ".jsp", ".jspx", ".php",  ".cfm"};
    constexpr std::string_view kDocuments[] = {".txt", ".log",  ".csv", ".json", ".xml", ".pdf",
                                               ".jpg", ".jpeg", ".png", ".gif",  ".bmp", ".webp",
                                               ".doc", ".docx", ".xls", ".xlsx", ".mp3", ".mp4"};
    constexpr std::size_t kLongest = 260;  // path of Windows
    if (text.size() > kLongest || text.find('\n') != std::string_view::npos) return 0;
    auto ends = [&](auto ending) { return ends_folded(text, ending); };
    if (std::ranges::any_of(kPages, ends)) return flag::page_name;
    return std::ranges::any_of(kDocuments, ends) ? flag::document_name : 0;
}

std::string_view type_of_query(std::string_view part) {
    struct Word {
        std::string_view text, type;
    };
    constexpr Word kWords[] = {
        // SQL Server's ways to a shell and to COM, PostgreSQL's, and what libraries add to MySQL.
        // https://learn.microsoft.com/sql/relational-databases/system-stored-procedures/xp-cmdshell-transact-sql
        // https://www.postgresql.org/docs/current/sql-copy.html, https://github.com/mysqludf/lib_mysqludf_sys
        {"xp_cmdshell", kShellQuery},
        {"sp_oa", kShellQuery},
        {"from program", kShellQuery},
        {"sys_exec(", kShellQuery},
        {"sys_eval(", kShellQuery},
        // The tables of WordPress, Joomla and Magento.
        {"s:13:\"administrator\"", kAdministratorQuery},
        {"user_usergroup_map", kAccountQuery},
        {"user_pass", kAccountQuery},
        {"admin_role", kAccountQuery}};
    auto query = part.substr(0, 4096);
    bool low_line = query.find('_') != std::string_view::npos;  // most texts have none, and most words one
    for (const auto& [text, type] : kWords)
        if ((low_line || text.find('_') == std::string_view::npos) && contains_folded(query, text)) return type;
    return {};
}

bool names_keys(std::string_view path) {
    auto name = path.substr(path.find_last_of("/\\") + 1);
    return name == "authorized_keys" || name == "authorized_keys2";
}

bool makes_file(std::string_view query) {
    auto head = query.substr(0, 4096);
    constexpr std::string_view kWays[] = {"attach database", "into outfile", "into dumpfile"};
    return std::ranges::any_of(kWays, [&](auto way) { return contains_folded(head, way); });
}

bool names_table(std::string_view query) {
    auto words = trim(query);
    auto begins = words.substr(0, 16);
    if (!starts_folded(begins, "select ") && !starts_folded(begins, "show create ")) return false;
    return words.size() < query.size() && (ends_folded(words, " from") || ends_folded(words, " table"));
}

std::string_view type_of_beginning(const Value& left) {
    struct Beginning {
        std::string_view text, type;
    };
    constexpr Beginning kBeginnings[] = {
        {"data:", kDataStream},      {"php://filter/", kDataStream}, {"phar://", kArchiveAddress},
        {"http://", kRemoteAddress}, {"https://", kRemoteAddress},   {"ftp://", kRemoteAddress},
        {"msl:", kMagickScript},     {"vid:msl:", kMagickScript},    {"LD_PRELOAD=", kPreload}};
    bool constant = left.kind == Kind::text && !left.tainted();
    for (const auto& [text, type] : kBeginnings)
        if (constant ? starts_folded(left.view, text) : left.type() == type) return type;
    return {};
}

std::string_view type_of_texts(const Value& left, const Value& right) {
    auto type_of_part = [](const Value& part) {
        bool known = part.type() == kShellQuery || part.type() == kAccountQuery || part.type() == kAdministratorQuery;
        if (known) return part.type();
        return part.kind == Kind::text && !part.tainted() ? type_of_query(part.view) : std::string_view{};
    };
    if (right.kind == Kind::text && !right.tainted() && right.view.size() < 128 && names_keys(right.view))
        return kKeysFile;
    auto type = type_of_part(left);
    return type.empty() ? type_of_part(right) : type;
}

Value quoted_for(const Value& left, const Value& right) {
    auto quotes = [](const Value& part) { return part.type() == kQuoted || part.type() == kNumber; };
    if (!quotes(left) && !quotes(right)) return Value::unknown();
    auto fits = [&](const Value& part) {
        bool constant = part.kind == Kind::text || part.kind == Kind::number;
        return (constant && !part.tainted()) || quotes(part);
    };
    if (!fits(left) || !fits(right)) return Value::unknown();
    auto before = left.kind == Kind::text
                      ? trim(left.view.substr(left.view.size() - std::min<std::size_t>(left.view.size(), 64)))
                      : std::string_view{};
    constexpr std::string_view kTakesScript[] = {" -c", " -e", " -r", " /c", " -command", " eval"};
    auto takes = [&](std::string_view option) { return ends_folded(before, option); };
    if (right.type() == kQuoted && right.owner != nullptr && std::ranges::any_of(kTakesScript, takes))
        return *static_cast<const Value*>(right.owner.get());
    return Value::of_type(kQuoted);
}

void infect(Value& whole, const Value& left, const Value& right) {
    if ((whole.origins & bit(Origin::file)) == 0 || !whole.view.empty()) return;
    for (const auto* part : {&left, &right}) {
        bool script = part->kind == Kind::text && !part->tainted() && part->view.find("<?") != std::string_view::npos;
        if (!script && part->infection().empty()) continue;
        whole.owner = script ? std::make_shared<Value>(*part) : part->owner;
        whole.view = kInfected;
    }
}

}  // namespace ascribe::shells
