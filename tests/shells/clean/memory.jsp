<%
Runtime r = Runtime.getRuntime();
out.print("free " + r.freeMemory() / 1048576 + " of " + r.totalMemory() / 1048576 + " MB, threads " + Thread.activeCount());
%>
