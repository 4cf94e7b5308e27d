# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Certificates with one defect each, as they are found on appliances and in private authorities."""

from __future__ import annotations

import datetime
import ipaddress
import typing as t
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

LIFE = (-2, 30)
USAGE = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
USAGE += ("key_cert_sign", "crl_sign", "encipher_only", "decipher_only")


class Issued(t.NamedTuple):
    """A server's certificate and its key, in PEM files."""

    certificate: Path
    key: Path


class Authority:
    """A certificate authority. `critical` and `usage` are about its own Basic Constraints and Key Usage."""

    def __init__(self, folder: Path, name: str, critical: bool = True, usage: bool = True) -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        # A path length would need the key usage too.
        constraints = x509.BasicConstraints(ca=True, path_length=0 if usage else None)
        builder = _builder(self._name, self._name, self._key, LIFE).add_extension(constraints, critical)
        if usage:
            builder = builder.add_extension(_usage("key_cert_sign", "crl_sign"), True)
        self._certificate = builder.sign(self._key, hashes.SHA256())
        self.path = folder / f"{name}.pem"
        self.path.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    @property
    def der(self) -> bytes:
        return self._certificate.public_bytes(serialization.Encoding.DER)

    def issue(
        self,
        name: str,
        address: str = "127.0.0.1",
        life: tuple[int, int] = LIFE,
        authority_key: bool = True,
        self_signed: bool = False,
    ) -> Issued:
        """For this address, from the first to the second of these days counted from today."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        builder = (
            _builder(subject, subject if self_signed else self._name, key, life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
            .add_extension(_usage("digital_signature"), True)
            .add_extension(alternative, False)
        )
        if authority_key:
            identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
            builder = builder.add_extension(identifier, False)
        certificate = builder.sign(key if self_signed else self._key, hashes.SHA256())
        issued = Issued(self._folder / f"{name}.crt", self._folder / f"{name}.key")
        issued.certificate.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        issued.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return issued


def _usage(*names: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{name: name in names for name in USAGE})


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, life: tuple[int, int]
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.timezone.utc)
    start, end = (now + datetime.timedelta(days=days) for days in life)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    )
