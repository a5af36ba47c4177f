<%@ page import="java.io.*" %>
<%
String name = request.getParameter("doc");
if (name == null || !name.matches("[a-z0-9_-]{1,40}")) { response.sendError(404); return; }
File f = new File(application.getRealPath("/WEB-INF/docs"), name + ".pdf");
response.setContentType("application/pdf");
try (InputStream in = new FileInputStream(f); OutputStream o = response.getOutputStream()) { byte[] b = new byte[8192]; int n; while ((n = in.read(b)) > 0) o.write(b, 0, n); }
%>
