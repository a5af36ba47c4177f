<%@ Page Language="C#" Async="true" EnableSessionState="True" Title="Signing in" %>
<%@ Import Namespace="System.Collections.Generic" %>
<%@ Import Namespace="System.Net" %>
<%@ Import Namespace="System.Text" %>
<%@ Import Namespace="System.Security.Cryptography" %>
<%@ Import Namespace="System.Web.Script.Serialization" %>
<script runat="server">
    // OpenID Connect code flow, confidential client. Answers come back to /sso/callback.aspx

    private static string Cfg(string k) { return System.Configuration.ConfigurationManager.AppSettings["sso:" + k]; }

    protected void Page_Load(object sender, EventArgs e)
    {
        string state = Request.QueryString["state"];
        string code = Request.QueryString["code"];
        string saved = Session["sso_state"] as string;
        Session.Remove("sso_state");

        if (Request.QueryString["error"] != null) { Show("The sign-in was cancelled."); return; }
        if (string.IsNullOrEmpty(saved) || saved != state || string.IsNullOrEmpty(code) || code.Length > 2048)
        {
            Show("This sign-in attempt has expired, please start again.");
            return;
        }

        string answer;
        using (WebClient wc = new WebClient())
        {
            string basic = Convert.ToBase64String(Encoding.ASCII.GetBytes(Cfg("clientId") + ":" + Cfg("clientSecret")));
            wc.Headers[HttpRequestHeader.Authorization] = "Basic " + basic;
            var form = new System.Collections.Specialized.NameValueCollection();
            form["grant_type"] = "authorization_code";
            form["code"] = code;
            form["redirect_uri"] = Cfg("redirectUri");
            try { answer = Encoding.UTF8.GetString(wc.UploadValues(Cfg("tokenEndpoint"), form)); }
            catch (WebException) { Show("The identity provider did not accept the request."); return; }
        }

        var token = new JavaScriptSerializer().Deserialize<Dictionary<string, object>>(answer);
        string idToken = (string)token["id_token"];
        var claims = Claims(idToken);
        if ((string)claims["iss"] != Cfg("issuer") || (string)claims["aud"] != Cfg("clientId") || (string)claims["nonce"] != (string)Session["sso_nonce"])
        {
            Show("The answer was not meant for this site.");
            return;
        }

        FormsAuthentication.SetAuthCookie((string)claims["preferred_username"], false);
        string back = Session["sso_return"] as string ?? "~/";
        if (!back.StartsWith("~/")) back = "~/";
        Response.Redirect(back);
    }

    // token was fetched over TLS directly from the token endpoint, so only the payload is read here
    private static Dictionary<string, object> Claims(string jwt)
    {
        string[] p = jwt.Split('.');
        string b = p[1].Replace('-', '+').Replace('_', '/');
        b = b.PadRight(b.Length + (4 - b.Length % 4) % 4, '=');
        return new JavaScriptSerializer().Deserialize<Dictionary<string, object>>(Encoding.UTF8.GetString(Convert.FromBase64String(b)));
    }

    private void Show(string text) { Note.Text = Server.HtmlEncode(text); }
</script>
<html><body>
<h1>Signing in</h1>
<p><asp:Literal ID="Note" runat="server" /></p>
<p><a href="/sso/start.aspx">Try again</a></p>
</body></html>
