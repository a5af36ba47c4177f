<%@ Page Language="VB" MasterPageFile="~/Intranet.master" Title="Weekly timesheet" %>
<%@ Import Namespace="System.Data" %>
<%@ Import Namespace="System.Data.OleDb" %>
<script runat="server">

    Private Property WeekStart() As Date
        Get
            If ViewState("wk") Is Nothing Then
                ViewState("wk") = Date.Today.AddDays(1 - Weekday(Date.Today, FirstDayOfWeek.Monday))
            End If
            Return CDate(ViewState("wk"))
        End Get
        Set(ByVal value As Date)
            ViewState("wk") = value
        End Set
    End Property

    Protected Sub Page_Load(ByVal sender As Object, ByVal e As EventArgs) Handles Me.Load
        If Not IsPostBack Then BindWeek()
    End Sub

    Private Sub BindWeek()
        lblWeek.Text = "Week of " & WeekStart.ToString("dd MMM yyyy")
        Using cn As New OleDbConnection(ConfigurationManager.ConnectionStrings("Hours").ConnectionString)
            Dim da As New OleDbDataAdapter("SELECT EntryID, WorkDate, JobNo, Hours, Remark FROM TimeEntry WHERE Employee = ? AND WorkDate >= ? AND WorkDate < ? ORDER BY WorkDate", cn)
            da.SelectCommand.Parameters.AddWithValue("emp", User.Identity.Name)
            da.SelectCommand.Parameters.AddWithValue("d1", WeekStart)
            da.SelectCommand.Parameters.AddWithValue("d2", WeekStart.AddDays(7))
            Dim dt As New DataTable
            da.Fill(dt)
            gvHours.DataSource = dt
            gvHours.DataBind()
            Dim total As Object = dt.Compute("SUM(Hours)", "")
            lblTotal.Text = If(IsDBNull(total), "0", CDbl(total).ToString("0.00")) & " h"
        End Using
    End Sub

    Protected Sub btnAdd_Click(ByVal sender As Object, ByVal e As EventArgs)
        Page.Validate("add")
        If Not Page.IsValid Then Exit Sub
        Using cn As New OleDbConnection(ConfigurationManager.ConnectionStrings("Hours").ConnectionString)
            cn.Open()
            Dim cmd As New OleDbCommand("INSERT INTO TimeEntry (Employee, WorkDate, JobNo, Hours, Remark) VALUES (?, ?, ?, ?, ?)", cn)
            cmd.Parameters.AddWithValue("emp", User.Identity.Name)
            cmd.Parameters.AddWithValue("dt", WeekStart.AddDays(CInt(ddlDay.SelectedValue)))
            cmd.Parameters.AddWithValue("job", txtJob.Text.Trim().ToUpper())
            cmd.Parameters.AddWithValue("hrs", Double.Parse(txtHours.Text))
            cmd.Parameters.AddWithValue("rem", txtRemark.Text)
            cmd.ExecuteNonQuery()
        End Using
        txtHours.Text = "" : txtRemark.Text = ""
        BindWeek()
    End Sub

    Protected Sub Move_Command(ByVal sender As Object, ByVal e As CommandEventArgs)
        WeekStart = WeekStart.AddDays(7 * CInt(e.CommandArgument))
        BindWeek()
    End Sub
</script>
<asp:Content ID="c1" ContentPlaceHolderID="cph" runat="server">
    <asp:LinkButton runat="server" Text="&laquo;" CommandArgument="-1" OnCommand="Move_Command" CausesValidation="false" />
    <asp:Label ID="lblWeek" runat="server" Font-Bold="true" />
    <asp:LinkButton runat="server" Text="&raquo;" CommandArgument="1" OnCommand="Move_Command" CausesValidation="false" />
    <asp:GridView ID="gvHours" runat="server" AutoGenerateColumns="False" CssClass="grid" EmptyDataText="Nothing booked yet.">
        <Columns>
            <asp:BoundField DataField="WorkDate" HeaderText="Day" DataFormatString="{0:ddd dd}" HtmlEncode="false" />
            <asp:BoundField DataField="JobNo" HeaderText="Job" />
            <asp:BoundField DataField="Hours" HeaderText="Hours" DataFormatString="{0:0.00}" />
            <asp:BoundField DataField="Remark" HeaderText="Remark" />
        </Columns>
    </asp:GridView>
    <p>Total: <asp:Label ID="lblTotal" runat="server" /></p>
    <asp:DropDownList ID="ddlDay" runat="server">
        <asp:ListItem Value="0">Mon</asp:ListItem><asp:ListItem Value="1">Tue</asp:ListItem><asp:ListItem Value="2">Wed</asp:ListItem>
        <asp:ListItem Value="3">Thu</asp:ListItem><asp:ListItem Value="4">Fri</asp:ListItem><asp:ListItem Value="5">Sat</asp:ListItem>
    </asp:DropDownList>
    Job <asp:TextBox ID="txtJob" runat="server" Columns="8" MaxLength="8" />
    <asp:RegularExpressionValidator runat="server" ControlToValidate="txtJob" ValidationExpression="[A-Za-z]\d{4,6}" ErrorMessage="Job number?" ValidationGroup="add" />
    Hours <asp:TextBox ID="txtHours" runat="server" Columns="4" />
    <asp:RangeValidator runat="server" ControlToValidate="txtHours" Type="Double" MinimumValue="0.25" MaximumValue="24" ErrorMessage="0.25 - 24" ValidationGroup="add" />
    Remark <asp:TextBox ID="txtRemark" runat="server" Columns="30" MaxLength="100" />
    <asp:Button ID="btnAdd" runat="server" Text="Add" ValidationGroup="add" OnClick="btnAdd_Click" />
</asp:Content>
