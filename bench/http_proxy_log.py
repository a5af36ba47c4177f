#!/usr/bin/env python3
"""Writes a synthetic HttpProxy log of a given size, for measuring: http_proxy_log.py OUT [--mb 256] [--seed 1].

The shape is that of Exchange 2016 and 2019: 81 columns, some 1.3 KB a line, a bare line of names before #Software. Every
20,000th line is a forged back-end request of March 2021 (AnchorMailbox = ServerInfo~host/path), so that a hunt has something
to find. Nobody's real traffic is in it.
"""
import datetime

from synthetic import asked_for

NAMES = (
    "DateTime,RequestId,MajorVersion,MinorVersion,BuildVersion,RevisionVersion,ClientRequestId,Protocol,UrlHost,UrlStem,"
    "ProtocolAction,AuthenticationType,IsAuthenticated,AuthenticatedUser,Organization,AnchorMailbox,UserAgent,"
    "ClientIpAddress,ServerHostName,HttpStatus,BackEndStatus,ErrorCode,Method,ProxyAction,TargetServer,TargetServerVersion,"
    "RoutingType,RoutingHint,BackEndCookie,ServerLocatorHost,ServerLocatorLatency,RequestBytes,ResponseBytes,"
    "TargetOutstandingRequests,AuthModulePerfContext,HttpPipelineLatency,CalculateTargetBackEndLatency,"
    "GlsLatencyBreakup,TotalGlsLatency,AccountForestLatencyBreakup,TotalAccountForestLatency,"
    "ResourceForestLatencyBreakup,TotalResourceForestLatency,ADLatency,SharedCacheLatencyBreakup,TotalSharedCacheLatency,"
    "ActivityContextLifeTime,ModuleToHandlerSwitchingLatency,ClientReqStreamLatency,BackendReqInitLatency,"
    "BackendReqStreamLatency,BackendProcessingLatency,BackendRespInitLatency,BackendRespStreamLatency,"
    "ClientRespStreamLatency,KerberosAuthHeaderLatency,HandlerCompletionLatency,RequestHandlerLatency,"
    "HandlerToModuleSwitchingLatency,ProxyTime,CoreLatency,RoutingLatency,HttpProxyOverhead,TotalRequestTime,"
    "RouteRefresherLatency,UrlQuery,BackEndGenericInfo,GenericInfo,GenericErrors,EdgeTraceId,DatabaseGuid,UserADObjectGuid,"
    "PartitionEndpointLookupLatency,RoutingStatus,NegoCap,IsMoveRequest,TokenExpiry,ClientHostName,ThreadsBusy,Retries,Build"
)
PROTOCOLS = [
    ("Mapi", "/mapi/emsmdb/", "POST", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)"),
    ("Owa", "/owa/service.svc", "POST", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML  like Gecko) Chrome/88.0"),
    ("Eas", "/Microsoft-Server-ActiveSync/default.eas", "POST", "Apple-iPhone12C1/1804.40"),
    ("Ews", "/EWS/Exchange.asmx", "POST", "ExchangeServicesClient/15.20.3912.000"),
    ("Autodiscover", "/autodiscover/autodiscover.xml", "POST", "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.13628; Pro)"),
]


def main() -> None:
    asked = asked_for(__doc__)
    dice, guid = asked.dice, asked.dice.guid
    users = [(f"CORP\\user{i:03d}", f"Sid~S-1-5-21-1004336348-1177238915-682003330-{1100 + i}", f"10.20.{i % 250}.{i % 199}") for i in range(700)]
    index = {name: place for place, name in enumerate(NAMES.split(","))}
    assert len(index) == 81
    time = datetime.datetime(2021, 3, 2)
    with open(asked.out, "w", newline="") as out:
        head = f"{NAMES}\r\n#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: HttpProxy Logs\r\n"
        head += f"#Date: 2021-03-02T00:00:00.000Z\r\n#Fields: {NAMES}\r\n"
        written = out.write(head)
        line = 0
        while written < asked.mb * (1 << 20):
            line += 1
            time += datetime.timedelta(milliseconds=dice.randrange(60))
            protocol, stem, method, agent = dice.choice(PROTOCOLS)
            user, sid, address = dice.choice(users)
            row = [str(dice.randrange(40)) if "Latency" in name or name.endswith("Time") else "" for name in index]
            values = dict(
                DateTime=time.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (time.microsecond // 1000), RequestId=guid(),
                MajorVersion="15", MinorVersion="1", BuildVersion="2106", RevisionVersion="2", ClientRequestId="{" + guid() + "}:1",
                Protocol=protocol, UrlHost="mail.corp.example", UrlStem=stem, AuthenticationType="Negotiate", IsAuthenticated="True",
                AuthenticatedUser=user, AnchorMailbox=sid, UserAgent=agent, ClientIpAddress=address, ServerHostName="EX01",
                HttpStatus="200", BackEndStatus="200", Method=method, ProxyAction="Proxy", TargetServer="ex01.corp.example",
                TargetServerVersion="15.01.2106.000", RoutingType="IntraForest", RoutingHint="WindowsIdentity",
                RequestBytes=str(dice.randrange(5000)), ResponseBytes=str(dice.randrange(90000)),
                GlsLatencyBreakup="0;0;", UrlQuery=f"?MailboxId={guid()}@corp.example",
                BackEndGenericInfo=f"Mailbox={guid()};Database={guid()};Rpc={dice.randrange(99)};",
                GenericInfo=f"BeginRequest=2021-03-02T00:00:00.000Z;CorrelationID=<empty>;ProxyState-Run=None;FEAuth=BEVersion-1942061114;"
                f"BeginGetResponse={time.isoformat()};OnResponseReady={time.isoformat()};EndGetResponse={time.isoformat()};"
                f"ProxyState-Complete=ProxyResponseData;SharedCacheGuard=0;EndRequest={time.isoformat()};I32:ADS.C[EX01]=2;F:ADS.AL[EX01]={dice.random()};",
                DatabaseGuid=guid(), UserADObjectGuid=guid(), RoutingStatus="Success(" + guid() + ")", IsMoveRequest="False", Build="15.1.2106.2",
            )
            if line % 20000 == 0:
                values.update(
                    Protocol="Ecp", UrlStem="/ecp/y.js", AuthenticatedUser="", AuthenticationType="", IsAuthenticated="False",
                    AnchorMailbox="ServerInfo~a]@ex01.corp.example:444/autodiscover/autodiscover.xml?#", UserAgent="ExchangeServicesClient/0.0.0.0",
                    RoutingHint="X-BEResource-Cookie", ClientIpAddress="203.0.113.77", UrlQuery="",
                )
            for name, value in values.items():
                row[index[name]] = value
            written += out.write(",".join(row) + "\r\n")


main()
