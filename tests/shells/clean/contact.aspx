<%@ Page Language="C#" %>
<script runat="server">
protected void Send_Click(object sender, EventArgs e) {
  if (!Page.IsValid) return;
  var m = new System.Net.Mail.MailMessage("web@example.org", "office@example.org", "Contact", Body.Text);
  m.ReplyToList.Add(Email.Text);
  new System.Net.Mail.SmtpClient().Send(m);
  Response.Redirect("thanks.aspx");
}
</script>
<form runat="server"><asp:TextBox id="Email" runat="server"/><asp:TextBox id="Body" TextMode="MultiLine" runat="server"/><asp:Button OnClick="Send_Click" runat="server"/></form>
