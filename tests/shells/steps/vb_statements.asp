<%@ Language=VBScript %>
<% Option Explicit
Dim i, total, names(3) ' a comment
Const limit = &H10
total = 0 : names(0) = "first"
For i = 1 To limit Step 2
  total = total + i
  If total > 20 Then Exit For
Next
Do While total > 0
  total = total - 1
Loop
Select Case total
  Case 0, 1 : Response.Write "small"
  Case Else : Response.Write "large"
End Select
If total = 0 Then
%><b>none</b><% ElseIf total = 1 Then %><i><%= total %></i><%
Else
  Response.Write total & " of " & _
    limit
End If
For Each i In names : Call Show(i) : Next
Sub Show(ByVal what)
  With Response
    .Write what
  End With
End Sub
%>
