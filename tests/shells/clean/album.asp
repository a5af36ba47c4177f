<%
Set fso = Server.CreateObject("Scripting.FileSystemObject")
Set folder = fso.GetFolder(Server.MapPath("/pictures/" & CInt(Request("album"))))
n = 0
For Each f In folder.Files
 Select Case LCase(fso.GetExtensionName(f.Name))
  Case "jpg", "gif", "png"
   Response.Write "<img src=""/pictures/" & CInt(Request("album")) & "/" & Server.URLEncode(f.Name) & """>"
   n = n + 1
 End Select
Next
If n = 0 Then Response.Write "No pictures"
%>
