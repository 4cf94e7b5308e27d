# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""An authority that the receivers of notifications have their certificate of, and no proxy on the way to them."""

from __future__ import annotations

import pytest

from support.certificates import Authority, Issued
from support.receivers import HOST


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"), "receivers")


@pytest.fixture(scope="module")
def issued(authority: Authority) -> Issued:
    return authority.issue("receiver")


@pytest.fixture
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", HOST)
