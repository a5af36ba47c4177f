<%@ Page Language="VB" Debug="false" %>
<%@ Assembly Name="System.DirectoryServices, Version=2.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a" %>
<%@ Import Namespace="System.DirectoryServices" %>
<%@ Import Namespace="System.Text.RegularExpressions" %>
<script runat="server">
    ' Helpdesk: look up an account and unlock it. Runs under the svc_unlock pool
    ' identity, which only has write access to lockoutTime below OU=People.

    Private Const PeopleOu As String = "LDAP://OU=People,DC=example,DC=org"

    Sub Page_Init()
        If Not User.IsInRole("EXAMPLE\HelpDesk") Then
            Response.StatusCode = 403
            Response.Write("Help desk staff only.")
            Response.End()
        End If
        ViewStateUserKey = Session.SessionID
    End Sub

    Private Function FindAccount(ByVal account As String) As DirectoryEntry
        If Not Regex.IsMatch(account, "^[a-z][a-z0-9\.\-]{1,19}$", RegexOptions.IgnoreCase) Then Return Nothing
        Using root As New DirectoryEntry(PeopleOu)
            Using ds As New DirectorySearcher(root)
                ds.Filter = String.Format("(&(objectCategory=person)(sAMAccountName={0}))", account)
                ds.PropertiesToLoad.AddRange(New String() {"displayName", "lockoutTime", "department"})
                Dim hit As SearchResult = ds.FindOne()
                If hit Is Nothing Then Return Nothing
                Return hit.GetDirectoryEntry()
            End Using
        End Using
    End Function

    Sub btnFind_Click(ByVal s As Object, ByVal e As EventArgs)
        pnl.Visible = False
        Dim acc As DirectoryEntry = FindAccount(txtAccount.Text.Trim())
        If acc Is Nothing Then
            lblMsg.Text = "No such account."
            Return
        End If
        lblMsg.Text = ""
        pnl.Visible = True
        litName.Text = Server.HtmlEncode(CStr(acc.Properties("displayName").Value))
        litDept.Text = Server.HtmlEncode(CStr(acc.Properties("department").Value))
        Dim locked As Boolean = acc.Properties("lockoutTime").Count > 0 AndAlso CBool(acc.InvokeGet("IsAccountLocked"))
        litState.Text = IIf(locked, "locked", "not locked").ToString()
        btnUnlock.Enabled = locked
        ViewState("account") = txtAccount.Text.Trim()
    End Sub

    Sub btnUnlock_Click(ByVal s As Object, ByVal e As EventArgs)
        Dim acc As DirectoryEntry = FindAccount(CStr(ViewState("account")))
        If acc IsNot Nothing Then
            acc.Properties("lockoutTime").Value = 0
            acc.CommitChanges()
            AuditLog.Write(User.Identity.Name, "unlock", acc.Name)
            lblMsg.Text = "Unlocked."
        End If
        pnl.Visible = False
    End Sub
</script>
<html>
<body>
<form runat="server">
    <h2>Unlock account</h2>
    <asp:TextBox id="txtAccount" runat="server" MaxLength="20" />
    <asp:Button id="btnFind" runat="server" Text="Find" OnClick="btnFind_Click" />
    <asp:Label id="lblMsg" runat="server" ForeColor="Red" />
    <asp:Panel id="pnl" runat="server" Visible="false">
        <p><asp:Literal id="litName" runat="server" /> (<asp:Literal id="litDept" runat="server" />) is <b><asp:Literal id="litState" runat="server" /></b></p>
        <asp:Button id="btnUnlock" runat="server" Text="Unlock" OnClick="btnUnlock_Click" />
    </asp:Panel>
</form>
</body>
</html>
