<%@ Page Language="VB" ValidateRequest="false" MasterPageFile="~/Cms/Cms.master" %>
<%@ Import Namespace="System.IO" %>
<%@ Import Namespace="System.Text.RegularExpressions" %>
<script runat="server">
    ' CMS: editor for the eight text blocks of the site. Text is kept as *.txt in App_Data/blocks,
    ' and put out by Block.ascx as a literal (it is never compiled).

    Private Shared ReadOnly Blocks As String() = "welcome,team,prices,route,imprint,privacy,jobs,faq".Split(","c)

    Private ReadOnly Property BlockName() As String
        Get
            Dim b As String = Request("block")
            For Each known As String In Blocks
                If known = b Then Return known
            Next
            Return Blocks(0)
        End Get
    End Property

    Private Function FileOf(ByVal name As String) As String
        Return Server.MapPath("~/App_Data/blocks/" & name & ".txt")
    End Function

    Protected Sub Page_Load()
        If Not Request.IsAuthenticated OrElse Not Roles.IsUserInRole("Editor") Then
            FormsAuthentication.RedirectToLoginPage()
            Response.End()
        End If
        Page.ViewStateUserKey = Session.SessionID
        If Not IsPostBack Then
            hidBlock.Value = BlockName
            If File.Exists(FileOf(BlockName)) Then txt.Text = File.ReadAllText(FileOf(BlockName))
        End If
    End Sub

    Protected Sub Save_Click(ByVal s As Object, ByVal e As EventArgs)
        Dim html As String = Clean(txt.Text)
        Dim f As String = FileOf(BlockName)
        If File.Exists(f) Then File.Copy(f, f & "." & Date.Now.ToString("yyyyMMddHHmmss") & ".bak")
        File.WriteAllText(f, html)
        Cache.Remove("block:" & BlockName)
        txt.Text = html
        msg.Text = "Saved " & Date.Now.ToShortTimeString()
    End Sub

    ' everything is encoded, then a short list of tags is allowed again
    Private Function Clean(ByVal raw As String) As String
        Dim t As String = Server.HtmlEncode(raw)
        t = Regex.Replace(t, "&lt;(/?)(b|i|u|p|ul|ol|li|h2|h3|br)\s*/?&gt;", "<$1$2>", RegexOptions.IgnoreCase)
        t = Regex.Replace(t, "&lt;a href=&quot;((?:https?://|/)[A-Za-z0-9_\-./?=%]+)&quot;&gt;", "<a href=""$1"">")
        Return Regex.Replace(t, "&lt;/a&gt;", "</a>", RegexOptions.IgnoreCase)
    End Function
</script>
<asp:Content ContentPlaceHolderID="Main" runat="server">
    <p>
    <% For Each b As String In Blocks %>
        <a href="?block=<%= b %>"><%= b %></a> &nbsp;
    <% Next %>
    </p>
    <asp:HiddenField ID="hidBlock" runat="server" />
    <asp:TextBox ID="txt" runat="server" TextMode="MultiLine" Rows="25" Columns="90" />
    <br />
    <asp:Button runat="server" Text="Save" OnClick="Save_Click" />
    <asp:Label ID="msg" runat="server" EnableViewState="false" />
</asp:Content>
