<%@ Language="VBScript" EnableSessionState="False" %>
<%
' status page for the hall display. WMI, read only, local machine only
' Only from the house network 192.168.20.x
If Left(Request.ServerVariables("REMOTE_ADDR"), 11) <> "192.168.20." And _
   Request.ServerVariables("REMOTE_ADDR") <> "127.0.0.1" Then
   Response.Status = "403 Forbidden" : Response.End
End If
Response.AddHeader "Refresh", "60"
Const wbemFlagReturnImmediately = &H10
Const wbemFlagForwardOnly = &H20

Dim wmi, col, it
Set wmi = GetObject("winmgmts:{impersonationLevel=impersonate}!\\.\root\cimv2")

Function Q(wql)
    Set Q = wmi.ExecQuery(wql, "WQL", wbemFlagReturnImmediately + wbemFlagForwardOnly)
End Function

Function Lamp(ok)
    If ok Then Lamp = "<span style='color:green'>&#9679;</span>" Else Lamp = "<span style='color:red'>&#9679;</span>"
End Function
%>
<html><head><title>Status <%=Request.ServerVariables("SERVER_NAME")%></title></head>
<body style="font-family:Tahoma;background:#eee">
<h2>Disks</h2>
<table>
<% For Each it In Q("SELECT DeviceID, FreeSpace, Size FROM Win32_LogicalDisk WHERE DriveType = 3")
     Dim pct : pct = 0
     If it.Size > 0 Then pct = Round(100 * it.FreeSpace / it.Size) %>
 <tr><td><%=Lamp(pct > 10)%></td><td><%=it.DeviceID%></td><td><%=pct%>% free</td></tr>
<% Next %>
</table>
<h2>Services</h2>
<table>
<% For Each it In Q("SELECT Name, DisplayName, State FROM Win32_Service WHERE Name='W3SVC' OR Name='MSSQLSERVER' OR Name='Spooler' OR Name='SMTPSVC'") %>
 <tr><td><%=Lamp(it.State = "Running")%></td><td><%=it.DisplayName%></td><td><%=it.State%></td></tr>
<% Next %>
</table>
<h2>Busiest processes</h2>
<table>
<% Dim c : c = 0
   For Each it In Q("SELECT Name, WorkingSetSize FROM Win32_Process WHERE WorkingSetSize > 100000000")
     c = c + 1 : If c > 10 Then Exit For %>
 <tr><td><%=Server.HTMLEncode(it.Name)%></td><td align="right"><%=FormatNumber(it.WorkingSetSize / 1048576, 0)%> MB</td></tr>
<% Next %>
</table>
<%
Dim osx
For Each osx In Q("SELECT LastBootUpTime, Caption FROM Win32_OperatingSystem")
    Response.Write "<p>" & osx.Caption & ", up since " & Left(osx.LastBootUpTime, 8) & "</p>"
Next
Set wmi = Nothing
%>
</body></html>
