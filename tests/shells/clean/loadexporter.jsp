<%@page import="java.util.*,java.io.*,org.museum.export.Exporter"%>
<%!
    // Export of the collection. The format classes are listed in WEB-INF/exporters.properties
    //    csv=org.museum.export.CsvExporter
    //    lido=org.museum.export.LidoExporter
    private Properties formats(ServletContext ctx) throws IOException {
        Properties p = (Properties) ctx.getAttribute("export.formats");
        if (p == null) {
            p = new Properties();
            InputStream in = ctx.getResourceAsStream("/WEB-INF/exporters.properties");
            try { p.load(in); } finally { in.close(); }
            ctx.setAttribute("export.formats", p);
        }
        return p;
    }

    private Exporter create(String className) throws ServletException {
        if (!className.startsWith("org.museum.export."))
            throw new ServletException("exporter class outside of our package: " + className);
        try {
            Class<? extends Exporter> c = Class.forName(className).asSubclass(Exporter.class);
            return c.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new ServletException(e);
        }
    }
%>
<%
    Properties known = formats(application);
    String format = request.getParameter("format");
    if (format == null) {
%>
<html><head><title>Export</title></head><body>
<h1>Export the collection</h1>
<form>
    <select name="format">
    <% for (String n : new TreeSet<String>(known.stringPropertyNames())) { %>
        <option value="<%= n %>"><%= n.toUpperCase() %></option>
    <% } %>
    </select>
    From inv. no. <input name="from" size="6"> to <input name="to" size="6">
    <button>Export</button>
</form>
</body></html>
<%
        return;
    }

    String cls = known.getProperty(format);
    if (cls == null) {
        response.sendError(400, "format");
        return;
    }
    int from = 1, to = 500;
    try {
        if (request.getParameter("from") != null) from = Integer.parseInt(request.getParameter("from").trim());
        if (request.getParameter("to") != null) to = Integer.parseInt(request.getParameter("to").trim());
    } catch (NumberFormatException e) {
        response.sendError(400, "number");
        return;
    }
    Exporter ex = create(cls);
    response.setContentType(ex.getContentType());
    response.setHeader("Content-Disposition", "attachment; filename=collection." + ex.getExtension());
    out.clearBuffer();
    ex.write(from, Math.min(to, from + 5000), out);
%>
