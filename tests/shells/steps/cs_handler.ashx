<%@ WebHandler Language="C#" Class="Demo.Handler" %>
using System;
namespace Demo {
    public class Handler : IHttpHandler {
        static int calls = 0;
        public void ProcessRequest(HttpContext context) {
            switch (context.Request["what"]) {
                case "count": context.Response.Write(++calls); break;
                default: throw new ArgumentException("what");
            }
        }
        public bool IsReusable => false;
    }
}
