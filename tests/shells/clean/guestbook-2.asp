<!--#include file="inc/header.inc"-->
<%
' Gaestebuch Kegelverein "Alle Neune" - Version 1.3
' speichert in Textdatei ausserhalb wwwroot

Const ForReading = 1
Const ForAppending = 8
Const MaxLen = 800

Dim fso, ts, f, zeile, teile, fehler, eintraege(), anzahl
f = "D:\kunden\alleneune\daten\gbook.txt"

Function Sauber(ByVal s)
    s = Replace(s, vbCrLf, " ")
    s = Replace(s, vbLf, " ")
    s = Replace(s, "|", "/")
    Sauber = Server.HTMLEncode(Trim(s))
End Function

If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
    Dim n, t
    n = Left(Request.Form("name"), 40)
    t = Left(Request.Form("text"), MaxLen)
    If Len(Trim(n)) < 2 Or Len(Trim(t)) < 5 Then
        fehler = "Bitte Name und Text ausf&uuml;llen."
    ElseIf Request.Form("website") <> "" Then
        ' Honigtopf-Feld, Roboter
        Response.Redirect "gbook.asp"
    ElseIf InStr(1, t, "http://", 1) > 0 Or InStr(1, t, "[url", 1) > 0 Then
        fehler = "Links sind leider nicht erlaubt."
    ElseIf DateDiff("s", Session("gb_last"), Now()) < 60 And Session("gb_last") <> "" Then
        fehler = "Bitte eine Minute warten."
    Else
        Set fso = Server.CreateObject("Scripting.FileSystemObject")
        Application.Lock
        Set ts = fso.OpenTextFile(f, ForAppending, True)
        ts.WriteLine FormatDateTime(Now(), 2) & "|" & Sauber(n) & "|" & Sauber(t)
        ts.Close
        Application.UnLock
        Session("gb_last") = Now()
        Response.Redirect "gbook.asp?danke=1"
    End If
End If
%>
<h1>G&auml;stebuch</h1>
<% If Request.QueryString("danke") = "1" Then %><p>Vielen Dank f&uuml;r Ihren Eintrag!</p><% End If %>
<% If fehler <> "" Then Response.Write "<p class=""fehler"">" & fehler & "</p>" %>
<form action="gbook.asp" method="post">
  Name: <input type="text" name="name" maxlength="40"><br>
  <input type="text" name="website" style="display:none">
  <textarea name="text" rows="5" cols="50"></textarea><br>
  <input type="submit" value="Eintragen">
</form>
<table width="90%" border="0" cellpadding="4">
<%
Set fso = Server.CreateObject("Scripting.FileSystemObject")
anzahl = 0
If fso.FileExists(f) Then
    Set ts = fso.OpenTextFile(f, ForReading)
    Do Until ts.AtEndOfStream
        zeile = ts.ReadLine
        ReDim Preserve eintraege(anzahl)
        eintraege(anzahl) = zeile
        anzahl = anzahl + 1
    Loop
    ts.Close
End If
Dim i
For i = anzahl - 1 To 0 Step -1
    If anzahl - i > 50 Then Exit For
    teile = Split(eintraege(i), "|")
    If UBound(teile) = 2 Then
%>
<tr><td valign="top" nowrap><b><%=teile(1)%></b><br><small><%=teile(0)%></small></td>
<td><%=teile(2)%></td></tr>
<%
    End If
Next
Set fso = Nothing
%>
</table>
<!--#include file="inc/footer.inc"-->
