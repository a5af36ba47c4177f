<!--#include virtual="/admin/inc/auth.asp"-->
<!--#include virtual="/admin/inc/conn.asp"-->
<%
' ===== Admin: look through the media folder, rename pictures, delete pictures =====
RequireRole "editor"           ' from auth.asp, ends the response when not signed in

Dim fso, root, rel, full, fld, sf, fi, act, nm
Set fso = CreateObject("Scripting.FileSystemObject")
root = LCase(fso.GetAbsolutePathName(Server.MapPath("/media")))

Function Inside(p)
    Dim g
    g = LCase(fso.GetAbsolutePathName(p))
    Inside = (g = root) Or (Left(g, Len(root) + 1) = root & "\")
End Function

Function PlainName(s)
    Dim r : Set r = New RegExp
    r.Pattern = "^[A-Za-z0-9_\-]{1,60}\.(gif|jpg|jpeg|png|pdf)$"
    r.IgnoreCase = True
    PlainName = r.Test(s)
End Function

rel = Replace(Request("dir"), "/", "\")
full = root & "\" & rel
If Not Inside(full) Or Not fso.FolderExists(full) Then
    full = root : rel = ""
End If

act = Request.Form("act")
If act <> "" Then
    If Request.Form("token") <> Session("csrf") Or Session("csrf") = "" Then
        Response.Write "Session expired." : Response.End
    End If
    nm = Request.Form("file")
    If Not PlainName(nm) Then Response.Write "Bad file name." : Response.End
    If act = "delete" Then
        If fso.FileExists(full & "\" & nm) Then fso.DeleteFile full & "\" & nm
        AuditLog "media delete " & rel & "\" & nm
    ElseIf act = "rename" Then
        Dim nn : nn = Request.Form("newname")
        If Not PlainName(nn) Or LCase(fso.GetExtensionName(nn)) <> LCase(fso.GetExtensionName(nm)) Then
            Response.Write "The new name is not allowed (the extension must stay)." : Response.End
        End If
        If fso.FileExists(full & "\" & nn) Then Response.Write "Exists already." : Response.End
        fso.MoveFile full & "\" & nm, full & "\" & nn
        AuditLog "media rename " & nm & " -> " & nn
    End If
    Response.Redirect "filebrowser.asp?dir=" & Server.URLEncode(rel)
End If
Randomize
If Session("csrf") = "" Then Session("csrf") = Hex(Int(Rnd * 2147483647)) & Hex(Session.SessionID)

Set fld = fso.GetFolder(full)
%>
<h1>Media: \<%=Server.HTMLEncode(rel)%></h1>
<ul>
<% If rel <> "" Then %><li><a href="?dir=">[top]</a></li><% End If %>
<% For Each sf In fld.SubFolders %>
<li><a href="?dir=<%=Server.URLEncode(rel & "\" & sf.Name)%>"><%=Server.HTMLEncode(sf.Name)%></a></li>
<% Next %>
</ul>
<table>
<% For Each fi In fld.Files
   If PlainName(fi.Name) Then %>
<tr><td><%=fi.Name%></td><td align="right"><%=FormatNumber(fi.Size / 1024, 1)%> KB</td><td><%=fi.DateLastModified%></td>
<td><form method="post"><input type="hidden" name="dir" value="<%=Server.HTMLEncode(rel)%>">
<input type="hidden" name="token" value="<%=Session("csrf")%>"><input type="hidden" name="file" value="<%=fi.Name%>">
<input name="newname" size="20"><button name="act" value="rename">Rename</button>
<button name="act" value="delete" onclick="return confirm('Delete?')">Delete</button></form></td></tr>
<% End If
   Next %>
</table>
