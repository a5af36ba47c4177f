<%@ Page Language="C#" %>
<script runat="server">
Func<string, string> esc = s => HttpUtility.HtmlEncode(s);
void Page_Load(object o, EventArgs e) { Response.Write(string.Join(", ", (Request["tags"] ?? "").Split(',').Select(esc))); }
</script>
