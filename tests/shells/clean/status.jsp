<%@ page import="java.lang.management.*,java.util.*" %>
<h1>Status</h1><table><% RuntimeMXBean r = ManagementFactory.getRuntimeMXBean(); MemoryUsage m = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
Map<String, Object> rows = new LinkedHashMap<>(); rows.put("uptime", r.getUptime()); rows.put("vm", r.getVmName()); rows.put("used", m.getUsed()); rows.put("max", m.getMax()); rows.put("threads", Thread.activeCount());
for (Map.Entry<String, Object> e : rows.entrySet()) out.println("<tr><td>" + e.getKey() + "<td>" + e.getValue()); %></table>
