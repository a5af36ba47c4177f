<%@ Language=VBScript %>
<%
'  setup.asp   Part of "WebPoll 2.1" by Korrel Software
'  Writes the appearance settings into config\look.xml  (config folder has no read/script permission in IIS)
Option Explicit
Session.Timeout = 20

If Session("WebPollAdmin") <> True Then
    Response.Redirect "login.asp?back=setup.asp"
    Response.End
End If

Dim doc, xmlFile, saved, errs
xmlFile = Server.MapPath("config/look.xml")
Set doc = Server.CreateObject("MSXML2.DOMDocument.3.0")
doc.async = False
doc.resolveExternals = False
If Not doc.load(xmlFile) Then doc.loadXML "<look/>"

Function Val_(n, d)
    Dim x
    Set x = doc.documentElement.selectSingleNode(n)
    If x Is Nothing Then Val_ = d Else Val_ = x.text
End Function

Sub Put(n, v)
    Dim x
    Set x = doc.documentElement.selectSingleNode(n)
    If x Is Nothing Then
        Set x = doc.createElement(n)
        doc.documentElement.appendChild x
    End If
    x.text = v
End Sub

Function Matches(s, pat)
    Dim r
    Set r = New RegExp
    r.Pattern = pat
    r.IgnoreCase = True
    Matches = r.Test(s)
End Function

If Request.Form("save") <> "" Then
    Dim title, colour, rowsN, font
    title = Left(Request.Form("title"), 60)
    colour = Request.Form("colour")
    rowsN = Request.Form("rows")
    font = Request.Form("font")
    If Not Matches(colour, "^#[0-9a-f]{6}$") Then errs = errs & "<li>Colour must look like #RRGGBB"
    If Not Matches(rowsN, "^[1-9][0-9]?$") Then errs = errs & "<li>Rows must be 1 to 99"
    If Not Matches(title, "^[\w \-\.,!\?]{0,60}$") Then errs = errs & "<li>Title has characters which are not allowed"
    Select Case font
        Case "Verdana", "Arial", "Georgia", "Tahoma"
        Case Else : errs = errs & "<li>Choose one of the fonts"
    End Select
    If errs = "" Then
        Put "title", title
        Put "colour", colour
        Put "rows", CStr(CInt(rowsN))
        Put "font", font
        doc.save xmlFile
        Application("WebPollLook") = Empty
        saved = True
    End If
End If
%>
<html><head><title>WebPoll setup</title></head><body>
<h2>Appearance</h2>
<% If saved Then %><p><b>Saved.</b></p><% End If %>
<% If errs <> "" Then %><ul style="color:red"><%=errs%></ul><% End If %>
<form method="post" action="setup.asp">
Title <input name="title" maxlength="60" value="<%=Server.HTMLEncode(Val_("title", "Poll"))%>"><br>
Bar colour <input name="colour" size="8" maxlength="7" value="<%=Server.HTMLEncode(Val_("colour", "#336699"))%>"><br>
Rows <input name="rows" size="3" maxlength="2" value="<%=Server.HTMLEncode(Val_("rows", "10"))%>"><br>
Font <select name="font"><% Dim f
For Each f In Array("Verdana", "Arial", "Georgia", "Tahoma")
  Response.Write "<option"
  If f = Val_("font", "Verdana") Then Response.Write " selected"
  Response.Write ">" & f & "</option>"
Next %></select><br>
<input type="submit" name="save" value="Save settings">
</form></body></html>
