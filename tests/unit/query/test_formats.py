# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fall-back forms: each at most once, named, and only where the appliance's words call for it."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats, rename_fields


def test_field_names_in_a_filter_are_renamed_and_values_are_not() -> None:
    text = 'threat=="threat == x" and (severity=="severity" or threatlevel>2) and not_threat=="a \\" threat=="'
    renamed = rename_fields(text, {"threat": "threat_s", "severity": "threatlevel_s"})
    assert renamed == (
        'threat_s=="threat == x" and (threatlevel_s=="severity" or threatlevel>2) and not_threat=="a \\" threat=="'
    )


def test_each_form_is_taken_once() -> None:
    formats = RequestFormats()
    assert "threat_s" in str(formats.learn_from("top-threats", "filter", "threat"))
    assert formats.filter_text("top-threats", 'threat=="x"') == 'threat_s=="x"'
    assert formats.filter_text("threat-src-dst", 'threat=="x"') == 'threat=="x"'
    assert formats.learn_from("top-threats", "filter", "threat_s") is None
    assert formats.learn_from("top-threats", "filter", "threat") is None
    assert "path" in str(formats.learn_from("top-threats", "path", ""))
    assert formats.learn_from("top-threats", "path", "") is None
    assert "bandwidth" in str(formats.learn_from("top-sources", "column", "bytes"))
    assert formats.column("top-sources", "bytes") == "bandwidth"
    assert formats.learn_from("top-sources", "column", "bandwidth") is None
    assert "RFC 3339" in str(formats.learn_from("top-threats", "time-range", ""))
    assert formats.learn_from("top-threats", "time-range", "") is None
    assert formats.version == 4


@pytest.mark.parametrize(
    "reason, subject", [("filter", "dstport"), ("filter", "threatlevel"), ("column", "x"), ("view", "x"), ("other", "")]
)
def test_other_refusals_teach_nothing(reason: str, subject: str) -> None:
    formats = RequestFormats()
    assert formats.learn_from("top-threats", reason, subject) is None
    assert formats.version == 0
