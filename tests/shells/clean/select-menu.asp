<%
Select Case LCase(Request("page"))
Case "news" : Server.Execute "news.asp"
Case "about" : Server.Execute "about.asp"
Case Else : Server.Execute "home.asp"
End Select
%>
