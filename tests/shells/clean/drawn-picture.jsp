<%@ page import="javax.imageio.*,java.awt.image.*,java.io.*" %>
<%! interface Shape { void draw(java.awt.Graphics g); } static class Dot implements Shape { int x; Dot(int x) { this.x = x; } public void draw(java.awt.Graphics g) { g.fillOval(x, 5, 4, 4); } } %>
<%
BufferedImage im = new BufferedImage(200, 20, BufferedImage.TYPE_INT_RGB);
Shape[] all = { new Dot(3), new Dot(Integer.parseInt(request.getParameter("x"))) };
for (Shape s : all) s.draw(im.getGraphics());
response.setContentType("image/png"); ImageIO.write(im, "png", response.getOutputStream());
%>
