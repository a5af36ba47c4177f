<%@LANGUAGE=JScript%>
<SCRIPT LANGUAGE="JScript" RUNAT="Server">
/* counter.asp?page=name&style=digits
   small hit counter, writes  document.write("...")  for the including page */

var COUNT_DIR = "C:\\Inetpub\\counters\\";
var KNOWN = { index: 1, products: 1, jobs: 1, press: 1, links: 1 };

function pad(n, len) {
    var s = String(n);
    while (s.length < len) s = "0" + s;
    return s;
}

function bump(page) {
    var fso = new ActiveXObject("Scripting.FileSystemObject");
    var name = COUNT_DIR + page + ".cnt";
    var n = 0, f;
    Application.Lock();
    try {
        if (fso.FileExists(name)) {
            f = fso.OpenTextFile(name, 1);
            if (!f.AtEndOfStream) n = parseInt(f.ReadLine(), 10) || 0;
            f.Close();
        }
        if (String(Session("seen_" + page)) != "1") {
            n++;
            f = fso.CreateTextFile(name, true);
            f.WriteLine(n);
            f.Close();
            Session("seen_" + page) = "1";
        }
    } finally {
        Application.UnLock();
    }
    return n;
}

function asImages(s) {
    var out = "";
    for (var i = 0; i < s.length; i++)
        out += '<img src="/img/digits/' + s.charAt(i) + '.gif" width=12 height=16 alt="' + s.charAt(i) + '">';
    return out;
}

function main() {
    var page = String(Request.QueryString("page"));
    var style = String(Request.QueryString("style"));
    Response.ContentType = "application/x-javascript";
    Response.Expires = -1;
    if (KNOWN[page] !== 1) {
        Response.Write("/* no such counter */");
        return;
    }
    var s = pad(bump(page), 6);
    if (style == "text")
        Response.Write("document.write('" + s + "');");
    else
        Response.Write("document.write('" + asImages(s) + "');");
}
</SCRIPT>
<% main(); %>
