<%@ page import="java.io.*,java.util.zip.*" %>
<%
response.setContentType("application/zip"); response.setHeader("Content-Disposition", "attachment; filename=reports.zip");
try (ZipOutputStream z = new ZipOutputStream(response.getOutputStream())) {
  for (File f : new File(application.getRealPath("/reports")).listFiles((d, n) -> n.endsWith(".pdf"))) { z.putNextEntry(new ZipEntry(f.getName())); try (InputStream in = new FileInputStream(f)) { in.transferTo(z); } z.closeEntry(); }
}
%>
