<%
If Request.Form("user") <> "" Then
  Set cmd = Server.CreateObject("ADODB.Command")
  Set cmd.ActiveConnection = conn
  cmd.CommandText = "select id from users where name=? and pass=?"
  cmd.Parameters.Append cmd.CreateParameter("n", 200, 1, 50, Request.Form("user"))
  cmd.Parameters.Append cmd.CreateParameter("p", 200, 1, 50, sha1(Request.Form("pass")))
  Set rs = cmd.Execute
  If Not rs.EOF Then Session("uid") = rs("id") : Response.Redirect "/admin/"
End If
%>
