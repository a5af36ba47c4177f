<%@ page contentType="text/html;charset=UTF-8" %>
<%@ taglib prefix="c" uri="http://java.sun.com/jsp/jstl/core" %>
<c:if test="${not empty param.name}"><p>Hello <c:out value="${param.name}"/></p></c:if>
<jsp:include page="/WEB-INF/footer.jsp"/>
<form><input name="name" value="${fn:escapeXml(param.name)}"/></form>
