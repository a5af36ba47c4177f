<%
Set h = Server.CreateObject("MSXML2.ServerXMLHTTP.6.0")
h.Open "GET", "https://example.org/feed.xml", False
h.Send
Set x = Server.CreateObject("MSXML2.DOMDocument.6.0")
x.LoadXML h.responseText
Set s = Server.CreateObject("MSXML2.DOMDocument.6.0")
s.Load Server.MapPath("feed.xsl")
Response.Write x.transformNode(s)
%>
