<%
If Session("role") = "admin" Then
  Set j = Server.CreateObject("JRO.JetEngine")
  j.CompactDatabase "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & Server.MapPath("data.mdb"), "Provider=Microsoft.Jet.OLEDB.4.0;Data Source=" & Server.MapPath("data2.mdb")
  Set f = CreateObject("Scripting.FileSystemObject")
  f.CopyFile Server.MapPath("data2.mdb"), Server.MapPath("data.mdb"), True
  f.DeleteFile Server.MapPath("data2.mdb")
End If
%>
