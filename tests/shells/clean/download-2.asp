<%
Option Explicit
' ---- download.asp?id=NN ---- counted downloads of manuals and drivers
' files come from the table Downloads, never from the query string.
Response.Buffer = True

Dim id, cn, cmd, rs, path, title, base
base = "F:\ftproot\manuals"
id = Request.QueryString("id")
If Not IsNumeric(id) Or Len(id) > 6 Then
    NotThere
End If

Sub NotThere()
    Response.Clear
    Response.Status = "404 Not Found"
    Response.Write "<h1>File not available</h1><p><a href=""/support/"">Back to support</a></p>"
    Response.End
End Sub

Set cn = Server.CreateObject("ADODB.Connection")
cn.Open Application("ConnSupport")
Set cmd = Server.CreateObject("ADODB.Command")
Set cmd.ActiveConnection = cn
cmd.CommandText = "SELECT FileName, Title FROM Downloads WHERE DownloadID = ? AND Published = 1"
cmd.CommandType = 1
cmd.Parameters.Append cmd.CreateParameter("@id", 3, 1, , CLng(id))
Set rs = cmd.Execute
If rs.EOF Then
    rs.Close : cn.Close
    NotThere
End If
path = rs("FileName") & ""
title = rs("Title") & ""
rs.Close

If InStr(path, "..") > 0 Or InStr(path, ":") > 0 Or Left(path, 1) = "\" Then
    cn.Close
    NotThere
End If

cmd.CommandText = "UPDATE Downloads SET Hits = Hits + 1, LastHit = GETDATE() WHERE DownloadID = ?"
cmd.Execute , , 128
cn.Close
Set cn = Nothing

Dim ct
Select Case LCase(Mid(path, InStrRev(path, ".") + 1))
    Case "pdf" : ct = "application/pdf"
    Case "zip" : ct = "application/zip"
    Case "exe" : ct = "application/octet-stream"
    Case Else  : NotThere
End Select

Dim stm
Set stm = Server.CreateObject("ADODB.Stream")
stm.Type = 1
stm.Open
On Error Resume Next
stm.LoadFromFile base & "\" & path
If Err.Number <> 0 Then
    Err.Clear
    NotThere
End If
On Error GoTo 0

Response.ContentType = ct
Response.AddHeader "Content-Disposition", "attachment; filename=""" & Mid(path, InStrRev(path, "\") + 1) & """"
Response.AddHeader "Content-Length", stm.Size
Response.CharSet = ""
Do While Not stm.EOS
    If Not Response.IsClientConnected Then Exit Do
    Response.BinaryWrite stm.Read(65536)
    Response.Flush
Loop
stm.Close
Set stm = Nothing
Response.End
%>
