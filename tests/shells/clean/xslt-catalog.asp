<%@ language="javascript" %>
<%
/*
 * Course catalogue: courses.xml + one of three style sheets.
 *   catalogue.asp?view=list|table|print&dept=12
 */
var views = {
    "list":  "xsl/list.xsl",
    "table": "xsl/table.xsl",
    "print": "xsl/print.xsl"
};

var view = Request.QueryString("view").Count ? String(Request.QueryString("view")(1)) : "list";
if (!views.hasOwnProperty(view)) {
    Response.Redirect("catalogue.asp?view=list");
}

var dept = parseInt(String(Request.QueryString("dept")), 10);
if (isNaN(dept) || dept < 1 || dept > 99) dept = 0;

function loadXml(virtualPath, free) {
    var d = Server.CreateObject(free ? "MSXML2.FreeThreadedDOMDocument.6.0" : "MSXML2.DOMDocument.6.0");
    d.async = false;
    d.setProperty("ProhibitDTD", true);
    d.resolveExternals = false;
    if (!d.load(Server.MapPath(virtualPath)))
        throw new Error("cannot read " + virtualPath + ": " + d.parseError.reason);
    return d;
}

function template(v) {
    var key = "xslt_" + v;
    if (typeof Application(key) == "undefined" || Application(key) == null) {
        var t = Server.CreateObject("MSXML2.XSLTemplate.6.0");
        var sheet = loadXml(views[v], true);
        sheet.setProperty("AllowXsltScript", false);
        sheet.setProperty("AllowDocumentFunction", false);
        t.stylesheet = sheet;
        return t;
    }
    return Application(key);
}

var proc, html = "";
try {
    proc = template(view).createProcessor();
    proc.input = loadXml("data/courses.xml", false);
    proc.addParameter("dept", dept);
    proc.addParameter("today", new Date().toLocaleDateString());
    proc.transform();
    html = proc.output;
} catch (e) {
    Response.Status = "500 Internal Server Error";
    html = "<p>The catalogue is not available at the moment.</p>";
    if (String(Request.ServerVariables("REMOTE_ADDR")) == "127.0.0.1")
        html += "<pre>" + Server.HTMLEncode(e.message) + "</pre>";
}
%>
<html>
<head><title>Course catalogue</title><link rel="stylesheet" href="<%= view == "print" ? "print.css" : "screen.css" %>"></head>
<body>
<div id="nav"><% for (var v in views) { %><a href="?view=<%= v %>&amp;dept=<%= dept %>"><%= v %></a> <% } %></div>
<%= html %>
</body>
</html>
