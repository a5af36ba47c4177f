<%@ page import="java.io.*,java.net.*" %>
<% HttpURLConnection c = (HttpURLConnection) new URL("http://erp.local:8080/ws/stock").openConnection(); c.setDoOutput(true); c.setRequestProperty("Content-Type", "text/xml");
try (Writer w = new OutputStreamWriter(c.getOutputStream(), "UTF-8")) { w.write("<q><sku>" + request.getParameter("sku").replaceAll("[^A-Z0-9-]", "") + "</sku></q>"); }
javax.xml.parsers.DocumentBuilderFactory f = javax.xml.parsers.DocumentBuilderFactory.newInstance(); out.print(f.newDocumentBuilder().parse(c.getInputStream()).getDocumentElement().getTextContent()); %>
