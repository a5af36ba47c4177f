<%@page import="java.io.*"%><%@page import="java.net.URLEncoder"%><%!

    private static final int BUF = 16384;

    private File resolve(File base, String rel) throws IOException {
        if (rel == null || rel.indexOf('\0') >= 0 || rel.length() > 200) return null;
        File f = new File(base, rel).getCanonicalFile();
        String root = base.getCanonicalPath() + File.separator;
        if (!f.getPath().startsWith(root)) return null;
        if (!f.isFile() || f.isHidden()) return null;
        return f;
    }

    private void copy(InputStream in, OutputStream os) throws IOException {
        byte[] b = new byte[BUF];
        int n;
        while ((n = in.read(b)) > 0) os.write(b, 0, n);
    }

%><%
    // Download of public tender documents: download.jsp?doc=2015/T-118/specification.pdf
    File base = new File("/srv/tenders/published");
    File f = resolve(base, request.getParameter("doc"));
    String lower = f == null ? "" : f.getName().toLowerCase();
    String type = null;
    if (lower.endsWith(".pdf")) type = "application/pdf";
    else if (lower.endsWith(".zip")) type = "application/zip";
    else if (lower.endsWith(".xls")) type = "application/vnd.ms-excel";
    else if (lower.endsWith(".odt")) type = "application/vnd.oasis.opendocument.text";

    if (type == null) {
        response.sendError(404, "Document not published");
        return;
    }

    long since = request.getDateHeader("If-Modified-Since");
    if (since >= 0 && f.lastModified() / 1000 <= since / 1000) {
        response.setStatus(304);
        return;
    }
    response.reset();
    response.setContentType(type);
    response.setContentLength((int) f.length());
    response.setDateHeader("Last-Modified", f.lastModified());
    response.setHeader("Content-Disposition", "attachment; filename*=UTF-8''" + URLEncoder.encode(f.getName(), "UTF-8").replace("+", "%20"));
    InputStream in = new FileInputStream(f);
    try {
        ServletOutputStream os = response.getOutputStream();
        copy(in, os);
        os.flush();
    } finally {
        in.close();
    }
    out.clear();
    out = pageContext.pushBody();
%>
