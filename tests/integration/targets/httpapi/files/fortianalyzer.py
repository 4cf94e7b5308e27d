# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the connection plugin of fortinet.fortianalyzer, which cannot be installed where these tests run.

Made to behave as that of release 1.8.1 does where it matters to a caller: the signature and the return values of send_request,
which replies it unwraps, that it halves backslashes, that it logs in once and never again, and that it logs out at the end.
"""

from __future__ import annotations

import json

from ansible.plugins.httpapi import HttpApiBase

DOCUMENTATION = """
name: fortianalyzer
author: secops.fortiview contributors (@secops)
short_description: Stand-in for tests
description: Stand-in for tests.
"""

LOGIN = "sys/login/user"


class HttpApi(HttpApiBase):
    def __init__(self, connection):
        super().__init__(connection)
        self.session = None
        self.number = 0

    def login(self, username, password):
        self.send_request("exec", [{"url": LOGIN, "data": {"user": username, "passwd": password}}])
        if self.session is None:
            raise AssertionError("Can't login. Please check whether you provide the correct information.")

    def logout(self):
        if self.session is not None:
            self.send_request("exec", [{"url": "sys/logout"}])
            self.session = None

    def update_auth(self, response, response_text):
        return None

    def send_request(self, method, params, jsonrpc2=False):
        url = params[0]["url"]
        if self.session is None and url != LOGIN and not self.connection._connected:
            self.connection._connect()
        self.number += 1
        request = {"method": method, "params": params, "session": self.session, "id": self.number, "verbose": 1}
        if jsonrpc2 or url.startswith(("/report/", "/eventmgmt/")):
            request["jsonrpc"] = "2.0"
            params[0]["apiver"] = 3
        sent = json.dumps(request, ensure_ascii=False).replace("\\\\", "\\")
        dummy, answer = self.connection.send(path="/jsonrpc", data=sent, headers={"Content-Type": "application/json"})
        reply = json.loads(answer.getvalue())
        if self.session is None:
            self.session = reply.get("session")
        if "result" not in reply or reply.get("jsonrpc") == "2.0":
            return reply.get("error", {}).get("code", 0), dict({"url": url}, **reply)
        result = reply["result"][0] if isinstance(reply["result"], list) else reply["result"]
        return result.get("status", {}).get("code", 0), result
