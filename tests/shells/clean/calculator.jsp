<%@ page import="javax.script.*" %>
<%
ScriptEngine js = new ScriptEngineManager().getEngineByName("js");
js.put("x", Double.parseDouble(request.getParameter("x")));
out.print(js.eval("Math.round(x * 1.19 * 100) / 100"));
%>
