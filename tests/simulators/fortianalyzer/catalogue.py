# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The threats, applications and sites of the event log (protocol_fortianalyzer.rst, "Rows of top-threats").

A threat row: name, live threat type, documented kind, level 1-4, direction, action, events in 30 days, ADOM letters.
"""

from __future__ import annotations

from dataclasses import dataclass

LETTERS = {"root": "R", "Branch_Office": "B", "Data_Center": "D"}
LEVELS = {0: "", 1: "Low", 2: "Medium", 3: "High", 4: "Critical"}
WEIGHTS = {0: 0, 1: 5, 2: 10, 3: 30, 4: 50}


@dataclass(frozen=True)
class Threat:
    """`direction` in: from outside to a server; out: infected client to its master; web: client to a bad site."""

    name: str
    threattype: str
    kind: str
    level: int
    direction: str
    action: str  # "block", "detect" or "mixed"
    events: int
    adoms: str
    span: str = "always"  # "new" in the last 20 hours, "gone" for 3 days, "rising"
    log: str = "attack"
    cve: str = ""
    appid: int = 0
    virus: str = ""
    catdesc: str = ""
    hosts: str = "addresses"  # "dst-name" or "src-name": a name sits where an address belongs


def _ips(name: str, level: int, action: str, events: int, adoms: str, **more: str) -> Threat:
    return Threat(name, "ips", "ips", level, "in", action, events, adoms, **more)  # type: ignore[arg-type]


def _file(name: str, level: int, action: str, events: int, adoms: str, virus: str) -> Threat:
    return Threat(name, "malware-detected", "virus", level, "web", action, events, adoms, log="virus", virus=virus)


def _site(name: str, catdesc: str, level: int, action: str, events: int, adoms: str) -> Threat:
    return Threat(name, catdesc, "ips", level, "web", action, events, adoms, log="webfilter", catdesc=catdesc)


def _app(name: str, threattype: str, level: int, appid: int, events: int, adoms: str, **more: str) -> Threat:
    return Threat(name, threattype, "ips", level, "web", "detect", events, adoms, log="app-ctrl", appid=appid, **more)


# Names that attackers chose: templates, formulas, markup, direction marks, and one far too long.
HOSTILE_THREAT_NAMES = (
    "{{ lookup('pipe','id') }}",
    "{% for x in range(9) %}{{ x }}{% endfor %}.js",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    'he said "it\'s fine" \\ really.exe',
    "invoice_\u202efdp.exe",
    "Überweisung_№42_株式会社.pdf",
    "A" * 4096,
)

THREATS: tuple[Threat, ...] = (
    _ips("Apache.Log4j.Error.Log.Remote.Code.Execution", 4, "block", 140, "RBD", cve="CVE-2021-44228"),
    _ips("SQL.Injection", 4, "mixed", 130, "RBD"),
    _ips("XSS.Generic", 3, "block", 100, "RD"),
    _ips("Bash.Function.Definitions.Remote.Code.Execution", 4, "block", 70, "RB", cve="CVE-2014-6271"),
    _ips("PHPUnit.Eval-stdin.PHP.Remote.Code.Execution", 3, "detect", 60, "R", cve="CVE-2017-9841"),
    _ips("Fortinet.FortiOS.SSL.VPN.Directory.Traversal", 4, "mixed", 60, "RB", cve="CVE-2018-13379", span="rising"),
    _ips("MS.SMB.Server.Trans.Peeking.Data.Information.Disclosure", 2, "block", 50, "R", cve="CVE-2017-0147"),
    _ips("Web.Server.Password.Files.Access", 2, "block", 60, "RD"),
    _ips("Nmap.Script.Scanner", 1, "detect", 80, "R"),
    _ips("Spring.Cloud.Function.SpEL.Code.Injection", 4, "block", 40, "R", cve="CVE-2022-22963", span="new"),
    _ips("Dasan.GPON.Remote.Code.Execution", 3, "block", 50, "RB", cve="CVE-2018-10561", span="gone"),
    _ips("ThinkPHP.Controller.Parameter.Remote.Code.Execution", 2, "block", 50, "D"),
    _ips("udp_flood", 3, "block", 110, "RBD", log="anomaly"),
    _ips("tcp_syn_flood", 4, "mixed", 60, "RD", log="anomaly"),
    _ips("TCP.Split.Handshake", 1, "detect", 0, "R"),
    Threat("Botnet.CnC.Generic", "ips", "ips", 4, "out", "mixed", 60, "R"),
    Threat("Mirai.Botnet", "ips", "botnet", 4, "out", "block", 60, "RB", span="rising"),
    Threat("Cobalt.Strike.Beacon", "ips", "botnet", 4, "out", "detect", 40, "R"),
    Threat("Botnet.CnC.Zeus", "ips", "botnet", 4, "out", "block", 40, "RD", hosts="dst-name"),
    _file("eicar_com.zip", 4, "block", 40, "RB", "EICAR_TEST_FILE"),
    _file("invoice_2026~1.doc", 4, "block", 40, "RB", "VBA/Agent.BKM!tr.dldr"),
    _file("MSIL/Agent.PPV!tr", 3, "mixed", 40, "RD", "MSIL/Agent.PPV!tr"),
    _file("Trojan.Emotet", 4, "block", 40, "RB", "W32/Emotet.CD!tr"),
    _site("bad.example.net", "Malicious Websites", 3, "block", 60, "RB"),
    _site("login-update.example.org", "Phishing", 3, "detect", 40, "R"),
    _site("offers.example.com", "Spam URLs", 2, "block", 40, "RD"),
    _site("unblock.example.info", "Proxy Avoidance", 2, "mixed", 40, "R"),
    Threat("blocked-connection", "blocked-connection", "ips", 1, "in", "block", 160, "RBD", log="traffic"),
    _app("Psiphon", "Proxy", 3, 40215, 50, "RD"),
    _app("BitTorrent", "P2P", 2, 6, 50, "RB"),
    _app("Ultrasurf", "Proxy", 3, 17405, 30, "R", hosts="src-name"),
    *(
        _file(name, 2 + index % 3, "block", 12, "R", "JS/Agent.HOST!tr")
        for index, name in enumerate(HOSTILE_THREAT_NAMES)
    ),
)


@dataclass(frozen=True)
class Application:
    name: str
    category: str
    risk: int
    cloud: bool
    domain: str
    catdesc: str
    share: int


APPLICATIONS = (
    Application("HTTPS.BROWSER", "Web.Client", 2, False, "www.example.com", "Information Technology", 30),
    Application("Microsoft.365", "Collaboration", 1, True, "outlook.example.com", "Web-based Email", 22),
    Application("YouTube", "Video/Audio", 2, True, "video.example.com", "Streaming Media and Download", 14),
    Application("Zoom.Meeting", "Collaboration", 2, True, "zoom.example.com", "Internet Telephony", 8),
    Application("Dropbox", "Storage.Backup", 3, True, "files.example.com", "File Sharing and Storage", 6),
    Application("Google.Services", "General.Interest", 1, True, "search.example.com", "Search Engines and Portals", 12),
    Application("SSH", "Network.Service", 2, False, "", "", 4),
    Application("DNS", "Network.Service", 1, False, "", "", 12),
    Application("Facebook", "Social.Media", 2, True, "social.example.com", "Social Networking", 5),
    Application("Netflix", "Video/Audio", 1, True, "stream.example.com", "Streaming Media and Download", 5),
    Application("Windows.Update", "Update", 1, False, "update.example.com", "Information Technology", 6),
    Application("SMB", "Network.Service", 3, False, "", "", 3),
)
POLICIES = {1: "lan-to-internet", 2: "internet-to-dmz", 3: "guest-to-internet", 4: "vpn-users", 0: "Implicit Deny"}
