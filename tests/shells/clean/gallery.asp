<%
Set fso = CreateObject("Scripting.FileSystemObject")
For Each f In fso.GetFolder(Server.MapPath("/gallery")).Files
  If LCase(fso.GetExtensionName(f.Name)) = "jpg" Then Response.Write "<img src=""/gallery/" & Server.URLEncode(f.Name) & """>"
Next
%>
