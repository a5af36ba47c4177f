<%
Class.forName("com.mysql.jdbc.Driver").newInstance();
java.sql.Connection c = java.sql.DriverManager.getConnection("jdbc:mysql://localhost/shop", "web", "x");
java.sql.PreparedStatement s = c.prepareStatement("insert into news(title) values (?)");
s.setString(1, request.getParameter("title"));
s.executeUpdate();
%>
