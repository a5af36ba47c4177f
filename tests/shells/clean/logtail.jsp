<%@ page language="java" contentType="text/html; charset=UTF-8" session="true" %>
<%@ page import="java.io.*, java.util.*" %>
<%@ page import="org.apache.commons.lang.StringEscapeUtils" %>
<%@ page import="org.apache.commons.lang.math.NumberUtils" %>
<%!
    private static final int MAX_LINES = 2000;

    private static String[] tail(File f, int lines) throws IOException {
        LinkedList<String> buf = new LinkedList<String>();
        RandomAccessFile raf = new RandomAccessFile(f, "r");
        try {
            long start = Math.max(0, raf.length() - lines * 400L);
            raf.seek(start);
            if (start > 0) raf.readLine();
            String s;
            while ((s = raf.readLine()) != null) {
                buf.add(s);
                if (buf.size() > lines) buf.removeFirst();
            }
        } finally {
            raf.close();
        }
        return buf.toArray(new String[buf.size()]);
    }
%>
<%
    if (!request.isUserInRole("manager-gui") && !request.isUserInRole("support")) {
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
        return;
    }

    File logDir = new File(System.getProperty("catalina.base"), "logs").getCanonicalFile();
    File[] logs = logDir.listFiles(new FilenameFilter() {
        public boolean accept(File dir, String name) {
            return name.endsWith(".log") || name.equals("catalina.out");
        }
    });
    Arrays.sort(logs);

    int lines = Math.min(MAX_LINES, NumberUtils.toInt(request.getParameter("n"), 200));
    File selected = null;
    for (File f : logs) {
        if (f.getName().equals(request.getParameter("f"))) {
            selected = f;
        }
    }
%>
<html>
<head>
  <title>Server logs</title>
  <style type="text/css">pre { font-size: 11px; border: 1px solid #ccc; padding: 4px } .err { color: #b00 }</style>
</head>
<body>
<form method="get">
  <select name="f">
  <% for (File f : logs) { %>
    <option <%= f.equals(selected) ? "selected" : "" %>><%= StringEscapeUtils.escapeHtml(f.getName()) %></option>
  <% } %>
  </select>
  last <input name="n" size="5" value="<%= lines %>"> lines
  <input type="submit" value="Show">
</form>
<% if (selected != null) { %>
<pre>
<% for (String line : tail(selected, lines)) {
       boolean bad = line.contains("SEVERE") || line.contains("ERROR"); %><% if (bad) { %><span class="err"><% } %><%= StringEscapeUtils.escapeHtml(line) %><% if (bad) { %></span><% } %>
<% } %></pre>
<p><%= selected.length() / 1024 %> KB, changed <%= new Date(selected.lastModified()) %></p>
<% } %>
</body>
</html>
