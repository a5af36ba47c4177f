<%@ page import="java.util.*,java.util.stream.*" %>
<%! static class Item { final String name; final double price; Item(String n, double p) { name = n; price = p; } String html() { return "<li>" + name + " " + price + "</li>"; } }
 static final List<Item> ITEMS = Arrays.asList(new Item("tea", 3.5), new Item("milk", 1.1)); %>
<ul><%= ITEMS.stream().filter(i -> request.getParameter("max") == null || i.price <= Double.parseDouble(request.getParameter("max"))).map(Item::html).collect(Collectors.joining()) %></ul>
