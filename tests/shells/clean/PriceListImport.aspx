<%@ Page Language="VB" Inherits="Werkzeug.Web.SecurePage" Async="false" %>
<%@ Import Namespace="System.IO" %>
<%@ Import Namespace="System.Data.OleDb" %>
<script runat="server">

    Public Overrides ReadOnly Property Permission() As String
        Get
            Return "Prices.Import"
        End Get
    End Property

    Private ReadOnly Property InboxFolder() As String
        Get
            Return ConfigurationManager.AppSettings("PriceInbox")    ' E:\Data\PriceInbox, not below the web root
        End Get
    End Property

    Protected Sub cmdUpload_Click(ByVal sender As Object, ByVal e As EventArgs) Handles cmdUpload.Click
        If Not fuList.HasFile Then
            ShowError("Choose a price list first.")
            Return
        End If
        If Path.GetExtension(fuList.FileName).ToLowerInvariant() <> ".xls" AndAlso Path.GetExtension(fuList.FileName).ToLowerInvariant() <> ".xlsx" Then
            ShowError("Only Excel files.")
            Return
        End If

        Dim target As String = Path.Combine(InboxFolder, String.Format("{0:yyyyMMddHHmmss}_{1}{2}", Now, CurrentUser.Id, Path.GetExtension(fuList.FileName)))
        fuList.SaveAs(target)

        Try
            Dim n As Integer = ImportSheet(target)
            lblInfo.Text = n & " prices read; the new list is valid from " & calFrom.SelectedDate.ToShortDateString()
            File.Move(target, Path.Combine(InboxFolder, "done\" & Path.GetFileName(target)))
        Catch ex As OleDbException
            ShowError("The file could not be read: " & ex.Message)
            File.Delete(target)
        End Try
    End Sub

    Private Function ImportSheet(ByVal file As String) As Integer
        Dim cs As String = "Provider=Microsoft.ACE.OLEDB.12.0;Data Source=" & file & ";Extended Properties=""Excel 12.0;HDR=YES;IMEX=1"""
        Dim count As Integer = 0
        Using cn As New OleDbConnection(cs)
            cn.Open()
            Dim cmd As New OleDbCommand("SELECT ArticleNo, NetPrice, Unit FROM [Prices$]", cn)
            Using rd As OleDbDataReader = cmd.ExecuteReader()
                While rd.Read()
                    Dim price As Decimal
                    If rd.IsDBNull(0) OrElse Not Decimal.TryParse(rd(1).ToString(), price) Then Continue While
                    PriceRepository.Stage(rd(0).ToString().Trim(), price, rd(2).ToString(), calFrom.SelectedDate, CurrentUser.Id)
                    count += 1
                End While
            End Using
        End Using
        PriceRepository.CommitStaging(CurrentUser.Id)
        Return count
    End Function

    Private Sub ShowError(ByVal text As String)
        lblError.Text = Server.HtmlEncode(text)
        lblError.Visible = True
    End Sub
</script>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server"><title>Price list import</title></head>
<body>
<form id="f" runat="server">
  <h2>Price list import</h2>
  <asp:Label ID="lblError" runat="server" CssClass="error" Visible="false" EnableViewState="false" />
  <asp:Label ID="lblInfo" runat="server" EnableViewState="false" />
  <table>
    <tr><td>File</td><td><asp:FileUpload ID="fuList" runat="server" Width="350px" /></td></tr>
    <tr><td>Valid from</td><td><asp:Calendar ID="calFrom" runat="server" /></td></tr>
    <tr><td></td><td><asp:Button ID="cmdUpload" runat="server" Text="Import" /></td></tr>
  </table>
</form>
</body>
</html>
