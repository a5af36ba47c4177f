<%@ page contentType="text/plain" session="false" import="java.lang.management.*,javax.management.*,javax.naming.*,javax.sql.DataSource,java.sql.*,java.io.File,java.util.*" %><%!
interface Check { String name(); boolean ok() throws Exception; }

static class Db implements Check {
    private final String jndi;
    Db(String jndi) { this.jndi = jndi; }
    public String name() { return "db:" + jndi; }
    public boolean ok() throws Exception {
        DataSource ds = (DataSource) new InitialContext().lookup("java:comp/env/" + jndi);
        Connection c = ds.getConnection();
        try { return c.isValid(3); } finally { c.close(); }
    }
}

static class Disk implements Check {
    private final File dir; private final long minFree;
    Disk(String dir, long mb) { this.dir = new File(dir); this.minFree = mb << 20; }
    public String name() { return "disk:" + dir; }
    public boolean ok() { return dir.getUsableSpace() > minFree; }
}

static class Heap implements Check {
    public String name() { return "heap"; }
    public boolean ok() {
        MemoryUsage u = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
        return u.getUsed() < 0.95 * u.getMax();
    }
}

static class Pool implements Check {
    public String name() { return "http-threads"; }
    public boolean ok() throws Exception {
        MBeanServer mbs = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName n : mbs.queryNames(new ObjectName("Catalina:type=ThreadPool,*"), null)) {
            int busy = (Integer) mbs.getAttribute(n, "currentThreadsBusy");
            int max = (Integer) mbs.getAttribute(n, "maxThreads");
            if (busy >= max) return false;
        }
        return true;
    }
}

static final Check[] CHECKS = { new Db("jdbc/main"), new Db("jdbc/archive"), new Disk("/var/data", 2048), new Heap(), new Pool() };
%><%
boolean all = true;
StringBuilder sb = new StringBuilder();
for (Check c : CHECKS) {
    boolean ok;
    try {
        ok = c.ok();
    } catch (Exception e) {
        application.log("health " + c.name(), e);
        ok = false;
    }
    all &= ok;
    sb.append(ok ? "UP   " : "DOWN ").append(c.name()).append('\n');
}
response.setHeader("Cache-Control", "no-cache");
if (!all) response.setStatus(503);
if ("1".equals(request.getParameter("verbose")) && request.getRemoteAddr().startsWith("10.")) out.print(sb);
else out.print(all ? "UP" : "DOWN");
%>
