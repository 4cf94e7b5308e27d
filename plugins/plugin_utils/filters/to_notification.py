# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The filter secops.fortiview.to_notification; documented in to_notification.yml."""

from __future__ import annotations

import typing as t

from ansible_collections.secops.fortiview.plugins.module_utils._insight.payloads import payload_of
from ansible_collections.secops.fortiview.plugins.plugin_utils.filters._common import filter_plugin


@filter_plugin
def to_notification(notification: t.Any, channel: t.Any) -> t.Any:
    return payload_of(notification, channel)
