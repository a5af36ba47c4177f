// What a constant text tells of itself: a script, a command line, a setting, a path, a query.
#pragma once

#include <cstdint>
#include <string_view>

#include "shells/machine/value.hpp"

namespace ascribe::shells {

/// Which language a text is a script of, when it is written to a file.
Language script_in(std::string_view text);
/// Whether a script of PHP says nothing but comments, as those that keep a folder from being listed.
bool is_silent(std::string_view script);
/// A setting of the web server that keeps visitors out of a folder, and no other but which files and that lists
/// nothing. https://httpd.apache.org/docs/2.4/howto/access.html
bool only_denies(std::string_view setting);
/// A command interpreter and nothing for it to do: what it reads comes from elsewhere.
bool is_interpreter(std::string_view command);
/// A command line that ties an interpreter to a connection of its own: bash's /dev/tcp, netcat's -e.
/// https://www.gnu.org/software/bash/manual/html_node/Redirections.html, https://nmap.org/ncat/guide/ncat-exec.html
bool calls_home(std::string_view command);
/// A command line that gets a program from another server and runs it.
bool runs_fetched(std::string_view command);
/// A setting of the web server that has files of another kind run as PHP.
/// https://httpd.apache.org/docs/2.4/mod/mod_mime.html#addtype
bool maps_to_php(std::string_view text);
/// A setting of PHP that has a file run before every script: one that is no script itself, or none at all.
/// https://www.php.net/manual/en/ini.core.php#ini.auto-prepend-file
bool prepends_other(std::string_view text);
/// What a text of PHP is, whatever follows this; "" where that tells nothing.
std::string_view type_of_beginning(const Value& left);
/// The type of a query of which this is a part; "" where it tells nothing.
std::string_view type_of_query(std::string_view part);
/// Whether a path is that of the keys that log in to a server.
bool names_keys(std::string_view path);
/// Whether a query has the database make a file: https://www.sqlite.org/lang_attach.html,
/// https://dev.mysql.com/doc/refman/8.0/en/select-into.html
bool makes_file(std::string_view query);
/// Whether a constant is a query up to the name of the table that it reads.
bool names_table(std::string_view query);
/// What a query with data in it is by one of its parts, wherever that stands; "" where none tells.
std::string_view type_of_texts(const Value& left, const Value& right);
/// A command line with arguments that were quoted: these are arguments and no more, unless the program takes the next
/// one as a script. Unknown where it is none.
Value quoted_for(const Value& left, const Value& right);
/// A constant script that becomes part of what a file holds stays with the whole: so scripts are infected.
void infect(Value& whole, const Value& left, const Value& right);

}  // namespace ascribe::shells
