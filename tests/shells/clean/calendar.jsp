<%@ page import="java.time.*,java.util.*" %>
<%! enum View { MONTH, WEEK { int days() { return 7; } }, DAY { int days() { return 1; } }; int days() { return 31; } } %>
<% View v = View.valueOf(Optional.ofNullable(request.getParameter("v")).orElse("MONTH").toUpperCase()); LocalDate d = LocalDate.parse(request.getParameter("d")); for (int i = 0; i < v.days(); i++) out.print("<td>" + d.plusDays(i) + "</td>"); %>
