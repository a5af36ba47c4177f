<%@ page import="java.io.*,java.util.*" %>
<%! static synchronized void log(String file, String line) throws IOException { try (PrintWriter w = new PrintWriter(new FileWriter(file, true))) { w.println(new Date() + " " + line); } } %>
<% log(application.getRealPath("/WEB-INF/feedback.txt"), request.getParameter("text").replaceAll("[\\r\\n<>]", " ")); %>Thanks
