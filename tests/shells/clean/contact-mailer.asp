<%
Option Explicit
Response.Expires = -1

Dim dept, recipients, sName, sMail, sText, errors, re, cfg, m

Set recipients = Server.CreateObject("Scripting.Dictionary")
recipients.Add "sales",   "sales@hartmann-pumps.example"
recipients.Add "service", "service@hartmann-pumps.example"
recipients.Add "spares",  "spares@hartmann-pumps.example"

dept  = LCase(Trim(Request.Form("dept")))
sName = OneLine(Request.Form("realname"))
sMail = OneLine(Request.Form("email"))
sText = Left(Request.Form("message"), 4000)
errors = ""

If Not recipients.Exists(dept) Then dept = "sales"

Set re = New RegExp
re.Pattern = "^[\w\.\-\+]+@[\w\-]+(\.[\w\-]+)+$"
If sName = "" Then errors = errors & "<li>Please give us your name.</li>"
If Not re.Test(sMail) Then errors = errors & "<li>The e-mail address does not look right.</li>"
If Len(Trim(sText)) < 10 Then errors = errors & "<li>Your message is empty or very short.</li>"
' honeypot field, hidden by the stylesheet
If Request.Form("website") <> "" Then Response.Redirect "thanks.asp"

If errors = "" Then
    Set cfg = Server.CreateObject("CDO.Configuration")
    With cfg.Fields
        .Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
        .Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = Application("SmtpHost")
        .Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
        .Update
    End With
    Set m = Server.CreateObject("CDO.Message")
    Set m.Configuration = cfg
    m.From = "website@hartmann-pumps.example"
    m.ReplyTo = sMail
    m.To = recipients(dept)
    m.Subject = "Website enquiry from " & sName
    m.TextBody = sText & vbCrLf & vbCrLf & "-- " & vbCrLf & _
                 "Sent " & Now() & " from " & Request.ServerVariables("REMOTE_ADDR")
    On Error Resume Next
    m.Send
    If Err.Number <> 0 Then
        errors = "<li>Sorry, the mail could not be sent. Please phone us.</li>"
        Response.AppendToLog "mailfail:" & Err.Number
    End If
    On Error GoTo 0
    Set m = Nothing
    Set cfg = Nothing
    If errors = "" Then Response.Redirect "thanks.asp"
End If

Function OneLine(v)
    OneLine = Left(Trim(Replace(Replace(v & "", vbCr, " "), vbLf, " ")), 120)
End Function
%>
<!-- #include file="top.inc" -->
<h1>Please check your details</h1>
<ul class="err"><%= errors %></ul>
<p><a href="javascript:history.back()">Back to the form</a></p>
<!-- #include file="bottom.inc" -->
