<%@ page import="java.util.*" %>
<%
Properties p = new Properties(); p.load(application.getResourceAsStream("/WEB-INF/pages.properties"));
String view = p.getProperty(request.getParameter("view"), "home.jsp");
request.getRequestDispatcher("/WEB-INF/views/" + view).forward(request, response);
%>
