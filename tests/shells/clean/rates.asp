<%
Dim x: Set x = Server.CreateObject("MSXML2.ServerXMLHTTP.6.0")
x.open "GET", "https://api.example.org/rates?c=" & Server.URLEncode(Request("c")), False
x.send
Dim d: Set d = Server.CreateObject("MSXML2.DOMDocument.6.0"): d.loadXML x.responseText
Response.Write Server.HTMLEncode(d.selectSingleNode("//rate").text)
%>
