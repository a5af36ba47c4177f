<%
' fetch.asp : AJAX helper, hands through a few outside feeds because the
' browsers (IE6) may not call other hosts themselves.
Dim feeds, key, url, http, body, cacheKey
Set feeds = CreateObject("Scripting.Dictionary")
feeds("weather") = "http://weather.partner.example/rss/region14.xml"
feeds("traffic") = "http://traffic.partner.example/feed?area=north"
feeds("school")  = "http://www.schoolboard.example/news.rss"

key = LCase(Request.QueryString("feed") & "")
If Not feeds.Exists(key) Then
    Response.Status = "400 Bad Request"
    Response.ContentType = "text/plain"
    Response.Write "unknown feed"
    Response.End
End If

cacheKey = "feed_" & key
Response.ContentType = "text/xml"
Response.Charset = "utf-8"

If IsDate(Application(cacheKey & "_t")) Then
    If DateDiff("n", Application(cacheKey & "_t"), Now) < 15 Then
        Response.Write Application(cacheKey)
        Response.End
    End If
End If

url = feeds(key)
On Error Resume Next
Set http = Server.CreateObject("MSXML2.ServerXMLHTTP")
http.setTimeouts 2000, 3000, 5000, 8000
http.open "GET", url, False
http.setRequestHeader "User-Agent", "CityPortal/1.0"
http.send
If Err.Number <> 0 Or http.status <> 200 Then
    On Error GoTo 0
    If Application(cacheKey) <> "" Then
        Response.Write Application(cacheKey)       ' old is better than nothing
    Else
        Response.Write "<rss version=""2.0""><channel><title>not available</title></channel></rss>"
    End If
    Response.End
End If
On Error GoTo 0

' must be well formed XML with an rss root, otherwise it is not passed on
Dim d
Set d = Server.CreateObject("MSXML2.DOMDocument")
d.async = False
d.validateOnParse = False
d.resolveExternals = False
If d.loadXML(http.responseText) Then
    If d.documentElement.nodeName = "rss" Then
        body = d.xml
        Application.Lock
        Application(cacheKey) = body
        Application(cacheKey & "_t") = Now
        Application.UnLock
        Response.Write body
    End If
End If
Set d = Nothing
Set http = Nothing
%>
