# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Sorts the names of internet services in the database of a FortiGate into kinds. The kinds determine whether and how
long an address is blocked.

In a pattern, `*` matches any text, and case is ignored. If several patterns match a name, the longest pattern applies,
so that the pattern of a service has precedence over the pattern of its owner. A name without a matching pattern has no
kind.
"""

from __future__ import annotations

import fnmatch
import typing as t

# Addresses of these services are refused, because a block would affect many innocent users.
SHARED = "shared"
# Customers rent the addresses of these services. They are blocked for at most a day, because the customer may change.
HOSTING = "hosting"
# The names of these services are added to the reasons for the block.
ABUSED = "abused"

PATTERNS: dict[str, tuple[str, ...]] = {
    SHARED: (
        # Content networks.
        "*CDN*", "Akamai-*", "Cloudflare-*", "Fastly-*", "Amazon-AWS.CloudFront*", "*CloudFront*", "Edgio-*", "Edgecast-*", "Limelight-*",
        "Imperva-*", "Incapsula-*", "Sucuri-*", "StackPath-*", "Bunny*", "Gcore-*", "CacheFly-*", "Netflix-*",
        # Mail, office and conference clouds.
        "Microsoft-*", "Google-*", "Apple-*", "Amazon-Amazon.SES*", "Amazon-WorkMail*", "Yahoo-*", "Zoho-*", "Proton*", "Fastmail-*",
        "Mimecast-*", "Proofpoint-*", "Barracuda-*", "SendGrid-*", "Twilio-*", "Mailchimp-*", "Mailgun-*", "Salesforce-*", "Slack-*",
        "Zoom*", "Cisco-Webex*", "Webex-*", "GoTo*", "LogMeIn-*", "Dropbox-*", "Box-*", "Okta-*", "Atlassian-*", "DocuSign-*",
        "ServiceNow-*", "Workday-*", "SAP-*", "Adobe-*", "Meta-*", "Facebook-*", "WhatsApp-*", "LinkedIn-*",
        # Code hosts and package registries.
        "GitHub-*", "GitLab-*", "Bitbucket-*", "SourceForge-*", "Docker-*", "npm-*", "PyPI-*", "Canonical-*", "RedHat-*", "Debian-*",
        # Public resolvers, root servers and time servers.
        "*-DNS", "*Public.DNS*", "Quad9-*", "OpenDNS-*", "Cisco-Umbrella*", "Root.DNS*", "*Root.Server*", "NTP-*", "Fortinet-*",
        # Search engines.
        "*.Bot", "*-Bing*", "Yandex-*", "Baidu-*", "DuckDuckGo-*", "Internet.Archive-*",
    ),
    HOSTING: (
        "*Hosting*", "*.VPS*", "Amazon-*", "Amazon-AWS*", "Microsoft-Azure*", "Google-Google.Cloud*", "Google-GCP*", "Oracle-*", "IBM-*",
        "Alibaba-*", "Tencent-*", "Huawei-*", "DigitalOcean-*", "OVH*", "Hetzner-*", "Linode-*", "Vultr-*", "Leaseweb-*", "Contabo-*",
        "Scaleway-*", "Rackspace-*", "GoDaddy-*", "IONOS-*", "Hostinger-*", "Kamatera-*", "UpCloud-*", "Yandex-Yandex.Cloud*",
        "M247-*", "Choopa-*", "Heroku-*", "Salesforce-Heroku*",
    ),
    ABUSED: (
        "Tor-*", "Botnet*", "Malicious-*", "Phishing-*", "Spam-*", "Proxy-*", "*Anonymous.VPN*", "VPN-Anonymous*", "*Bulletproof*",
        "Blockchain-Crypto.Mining*", "*C&C*",
    ),
}  # fmt: skip

# Names that can follow the name of an owner and that any address in the network of the owner may have. If an address
# also has a hosting service of the same owner, these names do not count as shared.
GENERIC = (
    "Other", "Web", "ICMP", "DNS", "Outbound_Email", "Inbound_Email", "SSH", "FTP", "NTP", "LDAP", "RTMP",
    "NetBIOS.Session.Service", "NetBIOS.Name.Service",
)  # fmt: skip


def names_by_kind(names: t.Iterable[str], shared: t.Iterable[str] = ()) -> dict[str, list[str]]:
    """The different names of the services at one address, by kind. `shared` are patterns of the user for shared
    services, which have precedence."""
    own = tuple(shared)
    found: dict[str, list[str]] = {SHARED: [], HOSTING: [], ABUSED: []}
    for name in dict.fromkeys(names):
        kind = SHARED if _any(name, own) else kind_of(name)
        if kind:
            found[kind].append(name)
    rented = {name.partition("-")[0] for name in found[HOSTING]}
    found[SHARED] = [
        name
        for name in found[SHARED]
        if name.partition("-")[0] not in rented or name.partition("-")[2] not in GENERIC or _any(name, own)
    ]
    return found


def kind_of(name: str) -> str:
    """The kind of the longest pattern that matches the name, "" if no pattern matches."""
    found = [(len(one), kind) for kind, patterns in PATTERNS.items() for one in patterns if _matches(name, one)]
    return max(found)[1] if found else ""


def _any(name: str, patterns: t.Iterable[str]) -> bool:
    return any(_matches(name, pattern) for pattern in patterns)


def _matches(name: str, pattern: str) -> bool:
    return fnmatch.fnmatchcase(name.lower(), pattern.lower())
