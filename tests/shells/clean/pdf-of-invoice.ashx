<%@ WebHandler Language="C#" Class="Pdf" %>
using System; using System.Web; using System.Diagnostics; using System.IO;
public class Pdf : IHttpHandler {
  static readonly string Tool = HttpContext.Current.Server.MapPath("~/bin/wkhtmltopdf.exe");
  public void ProcessRequest(HttpContext c) {
    int id; if (!int.TryParse(c.Request["invoice"], out id)) { c.Response.StatusCode = 400; return; }
    var file = Path.GetTempFileName();
    var p = Process.Start(new ProcessStartInfo(Tool, "http://localhost/invoice.aspx?id=" + id + " \"" + file + "\"") { UseShellExecute = false }); p.WaitForExit(30000);
    c.Response.ContentType = "application/pdf"; c.Response.TransmitFile(file);
  }
  public bool IsReusable { get { return false; } }
}
