<%
Set up = Server.CreateObject("Persits.Upload")
up.SetMaxSize 1048576, True
up.OverwriteFiles = False
n = up.SaveToMemory
For Each f In up.Files
  If LCase(f.Ext) = ".jpg" Or LCase(f.Ext) = ".png" Then
    f.SaveAs Server.MapPath("/images/") & "\" & Session("uid") & f.Ext
  End If
Next
%>
