<%@ LANGUAGE="VBSCRIPT" CODEPAGE="1252" %>
<!-- #include virtual="/members/_logincheck.asp" -->
<%
' photo_upload.asp - club members add a picture to their own album
' jk 2004-03: moved off SA-FileUp, now reads the multipart body ourselves
' jk 2005-11: check the first bytes too, someone sent a renamed .doc

Const MAX_BYTES = 1500000
Const adTypeBinary = 1
Const adSaveCreateOverWrite = 2

Dim memberId, total, raw, boundary, startPos, endPos, hdr, msg, ext, target

RequireMember                        ' redirects to /members/login.asp
memberId = CLng(Session("MemberID"))
msg = ""

If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
    total = Request.TotalBytes
    If total > MAX_BYTES Then
        msg = "The picture is too large (1.5 MB maximum)."
    ElseIf total > 0 Then
        raw = Request.BinaryRead(total)
        boundary = LeftB(raw, InStrB(raw, Bin(vbCrLf)) - 1)
        startPos = InStrB(raw, Bin("filename="""))
        If startPos > 0 Then
            startPos = InStrB(startPos, raw, Bin(vbCrLf & vbCrLf)) + 4
            endPos = InStrB(startPos, raw, boundary) - 2
            ext = SniffImage(MidB(raw, startPos, 4))
            If ext = "" Then
                msg = "Only JPEG and GIF pictures can be added."
            Else
                target = Server.MapPath("/albums/" & memberId) & "\" & NextPhotoNumber(memberId) & ext
                SavePart raw, startPos, endPos - startPos, target
                RegisterPhoto memberId, target
                msg = "Thank you, your picture has been added."
            End If
        End If
    End If
End If

Function Bin(s)
    Dim k, r
    For k = 1 To Len(s)
        r = r & ChrB(Asc(Mid(s, k, 1)))
    Next
    Bin = r
End Function

Function SniffImage(b)
    SniffImage = ""
    If LenB(b) < 4 Then Exit Function
    If AscB(MidB(b, 1, 1)) = &HFF And AscB(MidB(b, 2, 1)) = &HD8 Then SniffImage = ".jpg"
    If AscB(MidB(b, 1, 1)) = 71 And AscB(MidB(b, 2, 1)) = 73 And AscB(MidB(b, 3, 1)) = 70 Then SniffImage = ".gif"
End Function

Sub SavePart(data, pos, length, path)
    Dim src, dst
    Set src = Server.CreateObject("ADODB.Stream")
    Set dst = Server.CreateObject("ADODB.Stream")
    src.Type = adTypeBinary : src.Open
    dst.Type = adTypeBinary : dst.Open
    src.Write data
    src.Position = pos - 1
    src.CopyTo dst, length
    dst.SaveToFile path, adSaveCreateOverWrite
    dst.Close : src.Close
    Set dst = Nothing : Set src = Nothing
End Sub
%>
<html>
<head><title>Rowing Club - add a picture</title><link rel="stylesheet" href="/club.css"></head>
<body>
<h2>Add a picture to your album</h2>
<% If msg <> "" Then Response.Write "<p class=""note"">" & msg & "</p>" %>
<form method="post" enctype="multipart/form-data" action="photo_upload.asp">
  <input type="file" name="photo" size="40">
  <input type="submit" value="Send">
</form>
<p><a href="album.asp?m=<%= memberId %>">Back to my album</a></p>
</body>
</html>
