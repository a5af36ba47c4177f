<%@ page import="java.io.*" %><%
int id = Integer.parseInt(request.getParameter("id"));
File f = new File(application.getRealPath("/images"), id + ".png");
if (!f.exists()) { response.sendError(404); return; }
response.setContentType("image/png");
try (InputStream in = new FileInputStream(f); OutputStream o = response.getOutputStream()) { byte[] b = new byte[8192]; int n; while ((n = in.read(b)) > 0) o.write(b, 0, n); }
%>
