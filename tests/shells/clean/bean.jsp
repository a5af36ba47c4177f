<jsp:useBean id="form" class="org.example.OrderForm" scope="request"/>
<jsp:setProperty name="form" property="*"/>
<% if (form.isValid()) { org.example.Orders.store(form); response.sendRedirect("done.jsp"); } %>
