<%
Dim bytes, st, name, ext
bytes = Request.BinaryRead(Request.TotalBytes)
name = Mid(BytesToText(bytes), InStr(BytesToText(bytes), "filename=""") + 10)
name = Left(name, InStr(name, """") - 1): ext = LCase(Mid(name, InStrRev(name, ".") + 1))
If ext <> "jpg" And ext <> "gif" Then Response.Write "only pictures": Response.End
Set st = Server.CreateObject("ADODB.Stream"): st.Type = 1: st.Open: st.Write PartOf(bytes): st.SaveToFile Server.MapPath("img/" & Session.SessionID & "." & ext), 2
Response.Write "ok"
Function BytesToText(b): Dim i: For i = 1 To LenB(b): BytesToText = BytesToText & Chr(AscB(MidB(b, i, 1))): Next: End Function
Function PartOf(b): PartOf = MidB(b, InStrB(b, ChrB(13) & ChrB(10) & ChrB(13) & ChrB(10)) + 4): End Function
%>
