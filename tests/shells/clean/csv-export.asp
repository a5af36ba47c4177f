<%
If Session("admin") <> True Then Response.Redirect "login.asp"
Response.ContentType = "text/csv"
Set rs = conn.Execute("select * from orders where d >= #" & CDate(Request("from")) & "#")
For Each f In rs.Fields : Response.Write f.Name & ";" : Next
Do Until rs.EOF
  For Each f In rs.Fields : Response.Write f.Value & ";" : Next
  Response.Write vbCrLf
  rs.MoveNext
Loop
%>
