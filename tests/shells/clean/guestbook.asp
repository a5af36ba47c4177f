<%
Set cn = Server.CreateObject("ADODB.Connection")
cn.Open "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & Server.MapPath("db/guest.mdb")
If Request.Form("name") <> "" Then
  n = Replace(Request.Form("name"), "'", "''")
  t = Replace(Request.Form("text"), "'", "''")
  cn.Execute "insert into book (who, what) values ('" & n & "','" & t & "')"
End If
Set rs = cn.Execute("select who, what from book order by id desc")
Do Until rs.EOF
  Response.Write "<p><b>" & Server.HTMLEncode(rs("who")) & "</b>: " & Server.HTMLEncode(rs("what")) & "</p>"
  rs.MoveNext
Loop
%>
