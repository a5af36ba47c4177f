<%@ WebHandler Language="C#" Class="Proxy" %>
using System; using System.Net; using System.Web;
public class Proxy : IHttpHandler {
  public void ProcessRequest(HttpContext c) {
    var u = new Uri(c.Request["u"]); if (u.Host != "tiles.example.org") { c.Response.StatusCode = 403; return; }
    using (var w = new WebClient()) { c.Response.ContentType = "image/png"; c.Response.BinaryWrite(w.DownloadData(u)); }
  }
  public bool IsReusable { get { return true; } }
}
