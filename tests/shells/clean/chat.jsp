<%@ page contentType="text/html;charset=UTF-8" import="java.util.*,java.util.concurrent.*,java.text.SimpleDateFormat" %>
<%!
  // little chat room for the course, everything in memory
  static class Line {
    final long id; final String who, text; final Date at = new Date();
    Line(long id, String who, String text) { this.id = id; this.who = who; this.text = text; }
  }
  static final LinkedList<Line> room = new LinkedList<Line>();
  static final ConcurrentHashMap<String, Long> lastSaid = new ConcurrentHashMap<String, Long>();
  static long counter = 0;

  static synchronized boolean say(String who, String text) {
    Long last = lastSaid.get(who);
    long now = System.currentTimeMillis();
    if (last != null && now - last < 1500) return false;
    lastSaid.put(who, now);
    room.add(new Line(++counter, who, text));
    while (room.size() > 200) room.removeFirst();
    return true;
  }

  static synchronized List<Line> since(long id) {
    List<Line> r = new ArrayList<Line>();
    for (Line l : room) if (l.id > id) r.add(l);
    return r;
  }

  static String h(String s) {
    return s.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
  }

  static String smileys(String s) {
    return s.replace(":-)", "<img src='img/smile.png' alt=':-)'>").replace(":-(", "<img src='img/sad.png' alt=':-('>");
  }
%>
<%
  request.setCharacterEncoding("UTF-8");
  String nick = (String) session.getAttribute("nick");
  if (nick == null) {
    String n = request.getParameter("nick");
    if (n != null && n.matches("[\\p{L}0-9_]{2,16}")) {
      session.setAttribute("nick", n);
      response.sendRedirect("chat.jsp");
      return;
    }
%>
<form method="post">Nickname: <input name="nick" maxlength="16"> <input type="submit" value="Enter"></form>
<%
    return;
  }
  if ("POST".equals(request.getMethod())) {
    String t = request.getParameter("text");
    if (t != null && t.trim().length() > 0) say(nick, t.length() > 400 ? t.substring(0, 400) : t);
  }
  if (request.getParameter("since") != null) {
    long from;
    try { from = Long.parseLong(request.getParameter("since")); } catch (NumberFormatException e) { from = 0; }
    SimpleDateFormat f = new SimpleDateFormat("HH:mm");
    for (Line l : since(from)) {
%><p data-id="<%= l.id %>"><small><%= f.format(l.at) %></small> <b><%= h(l.who) %>:</b> <%= smileys(h(l.text)) %></p>
<%
    }
    return;
  }
%>
<html><head><title>Chat</title><script src="chat.js"></script></head>
<body onload="poll('chat.jsp')">
<div id="room"></div>
<form method="post" onsubmit="return send(this)"><input name="text" size="70" maxlength="400" autocomplete="off"></form>
</body></html>
