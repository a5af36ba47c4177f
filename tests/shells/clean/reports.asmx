<%@ WebService Language="C#" Class="Statistik.ReportService" %>

using System;
using System.Collections.Generic;
using System.Configuration;
using System.Data;
using System.Data.SqlClient;
using System.Web.Services;
using System.Web.Services.Protocols;

namespace Statistik
{
    public class ApiKey : SoapHeader
    {
        public string Key;
    }

    public enum ReportKind { Sales, Stock, Returns }

    [WebService(Namespace = "http://statistik.kontor.example/2008/reports")]
    [WebServiceBinding(ConformsTo = WsiProfiles.BasicProfile1_1)]
    public class ReportService : WebService
    {
        public ApiKey Auth;

        static readonly Dictionary<ReportKind, string> Procs = new Dictionary<ReportKind, string>
        {
            { ReportKind.Sales, "dbo.rpt_Sales" },
            { ReportKind.Stock, "dbo.rpt_Stock" },
            { ReportKind.Returns, "dbo.rpt_Returns" }
        };

        private void CheckKey()
        {
            string expected = ConfigurationManager.AppSettings["ReportKey"];
            if (Auth == null || string.IsNullOrEmpty(Auth.Key) || string.IsNullOrEmpty(expected) || !SlowEquals(Auth.Key, expected))
                throw new SoapException("Access denied", SoapException.ClientFaultCode);
        }

        private static bool SlowEquals(string a, string b)
        {
            int diff = a.Length ^ b.Length;
            for (int i = 0; i < a.Length && i < b.Length; i++)
                diff |= a[i] ^ b[i];
            return diff == 0;
        }

        [WebMethod(Description = "Runs one of the standard reports")]
        [SoapHeader("Auth")]
        public DataSet Run(ReportKind kind, DateTime from, DateTime to, int branch)
        {
            CheckKey();
            if (to < from || (to - from).TotalDays > 400)
                throw new SoapException("Bad period", SoapException.ClientFaultCode);

            DataSet ds = new DataSet("report");
            using (SqlConnection cn = new SqlConnection(ConfigurationManager.ConnectionStrings["Statistik"].ConnectionString))
            using (SqlCommand cmd = new SqlCommand(Procs[kind], cn))
            {
                cmd.CommandType = CommandType.StoredProcedure;
                cmd.CommandTimeout = 60;
                cmd.Parameters.Add("@from", SqlDbType.DateTime).Value = from;
                cmd.Parameters.Add("@to", SqlDbType.DateTime).Value = to;
                cmd.Parameters.Add("@branch", SqlDbType.Int).Value = branch;
                new SqlDataAdapter(cmd).Fill(ds, "rows");
            }
            return ds;
        }

        [WebMethod]
        public string Ping()
        {
            return "alive " + DateTime.UtcNow.ToString("s");
        }
    }
}
