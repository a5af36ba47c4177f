<%
Set c = Server.CreateObject("ADODB.Connection"): c.Open Application("dsn")
Response.ContentType = "application/vnd.ms-excel"
Set rs = c.Execute("EXEC report_sales @from='" & FormatDateTime(CDate(Request("from")), 2) & "'")
For i = 0 To rs.Fields.Count - 1: Response.Write rs.Fields(i).Name & vbTab: Next
Do While Not rs.EOF
 Response.Write vbCrLf
 For i = 0 To rs.Fields.Count - 1: Response.Write rs.Fields(i).Value & vbTab: Next
 rs.MoveNext
Loop
%>
