<%
Dim m: Set m = Server.CreateObject("CDO.Message")
m.From = "web@example.org": m.To = "info@example.org": m.Subject = "Order"
For Each f In Request.Form: m.TextBody = m.TextBody & f & ": " & Request.Form(f) & vbCrLf: Next
m.Configuration.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
m.Configuration.Fields.Update: m.Send
Response.Write "Thank you"
%>
