// What JSP and the Java library bring along. https://docs.oracle.com/en/java/javase/21/docs/api/,
// https://jakarta.ee/specifications/servlet/6.0/apidocs/
#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/made.hpp"
#include "shells/library/paths.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"
#include "shells/page/decode.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

/// new String(bytes), new String(new char[]{...}), String.valueOf(chars)
bool text_from(Call& call) {
    if (call.size() == 0) return false;
    if (const auto* list = call.list(0)) {
        if (list->rest.kind != Kind::nothing) return false;
        std::string out;
        for (const auto& item : list->items) {
            if (item.value.tainted() || out.size() > kMostMade) return false;
            if (item.value.kind == Kind::text) {
                out += item.value.view;
                continue;
            }
            auto number = number_of(item.value);
            if (!number) return false;
            auto code =
                static_cast<std::uint32_t>(static_cast<std::int64_t>(std::clamp(*number, -1e6, 1e6))) & 0x1FFFFF;
            if (*number < 0) code &= 0xFF;
            if (code < 256)
                out += static_cast<char>(static_cast<unsigned char>(code));
            else
                append_utf8(out, code);
        }
        return call.give(std::move(out));
    }
    auto text = call.text(0);
    return text && call.give(std::string(*text));
}
bool percent(Call& call) {
    auto text = call.text(0);
    return text && call.give(from_percent(*text, true));
}
bool substring(Call& call) {
    auto text = object_text(call);
    auto from = call.number(0);
    if (!text || !from || (call.size() > 1 && !call.number(1))) return false;
    auto begin = clamped(*from, text->size()), end = clamped(call.number(1, 1e9), text->size());
    return call.give(std::string(text->substr(begin, end > begin ? end - begin : 0)));
}
bool char_at(Call& call) {
    auto text = object_text(call);
    auto at = call.number(0);
    if (!text || !at) return false;
    auto where = clamped(*at, text->size());
    return call.give(where < text->size() ? std::string(1, (*text)[where]) : std::string());
}
bool concatenated(Call& call) {
    auto text = object_text(call);
    auto more = call.text(0);
    if (!text || !more || call.arguments[0].tainted()) return false;
    return call.give(std::string(*text).append(*more));
}
bool replaced(Call& call) {
    auto text = object_text(call);
    auto from = call.text(0), to = call.text(1);
    if (!text || !from || !to || from->empty() || call.arguments[1].tainted()) return false;
    auto out = replaced_all(*text, *from, *to);
    return out && call.give(std::move(*out));
}
bool split(Call& call) {
    auto text = object_text(call);
    auto separator = call.text(0);
    if (!text || !separator || separator->empty()) return false;
    std::string plain;
    for (char c : *separator)
        if (c != '\\') plain += c;
    if (plain.empty()) return false;
    return call.give(parts_of(*text, plain));
}
bool length(Call& call) {
    auto text = object_text(call);
    return text && call.give(static_cast<double>(text->size()));
}
bool same(Call& call) {
    if (call.object == nullptr || call.object->tainted() || call.object->kind == Kind::list) return false;
    auto text = text_of(*call.object);
    return text && call.give(std::move(*text));
}
bool characters(Call& call) {
    auto text = object_text(call);
    if (!text || text->size() > kMostItems) return false;
    auto list = std::make_shared<List>();
    for (char c : *text) list->append(Value::text(std::string(1, c)));
    return call.give(std::move(list));
}
bool number_from(Call& call) {
    auto text = call.text(0);
    if (!text) return false;
    if (call.number(1, 10) != 16) return call.give(leading_number(*text));
    double value = 0;
    for (char c : *text) {
        char d = lower(c);
        bool digit = d >= '0' && d <= '9';
        if (!digit && !(d >= 'a' && d <= 'f')) break;
        value = value * 16 + (digit ? d - '0' : d - 'a' + 10);
    }
    return call.give(value);
}
bool array_list(Call& call) {
    auto list = std::make_shared<List>();
    for (auto& value : call.arguments) list->append(value);
    return call.give(std::move(list));
}

/// Class.forName("java.lang.Runtime"): the type by its name, however the name was put together.
bool for_name(Call& call) {
    if (call.size() > 0 && names_own_type(call.arguments[0])) return call.give(own_type(call.arguments[0]));
    auto name = call.text(0);
    if (!name || name->empty()) return false;
    auto last = name->substr(name->rfind('.') + 1);
    if (call.arguments[0].has(flag::assembled | flag::decoded)) call.machine.signal("conceal.type_name", call.span);
    if (last == "Runtime" || last == "ProcessBuilder" || last == "ProcessImpl" || last == "UNIXProcess")
        call.machine.signal("reflection.command", call.span);
    auto value = Value::of_type(call.machine.intern(last));
    value.flags |= flag::name;
    return call.give(std::move(value));
}

/// type.getMethod("set" + name): one of those that fill a bean, whichever a visitor names.
bool method_of(Call& call) {
    bool fills = call.size() > 0 && beginning_of(call.arguments[0]) == "set";
    return fills && call.give(Value::of_type("Setter"));
}

constexpr Entry kTable[] = {
    // What a visitor sends
    {.name = "request.getParameter", .result = R::source, .origin = O::request},
    {.name = "request.getParameterValues", .result = R::source, .origin = O::request},
    {.name = "request.getParameterMap", .result = R::source, .origin = O::request},
    {.name = "request.getParameterNames", .result = R::source, .origin = O::request},
    {.name = "request.getQueryString", .result = R::source, .origin = O::request},
    {.name = "request.getRequestURI", .result = R::cleans},
    {.name = "request.getPathInfo", .result = R::source, .origin = O::request},
    {.name = "request.getHeader", .result = R::source, .origin = O::header},
    {.name = "request.getHeaders", .result = R::source, .origin = O::header},
    {.name = "request.getCookies", .result = R::source, .origin = O::cookie},
    {.name = "request.getInputStream", .result = R::source, .origin = O::body, .makes = "InputStream"},
    {.name = "request.getReader", .result = R::source, .origin = O::body, .makes = "BufferedReader"},
    {.name = "request.getMethod", .result = R::cleans},
    {.name = "request.getSession", .result = R::cleans, .makes = "session"},
    {.name = "request.getContextPath", .result = R::cleans},
    {.name = "request.getServletPath", .result = R::cleans},
    {.name = "request.getContentLength", .result = R::cleans},
    {.name = "request.getContentType", .result = R::cleans},
    {.name = "request.getRemoteAddr", .result = R::cleans},
    {.name = "request.getRemoteUser", .result = R::authenticates},
    {.name = "request.getUserPrincipal", .result = R::authenticates},
    {.name = "request.isUserInRole", .result = R::authenticates},
    {.name = "request.getServerName", .result = R::cleans},
    {.name = "request.getServerPort", .result = R::cleans},
    {.name = "request.getScheme", .result = R::cleans},
    {.name = "request.getAttribute", .result = R::authenticates},  // as a filter, or a tag, has set it
    {.name = ".getParameter", .result = R::source, .origin = O::request},
    {.name = ".getParameterValues", .result = R::source, .origin = O::request},
    {.name = ".getParameterMap", .result = R::source, .origin = O::request},
    {.name = ".getHeader", .result = R::source, .origin = O::header},
    {.name = ".getQueryString", .result = R::source, .origin = O::request},
    {.name = "HttpServletRequest.getInputStream", .result = R::source, .origin = O::body, .makes = "InputStream"},
    {.name = "HttpServletRequest.getReader", .result = R::source, .origin = O::body, .makes = "BufferedReader"},
    {.name = "pageContext.getRequest", .result = R::cleans, .makes = "request"},
    {.name = "pageContext.getSession", .result = R::cleans, .makes = "session"},
    {.name = "$param", .result = R::source, .origin = O::request},
    {.name = "$paramValues", .result = R::source, .origin = O::request},
    {.name = "$header", .result = R::source, .origin = O::header},
    {.name = "$cookie", .result = R::source, .origin = O::cookie},
    {.name = "session.getAttribute", .result = R::source, .origin = O::session},
    {.name = "session.getValue", .result = R::source, .origin = O::session},
    {.name = "session.getId", .result = R::cleans},
    {.name = "application.getAttribute", .result = R::cleans},

    // Commands
    {.name = "Runtime.getRuntime", .result = R::cleans, .makes = "Runtime"},
    {.name = "Runtime.exec", .sink = C::command, .takes = kFirst, .makes = "Process"},
    {.name = "new ProcessBuilder", .sink = C::command, .takes = kEvery, .makes = "ProcessBuilder"},
    {.name = "ProcessBuilder.command", .sink = C::command, .takes = kEvery, .makes = "ProcessBuilder"},
    {.name = "ProcessBuilder.start", .result = R::passes, .makes = "Process", .signal = "process.start"},
    {.name = "ProcessImpl.start", .sink = C::command, .takes = kFirst},
    {.name = "Process.getOutputStream", .makes = "ProcessInput"},
    {.name = "ProcessInput.write", .sink = C::command, .takes = kFirst},
    {.name = "Process.getInputStream", .makes = "InputStream"},
    {.name = "Process.getErrorStream", .makes = "InputStream"},
    {.name = ".exec", .sink = C::command, .takes = kFirst},
    {.name = "MethodUtil.invoke", .sink = C::code, .takes = kEvery, .signal = "reflection.invoke"},

    // Loading code from bytes
    {.name = "defineClass", .sink = C::loader, .takes = kEvery, .signal = "loader.class"},
    {.name = ".defineClass", .sink = C::loader, .takes = kEvery, .makes = "Class", .signal = "loader.class"},
    {.name = "Unsafe.defineAnonymousClass", .sink = C::loader, .takes = kEvery, .signal = "loader.class"},
    {.name = "new URLClassLoader",
     .sink = C::loader,
     .takes = kFirst,
     .makes = "URLClassLoader",
     .signal = "loader.url"},
    {.name = "URLClassLoader.newInstance",
     .sink = C::loader,
     .takes = kFirst,
     .makes = "URLClassLoader",
     .signal = "loader.url"},
    {.name = "ClassLoader.loadClass", .sink = C::loader, .takes = kFirst, .makes = "Class"},
    {.name = ".loadClass", .sink = C::loader, .takes = kFirst, .makes = "Class"},
    {.name = "new ClassLoader", .result = R::cleans, .makes = "ClassLoader", .signal = "loader.bcel"},
    {.name = "System.load", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "System.loadLibrary", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "Runtime.load", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "Runtime.loadLibrary", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "ObjectInputStream.readObject", .sink = C::loader, .takes = kObject, .signal = "loader.deserialise"},
    {.name = "Class.forName", .evaluate = for_name},
    {.name = ".getMethod", .signal = "reflection", .evaluate = method_of},
    {.name = "Setter.invoke"},
    {.name = ".getDeclaredMethod", .signal = "reflection"},
    {.name = ".setAccessible", .result = R::cleans, .signal = "reflection.accessible"},
    {.name = ".invoke", .sink = C::code, .takes = kEvery, .signal = "reflection.invoke"},
    {.name = ".newInstance", .sink = C::code, .takes = kEvery, .signal = "reflection.instance"},
    {.name = "FilterRegistration.addMappingForUrlPatterns", .signal = "memory.filter"},
    {.name = "ServletContext.addFilter", .signal = "memory.filter"},
    {.name = "ServletContext.addServlet", .signal = "memory.servlet"},
    {.name = "ServletContext.addListener", .signal = "memory.listener"},
    {.name = ".addFilterMapBefore", .signal = "memory.filter"},
    {.name = ".addFilterDef", .signal = "memory.filter"},
    {.name = ".addApplicationEventListener", .signal = "memory.listener"},
    {.name = ".createWrapper", .signal = "memory.servlet"},
    {.name = ".addServletMappingDecoded", .signal = "memory.servlet"},
    {.name = ".addValve", .signal = "memory.valve"},
    {.name = "ServerContainer.addEndpoint", .signal = "memory.endpoint"},
    {.name = ".addEndpoint", .signal = "memory.endpoint"},
    {.name = "AsynchronousSocketChannel.connect", .sink = C::tunnel, .takes = kFirst, .signal = "network.connect"},
    {.name = "AsynchronousSocketChannel.open",
     .result = R::cleans,
     .makes = "AsynchronousSocketChannel",
     .signal = "network.socket"},
    {.name = "AsynchronousSocketChannel.write", .sink = C::tunnel, .takes = kFirst},

    // Files
    {.name = "new FileOutputStream", .sink = C::file_write, .takes = kFirst, .makes = "FileOutputStream"},
    {.name = "new FileWriter", .sink = C::file_write, .takes = kFirst, .makes = "FileWriter"},
    {.name = "new PrintWriter", .sink = C::file_write, .takes = kFirst, .makes = "PrintWriter"},
    {.name = "new PrintStream", .sink = C::file_write, .takes = kFirst, .makes = "PrintStream"},
    {.name = "new FileHandler", .sink = C::file_write, .takes = kFirst, .makes = "FileHandler"},
    {.name = "new RandomAccessFile", .sink = C::file_write, .takes = kFirst, .makes = "RandomAccessFile"},
    {.name = "FileOutputStream.write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "FileWriter.write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "FileWriter.append", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "RandomAccessFile.write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "new BufferedOutputStream", .evaluate = wrapped},
    {.name = "new BufferedWriter", .evaluate = wrapped},
    {.name = "new OutputStreamWriter", .evaluate = wrapped},
    {.name = "new DataOutputStream", .evaluate = wrapped},
    {.name = "IOUtils.copy", .fills = kSecond},
    {.name = "FileCopyUtils.copy", .sink = C::file_write, .takes = kFirst | kSecond},
    {.name = "IOUtils.write", .fills = kSecond},
    {.name = "Files.write", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "Files.writeString", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "Files.copy", .sink = C::file_write, .takes = kFirst | kSecond, .content = kFirst},
    {.name = "Files.newOutputStream", .sink = C::file_write, .takes = kFirst, .makes = "FileOutputStream"},
    {.name = "FileUtils.writeStringToFile", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "FileUtils.writeByteArrayToFile", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "new FileInputStream", .sink = C::file_read, .takes = kFirst, .makes = "FileInputStream"},
    {.name = "new FileReader", .sink = C::file_read, .takes = kFirst, .makes = "FileReader"},
    {.name = "Files.readAllBytes", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "Files.readAllLines", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "Files.delete", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "Files.move", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "new File", .makes = "File", .evaluate = joined_path},
    {.name = "File.getName", .evaluate = base_name},
    {.name = "Paths.get", .makes = "Path", .evaluate = joined_path},
    {.name = "Path.of", .makes = "Path", .evaluate = joined_path},
    {.name = "Path.resolve", .makes = "Path", .evaluate = path_below},
    {.name = "Path.getFileName", .evaluate = base_name},
    {.name = "FilenameUtils.getName", .evaluate = base_name},
    {.name = "File.delete", .sink = C::file_manage, .takes = kObject, .signal = "files.delete"},
    {.name = "File.renameTo", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.rename"},
    {.name = "File.mkdir", .sink = C::file_manage, .takes = kObject, .signal = "files.create"},
    {.name = "File.mkdirs", .sink = C::file_manage, .takes = kObject, .signal = "files.create"},
    {.name = "File.createNewFile", .sink = C::file_manage, .takes = kObject, .signal = "files.create"},
    {.name = "File.listFiles", .sink = C::file_manage, .takes = kObject, .signal = "files.list"},
    {.name = "File.list", .sink = C::file_manage, .takes = kObject, .signal = "files.list"},
    {.name = "File.setLastModified", .sink = C::file_manage, .takes = kObject, .signal = "touch"},
    {.name = "File.listRoots", .result = R::cleans, .sink = C::inform, .signal = "files.drives"},
    {.name = "File.exists", .result = R::cleans},
    {.name = "File.length", .result = R::cleans},
    {.name = "File.isDirectory", .result = R::cleans},
    {.name = "File.isFile", .result = R::cleans},
    {.name = "File.lastModified", .result = R::cleans},

    // Databases
    {.name = "DriverManager.getConnection",
     .sink = C::database,
     .takes = kEvery,
     .makes = "Connection",
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "Connection.createStatement", .makes = "Statement"},
    {.name = "Connection.getMetaData", .result = R::cleans, .makes = "DatabaseMetaData"},
    {.name = "DatabaseMetaData.getTables",
     .result = R::source,
     .origin = O::database,
     .makes = "ResultSet",
     .signal = "database.list"},
    {.name = "Connection.prepareStatement",
     .sink = C::database,
     .takes = kFirst,
     .makes = "Statement",
     .signal = "database.query"},
    {.name = "Statement.executeQuery",
     .result = R::source,
     .origin = O::database,
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.query"},
    {.name = "Statement.executeUpdate", .sink = C::database, .takes = kFirst, .signal = "database.query"},
    {.name = "Statement.execute", .sink = C::database, .takes = kFirst, .signal = "database.query"},
    {.name = ".executeQuery",
     .result = R::source,
     .origin = O::database,
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.query"},
    {.name = "JdbcTemplate.execute", .sink = C::database, .takes = kFirst, .signal = "database.query"},
    {.name = "JdbcTemplate.queryForList",
     .result = R::source,
     .origin = O::database,
     .sink = C::database,
     .takes = kFirst},

    // Other machines
    {.name = "new Socket", .sink = C::tunnel, .takes = kEvery, .makes = "Socket", .signal = "network.socket"},
    {.name = "new ServerSocket", .sink = C::tunnel, .takes = kEvery, .signal = "network.listen"},
    {.name = "new InetSocketAddress", .signal = "network.address"},
    {.name = "SocketChannel.connect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "SocketChannel.open", .result = R::cleans, .makes = "SocketChannel", .signal = "network.socket"},
    {.name = "SocketChannel.write", .sink = C::tunnel, .takes = kFirst},
    {.name = "SocketChannel.read", .result = R::source, .origin = O::network, .fills = kFirst},
    {.name = "Socket.getInputStream", .result = R::source, .origin = O::network, .makes = "InputStream"},
    {.name = "Socket.getOutputStream", .makes = "SocketOutput"},
    {.name = "SocketOutput.write", .sink = C::tunnel, .takes = kFirst},
    {.name = "URL.openConnection",
     .sink = C::tunnel,
     .takes = kObject,
     .makes = "URLConnection",
     .signal = "network.connect"},
    {.name = "URL.openStream",
     .result = R::source,
     .origin = O::network,
     .makes = "InputStream",
     .signal = "network.connect"},
    {.name = "URLConnection.getInputStream", .result = R::source, .origin = O::network, .makes = "InputStream"},

    // About the system
    {.name = "System.getProperty", .result = R::cleans, .signal = "inform.system"},
    {.name = "System.getProperties", .result = R::cleans, .sink = C::inform, .signal = "inform.system"},
    {.name = "System.getenv",
     .result = R::source,
     .origin = O::environment,
     .sink = C::inform,
     .signal = "inform.environment"},
    {.name = "InetAddress.getLocalHost", .result = R::cleans, .signal = "inform.system"},

    // Forms of the same
    {.name = kSized, .evaluate = sized},
    {.name = "new String", .result = R::letters, .evaluate = text_from},
    {.name = "String.valueOf", .result = R::letters, .evaluate = text_from},
    {.name = "String.copyValueOf", .evaluate = text_from},
    {.name = "Character.toString", .result = R::letters, .evaluate = text_from},
    {.name = "String.getBytes", .evaluate = same},
    {.name = "String.toString", .evaluate = same},
    {.name = "String.trim", .evaluate = same},
    {.name = "String.intern", .evaluate = same},
    {.name = "String.toLowerCase", .evaluate = low},
    {.name = "String.length", .result = R::cleans, .evaluate = length, .glances = true},
    {.name = "String.substring", .evaluate = substring, .glances = true},
    {.name = "String.charAt", .evaluate = char_at, .glances = true},
    {.name = "String.concat", .evaluate = concatenated},
    {.name = "String.replace", .evaluate = replaced},
    {.name = "String.replaceAll", .evaluate = replaced},
    {.name = "String.split", .evaluate = split},
    {.name = "String.toCharArray", .evaluate = characters},
    {.name = ".append", .fills = kObject},
    {.name = ".add", .fills = kObject},
    {.name = ".read", .fills = kFirst},
    {.name = ".write", .result = R::letters, .fills = kObject},
    {.name = "Arrays.asList", .evaluate = array_list},
    {.name = "List.of", .evaluate = array_list},
    {.name = "Integer.parseInt", .result = R::numbers, .evaluate = number_from},
    {.name = "Integer.valueOf", .result = R::numbers, .evaluate = number_from},
    {.name = "Long.parseLong", .result = R::cleans, .evaluate = number_from},
    {.name = "Byte.parseByte", .result = R::numbers, .evaluate = number_from},
    {.name = "Boolean.parseBoolean", .result = R::cleans},
    {.name = "BASE64Decoder.decodeBuffer", .result = R::decodes, .evaluate = base64},
    {.name = ".decodeBuffer", .result = R::decodes, .evaluate = base64},
    {.name = "Base64.decodeBase64", .result = R::decodes, .evaluate = base64},
    {.name = "Base64.getDecoder", .result = R::cleans, .makes = "Base64Decoder"},
    {.name = "Base64Decoder.decode", .result = R::decodes, .evaluate = base64},
    {.name = "DatatypeConverter.parseBase64Binary", .result = R::decodes, .evaluate = base64},
    {.name = "DatatypeConverter.parseHexBinary", .result = R::decodes, .evaluate = hex},
    {.name = "Hex.decodeHex", .result = R::decodes, .evaluate = hex},
    {.name = "URLDecoder.decode", .result = R::decodes, .evaluate = percent},
    {.name = "Cipher.doFinal", .result = R::decodes, .signal = "decrypt"},
    {.name = "Cipher.getInstance", .result = R::cleans, .makes = "Cipher", .signal = "decrypt"},
    {.name = "new GZIPInputStream", .result = R::decodes},
    {.name = "new InflaterInputStream", .result = R::decodes},
    {.name = "new SecretKeySpec", .result = R::cleans, .signal = "key"},
    {.name = "Message.setRecipients", .evaluate = tells_recipient<1>},
    {.name = "MimeMessage.setRecipients", .evaluate = tells_recipient<1>},
    {.name = "MimeMessage.addRecipient", .evaluate = tells_recipient<1>},
    {.name = "MessageDigest.getInstance", .result = R::cleans, .makes = "MessageDigest"},
    {.name = ".length", .result = R::cleans},
    {.name = ".size", .result = R::cleans},
    {.name = ".indexOf", .result = R::numbers, .evaluate = index_in_list},
    {.name = ".lastIndexOf", .result = R::cleans},
    {.name = ".equals", .result = R::verifies, .evaluate = equals},
    {.name = ".equalsIgnoreCase", .result = R::verifies, .evaluate = equals},
    {.name = ".startsWith", .result = R::verifies},
    {.name = ".endsWith", .result = R::verifies},
    {.name = ".contains", .result = R::verifies},
    {.name = ".matches", .result = R::verifies},
    {.name = ".isEmpty", .result = R::cleans},
    {.name = ".hashCode", .result = R::cleans},
};

}  // namespace

const std::span<const Entry> kJavaLibrary = kTable;

}  // namespace ascribe::shells
