<%@ Page Language="VB" %>
<script runat="server">
Property Total As Decimal
Property Items() As System.Collections.ArrayList
Sub Page_Load(s As Object, e As EventArgs) Handles Me.Load
  Items = New System.Collections.ArrayList()
  For Each k As String In Request.Form.AllKeys
    If k.StartsWith("qty_") Then Items.Add(CInt(Request.Form(k)))
  Next
  For Each q In Items
    Total += q * 9.9D
  Next
  lblTotal.Text = Total.ToString("C")
End Sub
</script><asp:Label id="lblTotal" runat="server"/>
