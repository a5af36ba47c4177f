<%@ WebHandler Language="C#" Class="Thumb" %>

using System;
using System.Collections.Generic;
using System.Drawing;
using System.Drawing.Drawing2D;
using System.Drawing.Imaging;
using System.IO;
using System.Text.RegularExpressions;
using System.Web;

/// <summary>thumb.ashx?f=2009/harbour_03.jpg&amp;w=160 - scaled pictures of the gallery, cached on disk</summary>
public class Thumb : IHttpHandler
{
    private static readonly int[] Widths = { 80, 160, 320, 640 };
    private static readonly Regex NameRule = new Regex(@"^[0-9]{4}/[A-Za-z0-9_\-]{1,50}\.jpe?g\z", RegexOptions.Compiled);

    public bool IsReusable { get { return true; } }

    public void ProcessRequest(HttpContext context)
    {
        string f = context.Request.QueryString["f"] ?? "";
        int w;
        if (!int.TryParse(context.Request.QueryString["w"], out w) || Array.IndexOf(Widths, w) < 0)
            w = 160;

        if (!NameRule.IsMatch(f)) { NotFound(context); return; }

        string root = context.Server.MapPath("~/gallery/original") + Path.DirectorySeparatorChar;
        string source = Path.GetFullPath(Path.Combine(root, f.Replace('/', Path.DirectorySeparatorChar)));
        if (!source.StartsWith(root, StringComparison.OrdinalIgnoreCase) || !File.Exists(source))
        {
            NotFound(context);
            return;
        }

        string cacheDir = context.Server.MapPath("~/App_Data/thumbs");
        Directory.CreateDirectory(cacheDir);
        string cached = Path.Combine(cacheDir, w + "_" + f.Replace('/', '_'));
        if (!File.Exists(cached) || File.GetLastWriteTimeUtc(cached) < File.GetLastWriteTimeUtc(source))
            Scale(source, cached, w);

        context.Response.ContentType = "image/jpeg";
        context.Response.Cache.SetCacheability(HttpCacheability.Public);
        context.Response.Cache.SetExpires(DateTime.UtcNow.AddDays(7));
        context.Response.TransmitFile(cached);
    }

    private static void Scale(string source, string target, int width)
    {
        using (Image img = Image.FromFile(source))
        {
            int height = Math.Max(1, img.Height * width / img.Width);
            using (Bitmap bmp = new Bitmap(width, height))
            using (Graphics g = Graphics.FromImage(bmp))
            {
                g.InterpolationMode = InterpolationMode.HighQualityBicubic;
                g.DrawImage(img, 0, 0, width, height);
                bmp.Save(target, ImageFormat.Jpeg);
            }
        }
    }

    private static void NotFound(HttpContext c)
    {
        c.Response.StatusCode = 404;
        c.Response.ContentType = "text/plain";
        c.Response.Write("no such picture");
    }
}
