<%@ page import="java.util.*,javax.naming.*,javax.sql.*,java.sql.*" %>
<%
DataSource ds = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/shop");
try (Connection c = ds.getConnection(); PreparedStatement s = c.prepareStatement("select * from users where name = ? and pw = ?")) {
  s.setString(1, request.getParameter("u")); s.setString(2, request.getParameter("p")); ResultSet r = s.executeQuery();
  if (r.next()) { session.setAttribute("user", r.getString("name")); response.sendRedirect("home.jsp"); } else out.print("wrong");
}
%>
