<%
Function Template(file)
 Dim s: Set s = Server.CreateObject("ADODB.Stream")
 s.Type = 2: s.Charset = "utf-8": s.Open: s.LoadFromFile Server.MapPath(file): Template = s.ReadText: s.Close
End Function
Dim t, k: t = Template("tpl/order.html")
For Each k In Request.Form: t = Replace(t, "{" & k & "}", Server.HTMLEncode(Request.Form(k))): Next
Response.Write t
%>
