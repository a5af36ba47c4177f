<%@ page import="org.apache.commons.fileupload.*,org.apache.commons.fileupload.disk.*,org.apache.commons.fileupload.servlet.*,java.io.*,java.util.*" %>
<%
if (ServletFileUpload.isMultipartContent(request)) {
  List<FileItem> items = new ServletFileUpload(new DiskFileItemFactory()).parseRequest(request);
  for (FileItem i : items) {
    if (i.isFormField()) continue;
    String n = new File(i.getName()).getName(); String ext = n.substring(n.lastIndexOf('.') + 1).toLowerCase();
    if (!Arrays.asList("png", "jpg", "gif").contains(ext)) { out.print("type"); continue; }
    i.write(new File(application.getRealPath("/uploads"), UUID.randomUUID() + "." + ext)); out.print("ok");
  }
}
%>
