<%
Option Explicit
' index.asp?p=...   one entry page, modules are procedures Page_xxx in this file
' The dictionary is the only place a visitor's word can reach a procedure.

Dim Pages, want
Set Pages = Server.CreateObject("Scripting.Dictionary")
Pages.CompareMode = 1
Pages.Add "home",     "Page_Home"
Pages.Add "opening",  "Page_Opening"
Pages.Add "events",   "Page_Events"
Pages.Add "contact",  "Page_Contact"

want = Request.QueryString("p")
If want = "" Then want = "home"
If Not Pages.Exists(want) Then
    Response.Status = "404 Not Found"
    want = "home"
End If

Sub Page_Home()
    Response.Write "<h1>Municipal Library of Oakridge</h1><p>Welcome.</p>"
    Server.Execute "/parts/news.asp"
End Sub

Sub Page_Opening()
    Dim d, days, hrs
    days = Array("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    hrs = Array("closed", "10-18", "10-18", "10-20", "10-18", "10-13")
    Response.Write "<h1>Opening hours</h1><table>"
    For d = 0 To UBound(days)
        Response.Write "<tr><td>" & days(d) & "</td><td>" & hrs(d) & "</td></tr>"
    Next
    Response.Write "</table>"
End Sub

Sub Page_Events()
    Dim rs
    Set rs = Server.CreateObject("ADODB.Recordset")
    rs.Open "SELECT TOP 20 EventDate, Title, Room FROM Events WHERE EventDate >= GETDATE() ORDER BY EventDate", _
            Application("dsn"), 0, 1
    Response.Write "<h1>Events</h1><dl>"
    While Not rs.EOF
        Response.Write "<dt>" & rs("EventDate") & "</dt><dd>" & Server.HTMLEncode(rs("Title")) & " (" & Server.HTMLEncode(rs("Room")) & ")</dd>"
        rs.MoveNext
    Wend
    rs.Close
    Response.Write "</dl>"
End Sub

Sub Page_Contact()
    If Request.Form("msg") <> "" Then
        Dim m : Set m = Server.CreateObject("CDO.Message")
        m.From = "website@oakridge-library.example"
        m.To = "desk@oakridge-library.example"
        m.Subject = "Message from the web site"
        m.TextBody = Left(Request.Form("msg"), 4000)
        m.Send
        Set m = Nothing
        Response.Write "<p>Thank you, your message was sent.</p>"
    End If
%>
<h1>Contact</h1>
<form method="post" action="?p=contact"><textarea name="msg" rows="6" cols="60"></textarea><br><input type="submit" value="Send"></form>
<%
End Sub
%>
<html><head><title>Oakridge Library</title></head><body>
<p><% Dim k
For Each k In Pages.Keys
    Response.Write "<a href=""?p=" & k & """>" & k & "</a> | "
Next %></p>
<% Execute "Call " & Pages(want) & "()" %>
</body></html>
