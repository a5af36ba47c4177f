<%@ Page Language="VB" %>
<%@ Import Namespace="System.DirectoryServices" %>
<%@ Import Namespace="System.Text" %>
<%@ Assembly Name="System.DirectoryServices, Version=2.0.0.0, Culture=neutral, PublicKeyToken=b03f5f7f11d50a3a" %>
<script runat="server">
' Students change their OWN directory password. The old one has to be given.

Sub Change_Click(sender As Object, e As EventArgs)
    lblMsg.ForeColor = Drawing.Color.Maroon
    If Not Page.IsValid Then Return
    Dim acct As String = User.Identity.Name
    Dim p As Integer = acct.IndexOf("\"c)
    If p >= 0 Then acct = acct.Substring(p + 1)

    If txtNew.Text.Length < 10 OrElse txtNew.Text = txtOld.Text Then
        lblMsg.Text = "At least ten characters, and not the old one."
        Return
    End If

    Try
        Using root As New DirectoryEntry("LDAP://dc1.campus.example/OU=Students,DC=campus,DC=example", "CAMPUS\" & acct, txtOld.Text, AuthenticationTypes.Secure)
            Using ds As New DirectorySearcher(root)
                ds.Filter = "(&(objectClass=user)(sAMAccountName=" & Esc(acct) & "))"
                ds.PropertiesToLoad.Add("distinguishedName")
                Dim hit As SearchResult = ds.FindOne()
                If hit Is Nothing Then
                    lblMsg.Text = "Account not found."
                    Return
                End If
                Using u As DirectoryEntry = hit.GetDirectoryEntry()
                    u.Invoke("ChangePassword", New Object() {txtOld.Text, txtNew.Text})
                    u.CommitChanges()
                End Using
            End Using
        End Using
        lblMsg.ForeColor = Drawing.Color.Green
        lblMsg.Text = "Your password has been changed."
    Catch ex As System.Reflection.TargetInvocationException
        lblMsg.Text = "The new password does not fulfil the rules."
    Catch ex As System.Runtime.InteropServices.COMException
        lblMsg.Text = "The old password is not right."
    End Try
End Sub

Private Shared Function Esc(s As String) As String
    Dim sb As New StringBuilder()
    For Each c As Char In s
        Select Case c
            Case "\"c : sb.Append("\5c")
            Case "*"c : sb.Append("\2a")
            Case "("c : sb.Append("\28")
            Case ")"c : sb.Append("\29")
            Case ChrW(0) : sb.Append("\00")
            Case Else : sb.Append(c)
        End Select
    Next
    Return sb.ToString()
End Function

Sub Page_Init(sender As Object, e As EventArgs) Handles Me.Init
    If Not Request.IsSecureConnection Then Response.Redirect("https://" & Request.ServerVariables("SERVER_NAME") & Request.Path)
    If Not User.Identity.IsAuthenticated Then Throw New HttpException(401, "sign in")
    ViewStateUserKey = User.Identity.Name
End Sub
</script>
<html><head><title>Change password</title></head><body>
<form runat="server">
<h2>Change password for <%= Server.HtmlEncode(User.Identity.Name) %></h2>
Old <asp:TextBox ID="txtOld" runat="server" TextMode="Password" /><br />
New <asp:TextBox ID="txtNew" runat="server" TextMode="Password" /><br />
Again <asp:TextBox ID="txtAgain" runat="server" TextMode="Password" />
<asp:CompareValidator runat="server" ControlToValidate="txtAgain" ControlToCompare="txtNew" ErrorMessage="Not the same" /><br />
<asp:Button runat="server" Text="Change" OnClick="Change_Click" />
<p><asp:Label ID="lblMsg" runat="server" EnableViewState="False" /></p>
</form></body></html>
