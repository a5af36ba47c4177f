<%@ WebHandler Language="C#" Class="Up" %>
using System.Web; using System.IO; using System.Linq;
public class Up : IHttpHandler {
  static readonly string[] ok = { ".jpg", ".png", ".gif" };
  public void ProcessRequest(HttpContext c) {
    var f = c.Request.Files[0]; var ext = Path.GetExtension(f.FileName).ToLowerInvariant();
    if (!ok.Contains(ext)) { c.Response.StatusCode = 415; return; }
    var name = System.Guid.NewGuid().ToString("N") + ext; f.SaveAs(c.Server.MapPath("~/uploads/" + name)); c.Response.Write(name);
  }
  public bool IsReusable { get { return true; } }
}
