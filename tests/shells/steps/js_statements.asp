<%@ language="JScript" %>
<% var list = [1, 2, 'three'], map = { a : 1, "b" : list[0] }
for (var i = 0; i < list.length; i++) { if (i == 1) continue; Response.Write(list[i]) }
for (var k in map) Response.Write(k + map[k])
switch (i) { case 0: case 1: i += 2; break; default: i-- }
try { thing(i) } catch (e) { i = e ? e.message : "none" } finally { done() }
do { i <<= 1 } while (i < 9)
function thing(n) { return function (m) { return n + m } }
var quick = new Date(), pattern = /a[/]b/gi
label: while (true) { break label }
%>
<p><%= quick.getYear() %></p>
