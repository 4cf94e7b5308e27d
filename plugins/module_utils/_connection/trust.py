# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Checks ca_path before anything is sent, and explains why a certificate was refused."""

from __future__ import annotations

import os
import re
import shlex
import ssl
import stat
import typing as t

from .._common.errors import InvalidInput, TlsError, printable

HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
PEM = b"CERTIFICATE-----"
PKCS7 = b"-----BEGIN PKCS7-----"
READABLE = "Give the user that runs the module read permission, or set ca_path (FAZ_CA_PATH) to another file."
SAVE = (
    "Save the certificate of the CA in this file, in PEM format: from -----BEGIN CERTIFICATE----- to -----END "
    "CERTIFICATE-----."
)

CLOCKS = "Check the clocks of this machine and of FortiAnalyzer. "
RENEW = {
    "has expired": CLOCKS + "If the clocks are right, the certificate has expired. Renew it on FortiAnalyzer.",
    "not yet valid": CLOCKS + "If the clocks are right, the certificate is not valid yet. Renew it on FortiAnalyzer.",
    "too weak": "OpenSSL does not accept the key or the signature. Issue the certificate again with a longer key and SHA-256.",
}
# Parts of messages of OpenSSL, and which certificate must be issued again. Python 3.13 and later refuse certificates
# that break these rules of RFC 5280.
STRICT = {
    "Missing Authority Key Identifier": "the server certificate again with the extension Authority Key Identifier",
    "Missing Subject Key Identifier": "the CA certificate again with the extension Subject Key Identifier",
    "Basic Constraints of CA cert not marked critical": "the CA certificate again with Basic Constraints marked critical",
    "key usage": "the CA certificate again with the extension Key Usage, which permits it to sign certificates",
}
UNKNOWN = re.compile(r"self[- ]signed certificate|unable to get |unable to verify the first|not trusted", re.I)
FACTORY = (
    "The certificate is self-signed, like the factory certificate. Install a certificate of your CA on "
    "FortiAnalyzer. Alternatively, save the certificate in a file, compare its fingerprint with the one that FortiAnalyzer "
    "shows, and set ca_path (FAZ_CA_PATH) to this file."
)


def check_ca(path: str) -> None:
    """Raise InvalidInput if OpenSSL would find no certificate in this file or directory."""
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            _check_folder(path)
        elif stat.S_ISREG(kind):
            _check_file(path)
        else:
            raise InvalidInput(f"ca_path {path} must be a file or a folder")
    except FileNotFoundError as exc:
        raise InvalidInput(
            f"ca_path {path} does not exist on the machine that runs the module",
            next_step="Correct ca_path (FAZ_CA_PATH).",
        ) from exc
    except OSError as exc:
        raise InvalidInput(f"ca_path {path} cannot be read: {exc.strerror}", next_step=READABLE) from exc


def _check_folder(path: str) -> None:
    if not any(HASHED.fullmatch(name) for name in os.listdir(path)):
        raise InvalidInput(
            f"ca_path {path} is a folder without hashed certificates, which have names such as 1a2b3c4d.0",
            next_step=f"Run `openssl rehash {shlex.quote(path)}`, or set ca_path (FAZ_CA_PATH) to the file with the certificate of the CA.",
        )


def _check_file(path: str) -> None:
    with open(path, "rb") as file:
        content = file.read()
    if not content.strip():
        raise InvalidInput(f"ca_path {path} is empty", next_step=SAVE)
    trouble = _trouble(cafile=path)
    if trouble is None:
        return
    source, target = shlex.quote(path), shlex.quote(f"{path}.pem")
    if _trouble(cadata=content) is None:
        raise InvalidInput(
            f"ca_path {path} is in DER format",
            next_step=f"Run `openssl x509 -inform der -in {source} -out {target}`, and set ca_path (FAZ_CA_PATH) to the new file.",
        )
    if PKCS7 in content:
        raise InvalidInput(
            f"ca_path {path} is in PKCS#7 format",
            next_step=f"Run `openssl pkcs7 -print_certs -in {source} -out {target}`, and set ca_path (FAZ_CA_PATH) to the new file.",
        )
    if PEM in content:
        raise InvalidInput(
            f"ca_path {path} contains a certificate that cannot be read: {trouble}",
            next_step="Save the certificate again in PEM format, with all of its lines.",
        )
    raise InvalidInput(f"ca_path {path} does not contain a certificate", next_step=SAVE)


def _trouble(**source: t.Union[str, bytes]) -> t.Optional[str]:
    """The reason why OpenSSL cannot read a certificate from this source. None if it can read one."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(**source)  # type: ignore[arg-type]
    except ssl.SSLError as exc:
        return printable(exc, 200)
    # OpenSSL also accepts a source that contains only a list of revoked certificates.
    return None if context.cert_store_stats()["x509"] else "no certificate"


def refused_certificate(text: str, where: str, host: str, ca_path: t.Optional[str], through: str) -> TlsError:
    """The error for a certificate that OpenSSL refused with this text. `through` is the proxy,
    or empty."""
    found = re.search(r"certificate verify failed: (.*?)\.?(?: \(_ssl\.c:\d+\))?$", text)
    reason = found.group(1) if found else text
    return TlsError(
        f"The certificate of {where} was not accepted: {reason}",
        processed=False,
        next_step=_cure(reason, where, host, ca_path, through),
    )


def _cure(reason: str, where: str, host: str, ca_path: t.Optional[str], through: str) -> t.Optional[str]:
    for words, renewal in RENEW.items():
        if words in reason:
            return renewal
    if "mismatch" in reason:
        return (
            f"Set host (FAZ_HOST) to a name or address in the certificate, which `openssl s_client -connect {where} </dev/null "
            f"| openssl x509 -noout -ext subjectAltName` shows, or install a certificate on FortiAnalyzer that includes {host}."
        )
    if UNKNOWN.search(reason):
        return _unknown_authority(reason, ca_path) + (
            f" The connection uses the proxy {through}: if the proxy inspects TLS, the certificate comes from the CA of the proxy."
            if through
            else ""
        )
    for words, what in STRICT.items():
        if words.lower() in reason.lower():
            return (
                f"The certificate violates a rule of RFC 5280 that Python 3.13 and later enforce. Issue {what}. "
                "Python 3.12 and earlier accept the old certificate."
            )
    return None


def _unknown_authority(reason: str, ca_path: t.Optional[str]) -> str:
    if re.fullmatch(r"self[- ]signed certificate", reason):
        return FACTORY
    if ca_path:
        return f"ca_path {ca_path} does not contain the CA that issued the certificate: add the certificate of that CA in PEM format."
    return "Set ca_path (FAZ_CA_PATH) to a file with the certificate of the issuing CA, in PEM format."
