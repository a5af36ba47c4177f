<%@ Page Language="VB" Trace="false" %>
<%@ Import Namespace="Microsoft.Win32" %>
<%
    ' What is installed on this web server? (inventory; pulled by the asset system from 10.1.1.9)
    Dim caller As String = Request.UserHostAddress
    If caller <> "10.1.1.9" AndAlso caller <> "::1" AndAlso caller <> "127.0.0.1" Then
        Response.StatusCode = 404
        Response.End()
    End If

    Dim sections As New Dictionary(Of String, String)
    sections.Add("Windows", "SOFTWARE\Microsoft\Windows NT\CurrentVersion")
    sections.Add(".NET 4", "SOFTWARE\Microsoft\NET Framework Setup\NDP\v4\Full")
    sections.Add("IIS", "SOFTWARE\Microsoft\InetStp")
    Dim wanted() As String = {"ProductName", "CurrentBuild", "CSDVersion", "Version", "Release", "VersionString", "MajorVersion"}
    Response.ContentType = "text/xml"
%><?xml version="1.0" encoding="utf-8"?>
<inventory host="<%= Server.MachineName %>" taken="<%= DateTime.UtcNow.ToString("s") %>Z">
<% For Each sec As KeyValuePair(Of String, String) In sections
       Using k As RegistryKey = Registry.LocalMachine.OpenSubKey(sec.Value, False)
           If k IsNot Nothing Then %>
  <section name="<%= sec.Key %>">
  <%         For Each v As String In wanted
                 Dim o As Object = k.GetValue(v)
                 If o IsNot Nothing Then %>
    <value name="<%= v %>"><%= Server.HtmlEncode(o.ToString()) %></value>
  <%             End If
             Next %>
  </section>
<%         End If
       End Using
   Next %>
  <programs>
<% Using un As RegistryKey = Registry.LocalMachine.OpenSubKey("SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall", False)
       For Each sn As String In un.GetSubKeyNames()
           Using one As RegistryKey = un.OpenSubKey(sn, False)
               Dim nm As String = TryCast(one.GetValue("DisplayName"), String)
               If Not String.IsNullOrEmpty(nm) AndAlso one.GetValue("SystemComponent") Is Nothing Then %>
    <program version="<%= Server.HtmlEncode(CStr(one.GetValue("DisplayVersion", ""))) %>"><%= Server.HtmlEncode(nm) %></program>
<%             End If
           End Using
       Next
   End Using %>
  </programs>
</inventory>
