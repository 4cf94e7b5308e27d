# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Names as attackers choose them, one for each place where a page could be broken out of."""

from __future__ import annotations

RUN = "window.owned=1"
NAMES = (
    f"<script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><img src=x onerror={RUN}>",
    f'" onmouseover="{RUN}" x="',
    f"' autofocus onfocus={RUN} x='",
    f"</style><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"--><svg onload={RUN}>",
    f"<a href=javascript:{RUN}>click</a>",
    "<style>*{display:none}</style>",
    "<img src=https://192.0.2.1/pixel>",
    "<meta http-equiv=refresh content='0;url=https://192.0.2.1/'>",
    "<base href=https://192.0.2.1/>",
    "<link rel=stylesheet href=https://192.0.2.1/x.css>",
    "{{ lookup('pipe','id') }}",
    "{% raw %}{{ 7 * 7 }}",
    "${7*7} #{7*7}",
    "invoice_\u202efdp.exe",
    "zero\u200bwidth\ufeff",
    "red\x1b[31m\r\nnext",
    "=cmd|' /C calc'!A0",
    "@SUM(1+1)",
    "\uff1d1+1",
    "  =1+1",
    "&lt;script&gt;",
    "\ud83d\ude00 株式会社 Überweisung",
    "A" * 4096,
)
