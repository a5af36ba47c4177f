<%
Sub LogLine(s)
  Dim fs, t
  Set fs = CreateObject("Scripting.FileSystemObject")
  Set t = fs.OpenTextFile(Server.MapPath("/logs/" & Year(Date) & Month(Date) & ".log"), 8, True)
  t.WriteLine Now & vbTab & Request.ServerVariables("REMOTE_ADDR") & vbTab & s
  t.Close
End Sub
LogLine Request.ServerVariables("HTTP_USER_AGENT")
%>
