<%
Class Cart
 Private items
 Private Sub Class_Initialize
  Set items = Server.CreateObject("Scripting.Dictionary")
 End Sub
 Public Sub Add(id, n)
  If items.Exists(id) Then items(id) = items(id) + n Else items.Add id, n
 End Sub
 Public Function Count
  Dim k, t: t = 0
  For Each k In items.Keys: t = t + items(k): Next
  Count = t
 End Function
End Class
Dim c: Set c = New Cart
c.Add CLng(Request.Form("id")), CLng(Request.Form("n"))
Response.Write c.Count
%>
