<%@ Page Language="vb" AutoEventWireup="false" %>
<script runat="server">
    ' Permit application: steps are user controls, chosen by ?step=  (enum) and loaded dynamically

    Private Enum WizardStep
        Applicant = 1
        Vehicle = 2
        Area = 3
        Summary = 4
    End Enum

    Private current As WizardStep = WizardStep.Applicant

    Protected Overrides Sub OnInit(ByVal e As EventArgs)
        MyBase.OnInit(e)
        Dim asked As String = Request.QueryString("step")
        If asked IsNot Nothing Then
            Try
                current = CType([Enum].Parse(GetType(WizardStep), asked, True), WizardStep)
            Catch ex As ArgumentException
                current = WizardStep.Applicant
            End Try
            If Not [Enum].IsDefined(GetType(WizardStep), current) Then current = WizardStep.Applicant
        End If
        If current > Reached + 1 Then current = CType(Math.Min(Reached + 1, 4), WizardStep)

        Dim c As Control = LoadControl("~/Permit/Steps/" & current.ToString() & ".ascx")
        c.ID = "step"
        holder.Controls.Add(c)
    End Sub

    Private Property Reached() As Integer
        Get
            If Session("permit_reached") Is Nothing Then Return 0
            Return CInt(Session("permit_reached"))
        End Get
        Set(ByVal value As Integer)
            Session("permit_reached") = value
        End Set
    End Property

    Private Sub btnNext_Click(ByVal sender As Object, ByVal e As EventArgs) Handles btnNext.Click
        If Not Page.IsValid Then Return
        Dim s As Object = holder.FindControl("step")
        s.GetType().GetMethod("Store").Invoke(s, New Object() {Session})
        Reached = Math.Max(Reached, CInt(current))
        If current = WizardStep.Summary Then
            Response.Redirect("Sent.aspx")
        Else
            Response.Redirect("Wizard.aspx?step=" & CType(CInt(current) + 1, WizardStep).ToString())
        End If
    End Sub

    Private Sub btnBack_Click(ByVal sender As Object, ByVal e As EventArgs) Handles btnBack.Click
        If current > WizardStep.Applicant Then
            Response.Redirect("Wizard.aspx?step=" & CType(CInt(current) - 1, WizardStep).ToString())
        End If
    End Sub
</script>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head runat="server"><title>Residents' parking permit</title></head>
<body>
    <form id="f1" runat="server">
        <ol>
            <% For Each n As String In [Enum].GetNames(GetType(WizardStep)) %>
            <li<%= If(n = current.ToString(), " class=""now""", "") %>><%= n %></li>
            <% Next %>
        </ol>
        <asp:PlaceHolder ID="holder" runat="server" />
        <asp:Button ID="btnBack" runat="server" Text="Back" CausesValidation="false" />
        <asp:Button ID="btnNext" runat="server" Text="Next" />
    </form>
</body>
</html>
