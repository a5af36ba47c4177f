<!--#include file="auth.asp"-->
<%
If Not IsAdmin() Then Response.End
Select Case Request("do")
Case "save"
  conn.Execute "update pages set body='" & Replace(Request.Form("body"), "'", "''") & "' where id=" & CLng(Request("id"))
Case "delete"
  conn.Execute "delete from pages where id=" & CLng(Request("id"))
End Select
%>
