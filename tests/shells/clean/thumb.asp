<%
Set jpg = Server.CreateObject("Persits.Jpeg")
jpg.Open Server.MapPath("/pics/" & CLng(Request("id")) & ".jpg")
jpg.Width = 120
jpg.Height = jpg.OriginalHeight * 120 / jpg.OriginalWidth
jpg.SendBinary
%>
