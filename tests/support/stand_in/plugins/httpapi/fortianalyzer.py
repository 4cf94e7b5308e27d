# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A stand-in for the connection plugin of fortinet.fortianalyzer, which cannot be installed where most tests run.

It has the interface of release 1.8.1 and does what that one does where a caller notices: which replies it unwraps, that it halves
backslashes, that it looks for a token only where it logs in, that it puts a key into the URL and into a header that user and
password displace, that it never logs in a second time by itself, and that it logs out at the end.
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

LOGIN, LOGOUT = "sys/login/user", "sys/logout"
PLAIN = {"Content-Type": "application/json", "Accept": "application/json"}


class HttpApi(HttpApiBase):
    def __init__(self, connection):
        super().__init__(connection)
        self.customer_options = {}
        self.sid = None
        self.req_id = 0
        self._key = None
        self._way = "Not set"
        self._known_status = {}

    def set_customer_option(self, key, value):
        self.customer_options[key] = value

    def get_access_token(self):
        return self.customer_options.get("access_token")

    def get_forticloud_access_token(self):
        return self.customer_options.get("forticloud_access_token")

    def set_become(self, become_context):
        return None

    def update_auth(self, response, response_text):
        return None

    def login(self, username, password):
        self._key = self.get_access_token()
        if self._key:
            self._way = "access_token"
        elif self.get_forticloud_access_token():
            self._way = "forticloud"
            self.forticloud_login()
        else:
            self._way = "username_password"
            self.send_request("exec", [{"url": LOGIN, "data": {"user": username, "passwd": str(password)}}])
        if not (self.sid or self._key):
            raise self._no_login()
        if self.get_system_status()[0] == -11:
            self.logout()
            raise self._no_login()

    def forticloud_login(self):
        body = json.dumps({"access_token": self.get_forticloud_access_token()})
        dummy, answer = self.connection.send(path="/p/forticloud_jsonrpc_login/", data=body, headers=PLAIN)
        self.sid = self.sid or json.loads(answer.getvalue()).get("session")

    def logout(self):
        if not self.sid:
            return None
        answer = self.send_request("exec", [{"url": LOGOUT}])
        self.sid = None
        return answer

    def get_system_status(self):
        if not self.connection._connected:
            self.connection._connect()
        code = 0
        if not self._known_status:
            code, self._known_status = self.send_request("get", [{"url": "/cli/global/system/status"}])
        return code, self._known_status

    def send_request(self, method, params, jsonrpc2=False):
        url = params[0]["url"]
        if self.sid is None and url != LOGIN and not self.connection._connected:
            self.connection._connect()
        self.req_id += 1
        request = {"method": method, "params": params, "session": self.sid, "id": self.req_id, "verbose": 1}
        if jsonrpc2 or url.startswith(("/report/", "/eventmgmt/")):
            request["jsonrpc"] = "2.0"
            params[0]["apiver"] = 3
        path, headers = "/jsonrpc", dict(PLAIN)
        if self._way == "access_token":
            path += f"?access_token={self._key}"
            headers["Authorization"] = f"Bearer {self._key}"
        sent = json.dumps(request, ensure_ascii=False).replace("\\\\", "\\")
        dummy, answer = self.connection.send(path=path, data=sent, headers=headers)
        return self._unwrapped(json.loads(answer.getvalue().decode("utf-8", "surrogateescape")), url)

    def _unwrapped(self, reply, url):
        self.sid = self.sid or reply.get("session")
        if "result" not in reply or reply.get("jsonrpc") == "2.0":
            return reply.get("error", {}).get("code", 0), {"url": url, **reply}
        result = reply["result"][0] if isinstance(reply["result"], list) else reply["result"]
        return result.get("status", {}).get("code", 0), result

    def _no_login(self):
        return AssertionError(
            f"Can't login. Your login method is {self._way}.Please check whether you provide the correct information."
        )
