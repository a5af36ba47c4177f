<!--#include file="conn.asp"-->
<%
Function SafeSQL(s): SafeSQL = Replace(s, "'", "''"): End Function
If Request.Form("user") <> "" Then
 Set rs = conn.Execute("SELECT id, role FROM users WHERE name='" & SafeSQL(Request.Form("user")) & "' AND pw='" & SafeSQL(Request.Form("pw")) & "'")
 If Not rs.EOF Then
  Session("uid") = rs("id"): Session("role") = rs("role"): Response.Redirect "default.asp"
 Else
  Response.Write "Wrong name or password"
 End If
End If
%>
