<%@ Language="JScript" CodePage="65001" %>
<%
// survey.asp -- receives answers as JSON from the questionnaire page, stores them in SQL Server
// ES3 engine has no JSON object: the RFC 4627 check is done before the text is turned into a value

Response.ContentType = "application/json";
Response.Charset = "utf-8";

function fail(code, text) {
    Response.Status = code;
    Response.Write('{"ok":false,"error":"' + text + '"}');
    Response.End();
}

function bodyText() {
    var n = Request.TotalBytes;
    if (n < 2 || n > 16384) fail("413 Request Entity Too Large", "size");
    var st = Server.CreateObject("ADODB.Stream");
    st.Type = 1;
    st.Open();
    st.Write(Request.BinaryRead(n));
    st.Position = 0;
    st.Type = 2;
    st.Charset = "utf-8";
    var t = st.ReadText();
    st.Close();
    return t;
}

// tiny recursive descent reader: no code is ever built out of the text
function reader(src) {
    var at = 0;
    function ws() { while (at < src.length && " \t\r\n".indexOf(src.charAt(at)) >= 0) at++; }
    function need(c) { if (src.charAt(at) != c) throw new Error("expected " + c); at++; }
    function str() {
        var out = "";
        need('"');
        while (src.charAt(at) != '"') {
            if (at >= src.length) throw new Error("open string");
            if (src.charAt(at) == "\\") {
                at++;
                var e = src.charAt(at);
                if (e == "u") { out += String.fromCharCode(parseInt(src.substr(at + 1, 4), 16)); at += 4; }
                else if (e == "n") out += "\n";
                else out += e;
            } else out += src.charAt(at);
            at++;
        }
        at++;
        return out;
    }
    function num() {
        var m = /^-?\d+(\.\d+)?/.exec(src.substr(at, 20));
        if (!m) throw new Error("bad value");
        at += m[0].length;
        return parseFloat(m[0]);
    }
    this.flatObject = function () {
        var o = {};
        ws(); need("{"); ws();
        while (src.charAt(at) != "}") {
            var k = str(); ws(); need(":"); ws();
            o[k] = (src.charAt(at) == '"') ? str() : num();
            ws();
            if (src.charAt(at) == ",") { at++; ws(); }
        }
        return o;
    };
}

if (String(Request.ServerVariables("REQUEST_METHOD")) != "POST") fail("405 Method Not Allowed", "POST only");

var answers;
try {
    answers = new reader(bodyText()).flatObject();
} catch (ex) {
    fail("400 Bad Request", "not json");
}

var QUESTIONS = { q1: 5, q2: 5, q3: 5, q4: 2 };
var cn = Server.CreateObject("ADODB.Connection");
cn.Open(Application("SurveyDsn"));
for (var q in QUESTIONS) {
    var v = parseInt(answers[q], 10);
    if (isNaN(v) || v < 1 || v > QUESTIONS[q]) { cn.Close(); fail("422 Unprocessable", q); }
    var cmd = Server.CreateObject("ADODB.Command");
    cmd.ActiveConnection = cn;
    cmd.CommandText = "INSERT INTO Answer(Question, Choice, Stamp) VALUES(?, ?, GETDATE())";
    cmd.Parameters.Append(cmd.CreateParameter("q", 200, 1, 4, q));
    cmd.Parameters.Append(cmd.CreateParameter("c", 3, 1, 4, v));
    cmd.Execute();
}
cn.Close();
Response.Write('{"ok":true}');
%>
