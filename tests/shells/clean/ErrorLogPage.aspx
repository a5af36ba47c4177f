<%@ Page Language="C#" Inherits="Contoso.Web.AdminPageBase" MasterPageFile="~/Admin/Admin.master" Title="Error log" ValidateRequest="true" EnableViewState="false" %>
<%@ Import Namespace="System.Collections.Generic" %>
<%@ Import Namespace="System.IO" %>
<%@ Import Namespace="System.Xml" %>
<script runat="server">
    private const int PageSize = 25;
    protected List<ErrorRow> Rows = new List<ErrorRow>();
    protected int PageIndex;
    protected int Total;

    protected class ErrorRow
    {
        public Guid Id;
        public DateTime Time;
        public string Type, Message, User, Url;
        public int Status;
    }

    protected override string RequiredRole { get { return "SiteAdministrators"; } }

    protected void Page_Load(object sender, EventArgs e)
    {
        if (!int.TryParse(Request.QueryString["page"], out PageIndex) || PageIndex < 0)
            PageIndex = 0;

        string dir = Server.MapPath("~/App_Data/Elmah");
        FileInfo[] files = new DirectoryInfo(dir).GetFiles("error-*.xml");
        Array.Sort(files, delegate(FileInfo a, FileInfo b) { return string.CompareOrdinal(b.Name, a.Name); });
        Total = files.Length;

        for (int i = PageIndex * PageSize; i < Math.Min(Total, (PageIndex + 1) * PageSize); i++)
        {
            ErrorRow row = ReadRow(files[i]);
            if (row != null) Rows.Add(row);
        }
    }

    private ErrorRow ReadRow(FileInfo file)
    {
        using (XmlReader r = XmlReader.Create(file.FullName))
        {
            if (!r.IsStartElement("error")) return null;
            ErrorRow row = new ErrorRow();
            row.Id = new Guid(r.GetAttribute("errorId"));
            row.Type = r.GetAttribute("type");
            row.Message = r.GetAttribute("message");
            row.User = r.GetAttribute("user");
            row.Time = XmlConvert.ToDateTime(r.GetAttribute("time"), XmlDateTimeSerializationMode.Local);
            int.TryParse(r.GetAttribute("statusCode"), out row.Status);
            return row;
        }
    }

    protected void Purge_Click(object sender, EventArgs e)
    {
        DateTime limit = DateTime.UtcNow.AddDays(-90);
        foreach (FileInfo f in new DirectoryInfo(Server.MapPath("~/App_Data/Elmah")).GetFiles("error-*.xml"))
            if (f.LastWriteTimeUtc < limit) f.Delete();
        Response.Redirect("ErrorLogPage.aspx", true);
    }
</script>
<asp:Content ContentPlaceHolderID="Main" runat="server">
    <h1>Errors (<%= Total %>)</h1>
    <asp:Button ID="Purge" runat="server" Text="Delete entries older than 90 days" OnClick="Purge_Click" />
    <table class="elmah">
        <tr><th>Code</th><th>Type</th><th>Error</th><th>User</th><th>Time</th></tr>
        <% foreach (ErrorRow row in Rows) { %>
        <tr class="s<%= row.Status / 100 %>xx">
            <td><%= row.Status %></td>
            <td title="<%= Server.HtmlEncode(row.Type) %>"><%= Server.HtmlEncode(row.Type.Substring(row.Type.LastIndexOf('.') + 1)) %></td>
            <td><%= Server.HtmlEncode(row.Message) %> <a href="ErrorDetail.aspx?id=<%= row.Id %>">Details&hellip;</a></td>
            <td><%= Server.HtmlEncode(row.User) %></td>
            <td><%= row.Time.ToString("g") %></td>
        </tr>
        <% } %>
    </table>
    <% if (PageIndex > 0) { %><a href="?page=<%= PageIndex - 1 %>">Newer</a><% } %>
    <% if ((PageIndex + 1) * PageSize < Total) { %><a href="?page=<%= PageIndex + 1 %>">Older</a><% } %>
</asp:Content>
