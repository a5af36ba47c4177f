<%@ page import="java.util.*" %>
<%! private static final Map<String, Integer> seen = new HashMap<>();
    static int twice(int n) throws Exception { return n * 2; } %>
<%
  String name = request.getParameter("name");
  if (name != null && !"".equals(name)) {
    for (int i = 0; i < 3; i++) { out.println(name.charAt(i)); }
%><b><%= name %></b><%
  } else {
    for (String each : seen.keySet()) out.print(each + (char) 65);
  }
  Runnable later = () -> { out.flush(); };
  int[] codes = new int[] {1, 2}; byte[] room = new byte[16];
  Thread t = new Thread(new Runnable() { public void run() { later.run(); } });
  try (Reader r = open()) { r.read(); } catch (IOException e) { throw new RuntimeException(e); }
  List<String> list = new ArrayList<String>(); list.forEach(System.out::println);
%>
${param.name} #{bean.value}
