#!/usr/bin/env python3
"""Writes a synthetic ECP Server log of a given size, for measuring: ecp_server_log.py OUT [--mb 256] [--seed 1].

The shape is that of Exchange 2016 and 2019: four columns, of which EventData is a list `S:KEY=value;` with the command that a
request ran. Administrators open pages and change little. Every 20,000th line writes an ExternalUrl with a script in it, as in
March 2021 (the script is cut off), so that a hunt has something to find. Nobody's real traffic is in it.
"""
import datetime

from synthetic import asked_for

HEAD = (
    "#Software: Microsoft Exchange Server\r\n#Version: 15.01.2106.002\r\n#Log-type: ECP Server Log\r\n"
    "#Date: 2021-03-02T00:00:00.000Z\r\n#Fields: TimeStamp,ServerName,EventId,EventData\r\n"
)
COMMANDS = [
    ("Get-Mailbox", "/ecp/DDI/DDIService.svc/GetList?schema=MailboxService"),
    ("Get-Recipient.Filter='((RecipientType -eq ''UserMailbox'') -and (Alias -ne $null))'", "/ecp/DDI/DDIService.svc/GetList?schema=RecipientPicker"),
    ("Get-OrganizationConfig", "/ecp/default.aspx"),
    ("Set-Mailbox.Identity='{guid}'.CustomAttribute1='{word}'", "/ecp/DDI/DDIService.svc/SetObject?schema=MailboxService"),
    ("Get-MessageTrackingReport.Identity='{guid}, {word}'", "/ecp/MessageTracking/MessageTrackingReport.svc/GetObject"),
    ("", "/ecp/15.1.2106.2/scripts/js.axd?resources=Common"),
    ("Get-OabVirtualDirectory.ADPropertiesOnly='True'", "/ecp/DDI/DDIService.svc/GetList?schema=VirtualDirectory"),
]
WORDS = "north south east west sales legal plant board payroll archive".split()


def main() -> None:
    asked = asked_for(__doc__)
    dice, guid = asked.dice, asked.dice.guid
    users = [(f"S-1-5-21-1004336348-1177238915-682003330-{1100 + i}", f"CORP\\admin{i:02d}") for i in range(40)]
    time = datetime.datetime(2021, 3, 2)
    with open(asked.out, "w", newline="") as out:
        written = out.write(HEAD)
        line = 0
        while written < asked.mb * (1 << 20):
            line += 1
            time += datetime.timedelta(milliseconds=dice.randrange(400))
            sid, user = dice.choice(users)
            command, url = dice.choice(COMMANDS)
            command = command.format(guid=guid(), word=dice.choice(WORDS))
            if line % 20000 == 0:
                command = f"Set-OabVirtualDirectory.ExternalUrl='http://f/<script language=\"\"JScript\"\" runat=\"\"server\"\"'.Identity='{guid()}'"
                url = "/ecp/DDI/DDIService.svc/SetObject?schema=OABVirtualDirectory"
            data = (
                f"S:TIME={dice.randrange(3000)};S:SID={sid};S:CMD={command};S:REQID={guid()};S:URL={url}&msExchEcpCanary={guid()}:443;"
                f"S:REFERRER=https://mail.corp.example/ecp/?rfr=owa;S:EX=;S:ACTID={guid()};S:RS=0;S:BLD=15.1.2106.2;S:TNAME=;S:TID=;S:USID={guid()};"
                f"S:UA=Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36;S:PSA={user};S:EDN=EX01.corp.example;S:CBC=False"
            )
            quoted = f'"{data}"' if "," in data or '"' in data else data
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (time.microsecond // 1000)
            written += out.write(f"{stamp},EX01,{dice.choice(['ECP.Request', 'ECP.Request', 'ECP.LongRunning'])},{quoted}\r\n")


main()
