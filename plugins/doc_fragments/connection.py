# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of connection_arguments(). Written by tools/option_documentation.py from the texts in tools/option_texts.yml."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
options:
  host:
    description:
      - Name or address of the FortiAnalyzer, without C(https://), port or path. Required unless the connection leads to
        it.
      - Taken from the environment variable E(FAZ_HOST) when not given.
    type: str
  port:
    description:
      - HTTPS port of its administration interface.
      - Taken from the environment variable E(FAZ_PORT) when not given.
    type: int
    default: 443
  username:
    description:
      - Administrator for a session login. Exactly one of O(username) with O(password), O(api_token) and O(forticloud_access_token)
        is needed.
      - Taken from the environment variable E(FAZ_USERNAME) when not given.
    type: str
  password:
    description:
      - Password of O(username). A refused password is never tried twice.
      - Taken from the environment variable E(FAZ_PASSWORD) when not given.
    type: str
  api_token:
    description:
      - Key of a REST API administrator. It is sent only in a header.
      - Taken from the environment variable E(FAZ_API_TOKEN) when not given.
    type: str
    aliases: [access_token]
  forticloud_access_token:
    description:
      - OAuth access token for a FortiAnalyzer Cloud instance, exchanged for a session at the start of the task.
      - Taken from the environment variable E(FAZ_CLOUD_TOKEN) when not given.
    type: str
  validate_certs:
    description:
      - Whether to verify the certificate of FortiAnalyzer.
      - Taken from the environment variable E(FAZ_VALIDATE_CERTS) when not given.
    type: bool
    default: true
  ca_path:
    description:
      - File with the CA certificates to trust instead of those of the Python package C(certifi), in PEM format. Or a directory
        of such files with the names that C(openssl rehash) gives them.
      - The file must be on the machine that makes the connection.
      - Taken from the environment variable E(FAZ_CA_PATH) when not given.
    type: path
  request_timeout:
    description:
      - Time that one HTTP request may take, as a number of seconds or with a unit, such as V(90s) or V(5m).
      - Taken from the environment variable E(FAZ_REQUEST_TIMEOUT) when not given.
    type: str
    default: 30s
  proxy:
    description: URL of an HTTP proxy. Without it the environment variables E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY)
      are used, in upper or lower case.
    type: str
"""
