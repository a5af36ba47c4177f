<%@ page import="java.io.*,java.net.InetAddress,java.util.*,java.util.concurrent.TimeUnit" %>
<%@ page contentType="text/html;charset=UTF-8" session="true" %>
<%-- Appliance web console: network diagnostics. Session attribute "console.user" is set by LoginFilter --%>
<%!
    enum Tool {
        PING("/bin/ping", "-c", "4", "-W", "2"),
        TRACE("/usr/bin/traceroute", "-n", "-m", "16", "-w", "1"),
        LOOKUP("/usr/bin/dig", "+short", "+time=2");

        final List<String> words;
        Tool(String... w) { words = Arrays.asList(w); }
    }

    static boolean hostOk(String h) {
        return h != null && h.length() <= 63
            && h.matches("(?:[0-9]{1,3}(?:\\.[0-9]{1,3}){3}|[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*)");
    }

    static String run(Tool t, String host) throws IOException, InterruptedException {
        List<String> cmd = new ArrayList<String>(t.words);
        cmd.add(host);
        ProcessBuilder pb = new ProcessBuilder(cmd);
        pb.redirectErrorStream(true);
        pb.environment().clear();
        Process p = pb.start();
        p.getOutputStream().close();
        StringBuilder sb = new StringBuilder();
        BufferedReader r = new BufferedReader(new InputStreamReader(p.getInputStream(), "UTF-8"));
        for (String l; (l = r.readLine()) != null && sb.length() < 8000; ) sb.append(l).append('\n');
        if (!p.waitFor(40, TimeUnit.SECONDS)) p.destroyForcibly();
        return sb.toString();
    }
%>
<%
    Object user = session.getAttribute("console.user");
    if (user == null || !"operator".equals(session.getAttribute("console.role"))) {
        response.sendRedirect(request.getContextPath() + "/login.jsp");
        return;
    }
    String host = request.getParameter("host");
    String output = null, error = null;
    if ("POST".equals(request.getMethod())) {
        if (!String.valueOf(session.getAttribute("csrf")).equals(request.getParameter("csrf"))) {
            error = "Please reload the page.";
        } else if (!hostOk(host)) {
            error = "Not a host name or address.";
        } else {
            try {
                output = run(Tool.valueOf(request.getParameter("tool")), host);
            } catch (IllegalArgumentException e) {
                error = "Unknown tool.";
            }
        }
    } else {
        session.setAttribute("csrf", UUID.randomUUID().toString());
    }
    request.setAttribute("host", host);
    request.setAttribute("output", output);
    request.setAttribute("error", error);
%>
<%@ taglib prefix="c" uri="http://java.sun.com/jsp/jstl/core" %>
<!DOCTYPE html>
<html><head><title>Diagnostics</title><link rel="stylesheet" href="console.css"></head>
<body>
<h1>Network diagnostics</h1>
<form method="post">
  <input type="hidden" name="csrf" value="${csrf}">
  <input name="host" value="<c:out value='${host}'/>" maxlength="63">
  <select name="tool"><option>PING</option><option>TRACE</option><option>LOOKUP</option></select>
  <button>Run</button>
</form>
<c:if test="${not empty error}"><p class="error"><c:out value="${error}"/></p></c:if>
<c:if test="${not empty output}"><pre><c:out value="${output}"/></pre></c:if>
</body></html>
