<%@ Page Language="C#" EnableViewState="false" %>
<%@ Import Namespace="System.Security.Cryptography" %>
<script runat="server">
    string reference = "";
    Exception problem;

    void Page_Load()
    {
        // pause a little, makes timing of padding errors harder (ms10-070 advice)
        byte[] delay = new byte[1];
        using (RNGCryptoServiceProvider prng = new RNGCryptoServiceProvider()) prng.GetBytes(delay);
        System.Threading.Thread.Sleep(delay[0]);

        Response.StatusCode = 500;
        Response.TrySkipIisCustomErrors = true;
        problem = Server.GetLastError();
        if (problem is HttpUnhandledException && problem.InnerException != null)
            problem = problem.InnerException;
        reference = DateTime.UtcNow.ToString("yyMMdd-HHmmss-") + Guid.NewGuid().ToString("N").Substring(0, 6);
        if (problem != null)
        {
            try
            {
                string line = string.Format("{0}\t{1}\t{2}\t{3}{4}", reference, Request.HttpMethod, Request.Path, problem, Environment.NewLine);
                System.IO.File.AppendAllText(Server.MapPath("~/App_Data/errors-" + DateTime.UtcNow.ToString("yyyyMM") + ".txt"), line);
            }
            catch (System.IO.IOException) { /* cannot be helped */ }
        }
        Server.ClearError();
    }
</script>
<!DOCTYPE html>
<html lang="en">
<head>
    <title>Something went wrong</title>
    <style>body{font:16px/1.5 system-ui;margin:10vh auto;max-width:38em;color:#333}pre{background:#f5f5f5;padding:1em;overflow:auto}</style>
</head>
<body>
    <h1>Sorry, something went wrong</h1>
    <p>Please try again in a few minutes. If you call the service desk, mention <b><%= reference %></b>.</p>
    <% if (Request.IsLocal && problem != null) { %>
        <h2><%: problem.GetType().FullName %></h2>
        <p><%: problem.Message %></p>
        <pre><%: problem.StackTrace %></pre>
        <table>
        <% foreach (string k in new[] { "SERVER_SOFTWARE", "APP_POOL_ID", "URL", "QUERY_STRING" }) { %>
            <tr><td><%: k %></td><td><%: Request.ServerVariables[k] %></td></tr>
        <% } %>
        </table>
    <% } %>
</body>
</html>
