# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options become queries, defaults come from the catalogue, and what cannot be sent is refused."""

from __future__ import annotations

import typing as t

import pytest
from ansible_collections.secops.fortiview.plugins.module_utils._common.errors import InvalidInput
from ansible_collections.secops.fortiview.plugins.module_utils._query.formats import RequestFormats
from ansible_collections.secops.fortiview.plugins.module_utils._query.queries import distinct_names, parse_queries
from ansible_collections.secops.fortiview.plugins.module_utils._query.request import (
    page_after,
    request_of,
    submit_params,
)
from ansible_collections.secops.fortiview.plugins.module_utils._query.time_ranges import Window

DAY = {"start": "2025-11-09 00:00:00", "end": "2025-11-09 23:59:59"}
WINDOW = Window(DAY["start"], DAY["end"])


def sent(**options: t.Any) -> dict[str, t.Any]:
    request = request_of(parse_queries(dict({"time_range": DAY}, **options))[0], WINDOW)
    return submit_params(request, page_after(request, 0), RequestFormats())


def names(**options: t.Any) -> list[str]:
    return [query.name for query in parse_queries(dict({"time_range": DAY}, **options))]


def test_the_documented_top_sources_query() -> None:
    assert sent(view="top-sources") == {
        "url": "/fortiview/adom/root/top-sources/run",
        "apiver": 3,
        "case-sensitive": False,
        "device": [{"devid": "All_Devices"}],
        "filter": "",
        "limit": 10,
        "sort-by": [{"field": "sessions", "order": "desc"}],
        "time-range": DAY,
    }


def test_defaults_of_other_views() -> None:
    threats = sent(view="top-threats")
    assert (threats["limit"], threats["sort-by"]) == (50, [{"field": "incidents", "order": "desc"}])
    unknown = sent(view="site-to-site-ipsec")
    assert unknown["limit"] == 100 and "sort-by" not in unknown
    ioc = sent(view="ioc")
    assert ioc["url"] == "/fortiview/adom/root/top-threats/run"
    assert "limit" not in ioc and "sort-by" not in ioc


def test_every_option_is_sent_flat() -> None:
    params = sent(
        view="top-threats",
        adom="Branch_Office",
        device=["FG100FTK20000001", "fgt-hq[guest]", {"csfname": "fabric"}],
        filter='threat=="a \\" b"',
        limit=7,
        offset=3,
        sort_by=[{"field": "threatweight", "order": "asc"}],
        timezone="US/Pacific",
        case_sensitive=True,
    )
    assert params["url"] == "/fortiview/adom/Branch_Office/top-threats/run"
    assert params["device"] == [{"devid": "FG100FTK20000001"}, {"devname": "fgt-hq[guest]"}, {"csfname": "fabric"}]
    assert (params["limit"], params["offset"], params["timezone"], params["case-sensitive"]) == (
        7,
        3,
        "US/Pacific",
        True,
    )
    assert params["sort-by"] == [{"field": "threatweight", "order": "asc"}]


def test_a_drill_down_is_asked_of_a_device() -> None:
    params = sent(view="threat-detect-drilldown-blacklist", device_scope={"serial": "FG100FTK20000001", "vdom": "root"})
    assert params["url"] == "/fortiview/dev/FG100FTK20000001/vdom/root/threat-detect-drilldown-blacklist/run"


def test_a_long_ranking_begins_with_a_full_counted_page() -> None:
    params = sent(view="top-sources", limit=2500)
    assert (params["limit"], params["count-total"]) == (1000, True)


@pytest.mark.parametrize(
    "word, device",
    [
        ("All_Devices", {"devid": "All_Devices"}),
        ("All_FortiGate", {"devid": "All_FortiGate"}),
        ("All_Device", {"devname": "All_Device"}),
        ("FGT60F3X17000001", {"devid": "FGT60F3X17000001"}),
        ("FGVM010000000001[root]", {"devid": "FGVM010000000001[root]"}),
        ("FAZ-VMTM23000001", {"devid": "FAZ-VMTM23000001"}),
        ("all_devices", {"devid": "All_Devices"}),
        ("ALL_DEVICES", {"devid": "All_Devices"}),
        ("all", {"devid": "All_Devices"}),
        ("all_device", {"devname": "All_Device"}),
        ("all_fortigate", {"devid": "All_FortiGate"}),
        ("All_FortiNew", {"devid": "All_FortiNew"}),
        ("fg100ftk20000001", {"devid": "FG100FTK20000001"}),
        ("faz-vmtm23000001[Guest]", {"devid": "FAZ-VMTM23000001[Guest]"}),
        ("fgt-headquarters", {"devname": "fgt-headquarters"}),
        ("fwbranchoffice1", {"devname": "fwbranchoffice1"}),
        ("all-of-berlin", {"devname": "all-of-berlin"}),
        ("FGT-HQ-01", {"devname": "FGT-HQ-01"}),
        ("fgt-hq", {"devname": "fgt-hq"}),
    ],
)
def test_devices(word: str, device: dict[str, str]) -> None:
    assert sent(view="ioc", device=[word])["device"] == [device]


def test_names() -> None:
    assert names(view="top-sources") == ["top_sources"]
    assert names(view="top-threats", queries=[{"adom": "root"}, {"adom": "Branch-1"}]) == [
        "top_threats_root",
        "top_threats_branch_1",
    ]
    assert names(view="ioc", queries=[{}, {}, {"name": "ioc_2"}]) == ["ioc", "ioc_3", "ioc_2"]
    assert distinct_names([("a", "root"), ("a", "root"), ("b", "x")]) == ["a", "a_2", "b"]
    assert distinct_names([("A", "root"), ("a", "root")], ["B"]) == ["A", "a"]
    assert distinct_names([("A", "root"), ("a", "root"), ("b", "x")], ["B"], same=str.lower) == ["A", "a_2", "b_2"]


def test_entries_take_what_they_lack_from_the_top() -> None:
    first, second = parse_queries(
        {"view": "top-threats", "time_range": DAY, "limit": 5, "queries": [{"adom": "A"}, {"view": "ioc", "limit": 9}]}
    )
    assert (first.adom, first.view_name, first.limit) == ("A", "top-threats", 5)
    assert (second.adom, second.view_name, second.limit) == ("root", "ioc", 9)


BAD: list[dict[str, t.Any]] = [
    {"view": None},
    {"view": "../sys/login"},
    {"view": "top-threats/run/7"},
    {"view": "top threats"},
    {"view": "top-threats\n"},
    {"view": "."},
    {"adom": "root/../x"},
    {"adom": "root?x=1"},
    {"adom": "a..b"},
    {"adom": "é"},
    {"adom": "x" * 129},
    {"limit": 0},
    {"limit": -5},
    {"limit": "many"},
    {"offset": -1},
    {"sort_by": [{"field": "a"}, {"field": "b"}]},
    {"sort_by": [{"field": "a b"}]},
    {"sort_by": [{"field": ""}]},
    {"sort_by": [{"field": "a", "order": "up"}]},
    {"sort_by": [{"column": "a"}]},
    {"filter": "a\x00b"},
    {"filter": "x" * 8193},
    {"device": [""]},
    {"device": [{}]},
    {"device": ["a\nb"]},
    {"device_scope": {"vdom": "root"}},
    {"device_scope": {"serial": "../x"}},
    {"device_scope": {"serial": "FG1", "vdom": "a/b"}},
    {"timezone": "a\x1bb"},
    {"name": "a-b"},
    {"name": "1a"},
    {"name": "tasks"},
    {"time_range": None},
    {"queries": []},
    {"queries": [{"veiw": "ioc"}]},
    {"queries": [{"name": "a"}, {"name": "a"}]},
    {"queries": ["ioc"]},
    {"name": "a", "queries": [{}]},
]


@pytest.mark.parametrize("options", BAD, ids=[str(number) for number in range(len(BAD))])
def test_bad_input_is_refused(options: dict[str, t.Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_queries(dict({"view": "top-threats", "time_range": DAY}, **options))


@pytest.mark.parametrize(
    "sort_by",
    [
        "bandwidth",
        "bandwidth desc",
        "bandwidth DESC",
        {"field": "bandwidth"},
        [{"field": "bandwidth"}],
        "[{field: bandwidth}]",
    ],
)
def test_ways_to_write_a_column(sort_by: t.Any) -> None:
    assert sent(view="top-sources", sort_by=sort_by)["sort-by"] == [{"field": "bandwidth", "order": "desc"}]


@pytest.mark.parametrize(
    "sort_by", ["-bandwidth", "+bandwidth", "bandwidth down", "a b c", ["a", "b"], 7, {"column": "a"}]
)
def test_what_is_no_column_is_refused_with_the_right_form(sort_by: t.Any) -> None:
    with pytest.raises(InvalidInput, match="sort_by"):
        sent(view="top-sources", sort_by=sort_by)


def test_a_query_in_several_adoms() -> None:
    asked = parse_queries({"view": "top-threats", "time_range": DAY, "adom": ["root", "Branch", "root"]})
    assert [(query.name, query.adom) for query in asked] == [
        ("top_threats_root", "root"),
        ("top_threats_branch", "Branch"),
    ]
    assert names(view="top-threats", adom=["root", "B-1"], name="mine") == ["mine_root", "mine_b_1"]
    assert names(view="top-threats", adom=["root"], name="mine") == ["mine"]
    assert names(view="top-threats", adom=["root", "B"], queries=[{"adom": "C"}, {}]) == [
        "top_threats_c",
        "top_threats_root",
        "top_threats_b",
    ]
    with pytest.raises(InvalidInput, match="device_scope"):
        names(view="top-threats", adom=["root", "B"], device_scope={"serial": "FG1"})
    for adoms in ([], ["root", "ALL"], ["a/b"]):
        with pytest.raises(InvalidInput, match="adom"):
            names(view="top-threats", adom=adoms)


def test_all_rows_are_asked_for_in_pages() -> None:
    assert sent(view="top-threats", limit="all") == {**sent(view="top-threats", limit=1001), "limit": 1000}


def test_a_range_that_is_divided_is_a_query_for_each_part_and_adom() -> None:
    options = {"view": "top-threats", "name": "day", "time_range": {"last": "2d", "by": "1d"}}
    assert [one.name for one in parse_queries(options)] == ["day_1d_ago", "day_now"]
    names = [(one.name, one.adom) for one in parse_queries({**options, "adom": ["root", "Branch"]})]
    assert len({name for name, _adom in names}) == 4 and [adom for _name, adom in names] == ["root", "Branch"] * 2
    entries = {"queries": [{"view": "top-threats"}, {"view": "top-sources"}], "time_range": {"last": "2d", "by": "1d"}}
    assert [one.name for one in parse_queries(entries)] == [
        "top_threats_1d_ago", "top_threats_now", "top_sources_1d_ago", "top_sources_now",
    ]  # fmt: skip
