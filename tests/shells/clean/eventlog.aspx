<%@ Page Language="VB" Explicit="True" Strict="False" %>
<%@ Import Namespace="System.Diagnostics" %>
<script runat="server">

    ' Operators' view of the Windows event log - last entries of Application/System

    Private Shared ReadOnly LogNames() As String = {"Application", "System"}

    Protected Sub Page_Load(ByVal sender As Object, ByVal e As EventArgs)
        If Not User.IsInRole("HOSPITAL\IT-Operators") Then
            Response.StatusCode = 403
            Response.Write("No access.")
            Response.End()
        End If
        If Not Page.IsPostBack Then
            ddlLog.DataSource = LogNames
            ddlLog.DataBind()
        End If
    End Sub

    Protected Sub btnShow_Click(ByVal sender As Object, ByVal e As EventArgs)
        Dim name As String = ddlLog.SelectedValue
        If Array.IndexOf(LogNames, name) < 0 Then Exit Sub

        Dim n As Integer = 50
        Integer.TryParse(txtCount.Text, n)
        n = Math.Max(1, Math.Min(n, 500))

        Dim rows As New System.Data.DataTable()
        rows.Columns.Add("Time", GetType(DateTime))
        rows.Columns.Add("Type")
        rows.Columns.Add("Source")
        rows.Columns.Add("Message")

        Using log As New EventLog(name)
            Dim i As Integer = log.Entries.Count - 1
            While i >= 0 AndAlso rows.Rows.Count < n
                Dim en As EventLogEntry = log.Entries(i)
                If Not chkErrors.Checked OrElse en.EntryType = EventLogEntryType.Error Then
                    rows.Rows.Add(en.TimeGenerated, en.EntryType.ToString(), en.Source, Shorten(en.Message))
                End If
                i -= 1
            End While
        End Using

        grd.DataSource = rows
        grd.DataBind()
    End Sub

    Private Function Shorten(ByVal s As String) As String
        If s Is Nothing Then Return ""
        s = s.Replace(vbCrLf, " ")
        If s.Length > 300 Then s = s.Substring(0, 300) & "..."
        Return s
    End Function
</script>
<html>
<head runat="server"><title>Event log</title></head>
<body>
<form id="form1" runat="server">
  <asp:DropDownList ID="ddlLog" runat="server" />
  <asp:TextBox ID="txtCount" runat="server" Text="50" Columns="4" MaxLength="3" />
  <asp:CheckBox ID="chkErrors" runat="server" Text="only errors" />
  <asp:Button ID="btnShow" runat="server" Text="Show" OnClick="btnShow_Click" />
  <asp:GridView ID="grd" runat="server" AutoGenerateColumns="False" EnableViewState="False">
    <Columns>
      <asp:BoundField DataField="Time" HeaderText="Time" />
      <asp:BoundField DataField="Type" HeaderText="Type" />
      <asp:BoundField DataField="Source" HeaderText="Source" />
      <asp:BoundField DataField="Message" HeaderText="Message" HtmlEncode="True" />
    </Columns>
  </asp:GridView>
</form>
</body>
</html>
