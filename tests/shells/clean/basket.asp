<!--#include file="includes/dbopen.asp"-->
<!--#include file="includes/shopfunctions.asp"-->
<%
' ---- Candle & Wick online shop : basket ----
dim arrBasket, action, prodID, qty, n, found, lineTotal, subTotal, shipping, rsP
const C_ID = 0
const C_QTY = 1
const MAXLINES = 30

if isArray(session("basket")) then
  arrBasket = session("basket")
else
  redim arrBasket(1, MAXLINES)
  session("lines") = 0
end if

action = request("action")
prodID = toInt(request("id"))
qty = toInt(request("qty"))
if qty < 1 then qty = 1
if qty > 99 then qty = 99

select case action
case "add"
  found = false
  for n = 0 to session("lines") - 1
    if arrBasket(C_ID, n) = prodID then
      arrBasket(C_QTY, n) = arrBasket(C_QTY, n) + qty
      found = true
    end if
  next
  if not found and session("lines") < MAXLINES and prodID > 0 then
    arrBasket(C_ID, session("lines")) = prodID
    arrBasket(C_QTY, session("lines")) = qty
    session("lines") = session("lines") + 1
  end if
case "remove"
  for n = 0 to session("lines") - 1
    if arrBasket(C_ID, n) = prodID then arrBasket(C_QTY, n) = 0
  next
case "empty"
  redim arrBasket(1, MAXLINES)
  session("lines") = 0
end select
session("basket") = arrBasket

function toInt(v)
  toInt = 0
  if isNumeric(v) and len(v) < 9 then toInt = cLng(v)
end function
%>
<html><head><title>Your basket</title>
<link href="shop.css" rel="stylesheet" type="text/css"></head>
<body bgcolor="#FFF8EE">
<!--#include file="includes/menu.asp"-->
<table border=0 cellpadding=3 width=600>
<tr bgcolor="#CC9966"><th align=left>Item</th><th>Qty</th><th align=right>Price</th><th align=right>Total</th><th></th></tr>
<%
subTotal = 0
for n = 0 to session("lines") - 1
  if arrBasket(C_QTY, n) > 0 then
    set rsP = conn.execute("select prodName, price from products where active = 1 and prodID = " & cLng(arrBasket(C_ID, n)))
    if not rsP.eof then
      lineTotal = rsP("price") * arrBasket(C_QTY, n)
      subTotal = subTotal + lineTotal
%>
<tr><td><%=server.htmlencode(rsP("prodName"))%></td>
<td align=center><%=arrBasket(C_QTY, n)%></td>
<td align=right><%=formatCurrency(rsP("price"))%></td>
<td align=right><%=formatCurrency(lineTotal)%></td>
<td><a href="basket.asp?action=remove&amp;id=<%=arrBasket(C_ID, n)%>">remove</a></td></tr>
<%
    end if
    rsP.close
  end if
next
if subTotal >= 40 or subTotal = 0 then shipping = 0 else shipping = 4.95
%>
<tr><td colspan=3 align=right>Delivery</td><td align=right><%=formatCurrency(shipping)%></td><td></td></tr>
<tr><td colspan=3 align=right><b>To pay</b></td><td align=right><b><%=formatCurrency(subTotal + shipping)%></b></td><td></td></tr>
</table>
<% if subTotal > 0 then %><p><a href="https://<%=shopHost%>/checkout.asp">Checkout &raquo;</a></p><% end if %>
</body></html>
<!--#include file="includes/dbclose.asp"-->
