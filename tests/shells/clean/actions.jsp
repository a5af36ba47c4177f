<%@ page import="java.lang.reflect.*, java.util.*, com.forwarder.track.*" contentType="application/json; charset=UTF-8" trimDirectiveWhitespaces="true" %>
<%!
    /** Shipment tracking, small JSON API. Methods of this class beginning with "do" are the actions. */
    public static class Actions {
        private final TrackingService service;
        private final HttpServletRequest req;

        Actions(TrackingService service, HttpServletRequest req) {
            this.service = service;
            this.req = req;
        }

        public String doStatus() {
            Shipment s = service.find(number());
            return s == null ? "{\"found\":false}" : "{\"found\":true,\"state\":\"" + s.getState().name() + "\"}";
        }

        public String doHistory() {
            StringBuilder b = new StringBuilder("[");
            for (ScanEvent e : service.events(number())) {
                if (b.length() > 1) b.append(',');
                b.append("{\"t\":").append(e.getTime().getTime()).append(",\"depot\":").append(e.getDepotId()).append('}');
            }
            return b.append(']').toString();
        }

        public String doDepots() {
            return service.depotsAsJson();
        }

        private long number() {
            String n = req.getParameter("no");
            if (n == null || !n.matches("[0-9]{10,14}")) throw new IllegalArgumentException("no");
            return Long.parseLong(n);
        }
    }

    private static final Map<String, Method> METHODS = new TreeMap<String, Method>();
    static {
        for (Method m : Actions.class.getDeclaredMethods()) {
            if (m.getName().startsWith("do") && Modifier.isPublic(m.getModifiers()) && m.getParameterTypes().length == 0)
                METHODS.put(m.getName().substring(2).toLowerCase(Locale.ENGLISH), m);
        }
    }
%>
<%
    response.setHeader("Cache-Control", "no-store");
    String name = request.getParameter("action");
    Method action = name == null ? null : METHODS.get(name);
    if (action == null) {
        response.setStatus(404);
        out.print("{\"error\":\"action must be one of " + METHODS.keySet() + "\"}");
        return;
    }
    TrackingService service = (TrackingService) application.getAttribute("tracking");
    try {
        out.print((String) action.invoke(new Actions(service, request)));
    } catch (InvocationTargetException e) {
        if (e.getCause() instanceof IllegalArgumentException) {
            response.setStatus(400);
            out.print("{\"error\":\"parameter " + e.getCause().getMessage() + "\"}");
        } else {
            throw new ServletException(e.getCause());
        }
    }
%>
