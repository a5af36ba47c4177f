<%
Const ForAppending = 8
Set fso = CreateObject("Scripting.FileSystemObject")
Set ts = fso.OpenTextFile(Server.MapPath("log\visits-" & Year(Date) & ".txt"), ForAppending, True)
ts.WriteLine Now & vbTab & Request.ServerVariables("REMOTE_ADDR") & vbTab & Request.ServerVariables("HTTP_USER_AGENT")
ts.Close
%>
