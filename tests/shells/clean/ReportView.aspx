<%@ Page Language="C#" AutoEventWireup="true" %>
<%@ Register Assembly="Microsoft.ReportViewer.WebForms, Version=11.0.0.0, Culture=neutral, PublicKeyToken=89845dcd8080cc91" Namespace="Microsoft.Reporting.WebForms" TagPrefix="rsweb" %>
<%@ Import Namespace="System.Configuration" %>
<%@ Import Namespace="System.Data" %>
<%@ Import Namespace="System.Data.SqlClient" %>
<%@ Import Namespace="Microsoft.Reporting.WebForms" %>
<!DOCTYPE html>
<script runat="server">
    enum ReportKind { SalesByRegion, OpenInvoices, StockAging }

    protected void Page_Load(object sender, EventArgs e)
    {
        if (IsPostBack) return;

        ReportKind kind;
        if (!Enum.TryParse(Request.QueryString["report"], true, out kind) || !Enum.IsDefined(typeof(ReportKind), kind))
        {
            lblError.Text = "Unknown report.";
            viewer.Visible = false;
            return;
        }
        DateTime from, to;
        if (!DateTime.TryParse(Request.QueryString["from"], out from)) from = new DateTime(DateTime.Today.Year, 1, 1);
        if (!DateTime.TryParse(Request.QueryString["to"], out to)) to = DateTime.Today;

        viewer.ProcessingMode = ProcessingMode.Local;
        viewer.LocalReport.ReportPath = Server.MapPath("~/Reports/" + kind + ".rdlc");
        viewer.LocalReport.DataSources.Clear();
        viewer.LocalReport.DataSources.Add(new ReportDataSource("MainDataSet", Fetch("rpt_" + kind, from, to)));
        viewer.LocalReport.SetParameters(new[]
        {
            new ReportParameter("PrintedBy", User.Identity.Name),
            new ReportParameter("Period", from.ToShortDateString() + " - " + to.ToShortDateString())
        });
        viewer.LocalReport.DisplayName = kind + "_" + DateTime.Today.ToString("yyyyMMdd");
        viewer.LocalReport.Refresh();
    }

    DataTable Fetch(string procedure, DateTime from, DateTime to)
    {
        var table = new DataTable();
        using (var cn = new SqlConnection(ConfigurationManager.ConnectionStrings["Erp"].ConnectionString))
        using (var cmd = new SqlCommand(procedure, cn) { CommandType = CommandType.StoredProcedure, CommandTimeout = 120 })
        {
            cmd.Parameters.Add("@from", SqlDbType.Date).Value = from;
            cmd.Parameters.Add("@to", SqlDbType.Date).Value = to;
            cmd.Parameters.Add("@login", SqlDbType.NVarChar, 100).Value = User.Identity.Name;
            new SqlDataAdapter(cmd).Fill(table);
        }
        return table;
    }
</script>
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server">
    <title>Report</title>
    <style>html, body, form { height: 100%; margin: 0 }</style>
</head>
<body>
    <form id="form1" runat="server">
        <asp:ScriptManager runat="server" AsyncPostBackTimeout="300" />
        <asp:Label ID="lblError" runat="server" ForeColor="Firebrick" />
        <rsweb:ReportViewer ID="viewer" runat="server" Width="100%" Height="95%" ShowPrintButton="true" ShowFindControls="false" />
    </form>
</body>
</html>
