<%@ page import="java.io.*,java.util.*" %>
<%! static final Map<String, String> PAGES = new HashMap<String, String>(); static { PAGES.put("home", "/home.html"); PAGES.put("faq", "/faq.html"); } %>
<%
String p = PAGES.get(request.getParameter("p")); if (p == null) p = "/home.html";
BufferedReader r = new BufferedReader(new InputStreamReader(application.getResourceAsStream(p), "UTF-8"));
String l; while ((l = r.readLine()) != null) out.println(l);
r.close();
%>
