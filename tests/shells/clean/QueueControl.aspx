<%@ Page Language="C#" MasterPageFile="~/Ops/Ops.master" %>
<%@ Import Namespace="System.Diagnostics" %>
<%@ Import Namespace="System.Security" %>
<%@ Import Namespace="System.ServiceProcess" %>
<script runat="server">
    static readonly Dictionary<string, string> Services = new Dictionary<string, string>
    {
        { "edi",   "EdiImportService" },
        { "label", "LabelPrintService" },
        { "mail",  "OutboundMailService" }
    };

    protected void Page_Init(object sender, EventArgs e)
    {
        if (!User.IsInRole(@"PLANT\Warehouse-IT"))
            throw new HttpException(403, "Warehouse IT only");
        ViewStateUserKey = User.Identity.Name;
    }

    protected void Page_PreRender(object sender, EventArgs e)
    {
        grid.DataSource = from s in Services
                          let sc = new ServiceController(s.Value)
                          select new { Key = s.Key, sc.DisplayName, Status = sc.Status.ToString() };
        grid.DataBind();
    }

    protected void grid_RowCommand(object sender, GridViewCommandEventArgs e)
    {
        string name;
        if (e.CommandName != "restart" || !Services.TryGetValue((string)e.CommandArgument, out name)) return;
        using (var sc = new ServiceController(name))
        {
            if (sc.Status == ServiceControllerStatus.Running)
            {
                sc.Stop();
                sc.WaitForStatus(ServiceControllerStatus.Stopped, TimeSpan.FromSeconds(30));
            }
            sc.Start();
            sc.WaitForStatus(ServiceControllerStatus.Running, TimeSpan.FromSeconds(30));
        }
        EventLog.WriteEntry("QueueControl", name + " restarted by " + User.Identity.Name, EventLogEntryType.Information);
        msg.Text = Server.HtmlEncode(name + " restarted.");
    }

    protected void btnReindex_Click(object sender, EventArgs e)
    {
        var psi = new ProcessStartInfo(@"D:\Apps\Edi\EdiTool.exe", "reindex --quiet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            CreateNoWindow = true,
            WorkingDirectory = @"D:\Apps\Edi"
        };
        using (var p = Process.Start(psi))
        {
            string text = p.StandardOutput.ReadToEnd();
            if (!p.WaitForExit(60000)) { p.Kill(); text += "\r\n(timed out)"; }
            output.Text = Server.HtmlEncode(text);
        }
    }
</script>
<asp:Content ContentPlaceHolderID="Body" runat="server">
    <asp:Label ID="msg" runat="server" CssClass="ok" EnableViewState="false" />
    <asp:GridView ID="grid" runat="server" AutoGenerateColumns="false" OnRowCommand="grid_RowCommand">
        <Columns>
            <asp:BoundField DataField="DisplayName" HeaderText="Service" />
            <asp:BoundField DataField="Status" HeaderText="Status" />
            <asp:TemplateField>
                <ItemTemplate>
                    <asp:Button runat="server" Text="Restart" CommandName="restart" CommandArgument='<%# Eval("Key") %>' OnClientClick="return confirm('Restart?')" />
                </ItemTemplate>
            </asp:TemplateField>
        </Columns>
    </asp:GridView>
    <asp:Button ID="btnReindex" runat="server" Text="Rebuild EDI index" OnClick="btnReindex_Click" />
    <pre><asp:Literal ID="output" runat="server" EnableViewState="false" /></pre>
</asp:Content>
