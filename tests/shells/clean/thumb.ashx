<%@ WebHandler Language="C#" Class="Thumb" %>
using System; using System.Web; using System.Drawing; using System.IO;
public class Thumb : IHttpHandler {
  public void ProcessRequest(HttpContext context) {
    string name = Path.GetFileName(context.Request.QueryString["f"]);
    string path = context.Server.MapPath("~/images/" + name);
    if (!File.Exists(path)) { context.Response.StatusCode = 404; return; }
    using (var img = Image.FromFile(path)) using (var t = img.GetThumbnailImage(100, 100, null, IntPtr.Zero)) {
      context.Response.ContentType = "image/png";
      t.Save(context.Response.OutputStream, System.Drawing.Imaging.ImageFormat.Png);
    }
  }
  public bool IsReusable { get { return true; } }
}
