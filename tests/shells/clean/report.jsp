<%@ page import="java.sql.*,javax.naming.*,javax.sql.*" %>
<%
DataSource ds = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/db");
try (Connection c = ds.getConnection(); PreparedStatement s = c.prepareStatement("select name, total from sales where year = ?")) {
  s.setInt(1, Integer.parseInt(request.getParameter("year")));
  ResultSet r = s.executeQuery();
  while (r.next()) { %><tr><td><%= r.getString(1) %></td><td><%= r.getInt(2) %></td></tr><% }
}
%>
