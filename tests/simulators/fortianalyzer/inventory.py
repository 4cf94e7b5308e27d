# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ADOMs, firewalls and hosts of the simulated network (protocol_fortianalyzer.rst, "ADOMs and devices")."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

ADOMS = ("root", "Branch_Office", "Data_Center")
# ADOMs of other products, which every FortiAnalyzer has and which hold no FortiGate; with the flag of their product.
PRODUCT_ADOMS = {"FortiMail": 4, "FortiWeb": 16, "Syslog": 32}


@dataclass(frozen=True)
class Device:
    """One firewall as the FortiAnalyzer knows it."""

    serial: str
    name: str
    adom: str
    vdoms: tuple[str, ...] = ("root",)
    fabric: str = ""
    platform: str = "FortiGate-100F"
    registered: bool = True

    @property
    def make(self) -> str:
        """What the keywords for all devices of a product go by; FortiWiFi is a FortiGate to them."""
        return "FortiProxy" if self.serial.startswith("FPX") else "FortiGate"


@dataclass(frozen=True)
class Host:
    """An inside host; `.self` is the pseudo-endpoint of a firewall."""

    ip: str
    name: str
    user: str
    epid: int
    mac: str
    devtype: str
    osname: str


HA_MEMBER = Device("FG100FTK20000003", "fgt-hq", "root", fabric="fabric-hq")
DEVICES = (
    Device("FG100FTK20000001", "fgt-hq", "root", fabric="fabric-hq"),
    Device("FG100FTK20000002", "fgt-dmz", "root", ("root", "guest"), fabric="fabric-hq"),
    Device("FGT60F3X17000001", "fgt-branch", "Branch_Office", fabric="fabric-branch", platform="FortiGate-60F"),
    Device("FG200FTK20000004", "fgt-dc", "Data_Center", platform="FortiGate-200F"),
)
# Ids that no simple pattern takes for one: chassis, cluster, rugged and virtual devices, other makes than FortiGate.
ODD_DEVICES = (
    Device("F6KF31T000000001", "fgt-chassis", "Data_Center", ("root", "tenant-a"), platform="FortiGate-6301F"),
    Device("FGHA000000000001_CID", "fgt-cluster", "Data_Center", platform="FortiGate-3000D"),
    Device("FR60FR0000000001", "fgt-rugged", "Data_Center", platform="FortiGateRugged-60F"),
    Device("FGVM01TM23000001", "fgt-vm", "Data_Center", platform="FortiGate-VM64"),
    Device("FGT3HDQ000000001", "fgt-kvm", "Data_Center", platform="FortiGate-VM64-KVM"),
    Device("FWF61F0000000001", "fwf-shop", "Data_Center", platform="FortiWiFi-61F"),
    Device("FPXVULTM23000001", "proxy-dc", "Data_Center", platform="FortiProxy-VM64"),
)

# One address and endpoint for several users, in ADOM root.
TERMINAL_SERVER = Host("10.1.9.9", "TERMINAL01", "", 199, "02:09:0f:01:00:c7", "Server", "Windows 2022")

# Names that came from clients: whoever renders them must survive them.
HOSTILE_HOST_NAMES = (
    "{{ 7 * 7 }}",
    "<img src=x onerror=alert(1)>",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "büro-pc-\u202e01\u202c-株式会社",
)
_KINDS = (
    ("LAPTOP-USER", "Laptop", "Windows 11"),
    ("DESKTOP-IT", "Desktop", "Windows 10"),
    ("TABLET-A", "Tablet", "iOS"),
)


def devices(extra_adoms: int = 0, ha_pair: bool = False) -> tuple[Device, ...]:
    """All firewalls; further ADOMs for fleet benchmarks have one each."""
    extra = tuple(
        Device(f"FGT60FTK{number:08d}", f"fgt-{number:03d}", f"ADOM_{number:03d}", platform="FortiGate-60F")
        for number in range(1, extra_adoms + 1)
    )
    return DEVICES + ((HA_MEMBER,) if ha_pair else ()) + ODD_DEVICES + extra


def adoms(extra_adoms: int = 0) -> tuple[str, ...]:
    return ADOMS + tuple(f"ADOM_{number:03d}" for number in range(1, extra_adoms + 1)) + tuple(PRODUCT_ADOMS)


def network(adom: str) -> int:
    """Second octet of an ADOM's 10.x network."""
    known = {"root": 1, "Branch_Office": 20, "Data_Center": 30}
    return known.get(adom) or 40 + zlib.crc32(adom.encode()) % 200


def clients(adom: str) -> list[Host]:
    """Workstations, with some hostile host names among them in root."""
    net = network(adom)
    count = {"root": 36, "Branch_Office": 14, "Data_Center": 12}.get(adom, 8)
    found = []
    for index in range(count):
        kind, devtype, osname = _KINDS[index % len(_KINDS)]
        name = f"{kind}{index // len(_KINDS) + 1:02d}"
        if adom == "root" and index >= count - len(HOSTILE_HOST_NAMES):
            name = HOSTILE_HOST_NAMES[count - 1 - index]
        address = (
            f"2001:db8:10:{net:x}::{index + 16:x}" if index % 11 == 10 else f"10.{net}.{1 + index % 3}.{20 + index}"
        )
        user = f"user{index + 1:02d}" if index % 5 else ""
        found.append(Host(address, name, user, net * 100 + index, _mac(net, index), devtype, osname))
    return found


def servers(adom: str) -> list[Host]:
    net = network(adom)
    count = 8 if adom == "root" else 4
    return [
        Host(f"10.{net}.100.{index + 10}", f"SERVER-APP{index + 1:02d}", "", net * 100 + 90 + index,
             _mac(net, 128 + index), "Server", "Linux")
        for index in range(count)
    ]  # fmt: skip


def firewall_itself(adom: str) -> Host:
    net = network(adom)
    return Host(f"10.{net}.0.1", ".self", "", 2, _mac(net, 255), "Fortinet Firewall", "FortiOS")


def attackers() -> list[tuple[str, str]]:
    """Public addresses that attack, with their countries; all from documentation ranges."""
    lands = ("China", "Russian Federation", "Netherlands", "United States", "Brazil", "Germany", "Viet Nam")
    addresses = [f"198.51.100.{7 + 5 * index}" for index in range(16)]
    addresses += [f"203.0.113.{9 + 6 * index}" for index in range(14)]
    addresses += [f"192.0.2.{11 + 9 * index}" for index in range(8)]
    addresses += [f"2001:db8:bad:{index + 1:x}::{index + 5:x}" for index in range(6)]
    return [(address, lands[index % len(lands)]) for index, address in enumerate(addresses)]


def _mac(net: int, index: int) -> str:
    return f"02:09:0f:{net % 256:02x}:00:{index % 256:02x}"
