<%@ WebHandler Language="C#" Class="Editor.FileConnector" %>

using System;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Web;
using System.Web.Script.Serialization;
using System.Web.SessionState;

namespace Editor
{
    /// <summary>Back end of the image browser in the rich text editor.</summary>
    public class FileConnector : IHttpHandler, IRequiresSessionState
    {
        static readonly string[] Allowed = { ".jpg", ".jpeg", ".png", ".gif", ".pdf" };
        static readonly Regex FolderName = new Regex(@"^[A-Za-z0-9][A-Za-z0-9 _\-]{0,60}$", RegexOptions.Compiled);

        string root;

        public bool IsReusable { get { return false; } }

        public void ProcessRequest(HttpContext context)
        {
            if (!context.Request.IsAuthenticated || !(context.User.IsInRole("Editors") || context.User.IsInRole("Publishers")))
                throw new HttpException(403, "Not an editor");

            root = Path.GetFullPath(context.Server.MapPath("~/UserFiles/")).TrimEnd('\\') + "\\";
            object answer;
            switch (context.Request["command"])
            {
                case "GetFoldersAndFiles": answer = List(context.Request["folder"]); break;
                case "CreateFolder": AntiForgery(context); answer = CreateFolder(context.Request["folder"], context.Request["name"]); break;
                case "FileUpload": AntiForgery(context); answer = Upload(context.Request["folder"], context.Request.Files["upload"]); break;
                default: throw new HttpException(400, "Unknown command");
            }
            context.Response.ContentType = "application/json";
            context.Response.Write(new JavaScriptSerializer().Serialize(answer));
        }

        string Resolve(string folder)
        {
            var full = Path.GetFullPath(Path.Combine(root, (folder ?? "").Replace('/', '\\').TrimStart('\\')));
            if (!(full.TrimEnd('\\') + "\\").StartsWith(root, StringComparison.OrdinalIgnoreCase) || !Directory.Exists(full))
                throw new HttpException(404, "No such folder");
            return full;
        }

        object List(string folder)
        {
            var d = new DirectoryInfo(Resolve(folder));
            return new
            {
                folders = d.GetDirectories().Select(x => x.Name).OrderBy(x => x),
                files = d.GetFiles().Where(x => Allowed.Contains(x.Extension.ToLowerInvariant()))
                         .Select(x => new { name = x.Name, size = (x.Length + 1023) / 1024, date = x.LastWriteTime.ToString("s") })
            };
        }

        object CreateFolder(string folder, string name)
        {
            if (name == null || !FolderName.IsMatch(name)) return new { error = 102 };
            var path = Path.Combine(Resolve(folder), name);
            if (Directory.Exists(path)) return new { error = 101 };
            Directory.CreateDirectory(path);
            return new { error = 0 };
        }

        object Upload(string folder, HttpPostedFile file)
        {
            if (file == null || file.ContentLength == 0) return new { error = 202 };
            var ext = Path.GetExtension(file.FileName).ToLowerInvariant();
            if (!Allowed.Contains(ext)) return new { error = 203 };
            var stem = Regex.Replace(Path.GetFileNameWithoutExtension(file.FileName), @"[^\w\-]+", "_");
            var target = Path.Combine(Resolve(folder), stem + ext);
            for (int i = 1; File.Exists(target); i++)
                target = Path.Combine(Resolve(folder), stem + "(" + i + ")" + ext);
            file.SaveAs(target);
            return new { error = 0, name = Path.GetFileName(target) };
        }

        static void AntiForgery(HttpContext c)
        {
            if ((string)c.Session["EditorToken"] == null || c.Request.Headers["X-Editor-Token"] != (string)c.Session["EditorToken"])
                throw new HttpException(403, "Token");
        }
    }
}
