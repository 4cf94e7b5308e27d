# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A small state on disk: replaced as a whole or not at all, readable by its owner alone."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import typing as t

from .._protocol.errors import InvalidInput


def read_state(path: str) -> t.Any:
    """What write_state wrote, None where there is no such file. Raises InvalidInput."""
    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, RecursionError) as error:
        raise InvalidInput(f"state_file {path} cannot be read: {error}. Remove it to begin anew") from error


def write_state(path: str, state: t.Any) -> None:
    """Raises OSError."""
    # mkstemp gives mode 0600.
    handle, draft = tempfile.mkstemp(prefix=".fortiview-", dir=os.path.dirname(path) or ".")
    try:
        with open(handle, "w", encoding="utf-8") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise
