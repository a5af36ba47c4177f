<%
Dim conn: Set conn = Server.CreateObject("ADODB.Connection"): conn.Open "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & Server.MapPath("/db/shop.mdb")
Dim rs: Set rs = conn.Execute("SELECT * FROM items WHERE cat=" & CInt(Request("cat")) & " ORDER BY " & IIf(Request("o") = "p", "price", "name"))
Do Until rs.EOF: Response.Write "<li>" & rs("name") & "</li>": rs.MoveNext: Loop
Function IIf(c, a, b): If c Then IIf = a Else IIf = b: End If: End Function
%>
