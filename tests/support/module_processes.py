# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A module in this process: its options as Ansible passes them, and the JSON that it ends with."""

from __future__ import annotations

import contextlib
import io
import json
import typing as t

from ansible.module_utils import basic


@contextlib.contextmanager
def _arguments(given: dict[str, t.Any]) -> t.Iterator[None]:
    try:
        from ansible.module_utils.testing import patch_module_args
    except ImportError:  # ansible-core before 2.19
        before = basic._ANSIBLE_ARGS
        basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": given}).encode()
        try:
            yield
        finally:
            basic._ANSIBLE_ARGS = before
    else:
        with patch_module_args(given):
            yield


def ended(run: t.Callable[[], t.Any], **options: t.Any) -> dict[str, t.Any]:
    """Options that begin with `_ansible_` are those of the task, such as check mode."""
    printed = io.StringIO()
    with _arguments(options), contextlib.redirect_stdout(printed), contextlib.suppress(SystemExit):
        run()
    return dict(json.loads(printed.getvalue().strip().splitlines()[-1]))
