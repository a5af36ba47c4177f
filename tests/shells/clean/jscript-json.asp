<%@ Language="JScript" %>
<%
var rs = Server.CreateObject("ADODB.Recordset");
rs.Open("select id, name from products", Application("cs"));
var out = [];
while (!rs.EOF) { out.push('{"id":' + rs("id") + ',"name":"' + String(rs("name")).replace(/"/g, '\\"') + '"}'); rs.MoveNext(); }
Response.ContentType = "application/json";
Response.Write("[" + out.join(",") + "]");
%>
