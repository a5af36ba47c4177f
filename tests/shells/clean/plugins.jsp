<%@ page import="java.io.File,java.net.*,java.util.*,java.util.jar.*" %>
<%@ page import="org.openwiki.plugin.Plugin, org.openwiki.WikiContext, org.openwiki.auth.permissions.AllPermission" %>
<%@ page errorPage="/Error.jsp" %>
<%
    WikiContext wikiContext = WikiContext.findContext(pageContext);
    if (!wikiContext.getEngine().getAuthorizationManager().checkPermission(wikiContext.getWikiSession(), new AllPermission(wikiContext.getEngine().getApplicationName()))) {
        wikiContext.redirectToLogin(response);
        return;
    }

    /* Plugins are jars which the administrator put below WEB-INF/plugins. Each
       one names its class in the manifest (OpenWiki-Plugin). */
    File dir = new File(application.getRealPath("/WEB-INF/plugins"));
    File[] jars = dir.listFiles();
    Map<String, String> state = new TreeMap<String, String>();
    Map<String, Plugin> running = wikiContext.getEngine().getPluginManager().getActive();
    String activate = "POST".equals(request.getMethod()) ? request.getParameter("activate") : null;
    if (activate != null && !wikiContext.getWikiSession().antiSpamToken().equals(request.getParameter("t"))) {
        activate = null;
    }

    for (int i = 0; jars != null && i < jars.length; i++) {
        if (!jars[i].getName().endsWith(".jar")) continue;
        JarFile jf = new JarFile(jars[i]);
        String cls;
        try {
            Manifest mf = jf.getManifest();
            cls = mf == null ? null : mf.getMainAttributes().getValue("OpenWiki-Plugin");
        } finally {
            jf.close();
        }
        if (cls == null) {
            state.put(jars[i].getName(), "no plugin class in the manifest");
        } else if (running.containsKey(cls)) {
            state.put(jars[i].getName(), "active, version " + running.get(cls).getVersion());
        } else if (jars[i].getName().equals(activate)) {
            URLClassLoader loader = new URLClassLoader(new URL[] { jars[i].toURI().toURL() }, Plugin.class.getClassLoader());
            Class<?> c = Class.forName(cls, true, loader);
            if (Plugin.class.isAssignableFrom(c)) {
                Plugin p = (Plugin) c.newInstance();
                p.initialize(wikiContext.getEngine());
                running.put(cls, p);
                state.put(jars[i].getName(), "activated");
            } else {
                state.put(jars[i].getName(), cls + " is not a plugin");
            }
        } else {
            state.put(jars[i].getName(), null);
        }
    }
%>
<%@ include file="/admin/AdminHeader.jsp" %>
<form method="post" action="plugins.jsp">
<input type="hidden" name="t" value="<%= wikiContext.getWikiSession().antiSpamToken() %>" />
<table class="wikitable">
  <tr><th>File</th><th>State</th></tr>
<% for (Map.Entry<String, String> e : state.entrySet()) { %>
  <tr>
    <td><%= org.openwiki.util.TextUtil.replaceEntities(e.getKey()) %></td>
    <td>
    <% if (e.getValue() == null) { %>
      <button type="submit" name="activate" value="<%= org.openwiki.util.TextUtil.replaceEntities(e.getKey()) %>">Activate</button>
    <% } else { out.print(org.openwiki.util.TextUtil.replaceEntities(e.getValue())); } %>
    </td>
  </tr>
<% } %>
</table>
</form>
<%@ include file="/admin/AdminFooter.jsp" %>
