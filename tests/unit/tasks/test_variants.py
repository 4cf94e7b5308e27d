# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The variants of a request: which devices and formats are tried next, and what the run learns from it."""

from __future__ import annotations

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import ApiError
from ansible_collections.secops.fortiview.plugins.module_utils._query.devices import ALL_DEVICE_KEYWORDS, Device
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import Request
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.run import Warnings
from ansible_collections.secops.fortiview.plugins.module_utils._tasks.variants import Variants
from unit.tasks.support import ONE, OTHER, request

UNKNOWN_DEVICE = ApiError("None of the devices is known", -1, "device")


def asked_for(devices: list[Device]) -> Request:
    return request(params={"device": devices}, warnings=("clock",))


def make(devices: list[Device], formats: RequestFormats | None = None) -> tuple[Variants, Warnings]:
    warnings = Warnings()
    return Variants(formats or RequestFormats(), lambda dummy: asked_for(devices), warnings), warnings


def test_a_named_device_under_its_other_key_and_once_more_as_it_was() -> None:
    variants, warnings = make([ONE])
    tried = [variants.request.device]
    while variants.vary():
        tried.append(variants.request.device)
        assert variants.request.counted
    assert tried == [[ONE], [OTHER, {"devname": "fg100ftk20000001"}], [ONE]]
    assert warnings.texts[0] == "clock" and "The query was sent again with devname" in warnings.texts[1]


def test_every_all_devices_keyword() -> None:
    variants, dummy = make([dict(ALL_DEVICE_KEYWORDS[0])])
    tried = [variants.request.device[0]]
    while variants.vary():
        tried.append(variants.request.device[0])
    assert variants.asks_all
    assert len(tried) == len({str(device) for device in tried}) == 3


def test_other_devices_are_counted_once() -> None:
    variants, dummy = make([{"devid": "All_FortiMail"}])
    assert variants.vary() and variants.request.counted and variants.are_first
    assert not variants.vary()


def test_a_task_id_alone_has_no_variants() -> None:
    variants = Variants(RequestFormats(), lambda dummy: request(params=None), Warnings())
    assert not variants.vary()


def test_a_refused_device_is_tried_under_its_other_key() -> None:
    variants, dummy = make([ONE])
    assert variants.learn(UNKNOWN_DEVICE)
    assert variants.request.device[0] == OTHER


def test_devices_that_are_fixed_stay() -> None:
    variants, warnings = make([ONE, {"devid": "FG100FTK20000002"}])
    fixed = variants.only([OTHER])
    assert fixed.request.device == [OTHER]
    assert not fixed.learn(UNKNOWN_DEVICE)
    assert fixed.request.device == [OTHER]
    assert variants.request.device[0] == ONE
    assert warnings.texts == ["clock"]


def test_a_lesson_of_another_job_renews_the_request_and_keeps_its_devices() -> None:
    formats = RequestFormats()
    made: list[int] = []

    def request_for(known: RequestFormats) -> Request:
        made.append(known.version)
        return asked_for([dict(ONE)])

    variants = Variants(formats, request_for, Warnings())
    variants.renew()
    assert made == [0]
    variants.vary()
    formats.learn_from("top-sources", "path", "")
    variants.renew()
    assert made == [0, 1]
    assert variants.request.device[0] == OTHER and variants.request.counted


@pytest.mark.parametrize("reason, learned", [("path", True), ("other", False)])
def test_a_refusal_is_learned_from_once(reason: str, learned: bool) -> None:
    variants, warnings = make([ONE])
    error = ApiError("refused", -1, reason)
    assert variants.learn(error) is learned
    assert not variants.learn(error)
    assert len(warnings.texts) == 1 + learned


def test_a_job_whose_format_is_older_than_the_lesson_is_sent_again() -> None:
    formats = RequestFormats()
    variants, dummy = make([ONE], formats)
    formats.learn_from("top-sources", "path", "")
    assert variants.learn(ApiError("refused", -1, "path"))
    assert not variants.learn(ApiError("refused", -1, "path"))


def test_the_next_job_asks_for_a_device_as_it_has_rows() -> None:
    formats = RequestFormats()
    first, dummy = make([{"devname": "fgt-hq"}], formats)
    first.vary()
    first.learn_device()
    second, dummy = make([{"devname": "fgt-hq"}], formats)
    assert second.request.device == [{"devid": "fgt-hq"}]


def test_devices_may_be_added() -> None:
    variants, dummy = make([ONE])
    variants.add_devices([OTHER])
    assert (variants.request.device, variants.first_devices) == ([ONE, OTHER], [ONE])
