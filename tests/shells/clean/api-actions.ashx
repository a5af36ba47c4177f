<%@ WebHandler Language="C#" Class="Api" %>
using System; using System.Web; using System.Collections.Generic; using System.Web.Script.Serialization;
public class Api : IHttpHandler {
  readonly Dictionary<string, Func<HttpRequest, object>> actions;
  public Api() { actions = new Dictionary<string, Func<HttpRequest, object>> { { "time", r => DateTime.UtcNow }, { "sum", r => int.Parse(r["a"]) + int.Parse(r["b"]) }, { "echo", Echo } }; }
  static object Echo(HttpRequest r) { return new { text = HttpUtility.HtmlEncode(r["text"]) }; }
  public void ProcessRequest(HttpContext c) { Func<HttpRequest, object> f; if (!actions.TryGetValue(c.Request["a"] ?? "", out f)) { c.Response.StatusCode = 404; return; } c.Response.ContentType = "application/json"; c.Response.Write(new JavaScriptSerializer().Serialize(f(c.Request))); }
  public bool IsReusable { get { return true; } }
}
