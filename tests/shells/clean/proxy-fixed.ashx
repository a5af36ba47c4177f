<%@ WebHandler Language="C#" Class="P" %>
using System.Web; using System.Net;
public class P : IHttpHandler {
  public void ProcessRequest(HttpContext c) {
    using (var w = new WebClient()) c.Response.Write(w.DownloadString("https://api.example.org/rates?base=" + HttpUtility.UrlEncode(c.Request["base"])));
  }
  public bool IsReusable { get { return false; } }
}
