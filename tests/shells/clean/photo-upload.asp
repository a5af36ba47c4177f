<%@LANGUAGE="VBSCRIPT" CODEPAGE="1252"%>
<!--#include virtual="/members/inc/checklogin.asp"-->
<%
' Sailing club - members' boat photo. One JPEG or PNG, 600 KB.
' checklogin.asp sets Session("MemberID") or redirects to the login form.
If Session("MemberID") = "" Then Response.Redirect "/members/login.asp"

Const MAX_BYTES = 614400
Const STORE = "E:\clubdata\boatphotos\"     ' not below the web site; served by photo.asp

Class OneFileForm
    Public FileName, ContentType, Data, ErrorText

    Private Function ToBin(s)
        Dim i, r
        For i = 1 To Len(s)
            r = r & ChrB(AscB(Mid(s, i, 1)))
        Next
        ToBin = r
    End Function

    Private Function ToStr(b)
        Dim i, r
        For i = 1 To LenB(b)
            r = r & Chr(AscB(MidB(b, i, 1)))
        Next
        ToStr = r
    End Function

    Public Sub Parse()
        Dim total, raw, nl, bnd, p1, p2, hdr, q1, q2
        total = Request.TotalBytes
        If total = 0 Then ErrorText = "Nothing was sent." : Exit Sub
        If total > MAX_BYTES Then ErrorText = "The file is too big." : Exit Sub
        raw = Request.BinaryRead(total)
        nl = ChrB(13) & ChrB(10)
        bnd = LeftB(raw, InStrB(raw, nl) - 1)
        p1 = InStrB(raw, nl & nl)
        If p1 = 0 Then ErrorText = "Bad form." : Exit Sub
        hdr = ToStr(LeftB(raw, p1))
        q1 = InStr(1, hdr, "filename=""", 1)
        If q1 = 0 Then ErrorText = "No file field." : Exit Sub
        q2 = InStr(q1 + 10, hdr, """")
        FileName = Mid(hdr, q1 + 10, q2 - q1 - 10)
        p2 = InStrB(p1 + 4, raw, nl & bnd)
        If p2 = 0 Then ErrorText = "Bad form." : Exit Sub
        Data = MidB(raw, p1 + 4, p2 - p1 - 4)
    End Sub

    ' look at what the file is, not at what it is called
    Public Function Kind()
        Kind = ""
        If LenB(Data) < 16 Then Exit Function
        If AscB(MidB(Data, 1, 1)) = &HFF And AscB(MidB(Data, 2, 1)) = &HD8 And AscB(MidB(Data, 3, 1)) = &HFF Then Kind = "jpg"
        If AscB(MidB(Data, 1, 1)) = &H89 And MidB(Data, 2, 3) = ToBin("PNG") Then Kind = "png"
    End Function
End Class

Dim frm, msg, k, rs, st, fn
If Request.ServerVariables("REQUEST_METHOD") = "POST" Then
    Set frm = New OneFileForm
    frm.Parse
    If frm.ErrorText <> "" Then
        msg = frm.ErrorText
    Else
        k = frm.Kind()
        If k = "" Then
            msg = "Only JPEG and PNG pictures, please."
        Else
            fn = STORE & "m" & CLng(Session("MemberID")) & "." & k
            Set rs = Server.CreateObject("ADODB.Recordset")
            rs.Fields.Append "b", 205, LenB(frm.Data)
            rs.Open
            rs.AddNew
            rs("b").AppendChunk frm.Data
            rs.Update
            Set st = Server.CreateObject("ADODB.Stream")
            st.Type = 1
            st.Open
            st.Write rs("b").GetChunk(LenB(frm.Data))
            st.SaveToFile fn, 2
            st.Close
            rs.Close
            msg = "Thank you, the picture was stored."
        End If
    End If
End If
%>
<html><body>
<h2>Your boat</h2>
<p><%=msg%></p>
<img src="photo.asp" alt="current photo" width="320">
<form method="post" enctype="multipart/form-data" action="photo-upload.asp">
<input type="file" name="pic" accept="image/jpeg,image/png"> <input type="submit" value="Send">
</form>
</body></html>
