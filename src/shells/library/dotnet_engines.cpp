// What runs text, loads code or starts commands in the .NET library: compilers, script engines, reflection, decoders of
// objects, processes, functions of Windows. https://learn.microsoft.com/dotnet/api/
#include "base/text.hpp"
#include "shells/library/made.hpp"
#include "shells/library/stylesheet.hpp"
#include "shells/library/tables.hpp"
#include "shells/machine/call.hpp"

namespace ascribe::shells {
namespace {

using C = Capability;
using R = Result;

/// typeof(Assembly).GetMethod("Load").Invoke(null, x) is Assembly.Load(x).
bool method_by_name(Call& call) {
    auto name = call.text(0);
    if (!name) return false;
    auto told = [&](std::string_view type) {
        call.machine.signal("reflection", call.span);
        return call.give(Value::of_type(type));
    };
    if (*name == "Load" || *name == "LoadFrom" || *name == "LoadFile") return told("LoadMethod");
    if (*name == "Start") return told("StartMethod");
    if (*name == "JScriptEvaluate") return told("EvaluateMethod");
    return false;
}
/// An object of that type: what a ProgID or a name stands for is known already.
bool instance_of(Call& call) {
    if (call.size() == 0 || call.arguments[0].type().empty() || call.arguments[0].has(flag::name)) return false;
    auto made = call.arguments[0];
    return call.give(std::move(made));
}
/// "System.Diagnostics.Process, System": the type as a value.
bool type_by_name(Call& call) {
    if (call.size() > 0 && names_own_type(call.arguments[0])) return call.give(own_type(call.arguments[0]));
    auto name = call.text(0);
    if (!name || call.arguments[0].tainted()) return false;
    auto type = trim(name->substr(0, name->find(',')));
    return call.give(Value::of_type(call.machine.intern(type.substr(type.rfind('.') + 1))));
}
/// PowerShell's command that runs what it is given as text.
bool shell_command(Call& call) {
    auto name = call.text(0);
    bool runs_text = name && (equals_folded(*name, "Invoke-Expression") || equals_folded(*name, "iex"));
    return runs_text && call.give(Value::of_type("PowerShellText"));
}

constexpr Entry kTable[] = {
    // Running text
    {.name = "eval", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = "Eval.JScriptEvaluate", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = ".JScriptEvaluate", .sink = C::code, .takes = kFirst, .code = Language::jscript},
    {.name = ".CompileAssemblyFromSource",
     .sink = C::code,
     .takes = kSecond,
     .code = Language::csharp,
     .signal = "code.compile"},
    {.name = ".CompileAssemblyFromFile", .sink = C::code, .takes = kSecond, .signal = "code.compile"},
    {.name = ".CompileAssemblyFromDom", .sink = C::code, .takes = kSecond, .signal = "code.compile"},
    {.name = "CSharpScript.EvaluateAsync", .sink = C::code, .takes = kFirst, .code = Language::csharp},
    {.name = "CSharpScript.RunAsync", .sink = C::code, .takes = kFirst, .code = Language::csharp},
    {.name = "XslCompiledTransform.Load", .sink = C::code, .takes = kFirst, .signal = "code.xslt"},
    {.name = "XslTransform.Load", .sink = C::code, .takes = kFirst, .signal = "code.xslt"},
    {.name = "new XsltSettings", .result = R::cleans, .signal = "code.xslt_settings"},
    {.name = "XsltSettings.TrustedXslt", .result = R::cleans, .signal = "code.xslt_settings"},
    {.name = "XamlReader.Parse", .sink = C::code, .takes = kFirst, .signal = "loader.xaml"},
    {.name = "XamlReader.Load", .sink = C::code, .takes = kFirst, .signal = "loader.xaml"},
    {.name = "XmlDocument.LoadXml", .fills = kObject, .evaluate = reads_stylesheet},
    {.name = "new StringReader", .evaluate = reads_stylesheet},
    {.name = "XDocument.Parse", .evaluate = reads_stylesheet},
    {.name = "CallByName", .sink = C::code, .takes = kSecond | kFourth},
    {.name = "ObjectDataProvider.MethodParameters", .makes = "MethodParameters"},
    {.name = "MethodParameters.Add", .sink = C::code, .takes = kFirst, .signal = "reflection.invoke"},
    {.name = ".ParseControl", .sink = C::code, .takes = kFirst},
    {.name = "PowerShell.Create", .result = R::cleans, .makes = "PowerShell", .signal = "code.powershell"},
    {.name = "PowerShell.AddCommand",
     .sink = C::command,
     .takes = kFirst,
     .makes = "PowerShell",
     .evaluate = shell_command},
    {.name = "PowerShellText.AddArgument", .sink = C::command, .takes = kFirst},
    {.name = "PowerShellText.AddParameter", .sink = C::command, .takes = kSecond},
    {.name = "PowerShell.AddScript", .sink = C::command, .takes = kFirst, .signal = "code.powershell"},
    {.name = ".AddScript", .sink = C::command, .takes = kFirst, .signal = "code.powershell"},
    {.name = ".CreatePipeline", .sink = C::command, .takes = kFirst, .signal = "code.powershell"},
    // Loading code from bytes
    {.name = "Assembly.Load",
     .result = R::passes,
     .sink = C::loader,
     .takes = kFirst,
     .makes = "Assembly",
     .signal = "loader.assembly"},
    {.name = "AppDomain.Load",
     .result = R::passes,
     .sink = C::loader,
     .takes = kFirst,
     .makes = "Assembly",
     .signal = "loader.assembly"},
    {.name = "CurrentDomain.Load",
     .result = R::passes,
     .sink = C::loader,
     .takes = kFirst,
     .makes = "Assembly",
     .signal = "loader.assembly"},
    {.name = "Assembly.LoadFrom",
     .sink = C::loader,
     .takes = kFirst,
     .makes = "Assembly",
     .signal = "loader.assembly_file"},
    {.name = "Assembly.LoadFile",
     .sink = C::loader,
     .takes = kFirst,
     .makes = "Assembly",
     .signal = "loader.assembly_file"},
    {.name = "Assembly.UnsafeLoadFrom", .sink = C::loader, .takes = kFirst, .makes = "Assembly"},
    {.name = "Assembly.CreateInstance", .sink = C::loader, .takes = kObject, .signal = "loader.instance"},
    {.name = "Activator.CreateInstance",
     .sink = C::loader,
     .takes = kFirst,
     .signal = "loader.instance",
     .evaluate = instance_of},
    {.name = "Type.GetType", .evaluate = type_by_name},
    {.name = ".GetMethod", .makes = "MethodInfo", .signal = "reflection", .evaluate = method_by_name},
    {.name = ".InvokeMember", .sink = C::code, .takes = kFirst | kFifth | kObject, .signal = "reflection.invoke"},
    // What these give reads or sets a property, and no more.
    {.name = ".GetGetMethod", .result = R::cleans, .makes = "PropertyAccessor"},
    {.name = ".GetSetMethod", .result = R::cleans, .makes = "PropertyAccessor"},
    {.name = ".Invoke"},
    {.name = "MethodInfo.Invoke", .sink = C::code, .takes = kObject, .signal = "reflection.invoke"},
    {.name = "LoadMethod.Invoke", .sink = C::loader, .takes = kSecond, .signal = "loader.assembly"},
    {.name = "StartMethod.Invoke", .sink = C::command, .takes = kSecond, .signal = "reflection.command"},
    {.name = "EvaluateMethod.Invoke", .sink = C::code, .takes = kSecond, .signal = "reflection.invoke"},
    {.name = ".DynamicInvoke", .sink = C::code, .takes = kEvery, .signal = "reflection.invoke"},
    {.name = "AppDomain.ExecuteAssembly", .sink = C::loader, .takes = kFirst},
    {.name = "HostingEnvironment.RegisterVirtualPathProvider",
     .sink = C::code,
     .takes = kFirst,
     .signal = "memory.provider"},
    {.name = "new XmlSerializer", .sink = C::loader, .takes = kFirst, .makes = "XmlSerializer"},
    {.name = "new DataContractSerializer", .sink = C::loader, .takes = kFirst, .makes = "DataContractSerializer"},
    {.name = ".TypeNameHandling=", .signal = "loader.deserialise"},
    {.name = "new SimpleTypeResolver", .result = R::cleans, .signal = "loader.deserialise"},
    // Functions that run elsewhere
    {.name = "new ThreadStart", .calls = kFirst},
    {.name = "new ParameterizedThreadStart", .calls = kFirst},
    {.name = "new WaitCallback", .calls = kFirst},
    {.name = "new Thread", .calls = kFirst, .makes = "Thread"},
    {.name = "ThreadPool.QueueUserWorkItem", .calls = kFirst},
    {.name = "Task.Run", .calls = kFirst},
    {.name = "Factory.StartNew", .calls = kFirst},
    {.name = "BinaryFormatter.Deserialize", .sink = C::loader, .takes = kFirst, .signal = "loader.deserialise"},
    {.name = "LosFormatter.Deserialize", .sink = C::loader, .takes = kFirst, .signal = "loader.deserialise"},
    {.name = "ObjectStateFormatter.Deserialize", .sink = C::loader, .takes = kFirst, .signal = "loader.deserialise"},
    {.name = "NetDataContractSerializer.Deserialize", .sink = C::loader, .takes = kFirst},
    {.name = "SoapFormatter.Deserialize", .sink = C::loader, .takes = kFirst},
    {.name = "NetDataContractSerializer.ReadObject", .sink = C::loader, .takes = kFirst},
    {.name = ".SetCode", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "Marshal.GetDelegateForFunctionPointer", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "VirtualAlloc", .result = R::cleans, .signal = "loader.native"},
    {.name = "CreateThread", .sink = C::loader, .takes = kEvery, .signal = "loader.native"},
    {.name = "Marshal.Copy", .fills = kThird, .signal = "loader.copy"},

    // Commands
    {.name = "Process.Start", .result = R::passes, .sink = C::command, .takes = kEvery | kObject, .makes = "Process"},
    {.name = "new ProcessStartInfo", .sink = C::command, .takes = kEvery},
    {.name = "ProcessStartInfo.FileName=", .sink = C::command, .takes = kFirst},
    {.name = "ProcessStartInfo.Arguments=", .sink = C::command, .takes = kFirst},
    {.name = "ProcessStartInfo.ArgumentList=", .sink = C::command, .takes = kFirst},
    {.name = "ArgumentList.Add", .sink = C::command, .takes = kFirst},
    {.name = "StartInfo.FileName=", .sink = C::command, .takes = kFirst},
    {.name = "StartInfo.Arguments=", .sink = C::command, .takes = kFirst},
    {.name = "Process.StandardInput", .makes = "ProcessInput"},
    {.name = ".StandardInput", .makes = "ProcessInput"},
    {.name = "ProcessInput.Write", .sink = C::command, .takes = kFirst},
    {.name = "ProcessInput.WriteLine", .sink = C::command, .takes = kFirst},
    {.name = "Process.StandardOutput", .makes = "StreamReader"},
    {.name = "Process.GetProcesses", .result = R::cleans, .sink = C::inform, .signal = "inform.processes"},
    {.name = "Process.Kill", .signal = "process.kill"},
    {.name = "CreateProcess", .sink = C::command, .takes = kEvery},
    {.name = "CreateProcessA", .sink = C::command, .takes = kEvery},
    {.name = "CreateProcessW", .sink = C::command, .takes = kEvery},
    {.name = "CreateProcessAsUser", .sink = C::command, .takes = kEvery},
    {.name = "CreateProcessWithLogonW", .sink = C::command, .takes = kEvery},
    {.name = "ShellExecute", .sink = C::command, .takes = kThird | kFourth},
    {.name = "ShellExecuteA", .sink = C::command, .takes = kThird | kFourth},
    {.name = "ShellExecuteW", .sink = C::command, .takes = kThird | kFourth},
    {.name = "_wsystem", .sink = C::command, .takes = kFirst},  // of msvcrt.dll
    {.name = "LoadLibrary", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "LoadLibraryA", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "LoadLibraryW", .sink = C::loader, .takes = kFirst, .signal = "loader.native"},
    {.name = "Interaction.Shell", .sink = C::command, .takes = kFirst},
    {.name = "WinExec", .sink = C::command, .takes = kFirst},
    {.name = "ManagementClass.InvokeMethod", .sink = C::command, .takes = kSecond, .signal = "code.wmi"},
    {.name = "new ManagementObjectSearcher", .sink = C::inform, .takes = kFirst, .signal = "inform.wmi"},
};

}  // namespace

const std::span<const Entry> kDotnetEngines = kTable;

}  // namespace ascribe::shells
