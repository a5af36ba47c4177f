<%
Dim up, f: Set up = Server.CreateObject("Persits.Upload"): up.SetMaxSize 1000000, True: up.Save "c:\inetpub\tmp"
For Each f In up.Files
 If LCase(f.Ext) = ".jpg" Or LCase(f.Ext) = ".png" Then f.Copy Server.MapPath("/img/") & "\" & Session.SessionID & f.Ext
 f.Delete
Next
%>
