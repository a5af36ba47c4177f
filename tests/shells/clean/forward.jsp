<% String v = (String) request.getAttribute("view"); %>
<jsp:include page="<%= \"/WEB-INF/views/\" + v + \".jsp\" %>"/>
