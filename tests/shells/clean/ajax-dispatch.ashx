<%@ WebHandler Language="C#" Class="Acme.Forum.AjaxHandler" %>
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Web;
using System.Web.Script.Serialization;
using System.Web.SessionState;

namespace Acme.Forum
{
    [AttributeUsage(AttributeTargets.Method)]
    sealed class AjaxMethodAttribute : Attribute
    {
        public bool LoginRequired { get; set; }
    }

    /// JSON-in, JSON-out. { "method": "Vote", "args": { "post": 17, "up": true } }
    public class AjaxHandler : IHttpHandler, IRequiresSessionState
    {
        static readonly Dictionary<string, MethodInfo> Table =
            typeof(AjaxHandler).GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Where(m => m.IsDefined(typeof(AjaxMethodAttribute), false))
                .ToDictionary(m => m.Name, StringComparer.Ordinal);

        HttpContext ctx;
        public bool IsReusable => false;

        public void ProcessRequest(HttpContext context)
        {
            ctx = context;
            var js = new JavaScriptSerializer { MaxJsonLength = 32768 };
            context.Response.ContentType = "application/json";
            try
            {
                if (context.Request.HttpMethod != "POST" || context.Request.Headers["X-Forum-Token"] != (string)context.Session["token"])
                    throw new HttpException(403, "token");

                string body = new StreamReader(context.Request.InputStream).ReadToEnd();
                var call = js.Deserialize<Dictionary<string, object>>(body);
                var args = call["args"] as Dictionary<string, object> ?? new Dictionary<string, object>();

                MethodInfo m;
                if (!Table.TryGetValue(Convert.ToString(call["method"]), out m))
                    throw new HttpException(404, "no such method");
                var attr = m.GetCustomAttribute<AjaxMethodAttribute>();
                if (attr.LoginRequired && !context.User.Identity.IsAuthenticated)
                    throw new HttpException(401, "login");

                object[] values = m.GetParameters()
                    .Select(p => args.ContainsKey(p.Name) ? Convert.ChangeType(args[p.Name], p.ParameterType) : p.DefaultValue)
                    .ToArray();
                context.Response.Write(js.Serialize(new { ok = true, result = m.Invoke(this, values) }));
            }
            catch (HttpException ex)
            {
                context.Response.StatusCode = ex.GetHttpCode();
                context.Response.Write(js.Serialize(new { ok = false, error = ex.Message }));
            }
            catch (Exception)
            {
                context.Response.StatusCode = 400;
                context.Response.Write("{\"ok\":false}");
            }
        }

        [AjaxMethod(LoginRequired = true)]
        object Vote(int post, bool up)
        {
            return Db.Scalar("EXEC ForumVote @0, @1, @2", post, ctx.User.Identity.Name, up ? 1 : -1);
        }

        [AjaxMethod]
        object Online()
        {
            return Db.Column("SELECT TOP 40 NickName FROM OnlineUsers WHERE LastSeen > DATEADD(mi,-5,GETDATE())");
        }

        [AjaxMethod(LoginRequired = true)]
        object MarkRead(int thread)
        {
            Db.Run("EXEC ForumMarkRead @0, @1", thread, ctx.User.Identity.Name);
            return true;
        }
    }
}
