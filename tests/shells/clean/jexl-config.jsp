<%
org.apache.commons.jexl3.JexlEngine e = new org.apache.commons.jexl3.JexlBuilder().create();
out.print(e.createExpression("price * 1.2").evaluate(new org.apache.commons.jexl3.MapContext()));
%>
