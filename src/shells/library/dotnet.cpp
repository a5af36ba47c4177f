// What ASP.NET and the .NET library bring along, for C#, VB.NET and JScript.NET.
// https://learn.microsoft.com/dotnet/api/, https://learn.microsoft.com/dotnet/api/system.web.httprequest
#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/made.hpp"
#include "shells/library/paths.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

bool from_percents(Call& call) {
    auto text = call.text(0);
    return text && call.give(from_percent(*text, true));
}

/// A path of the page's own is a constant: where the site lies says nothing about it.
bool mapped(Call& call) {
    if (call.size() > 0 && !call.arguments[0].tainted() && call.arguments[0].has(flag::ending))
        return call.give(Value(call.arguments[0]));
    auto path = call.text(0);
    if (call.size() > 0 && !call.arguments[0].tainted() && !path) return call.give(Value::unknown());
    if (!path || call.arguments[0].tainted()) return false;
    auto flags = call.arguments[0].flags;
    if (!call.give(std::string(*path))) return false;
    call.result.flags = flags;
    return true;
}
/// A command holds its query; the connection that it goes through is no part of that.
bool holds_query(Call& call) {
    auto command = Value::of_type(call.entry.makes);
    if (call.size() > 0) taint(command, summary(call.arguments[0]));
    return call.give(std::move(command));
}

constexpr Entry kTable[] = {
    // What a visitor sends
    {.name = "$Request", .result = R::source, .origin = O::request},
    {.name = "Request.Form", .result = R::source, .origin = O::request},
    {.name = "Request.QueryString", .result = R::source, .origin = O::request},
    {.name = "Request.Params", .result = R::source, .origin = O::request},
    {.name = "Request.Item", .result = R::source, .origin = O::request},
    {.name = "Request.RawUrl", .result = R::source, .origin = O::request},
    {.name = "Request.Url", .result = R::source, .origin = O::request},
    {.name = "Request.Path", .result = R::cleans},
    {.name = "Request.FilePath", .result = R::cleans},
    {.name = "Request.CurrentExecutionFilePath", .result = R::cleans},
    {.name = "Request.AppRelativeCurrentExecutionFilePath", .result = R::cleans},
    {.name = "Request.PathInfo", .result = R::source, .origin = O::request},
    {.name = "Request.Cookies", .result = R::source, .origin = O::cookie},
    // ASP.NET Core
    {.name = "Request.Query", .result = R::source, .origin = O::request},
    {.name = "Request.RouteValues", .result = R::source, .origin = O::request},
    {.name = "Request.Body", .result = R::source, .origin = O::body, .makes = "Stream"},
    {.name = "Request.BodyReader", .result = R::source, .origin = O::body, .makes = "Stream"},
    {.name = "Request.Headers", .result = R::source, .origin = O::header},
    {.name = "Request.UserAgent", .result = R::source, .origin = O::header},
    {.name = "Request.UrlReferrer", .result = R::source, .origin = O::header},
    {.name = "Request.ServerVariables", .result = R::source, .origin = O::header},
    {.name = "Request.BinaryRead", .result = R::source, .origin = O::body},
    {.name = "Request.InputStream", .result = R::source, .origin = O::body, .makes = "Stream"},
    {.name = "Request.GetBufferlessInputStream", .result = R::source, .origin = O::body, .makes = "Stream"},
    {.name = "Request.ContentLength", .result = R::cleans},
    {.name = "Request.TotalBytes", .result = R::cleans},
    {.name = "Request.HttpMethod", .result = R::cleans},
    {.name = "Request.RequestType", .result = R::cleans},
    {.name = "Request.ContentType", .result = R::cleans},
    {.name = "Request.IsLocal", .result = R::authenticates},
    {.name = "Request.IsAuthenticated", .result = R::authenticates},
    {.name = "Request.IsSecureConnection", .result = R::cleans},
    {.name = "Request.UserHostAddress", .result = R::cleans},
    {.name = "Request.PhysicalPath", .result = R::cleans},
    {.name = "Request.PhysicalApplicationPath", .result = R::cleans},
    {.name = "Request.ApplicationPath", .result = R::cleans},
    {.name = "Request.Browser", .result = R::cleans},
    {.name = "Request.MapPath", .evaluate = mapped},
    {.name = "$Session", .result = R::source, .origin = O::session},
    {.name = "Session.SessionID", .result = R::cleans},
    {.name = "$Application", .result = R::source, .origin = O::session},
    {.name = "HttpRuntime.Cache", .result = R::source, .origin = O::session},
    // Fields of the page that a visitor fills in
    {.name = "TextBox.Text", .result = R::source, .origin = O::request},
    {.name = "HiddenField.Value", .result = R::source, .origin = O::request},
    {.name = "HtmlInputText.Value", .result = R::source, .origin = O::request},
    {.name = "HtmlInputText.InnerText", .result = R::source, .origin = O::request},
    {.name = "DropDownList.SelectedValue", .result = R::source, .origin = O::request},
    {.name = "ListBox.SelectedValue", .result = R::source, .origin = O::request},
    {.name = "RadioButtonList.SelectedValue", .result = R::source, .origin = O::request},
    {.name = "CheckBoxList.SelectedValue", .result = R::source, .origin = O::request},
    {.name = "DropDownList.Text", .result = R::source, .origin = O::request},
    {.name = "ListBox.Text", .result = R::source, .origin = O::request},
    {.name = "HtmlSelect.Value", .result = R::source, .origin = O::request},
    {.name = "HtmlInputControl.Value", .result = R::source, .origin = O::request},
    {.name = "HtmlTextArea.InnerText", .result = R::source, .origin = O::request},
    {.name = "DropDownList.SelectedItem", .result = R::source, .origin = O::request},
    {.name = "ListBox.SelectedItem", .result = R::source, .origin = O::request},
    {.name = "HtmlTextArea.Value", .result = R::source, .origin = O::request},
    {.name = "HtmlInputHidden.Value", .result = R::source, .origin = O::request},
    {.name = "HtmlInputPassword.Value", .result = R::source, .origin = O::request},
    {.name = ".CommandArgument", .result = R::source, .origin = O::request},
    {.name = "HttpPostedFile.ContentLength", .result = R::cleans},

    // Files
    {.name = "File.WriteAllText", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "File.WriteAllBytes", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "File.WriteAllLines", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "File.AppendAllText", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "File.CreateText", .sink = C::file_write, .takes = kFirst, .makes = "StreamWriter"},
    {.name = "File.AppendText", .sink = C::file_write, .takes = kFirst, .makes = "StreamWriter"},
    {.name = "File.Create", .sink = C::file_write, .takes = kFirst, .makes = "FileStream"},
    {.name = "File.OpenWrite", .sink = C::file_write, .takes = kFirst, .makes = "FileStream"},
    {.name = "File.Open", .sink = C::file_write, .takes = kFirst, .makes = "FileStream"},
    {.name = "new StreamWriter", .sink = C::file_write, .takes = kFirst, .makes = "StreamWriter"},
    {.name = "new FileStream", .sink = C::file_write, .takes = kFirst, .makes = "FileStream"},
    {.name = "StreamWriter.Write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "StreamWriter.WriteLine", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "FileStream.Write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "FileStream.WriteByte", .sink = C::file_write, .takes = kFirst | kObject},
    {.name = "new BinaryWriter", .evaluate = wrapped},
    {.name = "File.AppendAllLines", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "File.Replace", .sink = C::file_write, .takes = kFirst | kSecond},
    {.name = "XmlDocument.Save", .sink = C::file_write, .takes = kFirst | kObject},
    {.name = "ZipFile.ExtractToDirectory", .sink = C::file_write, .takes = kFirst | kSecond},
    {.name = "FileSystem.WriteAllText", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "FileSystem.WriteAllBytes", .sink = C::file_write, .takes = kFirst | kSecond, .content = kSecond},
    {.name = "FileSystem.ReadAllText", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "FileSystem.DeleteFile", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "Network.DownloadFile", .sink = C::download, .takes = kFirst | kSecond, .signal = "network.connect"},
    {.name = "BinaryWriter.Write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = ".CopyTo", .fills = kFirst},
    {.name = "File.ReadAllText", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "File.ReadAllBytes", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "File.ReadAllLines", .result = R::source, .origin = O::file, .sink = C::file_read, .takes = kFirst},
    {.name = "File.OpenText",
     .result = R::source,
     .origin = O::file,
     .sink = C::file_read,
     .takes = kFirst,
     .makes = "StreamReader"},
    {.name = "File.OpenRead",
     .result = R::source,
     .origin = O::file,
     .sink = C::file_read,
     .takes = kFirst,
     .makes = "Stream"},
    {.name = "new StreamReader", .sink = C::file_read, .takes = kFirst, .makes = "StreamReader"},
    {.name = "StreamReader.ReadToEnd"},
    {.name = "Response.WriteFile", .sink = C::file_read, .takes = kFirst, .signal = "files.send"},
    {.name = "Response.TransmitFile", .sink = C::file_read, .takes = kFirst, .signal = "files.send"},
    {.name = "File.Delete", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "File.Copy", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.copy"},
    {.name = "File.Move", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "File.SetAttributes", .sink = C::file_manage, .takes = kFirst, .signal = "chmod"},
    {.name = "File.SetLastWriteTime", .sink = C::file_manage, .takes = kFirst, .signal = "touch"},
    {.name = "File.SetCreationTime", .sink = C::file_manage, .takes = kFirst, .signal = "touch"},
    {.name = "File.SetLastAccessTime", .sink = C::file_manage, .takes = kFirst, .signal = "touch"},
    {.name = "FileInfo.LastWriteTime=", .sink = C::file_manage, .takes = kObject, .signal = "touch"},
    {.name = "FileInfo.CreationTime=", .sink = C::file_manage, .takes = kObject, .signal = "touch"},
    {.name = "File.Exists", .result = R::cleans},
    {.name = "Directory.Exists", .result = R::cleans},
    {.name = "Directory.Delete", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "Directory.Move", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "Directory.CreateDirectory", .sink = C::file_manage, .takes = kFirst, .signal = "files.create"},
    {.name = "Directory.GetFiles", .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "Directory.GetDirectories", .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "Directory.GetLogicalDrives", .result = R::cleans, .sink = C::inform, .signal = "files.drives"},
    {.name = "DriveInfo.GetDrives", .result = R::cleans, .sink = C::inform, .signal = "files.drives"},
    {.name = "Directory.GetFileSystemEntries", .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "Directory.EnumerateFiles", .sink = C::file_manage, .takes = kFirst, .signal = "files.list"},
    {.name = "DirectoryInfo.GetFileSystemInfos", .sink = C::file_manage, .takes = kObject, .signal = "files.list"},
    {.name = "DirectoryInfo.Create", .sink = C::file_manage, .takes = kObject, .signal = "files.create"},
    {.name = "FileInfo.OpenRead",
     .result = R::source,
     .origin = O::file,
     .sink = C::file_read,
     .takes = kObject,
     .makes = "Stream"},
    {.name = "new DirectoryInfo", .sink = C::file_read, .takes = kFirst, .makes = "DirectoryInfo"},
    {.name = "new FileInfo", .sink = C::file_read, .takes = kFirst, .makes = "FileInfo"},
    {.name = "DirectoryInfo.GetFiles", .sink = C::file_manage, .takes = kObject, .signal = "files.list"},
    {.name = "DirectoryInfo.GetDirectories", .sink = C::file_manage, .takes = kObject, .signal = "files.list"},
    {.name = "DirectoryInfo.Delete", .sink = C::file_manage, .takes = kObject, .signal = "files.delete"},
    {.name = "DirectoryInfo.MoveTo", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.move"},
    {.name = "FileInfo.Delete", .sink = C::file_manage, .takes = kObject, .signal = "files.delete"},
    {.name = "FileInfo.MoveTo", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.move"},
    {.name = "FileInfo.CopyTo", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.copy"},
    {.name = "FileInfo.Length", .result = R::cleans},
    {.name = "Path.GetFileName", .evaluate = base_name},
    {.name = "Path.Combine", .evaluate = joined_path},
    {.name = "Path.Join", .evaluate = joined_path},
    {.name = "Path.GetExtension"},
    {.name = "Server.MapPath", .evaluate = mapped},
    {.name = "HostingEnvironment.MapPath", .evaluate = mapped},
    {.name = "Page.MapPath", .evaluate = mapped},
    {.name = "XmlReader.Create"},
    {.name = "new XmlTextReader"},
    {.name = "new MemoryStream", .makes = "MemoryStream"},
    {.name = "HttpUtility.HtmlDecode"},
    {.name = "Server.HtmlDecode"},
    {.name = "Uri.UnescapeDataString", .evaluate = from_percents},
    {.name = "Regex.Replace"},
    {.name = "Array.Copy", .fills = kSecond | kThird},
    {.name = "Array.ConstrainedCopy", .fills = kThird},
    {.name = "Buffer.BlockCopy", .fills = kThird},
    {.name = "Server.HtmlEncode"},
    {.name = "Server.UrlEncode"},
    {.name = "Server.UrlDecode", .evaluate = from_percents},
    {.name = "HttpUtility.UrlDecode", .evaluate = from_percents},
    {.name = "Response.Redirect", .evaluate = ends_page},
    {.name = "Response.End", .evaluate = ends_page},
    {.name = "Server.Execute", .sink = C::include, .takes = kFirst},
    {.name = "Server.Transfer", .sink = C::include, .takes = kFirst},
    {.name = "Server.ScriptTimeout=", .signal = "time_limit_off"},

    // Databases
    {.name = "new SqlConnection",
     .sink = C::database,
     .takes = kFirst,
     .makes = "SqlConnection",
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "new OleDbConnection",
     .sink = C::database,
     .takes = kFirst,
     .makes = "OleDbConnection",
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "new OdbcConnection",
     .sink = C::database,
     .takes = kFirst,
     .makes = "OdbcConnection",
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = ".ConnectionString=",
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "new MySqlConnection",
     .sink = C::database,
     .takes = kFirst,
     .makes = "MySqlConnection",
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "new OracleConnection",
     .sink = C::database,
     .takes = kFirst,
     .makes = "OracleConnection",
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "new SqlCommand",
     .sink = C::database,
     .takes = kFirst,
     .makes = "SqlCommand",
     .signal = "database.query",
     .evaluate = holds_query},
    {.name = "new OleDbCommand",
     .sink = C::database,
     .takes = kFirst,
     .makes = "OleDbCommand",
     .signal = "database.query",
     .evaluate = holds_query},
    {.name = "new OdbcCommand",
     .sink = C::database,
     .takes = kFirst,
     .makes = "OdbcCommand",
     .signal = "database.query",
     .evaluate = holds_query},
    {.name = "new SqlDataAdapter", .sink = C::database, .takes = kFirst, .signal = "database.query"},
    {.name = "new OleDbDataAdapter", .sink = C::database, .takes = kFirst, .signal = "database.query"},
    {.name = ".CommandText=", .sink = C::database, .takes = kFirst, .signal = "database.query"},
    {.name = ".ExecuteReader", .result = R::source, .origin = O::database, .signal = "database.query"},
    {.name = ".ExecuteScalar", .result = R::source, .origin = O::database, .signal = "database.query"},
    {.name = ".ExecuteNonQuery", .result = R::cleans, .signal = "database.query"},

    // Other machines
    {.name = "WebClient.DownloadString",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect"},
    {.name = "WebClient.DownloadData",
     .result = R::source,
     .origin = O::network,
     .sink = C::tunnel,
     .takes = kFirst,
     .signal = "network.connect"},
    {.name = "WebClient.DownloadFile", .sink = C::download, .takes = kFirst | kSecond, .signal = "network.connect"},
    {.name = "WebRequest.Create",
     .sink = C::tunnel,
     .takes = kFirst,
     .makes = "HttpWebRequest",
     .signal = "network.connect"},
    {.name = "HttpWebRequest.GetResponse", .result = R::source, .origin = O::network},
    {.name = ".GetResponseStream", .result = R::source, .origin = O::network, .makes = "Stream"},
    {.name = "new Socket", .result = R::cleans, .makes = "Socket", .signal = "network.socket"},
    {.name = "new TcpClient", .sink = C::tunnel, .takes = kEvery, .makes = "TcpClient", .signal = "network.socket"},
    {.name = "new IPEndPoint"},
    {.name = "IPAddress.Parse"},
    {.name = "Dns.GetHostAddresses"},
    {.name = "Dns.GetHostEntry"},
    {.name = "Socket.BeginConnect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "TcpClient.GetStream", .makes = "NetworkStream"},
    {.name = "NetworkStream.Write", .sink = C::tunnel, .takes = kFirst},
    {.name = "NetworkStream.Read", .result = R::source, .origin = O::network, .fills = kFirst},
    {.name = "Socket.IOControl", .signal = "network.raw"},
    {.name = "Socket.Connect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "TcpClient.Connect", .sink = C::tunnel, .takes = kEvery, .signal = "network.connect"},
    {.name = "Socket.Receive", .result = R::source, .origin = O::network, .fills = kFirst},
    {.name = "Socket.Send", .sink = C::tunnel, .takes = kFirst},
    {.name = "new TcpListener", .result = R::cleans, .signal = "network.listen"},
    {.name = "SmtpClient.Send", .sink = C::mail, .takes = kEvery},
    {.name = "new MailMessage", .makes = "MailMessage", .evaluate = tells_recipient<1>},
    {.name = "To.Add", .fills = kObject, .evaluate = tells_recipient<0>},
    {.name = "CC.Add", .fills = kObject, .evaluate = tells_recipient<0>},
    {.name = "Bcc.Add", .fills = kObject, .evaluate = tells_recipient<0>},
    {.name = "MailMessage.To=", .evaluate = tells_recipient<0>},
    {.name = "SmtpMail.Send", .sink = C::mail, .takes = kEvery, .evaluate = tells_recipient<1>},

    // About the system
    {.name = "Registry.GetValue",
     .result = R::source,
     .origin = O::environment,
     .sink = C::inform,
     .takes = kFirst,
     .signal = "registry.read"},
    {.name = "RegistryKey.GetValue", .result = R::source, .origin = O::environment, .signal = "registry.read"},
    {.name = ".OpenSubKey", .sink = C::inform, .takes = kFirst, .makes = "RegistryKey", .signal = "registry.read"},
    {.name = ".GetSubKeyNames", .result = R::source, .origin = O::environment},
    {.name = ".GetValueNames", .result = R::source, .origin = O::environment},
    {.name = "RegistryKey.SetValue", .sink = C::command, .takes = kEvery, .signal = "registry.write"},
    {.name = "Registry.SetValue", .sink = C::command, .takes = kEvery, .signal = "registry.write"},
    {.name = "new DirectoryEntry", .makes = "DirectoryEntry", .evaluate = reads_directory},
    {.name = "Environment.GetEnvironmentVariable", .result = R::source, .origin = O::environment},
    {.name = "Environment.MachineName", .result = R::cleans, .signal = "inform.system"},
    {.name = "Environment.UserName", .result = R::cleans, .signal = "inform.user"},
    {.name = "Environment.OSVersion", .result = R::cleans, .signal = "inform.system"},
    {.name = "WindowsIdentity.GetCurrent", .result = R::cleans, .signal = "inform.user"},
    {.name = "ConfigurationManager.AppSettings", .result = R::cleans},
    {.name = "ConfigurationManager.ConnectionStrings", .result = R::cleans, .signal = "inform.connections"},
};

}  // namespace

const std::span<const Entry> kDotnetLibrary = kTable;

std::string_view dotnet_type(std::string_view had, std::string_view declared) {
    struct Name {
        std::string_view declared, known;
    };
    // What the page offers under a shorter name. https://learn.microsoft.com/dotnet/api/system.web.httpcontext
    static constexpr Name kSame[] = {{"HttpRequest", "Request"},         {"HttpRequestBase", "Request"},
                                     {"HttpListenerRequest", "Request"}, {"HttpServerUtility", "Server"},
                                     {"HttpSessionState", "Session"},    {"HttpApplicationState", "Application"}};
    for (const auto& name : kSame)
        if (equals_folded(name.declared, declared)) return name.known;
    if (equals_folded(declared, "object") && !had.empty()) return had;  // which every type is
    // What a process reads is a StreamWriter, and more than that.
    static constexpr Name kNarrower[] = {
        {"StreamWriter", "ProcessInput"}, {"TextWriter", "ProcessInput"}, {"MethodInfo", "PropertyAccessor"}};
    for (const auto& name : kNarrower)
        if (equals_folded(name.declared, declared) && equals_folded(name.known, had)) return name.known;
    return declared;
}

}  // namespace ascribe::shells
