// What classic ASP brings along: its own objects, and those that CreateObject gives by a name that a script may
// assemble. https://learn.microsoft.com/previous-versions/iis/6.0-sdk/ms524664(v=vs.90),
// https://learn.microsoft.com/previous-versions/windows/internet-explorer/ie-developer/windows-scripting/
#include <algorithm>

#include "base/text.hpp"
#include "shells/library/encodings.hpp"
#include "shells/library/made.hpp"
#include "shells/library/paths.hpp"
#include "shells/library/stylesheet.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using O = Origin;
using R = Result;

/// The type that stands for a ProgID: versions and vendors of the same thing are one.
std::string_view type_of_program(std::string_view name) {
    struct Program {
        std::string_view part, type;
    };
    static constexpr Program kPrograms[] = {
        {"wscript.shell", "wshshell"},
        {"shell.application", "shellapplication"},
        {"adodb.stream", "adostream"},
        {"scripting.filesystem", "filesystemobject"},
        {"filesystemobject", "filesystemobject"},
        {"adodb.connection", "adoconnection"},
        {"adodb.recordset", "adorecordset"},
        {"adodb.command", "adocommand"},
        {"xmlhttp", "xmlhttp"},
        {"winhttp", "xmlhttp"},
        {"scriptcontrol", "scriptcontrol"},
        {"xmldom", "domdocument"},
        {"domdocument", "domdocument"},
        {"scripting.dictionary", "dictionary"},
        {"cdo.", "mailmessage"},
        {"cdonts", "mailmessage"},
        {"jmail", "mailmessage"},
        {"wscript.network", "wshnetwork"},
        {"adox.", "adocatalog"},
        {"jro.", "adocatalog"},
        {"swbemlocator", "wmi"},
        {"winmgmts", "wmi"},
        // The same by class identifier, as <object classid=...> and GetObject("new:...") take it.
        {"72c24dd5-d70a-438b-8a42-98424b88afb8", "wshshell"},
        {"f935dc22-1cf0-11d0-adb9-00c04fd58a0b", "wshshell"},
        {"093ff999-1ea0-4079-9525-9614c3504b74", "wshnetwork"},
        {"f935dc26-1cf0-11d0-adb9-00c04fd58a0b", "wshnetwork"},
        {"0d43fe01-f093-11cf-8940-00a0c9054228", "filesystemobject"},
        {"13709620-c279-11ce-a49e-444553540000", "shellapplication"},
        {"00000566-0000-0010-8000-00aa006d2ea4", "adostream"},
        {"00000514-0000-0010-8000-00aa006d2ea4", "adoconnection"},
        {"0e59f1d5-1fbe-11d0-8ff2-00a0d10038bc", "scriptcontrol"},
        {"upload", "uploadcomponent"},
        {"servu", "tunnelobject"},
        {"internetexplorer", "xmlhttp"},
        {"sqldmo", "adoconnection"},
        {"regexp", "regexp"},
        {"mswc.tools", "mswctools"},
        {"iis://", "directoryobject"},
        {"winnt://", "directoryobject"},
        {"ldap://", "directoryobject"},
    };
    auto lowered = lower(name);
    for (const auto& program : kPrograms)
        if (lowered.find(program.part) != std::string::npos) return program.type;
    return "comobject";
}

bool create_object(Call& call) {
    bool visitors =
        call.size() > 0 && call.arguments[0].tainted() && strongest(call.arguments[0].origins) < Origin::session;
    if (visitors) call.machine.signal("object.visitors_name", call.span);
    auto name = call.text(0);
    if (!name) return false;
    auto& argument = call.arguments[0];
    bool hidden = argument.has(flag::assembled | flag::decoded);
    auto type = type_of_program(*name);
    if (hidden && type != "comobject") call.machine.signal("conceal.object_name", call.span);
    if (type == "wshshell" || type == "shellapplication" || type == "wmi")
        call.machine.signal("object.shell", call.span);
    if (type == "filesystemobject") call.machine.signal("object.files", call.span);
    if (type == "adostream") call.machine.signal("object.stream", call.span);
    if (type == "directoryobject") call.machine.signal("inform.directory", call.span);
    if (type == "scriptcontrol") call.machine.signal("object.script", call.span);
    if (type == "regexp") return call.give_object(type);
    return call.give(Value::of_type(type));
}

/// document.load(Request): what the visitor sent.
bool reads_request(Call& call) {
    bool visitors = call.size() > 0 && equals_folded(last_part(call.arguments[0].type()), "request");
    if (visitors) call.set_object(call.machine.source(Origin::body, "Request", call.span));
    return false;
}

/// A path or command line of the page's own, with names of folders in it: no more is told of the environment.
bool expanded(Call& call) {
    if (call.size() == 0 || call.arguments[0].tainted()) return false;
    auto text = call.arguments[0].kind == Kind::text ? call.text(0) : std::nullopt;
    bool own = text && (!text->contains('%') || text->find_first_of("\\/ ") != std::string_view::npos);
    return (own || options_of(call.arguments[0]) != nullptr) && call.give(Value(call.arguments[0]));
}

/// Node.text = x; Node.dataType = "bin.base64"; Node.nodeTypedValue: MSXML as a decoder.
constexpr Entry kTable[] = {
    {.name = ".execScript", .sink = C::code, .takes = kFirst},
    // What a visitor sends
    {.name = "$Request", .result = R::source, .origin = O::request},
    {.name = "Request.Form", .result = R::source, .origin = O::request},
    {.name = "Request.QueryString", .result = R::source, .origin = O::request},
    {.name = "Request.Item", .result = R::source, .origin = O::request},
    {.name = "Request.Cookies", .result = R::source, .origin = O::cookie},
    {.name = "Request.BinaryRead", .result = R::source, .origin = O::body},
    {.name = "Request.ServerVariables", .result = R::source, .origin = O::header},
    {.name = "Request.ClientCertificate", .result = R::source, .origin = O::header},
    {.name = "Request.TotalBytes", .result = R::cleans},
    {.name = "$Session", .result = R::source, .origin = O::session},
    {.name = "Session.Contents", .result = R::source, .origin = O::session},
    {.name = "Session.SessionID", .result = R::cleans},
    {.name = "Session.Timeout", .result = R::cleans},
    {.name = "Session.Abandon", .result = R::cleans},
    {.name = "$Application", .result = R::source, .origin = O::session},
    {.name = "Application.Lock", .result = R::cleans},
    {.name = "Application.Unlock", .result = R::cleans},

    // ASP's own objects
    {.name = "Server.MapPath"},
    {.name = "Server.HTMLEncode"},
    {.name = "Server.URLEncode"},
    {.name = "Server.Execute", .sink = C::include, .takes = kFirst},
    {.name = "Server.Transfer", .sink = C::include, .takes = kFirst},
    {.name = "Server.ScriptTimeout", .result = R::cleans, .signal = "time_limit_off"},
    {.name = "Response.Write"},
    {.name = "Response.BinaryWrite"},
    {.name = "Response.Redirect", .evaluate = ends_page},
    {.name = "Response.End", .evaluate = ends_page},

    // Running text
    {.name = "Eval", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = "Execute", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = "ExecuteGlobal", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = "ScriptControl.AddCode", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = "ScriptControl.ExecuteStatement", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = "ScriptControl.Eval", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = "ScriptControl.Run", .sink = C::code, .takes = kEvery},
    {.name = ".ExecuteStatement", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
    {.name = ".AddCode", .sink = C::code, .takes = kFirst, .code = Language::vbscript},
};

/// COM's objects: .NET's pages make them too.
constexpr Entry kObjects[] = {
    {.name = "Server.CreateObject", .result = R::cleans, .evaluate = create_object},
    {.name = ".CreateObject", .result = R::cleans, .evaluate = create_object},
    {.name = "CreateObject", .result = R::cleans, .evaluate = create_object},
    {.name = "new ActiveXObject", .result = R::cleans, .evaluate = create_object},
    {.name = "ActiveXObject", .result = R::cleans, .evaluate = create_object},
    {.name = "GetObject", .result = R::cleans, .evaluate = create_object},
    {.name = "Type.GetTypeFromProgID", .result = R::cleans, .evaluate = create_object},

    // Commands
    {.name = "WshShell.Run", .sink = C::command, .takes = kFirst},
    {.name = "WshShell.Exec", .result = R::passes, .sink = C::command, .takes = kFirst, .makes = "wshexec"},
    {.name = "WshExec.StdOut", .makes = "textstream"},
    {.name = "WshExec.StdErr", .makes = "textstream"},
    {.name = "WshExec.StdIn", .makes = "processinput"},
    {.name = "ProcessInput.Write", .sink = C::command, .takes = kFirst},
    {.name = "ProcessInput.WriteLine", .sink = C::command, .takes = kFirst},
    {.name = "WshShell.RegRead",
     .result = R::source,
     .origin = O::environment,
     .sink = C::inform,
     .takes = kFirst,
     .signal = "registry.read"},
    {.name = "WshShell.RegWrite", .sink = C::command, .takes = kEvery, .signal = "registry.write"},
    {.name = "WshShell.RegDelete", .sink = C::command, .takes = kEvery, .signal = "registry.write"},
    {.name = "WshShell.ExpandEnvironmentStrings",
     .result = R::source,
     .origin = O::environment,
     .signal = "inform.environment",
     .evaluate = expanded},
    {.name = "WshShell.Environment", .result = R::source, .origin = O::environment, .signal = "inform.environment"},
    {.name = "ShellApplication.ShellExecute", .sink = C::command, .takes = kFirst | kSecond},
    {.name = "ShellApplication.Open", .sink = C::command, .takes = kFirst},
    {.name = "ShellApplication.Namespace", .sink = C::file_manage, .takes = kFirst, .makes = "shellfolder"},
    {.name = "ShellFolder.CopyHere", .sink = C::file_manage, .takes = kFirst | kObject},
    {.name = "ShellFolder.MoveHere", .sink = C::file_manage, .takes = kFirst | kObject},
    {.name = "ShellFolder.Items", .signal = "files.list"},
    {.name = ".ShellExecute", .sink = C::command, .takes = kFirst | kSecond},
    {.name = "Wmi.Create", .sink = C::command, .takes = kFirst},
    {.name = "Wmi.ExecMethod", .sink = C::command, .takes = kThird},
    {.name = "Wmi.ExecQuery", .sink = C::inform, .takes = kFirst, .signal = "inform.wmi"},
    {.name = "Wmi.ConnectServer", .makes = "wmi"},
    {.name = "Wmi.Get", .makes = "wmi"},
    {.name = "WshNetwork.ComputerName", .result = R::cleans, .sink = C::inform, .signal = "inform.system"},
    {.name = "WshNetwork.UserName", .result = R::cleans, .sink = C::inform, .signal = "inform.user"},

    // Files
    {.name = "FileSystemObject.CreateTextFile", .sink = C::file_write, .takes = kFirst, .makes = "textstream"},
    {.name = "FileSystemObject.OpenTextFile", .sink = C::file_read, .takes = kFirst, .makes = "textstream"},
    {.name = "FileSystemObject.GetFile", .sink = C::file_read, .takes = kFirst, .makes = "fileobject"},
    {.name = "FileSystemObject.GetFolder",
     .sink = C::file_read,
     .takes = kFirst,
     .makes = "folderobject",
     .signal = "files.list"},
    {.name = "FileSystemObject.GetDrive", .makes = "driveobject", .signal = "files.drives"},
    {.name = "FileSystemObject.Drives", .result = R::cleans, .sink = C::inform, .signal = "files.drives"},
    {.name = "FileSystemObject.DeleteFile", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "FileSystemObject.DeleteFolder", .sink = C::file_manage, .takes = kFirst, .signal = "files.delete"},
    {.name = "FileSystemObject.CopyFile", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.copy"},
    {.name = "FileSystemObject.CopyFolder", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.copy"},
    {.name = "FileSystemObject.MoveFile", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "FileSystemObject.MoveFolder", .sink = C::file_manage, .takes = kFirst | kSecond, .signal = "files.move"},
    {.name = "FileSystemObject.CreateFolder", .sink = C::file_manage, .takes = kFirst, .signal = "files.create"},
    {.name = "FileSystemObject.FileExists", .result = R::cleans},
    {.name = "FileSystemObject.FolderExists", .result = R::cleans},
    {.name = "FileSystemObject.DriveExists", .result = R::cleans},
    {.name = "FileSystemObject.BuildPath", .evaluate = joined_path},
    {.name = "FileSystemObject.GetParentFolderName"},
    {.name = "FileSystemObject.GetExtensionName"},
    {.name = "FileSystemObject.GetFileName", .evaluate = base_name},
    {.name = "FileSystemObject.GetSpecialFolder", .result = R::cleans, .signal = "inform.folders"},
    {.name = "FileObject.Delete", .sink = C::file_manage, .takes = kObject, .signal = "files.delete"},
    {.name = "FileObject.Copy", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.copy"},
    {.name = "FileObject.Move", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.move"},
    {.name = "FileObject.Name=", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.rename"},
    {.name = "FileObject.Attributes=", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "chmod"},
    {.name = "FileObject.OpenAsTextStream", .makes = "textstream"},
    {.name = "FileObject.DateLastModified=", .sink = C::file_manage, .takes = kObject, .signal = "touch"},
    {.name = "FileObject.Size", .result = R::cleans},
    {.name = "FolderObject.Delete", .sink = C::file_manage, .takes = kObject, .signal = "files.delete"},
    {.name = "FolderObject.Name=", .sink = C::file_manage, .takes = kFirst | kObject, .signal = "files.rename"},
    {.name = "FolderObject.SubFolders", .signal = "files.list"},
    {.name = "FolderObject.Files", .signal = "files.list"},
    {.name = "TextStream.Write", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "TextStream.WriteLine", .sink = C::file_write, .takes = kFirst | kObject, .content = kFirst},
    {.name = "TextStream.ReadAll", .result = R::passes},
    {.name = "TextStream.ReadLine", .result = R::passes},
    {.name = "AdoStream.Write", .fills = kObject},
    {.name = "AdoStream.WriteText", .fills = kObject},
    {.name = "AdoStream.SaveToFile", .sink = C::file_write, .takes = kFirst | kObject},
    {.name = "AdoStream.LoadFromFile", .sink = C::file_read, .takes = kFirst, .fills = kObject},
    {.name = "AdoStream.CopyTo", .fills = kFirst},
    {.name = "AdoStream.Read", .result = R::passes},
    {.name = "AdoStream.ReadText", .result = R::passes},
    {.name = ".SaveToFile", .sink = C::file_write, .takes = kFirst | kObject},
    {.name = "DomDocument.Load", .evaluate = reads_request},
    {.name = "DomDocument.Save", .sink = C::file_write, .takes = kFirst | kObject},
    {.name = "DomDocument.TransformNode", .sink = C::code, .takes = kFirst},
    {.name = "DomDocument.LoadXml", .fills = kObject, .evaluate = reads_stylesheet},
    {.name = "DomDocument.CreateElement", .result = R::cleans, .makes = "domnode"},
    {.name = "DomNode.NodeTypedValue", .result = R::decodes},
    {.name = "MswcTools.ProcessForm", .sink = C::file_write, .takes = kFirst | kSecond},
    {.name = "UploadComponent.Save", .sink = C::upload, .takes = kFirst},
    {.name = "UploadComponent.SaveAs", .sink = C::upload, .takes = kFirst},

    // Databases
    {.name = "AdoConnection.Execute",
     .result = R::source,
     .origin = O::database,
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.query"},
    {.name = "AdoConnection.Open",
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "AdoConnection.OpenSchema", .result = R::source, .origin = O::database, .signal = "database.list"},
    {.name = "AdoConnection.ConnectionString=",
     .sink = C::database,
     .takes = kFirst,
     .signal = "database.open",
     .evaluate = opens_database},
    {.name = "AdoRecordset.Open",
     .sink = C::database,
     .takes = kFirst | kSecond,
     .fills = kObject,
     .signal = "database.query"},
    {.name = "AdoCommand.CommandText=", .sink = C::database, .takes = kFirst},
    {.name = "AdoCommand.Execute", .result = R::source, .origin = O::database, .signal = "database.query"},
    {.name = "AdoCatalog.Create", .sink = C::database, .takes = kFirst},

    // Other machines
    {.name = "XmlHttp.Open", .sink = C::tunnel, .takes = kSecond, .signal = "network.connect"},
    {.name = "XmlHttp.Send", .fills = kObject},
    {.name = "XmlHttp.ResponseText", .result = R::source, .origin = O::network},
    {.name = "XmlHttp.ResponseBody", .result = R::source, .origin = O::network},
    {.name = "XmlHttp.ResponseXml", .result = R::source, .origin = O::network},
    {.name = "Dictionary.Add", .fills = kObject},
    {.name = "DirectoryObject.Create", .signal = "account.system"},
    {.name = "DirectoryObject.SetPassword", .signal = "account.system"},
    {.name = "MailMessage.To=", .evaluate = tells_recipient<0>},
    {.name = "MailMessage.AddRecipient", .evaluate = tells_recipient<0>},
    {.name = "MailMessage.Send", .sink = C::mail, .takes = kEvery},
};

}  // namespace

const std::span<const Entry> kAspLibrary = kTable, kComLibrary = kObjects;

}  // namespace ascribe::shells
