# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the name of an internet service means for a block."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._blocking.service_names import (
    ABUSED,
    HOSTING,
    PATTERNS,
    SHARED,
    kind_of,
    names_by_kind,
)

KINDS = {
    SHARED: (
        "Cloudflare-CDN", "Akamai-CDN", "Fastly-CDN", "Amazon-AWS.CloudFront", "Microsoft-Office365", "Microsoft-Outlook", "Google-Gmail",
        "Google-DNS", "Google-Google.Bot", "Microsoft-Bing.Bot", "GitHub-GitHub", "GitLab-GitLab", "Zoom.us-Zoom.Meeting",
        "Cloudflare-DNS", "Yandex-Yandex.Bot", "Apple-iCloud", "cloudflare-cdn",
    ),
    HOSTING: (
        "Amazon-AWS", "Amazon-AWS.EC2", "Amazon-Web", "Amazon-DNS", "Microsoft-Azure", "Google-Google.Cloud", "DigitalOcean-DigitalOcean.Platform",
        "Hetzner-Hetzner.Hosting.Service", "OVHcloud-OVHcloud", "Oracle-Oracle.Cloud",
    ),
    ABUSED: ("Tor-Exit.Node", "Tor-Relay.Node", "Botnet-C&C.Server", "Malicious-Malicious.Server", "Hosting-Bulletproof.Hosting", "Proxy-Proxy.Server"),
    "": ("Acme-Other", "", "Torrent-Tracker"),
}  # fmt: skip


@pytest.mark.parametrize("kind, name", [(kind, name) for kind, names in KINDS.items() for name in names])
def test_a_name_has_its_kind(kind: str, name: str) -> None:
    assert kind_of(name) == kind


def test_no_pattern_is_there_twice() -> None:
    patterns = [pattern.lower() for several in PATTERNS.values() for pattern in several]
    assert len(patterns) == len(set(patterns))


def test_a_customer_of_a_cloud_is_not_its_owner() -> None:
    """Any address of the owner has the generic names."""
    assert names_by_kind(["Microsoft-Web", "Microsoft-Azure", "Microsoft-SSH"])[SHARED] == []
    assert names_by_kind(["Microsoft-Web"])[SHARED] == ["Microsoft-Web"]
    found = names_by_kind(["Microsoft-Azure", "Microsoft-Office365", "Tor-Exit.Node"])
    assert found == {SHARED: ["Microsoft-Office365"], HOSTING: ["Microsoft-Azure"], ABUSED: ["Tor-Exit.Node"]}
    assert names_by_kind(["Microsoft-Azure", "Google-Web"])[SHARED] == ["Google-Web"]


def test_names_of_the_user_come_first() -> None:
    assert names_by_kind(["Microsoft-Azure", "Microsoft-Web"], ["microsoft-azure", "*-Web"]) == {
        SHARED: ["Microsoft-Azure", "Microsoft-Web"],
        HOSTING: [],
        ABUSED: [],
    }
