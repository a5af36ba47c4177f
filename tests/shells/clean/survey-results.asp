<%@ Language="JScript" %>
<!-- #include file="../shared/auth.js.asp" -->
<!-- #include file="../shared/db.js.asp" -->
<%
/* survey/results.asp
 * Results per question for the survey owners, as a page or as an Excel download.
 * The "score" column uses a formula that the owner typed on the set-up page;
 * it is parsed with the small calculator below (no eval, see ticket 412).
 */
var user = Auth.requireRole("SurveyOwner");
var surveyId = parseInt(Request.QueryString("s"), 10);
if (isNaN(surveyId) || !Db.scalar("SELECT COUNT(*) FROM Survey WHERE SurveyId=? AND Owner=?", [surveyId, user.name])) {
    Response.Status = "404 Not Found";
    Response.End();
}

function Calc(src, vars) {
    var toks = src.match(/\d+(\.\d+)?|[a-z]+|[-+*\/()]/g) || [], p = 0;
    function factor() {
        var t = toks[p++];
        if (t == "(") { var v = expr(); p++; return v; }
        if (t == "-") return -factor();
        if (/^[a-z]/.test(t)) return vars[t] || 0;
        return parseFloat(t);
    }
    function term() {
        var v = factor();
        while (toks[p] == "*" || toks[p] == "/") { v = toks[p++] == "*" ? v * factor() : v / factor(); }
        return v;
    }
    function expr() {
        var v = term();
        while (toks[p] == "+" || toks[p] == "-") { v = toks[p++] == "+" ? v + term() : v - term(); }
        return v;
    }
    return expr();
}

var asExcel = String(Request.QueryString("format")) == "xls";
if (asExcel) {
    Response.ContentType = "application/vnd.ms-excel";
    Response.AddHeader("Content-Disposition", "attachment; filename=survey" + surveyId + ".xls");
}
var formula = String(Db.scalar("SELECT ScoreFormula FROM Survey WHERE SurveyId=?", [surveyId]));
var rs = Db.query(
    "SELECT q.Position, q.Caption, SUM(CASE a.Value WHEN 1 THEN 1 ELSE 0 END) AS Bad, " +
    "SUM(CASE a.Value WHEN 2 THEN 1 ELSE 0 END) AS Fair, SUM(CASE a.Value WHEN 3 THEN 1 ELSE 0 END) AS Good " +
    "FROM Question q LEFT JOIN Answer a ON a.QuestionId = q.QuestionId " +
    "WHERE q.SurveyId = ? GROUP BY q.Position, q.Caption ORDER BY q.Position", [surveyId]);
%>
<html>
<head><title>Survey results</title></head>
<body>
<% if (!asExcel) { %><p><a href="results.asp?s=<%= surveyId %>&amp;format=xls">Open in Excel</a></p><% } %>
<table border="1">
<tr><th>#</th><th>Question</th><th>Bad</th><th>Fair</th><th>Good</th><th>Score</th></tr>
<%
while (!rs.EOF) {
    var counts = { bad: +rs("Bad").Value, fair: +rs("Fair").Value, good: +rs("Good").Value };
    counts.all = counts.bad + counts.fair + counts.good;
    var score = Calc(formula, counts);
%>
<tr>
  <td><%= rs("Position").Value %></td>
  <td><%= Server.HTMLEncode(rs("Caption").Value) %></td>
  <td><%= counts.bad %></td><td><%= counts.fair %></td><td><%= counts.good %></td>
  <td><%= isFinite(score) ? score.toFixed(2) : "-" %></td>
</tr>
<%
    rs.MoveNext();
}
rs.Close();
Db.close();
%>
</table>
</body>
</html>
