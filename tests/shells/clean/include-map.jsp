<%
java.util.Map<String,String> pages = new java.util.HashMap<>();
pages.put("news", "news.jsp"); pages.put("about", "about.jsp");
String p = pages.get(request.getParameter("p"));
request.getRequestDispatcher("/WEB-INF/" + (p == null ? "home.jsp" : p)).include(request, response);
%>
