<%@page import="org.apache.commons.fileupload.*,org.apache.commons.fileupload.disk.*,org.apache.commons.fileupload.servlet.*"%>
<%@page import="java.util.*,java.io.File"%>
<%@page import="com.tracker.core.*"%>
<jsp:useBean id="login" scope="session" class="com.tracker.web.LoginBean"/>
<%
if (!login.isLoggedIn()) { %><jsp:forward page="login.jsp"/><% }

Set okTypes = new HashSet(Arrays.asList(new String[] {"txt","log","png","jpg","gif","pdf","zip","patch","diff"}));
String error = null;
Issue issue = null;

if (ServletFileUpload.isMultipartContent(request)) {
  DiskFileItemFactory factory = new DiskFileItemFactory(64 * 1024, (File) application.getAttribute("javax.servlet.context.tempdir"));
  ServletFileUpload upload = new ServletFileUpload(factory);
  upload.setSizeMax(10L * 1024 * 1024);
  try {
    FileItem part = null;
    String comment = "";
    for (Iterator it = upload.parseRequest(request).iterator(); it.hasNext(); ) {
      FileItem item = (FileItem) it.next();
      if (!item.isFormField())                        part = item;
      else if (item.getFieldName().equals("issue"))   issue = IssueStore.get().find(Long.parseLong(item.getString()));
      else if (item.getFieldName().equals("comment")) comment = item.getString("UTF-8");
    }
    if (issue == null || !issue.mayComment(login.getUser())) {
      response.sendError(403);
      return;
    }
    if (part == null || part.getSize() == 0) {
      error = "No file selected";
    } else {
      String name = part.getName();
      name = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
      String ext = name.substring(name.lastIndexOf('.') + 1).toLowerCase();
      if (!okTypes.contains(ext)) {
        error = "Files of this type cannot be attached";
      } else {
        Attachment a = issue.newAttachment(login.getUser(), name, comment);
        // stored by number in the data directory; the name lives in the database only
        part.write(new File(Config.get().getDataDir(), "att" + a.getId() + ".bin"));
        IssueStore.get().save(issue);
        response.sendRedirect("issue.jsp?id=" + issue.getId() + "#att" + a.getId());
        return;
      }
    }
  } catch (FileUploadBase.SizeLimitExceededException e) {
    error = "The file is larger than 10 MB";
  } catch (NumberFormatException e) {
    error = "Bad issue number";
  }
} else {
  try { issue = IssueStore.get().find(Long.parseLong(request.getParameter("issue"))); } catch (NumberFormatException e) { }
}
if (issue == null) { response.sendRedirect("index.jsp"); return; }
%>
<html>
<head><title>Attach a file to #<%=issue.getId()%></title></head>
<body>
<%@include file="menu.jspf"%>
<%if (error != null) {%><div class="error"><%=error%></div><%}%>
<form action="attach.jsp" method="post" enctype="multipart/form-data">
<input type="hidden" name="issue" value="<%=issue.getId()%>">
File: <input type="file" name="file"><br>
Comment: <input name="comment" size="60"><br>
<input type="submit" value="Attach">
</form>
</body>
</html>
