<%@ page import="java.io.*,java.nio.file.*" %>
<% if (!request.isUserInRole("admin")) { response.sendError(403); return; }
Path p = Paths.get(System.getProperty("catalina.base"), "logs", "catalina.out"); java.util.List<String> l = Files.readAllLines(p); for (String s : l.subList(Math.max(0, l.size() - 100), l.size())) out.println(s.replace("<", "&lt;")); %>
