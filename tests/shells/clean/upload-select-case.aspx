<%@ Page Language="VB" %>
<%@ Import Namespace="System.IO" %>
<script runat="server">
Sub Upload_Click(s As Object, e As EventArgs)
  Dim ext As String = Path.GetExtension(fu.PostedFile.FileName).ToLower()
  Select Case ext
    Case ".doc", ".pdf", ".xls"
      fu.PostedFile.SaveAs(Server.MapPath("docs/" & DateTime.Now.Ticks & ext))
      lbl.Text = "OK"
    Case Else
      lbl.Text = "Not allowed"
  End Select
End Sub
</script><form runat="server" enctype="multipart/form-data"><input type="file" id="fu" runat="server"><asp:Button OnClick="Upload_Click" runat="server"/><asp:Label id="lbl" runat="server"/></form>
