<%@ Page Language="C#" AutoEventWireup="true" %>
<script runat="server">
    private readonly string[] names = { "a", "b" };
    public int Count { get; set; }
    public string Title { get { return names[0]; } set { names[0] = value; } }
    protected void Page_Load(object sender, EventArgs e)
    {
        var text = input.Text ?? "";
        foreach (string name in names) text += name + ",";
        for (int i = 0, n = 3; i < n; ++i) { if (i % 2 == 0) continue; text = text.Replace("a", "b"); }
        using (var reader = new StringReader(text)) label.Text = reader.ReadToEnd();
        Func<int, int> twice = x => x * 2;
        var map = new Dictionary<string, List<int>> { { "k", null } };
        var shape = new Shape { Width = (int)2.5, Name = $"w{text.Length:x2}!" };
        label.Text = @"c:\x" + (text.Length > 1 ? text : null) + twice(2);
    }
</script>
<form runat="server"><asp:TextBox id="input" runat="server" /><asp:Label runat="server" id="label"/></form>
<%# Title %><%: Count %><% if (Count > 0) { %>some<% } else { %>none<% } %>
