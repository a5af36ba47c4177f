<% If a( Then
For i = 
x = "open
y = (1 + 
End Function : Next : Loop
Class
Select Case
Case
Response.Write ) & "z"
Sub 
%><%= %><% "
