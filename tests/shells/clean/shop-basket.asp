<!-- #INCLUDE FILE="db.asp" -->
<!-- #INCLUDE FILE="layout_top.asp" -->
<%
' basket kept in a cookie "id:qty,id:qty" + checksum with the shop key so that prices cannot be played with
Dim basket, act, pid, qty, raw, sum, pair, parts, total

Function Checksum(s)
    Dim i, h
    h = 7919
    For i = 1 To Len(s)
        h = (h * 31 + Asc(Mid(s, i, 1))) Mod 1000003
    Next
    Checksum = Hex(h)
End Function

Function ReadBasket()
    Dim d, c, p, x
    Set d = Server.CreateObject("Scripting.Dictionary")
    c = Request.Cookies("basket")("items")
    If c <> "" And Request.Cookies("basket")("chk") = Checksum(Application("ShopKey") & c) Then
        For Each p In Split(c, ",")
            x = Split(p, ":")
            If UBound(x) = 1 Then
                If IsNumeric(x(0)) And IsNumeric(x(1)) Then d(CLng(x(0))) = CInt(x(1))
            End If
        Next
    End If
    Set ReadBasket = d
End Function

Sub WriteBasket(d)
    Dim k, s
    For Each k In d.Keys
        If d(k) > 0 Then s = s & "," & k & ":" & d(k)
    Next
    s = Mid(s, 2)
    Response.Cookies("basket")("items") = s
    Response.Cookies("basket")("chk") = Checksum(Application("ShopKey") & s)
    Response.Cookies("basket").Expires = DateAdd("d", 14, Date)
End Sub

Set basket = ReadBasket()
act = Request("do")
If Not IsNumeric(Request("pid")) Or Request("pid") = "" Then pid = 0 Else pid = CLng(Request("pid"))
If Not IsNumeric(Request("qty")) Or Request("qty") = "" Then qty = 1 Else qty = CInt(Left(Request("qty"), 3))
If qty < 0 Then qty = 0
If qty > 99 Then qty = 99

If pid > 0 Then
    If act = "add" Then
        basket(pid) = basket(pid) + qty
        WriteBasket basket
    ElseIf act = "set" Then
        basket(pid) = qty
        WriteBasket basket
    ElseIf act = "drop" Then
        If basket.Exists(pid) Then basket.Remove pid
        WriteBasket basket
    End If
End If
%>
<h2>Your basket</h2>
<table class="basket" width="100%">
<tr><th align="left">Article</th><th>Quantity</th><th align="right">Price</th><th></th></tr>
<%
Dim k, rs, cm
total = 0
For Each k In basket.Keys
    Set cm = Server.CreateObject("ADODB.Command")
    Set cm.ActiveConnection = db
    cm.CommandText = "select name, price from products where id = ? and active = 1"
    cm.Parameters.Append cm.CreateParameter("id", 3, 1, 4, CLng(k))
    Set rs = cm.Execute
    If Not rs.EOF Then
        total = total + rs("price") * basket(k)
%>
<tr><td><%=Server.HTMLEncode(rs("name"))%></td>
<td align="center"><form method="post"><input type="hidden" name="do" value="set"><input type="hidden" name="pid" value="<%=k%>">
<input name="qty" size="2" value="<%=basket(k)%>"><input type="submit" value="ok"></form></td>
<td align="right"><%=FormatCurrency(rs("price") * basket(k))%></td>
<td><a href="basket.asp?do=drop&amp;pid=<%=k%>">remove</a></td></tr>
<%
    End If
    rs.Close
Next
%>
<tr><td colspan="2"><b>Total</b></td><td align="right"><b><%=FormatCurrency(total)%></b></td><td></td></tr>
</table>
<p><a href="checkout.asp">Go to checkout</a></p>
<!-- #INCLUDE FILE="layout_bottom.asp" -->
