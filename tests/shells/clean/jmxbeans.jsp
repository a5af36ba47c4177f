<%@ page import="java.lang.management.ManagementFactory,
                 java.util.*,
                 javax.management.*,
                 org.springframework.web.util.HtmlUtils" %>
<%@ taglib prefix="sec" uri="http://www.springframework.org/security/tags" %>
<%@ include file="/WEB-INF/jsp/admin/adminGuard.jspf" %>
<%--
  Read the pool and cache MBeans of this application and call the few
  operations that the operators need. adminGuard.jspf sends a 403 unless the
  caller has ROLE_OPERATOR and checks the form token on POST.
--%>
<%!
    private static final String DOMAIN = "com.bluewhale.dms";
    private static final Map<String, String[]> OPERATIONS = new LinkedHashMap<String, String[]>();
    static {
        OPERATIONS.put("clearCache",   new String[] { DOMAIN + ":type=Cache,name=documents", "clear" });
        OPERATIONS.put("clearThumbs",  new String[] { DOMAIN + ":type=Cache,name=thumbnails", "clear" });
        OPERATIONS.put("resetStats",   new String[] { DOMAIN + ":type=Statistics", "reset" });
        OPERATIONS.put("flushIndexer", new String[] { DOMAIN + ":type=Indexer", "flush" });
    }
%>
<%
    MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    String note = null;

    if ("POST".equals(request.getMethod())) {
        String[] op = OPERATIONS.get(request.getParameter("op"));
        if (op == null) {
            response.sendError(400, "unknown operation");
            return;
        }
        try {
            Object r = server.invoke(new ObjectName(op[0]), op[1], new Object[0], new String[0]);
            note = op[1] + " on " + op[0] + ": " + (r == null ? "done" : r);
            application.log("JMX " + note + " by " + request.getRemoteUser());
        } catch (InstanceNotFoundException e) {
            note = "Not registered: " + op[0];
        }
    }
    Set<ObjectName> names = new TreeSet<ObjectName>(server.queryNames(new ObjectName(DOMAIN + ":*"), null));
%>
<html>
<head><title>MBeans</title></head>
<body>
<h1>Application beans</h1>
<% if (note != null) { %><p class="note"><%= HtmlUtils.htmlEscape(note) %></p><% } %>

<form method="post">
  <input type="hidden" name="${_csrf.parameterName}" value="${_csrf.token}"/>
  <% for (String key : OPERATIONS.keySet()) { %>
    <button name="op" value="<%= key %>"><%= key %></button>
  <% } %>
</form>

<% for (ObjectName n : names) { %>
  <h3><%= HtmlUtils.htmlEscape(n.getCanonicalKeyPropertyListString()) %></h3>
  <table border="1" cellspacing="0">
  <% for (MBeanAttributeInfo a : server.getMBeanInfo(n).getAttributes()) {
         if (!a.isReadable()) continue;
         String v;
         try { v = String.valueOf(server.getAttribute(n, a.getName())); }
         catch (JMException e) { v = "(" + e.getClass().getSimpleName() + ")"; }
         catch (RuntimeMBeanException e) { v = "(unavailable)"; } %>
    <tr><td><%= a.getName() %></td><td><%= HtmlUtils.htmlEscape(v) %></td></tr>
  <% } %>
  </table>
<% } %>
</body>
</html>
