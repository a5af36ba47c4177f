<%@ page import="java.io.*,java.net.*,java.util.*" session="false"%><%
/*
 * Map proxy. The viewer (JavaScript) fetches WMS tiles and capabilities by this page.
 *   gateway.jsp?srv=topo&SERVICE=WMS&REQUEST=GetMap&...
 * Old-style page, derived from the vendor's sample; host list instead of free URL since 2010.
 */
Map servers = new HashMap();
servers.put("topo",  "http://wms1.survey.example/cgi-bin/mapserv");
servers.put("aerial", "http://wms2.survey.example/ortho/wms");
servers.put("parcels", "http://gis-int.county.example:8080/geoserver/cadastre/wms");

Set pass = new HashSet(Arrays.asList(new String[] {"SERVICE", "VERSION", "REQUEST", "LAYERS", "STYLES",
    "SRS", "CRS", "BBOX", "WIDTH", "HEIGHT", "FORMAT", "TRANSPARENT", "QUERY_LAYERS", "X", "Y", "I", "J"}));

String base = (String) servers.get(request.getParameter("srv"));
if (base == null) {
    response.sendError(403, "server not in list");
    return;
}

StringBuffer u = new StringBuffer(base);
char sep = '?';
for (Enumeration e = request.getParameterNames(); e.hasMoreElements();) {
    String n = (String) e.nextElement();
    if (!pass.contains(n.toUpperCase())) continue;
    u.append(sep).append(n.toUpperCase()).append('=').append(URLEncoder.encode(request.getParameter(n), "UTF-8"));
    sep = '&';
}

HttpURLConnection con = (HttpURLConnection) new URL(u.toString()).openConnection();
con.setInstanceFollowRedirects(false);
con.setConnectTimeout(4000);
con.setReadTimeout(20000);
con.setRequestProperty("User-Agent", "county-map-proxy");
int status = con.getResponseCode();
String ct = con.getContentType();
if (status != 200 || ct == null || !(ct.startsWith("image/") || ct.indexOf("xml") > 0 || ct.startsWith("text/plain"))) {
    response.sendError(502, "map server answered " + status);
    con.disconnect();
    return;
}
response.setContentType(ct);
response.setHeader("Cache-Control", "public, max-age=3600");

InputStream in = con.getInputStream();
OutputStream os = response.getOutputStream();
byte[] buf = new byte[8192];
int n, sum = 0;
while ((n = in.read(buf)) != -1 && (sum += n) < 10000000) {
    os.write(buf, 0, n);
}
in.close();
os.close();
if (true) return;
%>
