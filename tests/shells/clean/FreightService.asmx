<%@ WebService Language="C#" Class="Freight.RateService" %>

using System;
using System.Collections.Generic;
using System.Data.SqlClient;
using System.Configuration;
using System.Web.Services;
using System.Web.Services.Protocols;
using System.Xml.Serialization;

namespace Freight
{
    public class PartnerHeader : SoapHeader
    {
        public string PartnerCode;
        public string Token;
    }

    public class Quote
    {
        [XmlAttribute] public string Carrier;
        [XmlAttribute] public int TransitDays;
        public decimal Price;
        public string Currency;
    }

    public enum ServiceLevel { Economy, Standard, Express }

    [WebService(Namespace = "http://schemas.nordfreight.example/rates/2009/")]
    [WebServiceBinding(ConformsTo = WsiProfiles.BasicProfile1_1)]
    public class RateService : WebService
    {
        public PartnerHeader Partner;

        [WebMethod(Description = "Price list lookup for one shipment.", CacheDuration = 0)]
        [SoapHeader("Partner")]
        public Quote[] GetQuotes(string fromPostcode, string toPostcode, decimal weightKg, ServiceLevel level)
        {
            CheckPartner();
            if (weightKg <= 0 || weightKg > 24000)
                throw new SoapException("weightKg must be between 0 and 24000", SoapException.ClientFaultCode);

            var quotes = new List<Quote>();
            using (var cn = Open())
            using (var cmd = cn.CreateCommand())
            {
                cmd.CommandText = @"SELECT c.Name, r.TransitDays, r.Base + r.PerKg * @w, r.Currency
                                      FROM Rate r JOIN Carrier c ON c.CarrierId = r.CarrierId
                                     WHERE r.ZoneFrom = dbo.fnZone(@f) AND r.ZoneTo = dbo.fnZone(@t) AND r.Level = @l
                                       AND GETDATE() BETWEEN r.ValidFrom AND r.ValidTo
                                     ORDER BY 3";
                cmd.Parameters.AddWithValue("@w", weightKg);
                cmd.Parameters.AddWithValue("@f", fromPostcode ?? "");
                cmd.Parameters.AddWithValue("@t", toPostcode ?? "");
                cmd.Parameters.AddWithValue("@l", (int)level);
                using (var rd = cmd.ExecuteReader())
                    while (rd.Read())
                        quotes.Add(new Quote { Carrier = rd.GetString(0), TransitDays = rd.GetInt32(1), Price = Math.Round(rd.GetDecimal(2), 2), Currency = rd.GetString(3) });
            }
            return quotes.ToArray();
        }

        [WebMethod]
        public string Ping() { return "OK " + DateTime.UtcNow.ToString("u"); }

        void CheckPartner()
        {
            if (Partner == null || string.IsNullOrEmpty(Partner.Token))
                throw new SoapException("Header missing", SoapException.ClientFaultCode);
            using (var cn = Open())
            using (var cmd = new SqlCommand("SELECT COUNT(*) FROM Partner WHERE Code=@c AND TokenHash=HASHBYTES('SHA2_256', @t) AND Active=1", cn))
            {
                cmd.Parameters.AddWithValue("@c", Partner.PartnerCode ?? "");
                cmd.Parameters.AddWithValue("@t", Partner.Token);
                if ((int)cmd.ExecuteScalar() != 1)
                    throw new SoapException("Unknown partner", SoapException.ClientFaultCode);
            }
        }

        static SqlConnection Open()
        {
            var cn = new SqlConnection(ConfigurationManager.ConnectionStrings["Rates"].ConnectionString);
            cn.Open();
            return cn;
        }
    }
}
