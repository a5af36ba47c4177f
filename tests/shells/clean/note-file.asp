<%
Dim fso, f, n
Set fso = Server.CreateObject("Scripting.FileSystemObject")
n = Server.MapPath("data/" & CLng(Request.QueryString("id")) & ".txt")
If Request.Form("text") <> "" Then
 Set f = fso.CreateTextFile(n, True): f.Write Server.HTMLEncode(Request.Form("text")): f.Close
End If
If fso.FileExists(n) Then Response.Write fso.OpenTextFile(n).ReadAll
%>
