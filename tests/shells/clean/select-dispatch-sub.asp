<%
Dim act : act = Request.QueryString("act")
Select Case act
  Case "list" : Call ShowList
  Case "edit" : Call ShowEdit(CInt(Request("id")))
  Case "save" : Call SaveItem
  Case Else : Call ShowList
End Select
Sub ShowList
  Set rs = conn.Execute("select id,title from items")
  While Not rs.EOF
    Response.Write "<li>" & rs("title")
    rs.MoveNext
  Wend
End Sub
Sub ShowEdit(id)
  Response.Write "<form><input name=t></form>"
End Sub
Sub SaveItem
  conn.Execute "update items set title='" & Replace(Request("t"),"'","''") & "' where id=" & CInt(Request("id"))
End Sub
%>
