<%@ Page Language="C#" %>
<%
var menu = HttpRuntime.Cache["menu"] as string;
if (menu == null) { menu = System.IO.File.ReadAllText(Server.MapPath("~/menu.html")); HttpRuntime.Cache.Insert("menu", menu); }
Response.Write(menu);
%>
