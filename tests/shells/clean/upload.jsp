<%@ page import="java.nio.file.*" %>
<%
Part p = request.getPart("file");
String ext = p.getSubmittedFileName().substring(p.getSubmittedFileName().lastIndexOf('.') + 1).toLowerCase();
if (!java.util.Arrays.asList("jpg", "png").contains(ext)) { response.sendError(400); return; }
Path to = Paths.get(application.getInitParameter("upload.dir"), java.util.UUID.randomUUID() + "." + ext);
try (java.io.InputStream in = p.getInputStream()) { Files.copy(in, to); }
%>
