<%@ page import="java.lang.reflect.*" %>
<%
Object bean = Class.forName("com.example.shop.Cart").newInstance();
for (Object k : request.getParameterMap().keySet()) {
  String name = (String) k;
  try { bean.getClass().getMethod("set" + Character.toUpperCase(name.charAt(0)) + name.substring(1), String.class).invoke(bean, request.getParameter(name)); } catch (NoSuchMethodException e) { }
}
session.setAttribute("cart", bean);
%>
