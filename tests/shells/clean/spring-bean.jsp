<%@ page import="org.springframework.web.context.support.*,org.springframework.context.*" %>
<% ApplicationContext ctx = WebApplicationContextUtils.getWebApplicationContext(application); com.example.OrderService s = (com.example.OrderService) ctx.getBean("orderService"); request.setAttribute("orders", s.find(request.getParameter("q"))); %>
<jsp:include page="/WEB-INF/orders.jsp"/>
