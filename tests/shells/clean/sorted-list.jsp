<%@ page import="java.sql.*" %>
<%! enum Sort { NAME("name"), PRICE("price"); final String column; Sort(String c) { column = c; } } %>
<%
Class.forName("org.postgresql.Driver").newInstance();
try (Connection c = DriverManager.getConnection("jdbc:postgresql://db/shop", "web", "pw"); Statement s = c.createStatement()) {
  ResultSet r = s.executeQuery("select name, price from products order by " + Sort.valueOf(request.getParameter("sort")).column);
  while (r.next()) out.println("<li>" + r.getString(1) + "</li>");
}
%>
