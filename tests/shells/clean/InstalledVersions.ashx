<%@ WebHandler Language="VB" Class="InstalledVersions" %>

Imports System
Imports System.Collections.Generic
Imports System.Diagnostics
Imports System.IO
Imports System.Reflection
Imports System.Text
Imports System.Web
Imports Microsoft.Win32

''' <summary>
''' Called by the deployment dashboard: which runtime and which of our
''' assemblies are on this web server. Windows authentication, see web.config.
''' </summary>
Public Class InstalledVersions
    Implements IHttpHandler

    Private Shared ReadOnly RegistryItems As String()() = { _
        New String() {"Net4", "SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full", "Version"}, _
        New String() {"Windows", "SOFTWARE\Microsoft\Windows NT\CurrentVersion", "ProductName"}, _
        New String() {"IIS", "SOFTWARE\Microsoft\InetStp", "VersionString"}, _
        New String() {"Crystal", "SOFTWARE\SAP BusinessObjects\Crystal Reports for .NET Framework 4.0\Crystal Reports", "CRRuntime64Version"}}

    Public ReadOnly Property IsReusable() As Boolean Implements IHttpHandler.IsReusable
        Get
            Return True
        End Get
    End Property

    Public Sub ProcessRequest(ByVal context As HttpContext) Implements IHttpHandler.ProcessRequest
        If Not context.User.IsInRole("Deployers") Then
            context.Response.StatusCode = 403
            Return
        End If

        Dim sb As New StringBuilder()
        sb.AppendLine("[machine]")
        sb.AppendLine("Name=" & Environment.MachineName)
        For Each item As String() In RegistryItems
            Using key As RegistryKey = Registry.LocalMachine.OpenSubKey(item(1), False)
                If key IsNot Nothing Then
                    sb.AppendLine(item(0) & "=" & Convert.ToString(key.GetValue(item(2), "")))
                End If
            End Using
        Next

        sb.AppendLine().AppendLine("[bin]")
        For Each dll As String In Directory.GetFiles(HttpRuntime.BinDirectory, "Lagerhaus.*.dll")
            Dim name As AssemblyName = AssemblyName.GetAssemblyName(dll)
            Dim info As FileVersionInfo = FileVersionInfo.GetVersionInfo(dll)
            sb.AppendFormat("{0}={1} ({2}, {3:yyyy-MM-dd HH:mm})", name.Name, name.Version, info.FileVersion, File.GetLastWriteTime(dll))
            sb.AppendLine()
        Next

        sb.AppendLine().AppendLine("[loaded]")
        For Each asm As Assembly In AppDomain.CurrentDomain.GetAssemblies()
            If asm.GlobalAssemblyCache Then sb.AppendLine(asm.GetName().Name & "=" & asm.GetName().Version.ToString())
        Next

        context.Response.ContentType = "text/plain"
        context.Response.Cache.SetCacheability(HttpCacheability.NoCache)
        context.Response.Write(sb.ToString())
    End Sub
End Class
