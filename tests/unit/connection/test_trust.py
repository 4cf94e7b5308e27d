# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with ca_path, and with a certificate that was refused."""

from __future__ import annotations

import contextlib
import os
import pathlib
import shlex
import shutil
import subprocess
import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput, TlsError
from ansible_collections.secops.fortiview.plugins.module_utils._connection.trust import check_ca, refused_certificate

from support.certificates import Authority

NOBODY = 65534


@contextlib.contextmanager
def as_nobody() -> t.Iterator[None]:
    """Root may read everything."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


@pytest.fixture
def folder(tmp_path: pathlib.Path) -> pathlib.Path:
    for path in (tmp_path, *tmp_path.parents[:2]):
        path.chmod(0o755)
    return tmp_path


def test_certificates_are_taken_in_every_usual_form(folder: pathlib.Path) -> None:
    first, second = Authority(folder, "first"), Authority(folder, "second")
    bundle = folder / "bundle"
    bundle.write_bytes(b"Subject: first\n" + first.path.read_bytes() + b"\n" + second.path.read_bytes())
    check_ca(str(first.path))
    check_ca(str(bundle))


def test_the_cures_work(folder: pathlib.Path) -> None:
    authority = Authority(folder, "authority")
    hashed = folder / "hashed"
    hashed.mkdir()
    shutil.copy(authority.path, hashed)
    der = folder / "it's.der"
    der.write_bytes(authority.der)
    for path in (hashed, der):
        with pytest.raises(InvalidInput) as caught:
            check_ca(str(path))
        subprocess.run(shlex.split(caught.value.next_step.split("`")[1]), check=True)
    check_ca(str(hashed))
    check_ca(f"{der}.pem")


def test_what_the_user_may_not_read_is_said(folder: pathlib.Path) -> None:
    path = folder / "ca.pem"
    path.write_text("secret")
    path.chmod(0)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with as_nobody():
        for hidden in (path, *([closed] if os.geteuid() == NOBODY else [])):
            with pytest.raises(InvalidInput, match="cannot be read: Permission denied"):
                check_ca(str(hidden))


def test_what_is_no_file_is_not_waited_for(folder: pathlib.Path) -> None:
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInput, match="must be a file or a folder"):
        check_ca(str(pipe))


STRICT_SINCE_3_13 = ("Missing Subject Key Identifier", "Path length given without key usage keyCertSign")


@pytest.mark.parametrize(
    ("text", "said", "cure"),
    [
        ("self-signed certificate in certificate chain", "in certificate chain", "Set ca_path"),
        ("self signed certificate in certificate chain", "in certificate chain", "Set ca_path"),
        ("unable to verify the first certificate", "the first certificate", "Set ca_path"),
        ("self signed certificate", "self signed", "fingerprint"),
        ("Missing Subject Key Identifier", "Missing Subject", "CA certificate again with the extension Subject"),
        ("Path length given without key usage keyCertSign", "keyCertSign", "Key Usage"),
        ("EE certificate key too weak", "too weak", "longer key"),
        ("certificate revoked", "revoked", TlsError.next_step),
        ("Hostname mismatch, certificate is not valid for 'faz'.", "not valid for 'faz'. Set", "FAZ_HOST"),
    ],
)
def test_refused_certificates(text: str, said: str, cure: str) -> None:
    whole = f"[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: {text} (_ssl.c:1028)"
    error = refused_certificate(whole, "faz:443", "faz", None, "")
    assert said in str(error) and cure in error.next_step
    assert "_ssl.c" not in str(error)
    assert ("Python 3.13" in error.next_step) == (text in STRICT_SINCE_3_13)
    assert not error.processed


def test_an_unknown_authority_may_be_that_of_a_proxy() -> None:
    error = refused_certificate("unable to get local issuer certificate", "faz:443", "faz", "/ca", "a:1, from X")
    assert "ca_path /ca does not contain the CA" in error.next_step
    assert error.next_step.endswith(
        "The connection uses the proxy a:1, from X: if the proxy inspects TLS, the certificate comes from the CA of the proxy."
    )
