<%@ page import="java.io.*,java.util.*,java.util.zip.*,java.text.*" contentType="text/html; charset=UTF-8"%>
<%!
  static final class Backup {
    private final File source, store;
    Backup(File source, File store) { this.source = source; this.store = store; }

    File make() throws IOException {
      File z = new File(store, "conf-" + new SimpleDateFormat("yyyyMMdd-HHmmss").format(new Date()) + ".zip");
      ZipOutputStream zo = new ZipOutputStream(new BufferedOutputStream(new FileOutputStream(z)));
      try { add(zo, source, ""); } finally { zo.close(); }
      return z;
    }

    private void add(ZipOutputStream zo, File f, String name) throws IOException {
      if (f.isDirectory()) {
        for (File c : f.listFiles()) add(zo, c, name.length() == 0 ? c.getName() : name + "/" + c.getName());
        return;
      }
      if (!f.getName().endsWith(".xml") && !f.getName().endsWith(".properties")) return;
      zo.putNextEntry(new ZipEntry(name));
      FileInputStream in = new FileInputStream(f);
      try {
        byte[] b = new byte[4096];
        for (int n; (n = in.read(b)) > 0; ) zo.write(b, 0, n);
      } finally { in.close(); }
      zo.closeEntry();
    }

    /** only archives which lie in the store can be restored; every entry has to stay below the source folder */
    int restore(String archive) throws IOException {
      if (!Arrays.asList(list()).contains(archive)) throw new FileNotFoundException(archive);
      String root = source.getCanonicalPath() + File.separator;
      ZipInputStream zi = new ZipInputStream(new FileInputStream(new File(store, archive)));
      int count = 0;
      try {
        for (ZipEntry e; (e = zi.getNextEntry()) != null; ) {
          File t = new File(source, e.getName());
          if (!t.getCanonicalPath().startsWith(root)) throw new IOException("bad entry " + e.getName());
          if (!e.getName().endsWith(".xml") && !e.getName().endsWith(".properties")) continue;
          FileOutputStream o = new FileOutputStream(t);
          try {
            byte[] b = new byte[4096];
            for (int n; (n = zi.read(b)) > 0; ) o.write(b, 0, n);
          } finally { o.close(); }
          count++;
        }
      } finally { zi.close(); }
      return count;
    }

    String[] list() {
      String[] l = store.list(new FilenameFilter() {
        public boolean accept(File d, String n) { return n.matches("conf-[0-9]{8}-[0-9]{6}\\.zip"); }
      });
      Arrays.sort(l, Collections.reverseOrder());
      return l;
    }
  }
%>
<%
  if (!request.isUserInRole("sysadmin")) { response.sendError(403); return; }
  Backup bk = new Backup(new File("/opt/pbx/conf"), new File("/opt/pbx/backup"));
  String note = "";
  if ("POST".equals(request.getMethod())) {
    if (!session.getId().equals(request.getParameter("sid"))) { response.sendError(400); return; }
    if (request.getParameter("make") != null) note = "Created " + bk.make().getName();
    else if (request.getParameter("restore") != null) note = bk.restore(request.getParameter("archive")) + " files restored";
    application.log("backup page: " + request.getRemoteUser() + ": " + note);
  }
%>
<html><head><title>PBX configuration backup</title></head><body>
<h3>Configuration backup</h3>
<p><%= note %></p>
<form method="post">
<input type="hidden" name="sid" value="<%= session.getId() %>">
<input type="submit" name="make" value="Back up now"><br>
<select name="archive" size="8"><% for (String a : bk.list()) { %><option><%= a %></option><% } %></select>
<input type="submit" name="restore" value="Restore selected">
</form>
</body></html>
