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
      - Name or address of the FortiAnalyzer, without C(https://), port or path. Required unless the task uses an httpapi
        connection to the FortiAnalyzer.
      - If this option is not set, the environment variable E(FAZ_HOST) is used.
    type: str
  port:
    description:
      - HTTPS port of the administration interface of FortiAnalyzer.
      - If this option is not set, the environment variable E(FAZ_PORT) is used.
    type: int
    default: 443
  username:
    description:
      - 'Administrator for a session login. Set exactly one kind of credentials: O(username) with O(password), O(api_token),
        or O(forticloud_access_token).'
      - If this option is not set, the environment variable E(FAZ_USERNAME) is used.
    type: str
  password:
    description:
      - Password of O(username). If FortiAnalyzer refuses the password, the login is not repeated.
      - If this option is not set, the environment variable E(FAZ_PASSWORD) is used.
    type: str
  api_token:
    description:
      - API key of a REST API administrator. The key is sent only in the HTTP header C(Authorization).
      - If this option is not set, the environment variable E(FAZ_API_TOKEN) is used.
    type: str
    aliases: [access_token]
  forticloud_access_token:
    description:
      - OAuth access token for a FortiAnalyzer Cloud instance. The token is exchanged for a session at the start of the
        task.
      - If this option is not set, the environment variable E(FAZ_CLOUD_TOKEN) is used.
    type: str
  validate_certs:
    description:
      - Whether to verify the certificate of FortiAnalyzer.
      - If this option is not set, the environment variable E(FAZ_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - PEM file, or folder of PEM files, with the CA certificates to trust. Without this option, the certificates of the
        Python package C(certifi) are used. A folder must contain the hash names that C(openssl rehash) creates.
      - The file or folder must be on the machine that connects to FortiAnalyzer.
      - If this option is not set, the environment variable E(FAZ_CA_PATH) is used.
    type: path
  request_timeout:
    description:
      - Maximum time for one HTTP request, as a number of seconds or with a unit, such as V(90s) or V(5m).
      - If this option is not set, the environment variable E(FAZ_REQUEST_TIMEOUT) is used.
    type: str
    default: 30s
  proxy:
    description: URL of an HTTP proxy. Without this option, the environment variables E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY)
      are used. Their names may be in upper or lower case.
    type: str
"""
