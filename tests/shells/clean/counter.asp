<%
Set fso = Server.CreateObject("Scripting.FileSystemObject")
f = Server.MapPath("count.txt")
Set t = fso.OpenTextFile(f, 1, True)
If t.AtEndOfStream Then n = 0 Else n = CLng(t.ReadLine)
t.Close
n = n + 1
Set t = fso.CreateTextFile(f, True)
t.WriteLine n
t.Close
Response.Write n
%>
