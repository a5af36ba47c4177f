<%
If Request.Form("send") <> "" Then
  Dim m : Set m = Server.CreateObject("CDO.Message")
  m.From = "web@example.org"
  m.To = "office@example.org"
  m.Subject = "Contact: " & Replace(Request.Form("subject"), vbCrLf, "")
  m.TextBody = Request.Form("text")
  m.Send
  Set m = Nothing
  Response.Redirect "thanks.asp"
End If
%>
<form method="post"><input name="subject"><textarea name="text"></textarea><input type="submit" name="send"></form>
