<%@ page trimDirectiveWhitespaces="true" import="java.io.*, java.sql.*, javax.naming.*, javax.sql.DataSource, java.net.URLEncoder" %><%
    // getdocument.jsp?doc=4711[&rev=3]  - streams one revision from the archive
    Long userId = (Long) session.getAttribute("archive.userId");
    if (userId == null) {
        response.sendRedirect(request.getContextPath() + "/login.jsp?target=" + URLEncoder.encode(request.getRequestURI() + "?" + request.getQueryString(), "UTF-8"));
        return;
    }
    long docId;
    int rev;
    try {
        docId = Long.parseLong(request.getParameter("doc"));
        rev = request.getParameter("rev") == null ? -1 : Integer.parseInt(request.getParameter("rev"));
    } catch (NumberFormatException e) {
        response.sendError(400);
        return;
    }

    DataSource ds = (DataSource) new InitialContext().lookup("java:comp/env/jdbc/archive");
    Connection con = ds.getConnection();
    PreparedStatement ps = null;
    ResultSet rs = null;
    InputStream in = null;
    try {
        ps = con.prepareStatement(
            "select r.storage_key, r.file_name, r.mime_type, r.file_size " +
            "from doc_revision r join doc_acl a on a.doc_id = r.doc_id " +
            "where r.doc_id = ? and a.user_id = ? and a.may_read = 1 " +
            (rev < 0 ? "order by r.rev desc" : "and r.rev = ?"));
        ps.setLong(1, docId);
        ps.setLong(2, userId.longValue());
        if (rev >= 0) ps.setInt(3, rev);
        rs = ps.executeQuery();
        if (!rs.next()) {
            response.sendError(404);
            return;
        }
        String key = rs.getString(1);           // 40 hex digits
        File store = new File(application.getInitParameter("archive.store"));
        File file = new File(new File(store, key.substring(0, 2)), key);
        if (!file.isFile()) {
            application.log("archive: missing blob " + key + " for document " + docId);
            response.sendError(410);
            return;
        }
        response.reset();
        response.setContentType(rs.getString(3));
        response.setContentLength(rs.getInt(4));
        response.setHeader("Content-Disposition", "attachment; filename*=UTF-8''" + URLEncoder.encode(rs.getString(2), "UTF-8").replace("+", "%20"));
        response.setHeader("X-Content-Type-Options", "nosniff");

        in = new BufferedInputStream(new FileInputStream(file));
        OutputStream os = response.getOutputStream();
        byte[] buf = new byte[16384];
        for (int n; (n = in.read(buf)) > 0; ) {
            os.write(buf, 0, n);
        }
        os.flush();
    } finally {
        if (in != null) in.close();
        if (rs != null) rs.close();
        if (ps != null) ps.close();
        con.close();
    }
%>
