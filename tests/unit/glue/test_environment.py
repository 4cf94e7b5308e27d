# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options from environment variables: an empty one is not set, and a wrong one is named."""

from __future__ import annotations

import typing as t

import pytest
from ansible.module_utils.basic import AnsibleFallbackNotFound
from ansible_collections.secops.fortiview.plugins.module_utils._glue.environment import from_environment, unusable

SPEC: dict[str, dict[str, t.Any]] = {
    "host": {"fallback": (from_environment, ["FAZ_HOST"])},
    "port": {"fallback": (from_environment, ["FAZ_PORT", "int"])},
    "validate_certs": {"fallback": (from_environment, ["FAZ_VALIDATE_CERTS", "bool"])},
    "request_timeout": {"fallback": (from_environment, ["FAZ_REQUEST_TIMEOUT", "seconds"])},
    "api_token": {"aliases": ["access_token"], "fallback": (from_environment, ["FAZ_API_TOKEN"])},
    "proxy": {},
}


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for option in SPEC.values():
        if "fallback" in option:
            monkeypatch.delenv(option["fallback"][1][0], raising=False)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("str", "x"),
        ("int", "8443"),
        ("int", " 8443 "),
        ("bool", "no"),
        ("bool", "True"),
        ("seconds", "90s"),
        ("seconds", "30"),
    ],
)
def test_a_value_that_fits_is_taken_as_it_is(kind: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZ_PORT", text)
    assert from_environment("FAZ_PORT", kind) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("str", ""),
        ("str", "  "),
        ("int", ""),
        ("int", "https"),
        ("int", "8443.5"),
        ("bool", "maybe"),
        ("seconds", "soon"),
    ],
)
def test_an_empty_or_wrong_value_is_not_set(kind: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZ_PORT", text)
    with pytest.raises(AnsibleFallbackNotFound):
        from_environment("FAZ_PORT", kind)


def test_a_variable_that_is_not_there() -> None:
    with pytest.raises(AnsibleFallbackNotFound):
        from_environment("FAZ_HOST")
    assert unusable(SPEC, {}) == []


def test_a_wrong_variable_is_named_with_its_option_and_what_it_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a default would be used without a word, as certificates that are verified, or not."""
    monkeypatch.setenv("FAZ_VALIDATE_CERTS", "perhaps")
    monkeypatch.setenv("FAZ_REQUEST_TIMEOUT", "soon")
    monkeypatch.setenv("FAZ_PORT", "")
    first, second = unusable(SPEC, {})
    assert "FAZ_VALIDATE_CERTS, which sets the option validate_certs, must be true or false, not 'perhaps'" in first
    assert "FAZ_REQUEST_TIMEOUT" in second and "90s" in second


@pytest.mark.parametrize("given", [{"port": 443}, {"port": 0}])
def test_an_option_that_is_given_needs_no_variable(given: dict[str, t.Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAZ_PORT", "https")
    assert unusable(SPEC, given) == [] and len(unusable(SPEC, {"port": None})) == 1
