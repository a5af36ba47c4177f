<%
Class Template
  Private mText
  Public Sub Load(f)
    Set s = CreateObject("ADODB.Stream")
    s.Charset = "utf-8" : s.Open
    s.LoadFromFile Server.MapPath("templates/" & f & ".html")
    mText = s.ReadText : s.Close
  End Sub
  Public Sub SetVar(k, v)
    mText = Replace(mText, "{" & k & "}", v)
  End Sub
  Public Function Render
    Render = mText
  End Function
End Class
Set t = New Template
t.Load "page"
t.SetVar "title", Server.HTMLEncode(Request("title"))
Response.Write t.Render
%>
