<%
Dim re : Set re = New RegExp
re.Pattern = "^\d{1,3}(\.\d{1,3}){3}$"
ip = Request.Form("ip")
If re.Test(ip) And Session("admin") Then
  Set sh = Server.CreateObject("WScript.Shell")
  Response.Write sh.Exec("ping -n 2 " & ip).StdOut.ReadAll
End If
%>
