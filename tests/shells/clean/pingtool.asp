<%@ Language="VBScript" %>
<% Option Explicit
'------------------------------------------------------------
' NOC tools - ping / tracert from web server
' Only for group NETOPS (Windows auth is on for this folder)
' 2004-03-11 J.Halvorsen   2009-10-02 added tracert
'------------------------------------------------------------
Response.Expires = -1
Server.ScriptTimeout = 90

Dim sUser, sHost, sTool, sOut, sErr
sUser = LCase(Request.ServerVariables("LOGON_USER"))
If sUser = "" Then
    Response.Status = "401 Unauthorized"
    Response.End
End If
If Not InOperators(sUser) Then
    Response.Status = "403 Forbidden"
    Response.Write "<p>You are not on the operator list.</p>"
    Response.End
End If

Function InOperators(u)
    Dim a, i
    InOperators = False
    a = Split(Application("NetOperators"), ";")
    For i = 0 To UBound(a)
        If LCase(Trim(a(i))) = u Then
            InOperators = True
            Exit Function
        End If
    Next
End Function

' true only for a dotted quad, every part 0..255
Function IsIPv4(s)
    Dim re, p, i
    IsIPv4 = False
    Set re = New RegExp
    re.Pattern = "^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}$"
    If Not re.Test(s) Then Exit Function
    p = Split(s, ".")
    For i = 0 To 3
        If CInt(p(i)) > 255 Then Exit Function
    Next
    IsIPv4 = True
End Function

Function RunTool(cmdline)
    Dim sh, ex
    Set sh = Server.CreateObject("WScript.Shell")
    Set ex = sh.Exec(cmdline)
    RunTool = ex.StdOut.ReadAll
    Set ex = Nothing
    Set sh = Nothing
End Function

sHost = Trim(Request.QueryString("ip"))
sTool = Request.QueryString("tool")
If sHost <> "" Then
    If Len(sHost) > 15 Or Not IsIPv4(sHost) Then
        sErr = "Please enter an IPv4 address such as 10.4.0.17"
    Else
        Dim p, clean
        p = Split(sHost, ".")
        clean = CStr(CInt(p(0))) & "." & CStr(CInt(p(1))) & "." & CStr(CInt(p(2))) & "." & CStr(CInt(p(3)))
        Select Case sTool
            Case "ping"
                sOut = RunTool("%SystemRoot%\system32\ping.exe -n 4 -w 1000 " & clean)
            Case "trace"
                sOut = RunTool("%SystemRoot%\system32\tracert.exe -d -h 15 -w 500 " & clean)
            Case Else
                sErr = "Unknown tool"
        End Select
    End If
End If
%>
<html>
<head><title>NOC - reachability</title>
<link rel="stylesheet" href="/noc/noc.css"></head>
<body bgcolor="#FFFFFF">
<h3>Reachability check</h3>
<form method="get" action="pingtool.asp">
IP address: <input name="ip" size="16" maxlength="15" value="<%=Server.HTMLEncode(sHost)%>">
<select name="tool">
 <option value="ping">ping</option>
 <option value="trace"<% If sTool = "trace" Then Response.Write " selected" %>>tracert</option>
</select>
<input type="submit" value="Go">
</form>
<% If sErr <> "" Then %><p><font color="red"><%=sErr%></font></p><% End If %>
<% If sOut <> "" Then %><pre><%=Server.HTMLEncode(sOut)%></pre><% End If %>
<hr><small>Signed in as <%=Server.HTMLEncode(sUser)%></small>
</body>
</html>
