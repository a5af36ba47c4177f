<%@ WebHandler Language="C#" Class="Thumb" %>
using System; using System.Drawing; using System.Drawing.Imaging; using System.IO; using System.Web;
public class Thumb : IHttpHandler {
  public void ProcessRequest(HttpContext c) {
    string file = Path.GetFileName(c.Request.QueryString["img"] ?? ""); int w; if (!int.TryParse(c.Request.QueryString["w"], out w) || w > 1000) w = 120;
    string src = c.Server.MapPath("~/gallery/" + file), cache = c.Server.MapPath("~/App_Data/thumbs/" + w + "_" + file + ".jpg");
    if (!File.Exists(cache)) using (var i = Image.FromFile(src)) using (var t = i.GetThumbnailImage(w, w * i.Height / i.Width, null, IntPtr.Zero)) t.Save(cache, ImageFormat.Jpeg);
    c.Response.ContentType = "image/jpeg"; c.Response.WriteFile(cache);
  }
  public bool IsReusable { get { return true; } }
}
