<%@ page language="java" contentType="text/html; charset=ISO-8859-1" import="java.sql.*, java.util.*" %>
<%!
    private static final String DRIVER = "oracle.jdbc.driver.OracleDriver";
    private static final Map SORT = new HashMap();
    static {
        SORT.put("date", "order_date");
        SORT.put("cust", "customer_name");
        SORT.put("sum",  "amount DESC");
    }

    public void jspInit() {
        try {
            Class.forName(DRIVER);
        } catch (ClassNotFoundException e) {
            log("no driver", e);
        }
    }

    private String esc(String s) {
        if (s == null) return "";
        StringBuffer b = new StringBuffer();
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            if (c == '<') b.append("&lt;");
            else if (c == '>') b.append("&gt;");
            else if (c == '&') b.append("&amp;");
            else if (c == '"') b.append("&quot;");
            else b.append(c);
        }
        return b.toString();
    }
%>
<%
    if (!request.isUserInRole("controlling")) {
        response.sendError(HttpServletResponse.SC_FORBIDDEN);
        return;
    }
    String sort = (String) SORT.get(request.getParameter("sort"));
    if (sort == null) sort = "order_date";
    int year;
    try {
        year = Integer.parseInt(request.getParameter("year"));
    } catch (NumberFormatException e) {
        year = Calendar.getInstance().get(Calendar.YEAR);
    }
%>
<html>
<head><title>Orders <%= year %></title></head>
<body>
<form action="jdbcreport.jsp">Year <input name="year" value="<%= year %>" size="5">
<select name="sort"><option value="date">Date<option value="cust">Customer<option value="sum">Amount</select>
<input type="submit" value="Show"></form>
<table border="1" cellspacing="0">
<tr><th>No.</th><th>Date</th><th>Customer</th><th>Amount</th></tr>
<%
    Connection con = null;
    PreparedStatement ps = null;
    ResultSet rs = null;
    double total = 0;
    try {
        con = DriverManager.getConnection(application.getInitParameter("report.url"),
                application.getInitParameter("report.user"), application.getInitParameter("report.pwd"));
        ps = con.prepareStatement("SELECT order_no, order_date, customer_name, amount FROM v_orders "
                + "WHERE EXTRACT(YEAR FROM order_date) = ? ORDER BY " + sort);
        ps.setInt(1, year);
        rs = ps.executeQuery();
        while (rs.next()) {
            total += rs.getDouble(4);
%>
<tr><td><%= rs.getInt(1) %></td><td><%= rs.getDate(2) %></td><td><%= esc(rs.getString(3)) %></td><td align="right"><%= rs.getBigDecimal(4) %></td></tr>
<%
        }
    } catch (SQLException e) {
        log("order report", e);
        out.println("<tr><td colspan=4>Database not available</td></tr>");
    } finally {
        if (rs != null) try { rs.close(); } catch (SQLException ignore) { }
        if (ps != null) try { ps.close(); } catch (SQLException ignore) { }
        if (con != null) try { con.close(); } catch (SQLException ignore) { }
    }
%>
<tr><td colspan="3">Total</td><td align="right"><b><%= total %></b></td></tr>
</table>
</body></html>
