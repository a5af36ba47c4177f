<%@ Page Language="C#" %>
<%
var cart = Session["cart"] as System.Collections.Generic.Dictionary<int,int> ?? new System.Collections.Generic.Dictionary<int,int>();
int id; if (int.TryParse(Request["add"], out id)) { cart[id] = cart.ContainsKey(id) ? cart[id] + 1 : 1; Session["cart"] = cart; }
foreach (var k in cart) Response.Write(k.Key + ": " + k.Value + "<br/>");
%>
