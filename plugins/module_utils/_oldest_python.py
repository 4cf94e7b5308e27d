# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Reports a Python that is too old, in syntax that an old Python can parse. The modules import everything else after
this check."""

import json
import sys

OLDEST = (3, 9)


def check_python():
    # type: () -> None
    """End the module process with a failure if the Python is older than the collection requires."""
    if sys.version_info >= OLDEST:
        return
    text = (
        "secops.fortiview needs Python {0[0]}.{0[1]} or newer on the machine that runs the module, but {1} is Python {2[0]}.{2[1]}. "
        "Set ansible_python_interpreter to a newer Python, or run the task on the controller."
    )
    sys.stdout.write(json.dumps({"failed": True, "msg": text.format(OLDEST, sys.executable, sys.version_info)}))
    raise SystemExit(1)
