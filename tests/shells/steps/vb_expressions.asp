<% a = 1 + 2 * 3 ^ 2 & "x" & "say ""hi""" & Chr(65)
b = Not a = 2 And (c Or d) Xor e Mod 3 \ 2
Set o = Server.CreateObject("Scripting.Dictionary")
o("k") = a : o.Item("l") = -b
Session("n") = o.Item("k")(0)
x = f(1, , "two") + Len(Mid(s, 2)) 
If Not IsEmpty(x) Then y = x Else y = Nothing
Function f(p, q, r)
  f = p & r
End Function
Class Box
  Private held
  Public Property Get Value
    Value = held
  End Property
  Public Property Let Value(v)
    held = v
  End Property
End Class
Set z = New Box : z.Value = 3 %>
