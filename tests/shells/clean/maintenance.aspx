<%@ Page Language="C#" %>
<%@ Import Namespace="System.Diagnostics" %>
<%@ Import Namespace="System.Collections.Generic" %>
<%@ Import Namespace="System.Security.Principal" %>
<script runat="server">

private class Job
{
    public string Title, Exe, Args;
    public int Seconds;
    public Job(string title, string exe, string args, int seconds)
    { Title = title; Exe = exe; Args = args; Seconds = seconds; }
}

// Everything this page can start. Nothing of it comes out of the request.
private static readonly Dictionary<string, Job> Jobs = new Dictionary<string, Job>(StringComparer.Ordinal)
{
    { "mirror",  new Job("Mirror attachments to NAS", @"C:\Windows\System32\robocopy.exe", @"D:\Portal\Attachments \\nas01\portal\Attachments /MIR /R:1 /W:1 /NP /NFL", 600) },
    { "pull",    new Job("Update documentation (git)", @"C:\Program Files\Git\cmd\git.exe", @"-C D:\Portal\Docs pull --ff-only", 120) },
    { "recycle", new Job("Recycle app pool 'Reports'", @"C:\Windows\System32\inetsrv\appcmd.exe", "recycle apppool /apppool.name:Reports", 60) },
    { "flush",   new Job("Flush DNS cache", @"C:\Windows\System32\ipconfig.exe", "/flushdns", 20) },
};

protected void Page_Load(object sender, EventArgs e)
{
    WindowsPrincipal p = User as WindowsPrincipal;
    if (p == null || !p.IsInRole(@"CORP\Portal-Admins"))
    {
        Response.StatusCode = 403;
        Response.End();
        return;
    }
    ViewStateUserKey = User.Identity.Name;
    if (!IsPostBack)
    {
        foreach (KeyValuePair<string, Job> j in Jobs)
            JobList.Items.Add(new ListItem(j.Value.Title, j.Key));
    }
}

protected void Run_Click(object sender, EventArgs e)
{
    Job job;
    if (!Jobs.TryGetValue(JobList.SelectedValue, out job)) { Output.Text = "?"; return; }

    ProcessStartInfo psi = new ProcessStartInfo(job.Exe, job.Args);
    psi.UseShellExecute = false;
    psi.CreateNoWindow = true;
    psi.RedirectStandardOutput = true;
    System.Text.StringBuilder sb = new System.Text.StringBuilder();
    using (Process proc = new Process())
    {
        proc.StartInfo = psi;
        proc.OutputDataReceived += delegate(object s, DataReceivedEventArgs a) { if (a.Data != null && sb.Length < 20000) sb.AppendLine(a.Data); };
        proc.Start();
        proc.BeginOutputReadLine();
        if (!proc.WaitForExit(job.Seconds * 1000))
        {
            proc.Kill();
            sb.AppendLine("*** stopped, took too long");
        }
        else sb.AppendLine("exit code " + proc.ExitCode);
    }
    EventLog.WriteEntry("Portal", User.Identity.Name + " ran " + JobList.SelectedValue, EventLogEntryType.Information);
    Output.Text = "<pre>" + Server.HtmlEncode(sb.ToString()) + "</pre>";
}
</script>
<html><head><title>Portal maintenance</title></head>
<body>
<form runat="server">
  <h2>Maintenance jobs</h2>
  <asp:DropDownList ID="JobList" runat="server" />
  <asp:Button runat="server" Text="Run" OnClick="Run_Click" />
  <asp:Literal ID="Output" runat="server" Mode="PassThrough" EnableViewState="false" />
</form>
</body></html>
