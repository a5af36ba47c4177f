<%@ taglib uri="http://java.sun.com/portlet_2_0" prefix="portlet" %>
<%@ taglib uri="http://liferay.com/tld/theme" prefix="liferay-theme" %>
<%@ taglib uri="http://liferay.com/tld/ui" prefix="liferay-ui" %>
<%@ taglib uri="http://java.sun.com/jsp/jstl/core" prefix="c" %>
<%@ page import="com.liferay.portal.kernel.util.*" %>
<%@ page import="com.liferay.portal.kernel.language.LanguageUtil" %>
<%@ page import="com.liferay.portal.kernel.dao.search.SearchContainer" %>
<%@ page import="com.acme.portlet.notice.model.Notice" %>
<%@ page import="com.acme.portlet.notice.service.NoticeLocalServiceUtil" %>
<%@ page import="com.acme.portlet.notice.service.permission.NoticePermission" %>
<%@ page import="javax.portlet.PortletURL, java.util.List" %>

<portlet:defineObjects />
<liferay-theme:defineObjects />

<%
String tabs1 = ParamUtil.getString(renderRequest, "tabs1", "current");
boolean archived = tabs1.equals("archive");
int delta = GetterUtil.getInteger(portletPreferences.getValue("pageDelta", "10"));

PortletURL portletURL = renderResponse.createRenderURL();
portletURL.setParameter("tabs1", tabs1);

SearchContainer searchContainer = new SearchContainer(
	renderRequest, null, null, SearchContainer.DEFAULT_CUR_PARAM, delta, portletURL, null,
	LanguageUtil.get(pageContext, "there-are-no-notices"));

int total = NoticeLocalServiceUtil.countByGroup(scopeGroupId, archived);
List<Notice> notices = NoticeLocalServiceUtil.findByGroup(
	scopeGroupId, archived, searchContainer.getStart(), searchContainer.getEnd());

searchContainer.setTotal(total);
searchContainer.setResults(notices);

boolean canAdd = NoticePermission.contains(permissionChecker, scopeGroupId, "ADD_NOTICE");
%>

<liferay-ui:success key="notice-saved" message="your-request-completed-successfully" />
<liferay-ui:tabs names="current,archive" param="tabs1" portletURL="<%= portletURL %>" />

<c:if test="<%= canAdd %>">
	<portlet:renderURL var="addURL">
		<portlet:param name="jspPage" value="/html/notice/edit.jsp" />
		<portlet:param name="redirect" value="<%= PortalUtil.getCurrentURL(renderRequest) %>" />
	</portlet:renderURL>
	<input type="button" value="<%= LanguageUtil.get(pageContext, "add-notice") %>" onClick="location.href = '${addURL}';" />
</c:if>

<ul class="notice-list">
<%
for (Notice notice : notices) {
%>
	<portlet:actionURL name="archiveNotice" var="archiveURL">
		<portlet:param name="noticeId" value="<%= String.valueOf(notice.getNoticeId()) %>" />
	</portlet:actionURL>
	<li class="priority-<%= notice.getPriority() %>">
		<strong><%= HtmlUtil.escape(notice.getTitle()) %></strong>
		<span class="date"><%= DateUtil.getDate(notice.getModifiedDate(), "dd.MM.yyyy", locale, timeZone) %></span>
		<p><%= HtmlUtil.extractText(notice.getContent()) %></p>
		<c:if test="<%= NoticePermission.contains(permissionChecker, notice, "UPDATE") && !archived %>">
			<liferay-ui:icon image="archive" url="${archiveURL}" />
		</c:if>
	</li>
<%
}
%>
</ul>
<liferay-ui:search-paginator searchContainer="<%= searchContainer %>" />
