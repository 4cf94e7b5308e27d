# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.to_stix; documented in to_stix.yml."""

from __future__ import annotations

import datetime
import json
import sys
import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._common.validation import flag, known_keys
from ansible_collections.secops.fortiview.plugins.module_utils._insight import stix
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin

OPTIONS = ("identity", "name", "valid_from", "valid_until", "first_seen", "last_seen")
TLP = ("white", "green", "amber", "red")


@filter_plugin
def to_stix(
    value: t.Any, partial: t.Any = False, allow_private: t.Any = False, tlp: t.Any = None, **options: t.Any
) -> t.Any:
    library = _library()
    marking = _marking(library, tlp)
    known_keys("to_stix", options, OPTIONS)
    now = datetime.datetime.now(datetime.timezone.utc)
    export = stix.export_of(value, options, now, marking.id if marking else None)
    attackers = stix.attackers_in(value, flag("partial", partial), flag("allow_private", allow_private))
    try:
        # The library checks each object, including the syntax of its pattern.
        checked = [library.parse(one, version="2.1") for one in stix.objects_of(attackers, export)]
        bundle = library.v21.Bundle([*checked, *([marking] if marking else [])], id=stix.bundle_id(export))
    except library.exceptions.STIXError as exc:
        raise InvalidInput(
            f"the library stix2 refuses an object: {exc}. Correct the input or the options of the filter"
        ) from exc
    return json.loads(bundle.serialize())


def _library() -> t.Any:
    try:
        import stix2
    except ImportError as exc:
        raise InvalidInput(
            f"the Python library stix2 is not installed for {sys.executable} ({exc}). Install it for this Python: pip install stix2"
        ) from exc
    return stix2


def _marking(library: t.Any, tlp: object) -> t.Any:
    """The marking object of STIX for this TLP colour. None if `tlp` is empty."""
    colour = str(tlp or "").strip().lower().removeprefix("tlp:")
    if not colour:
        return None
    if colour not in TLP:
        raise InvalidInput(f"tlp must be one of {', '.join(TLP)}, not {str(tlp)[:40]!r}")
    return getattr(library.v21, f"TLP_{colour.upper()}")
