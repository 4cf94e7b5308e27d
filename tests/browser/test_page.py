# Copyright (c) 2026, secops.fortiview contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What a person sees and what a browser does with the page."""

from __future__ import annotations

import base64
import os
import re
import typing as t
from pathlib import Path

import pytest
from pypdf import PdfReader

from .conftest import SCREENSHOTS, Browser
from .hostile import NAMES

SCHEMES = ("light", "dark")
# Only on paper.
APPENDIX = "Queries behind the tables"
# Text nodes whose contrast to what lies behind them is too low, as [text, ratio].
FAINT = """
const channel = v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const luminance = c => 0.2126 * channel(c[0]) + 0.7152 * channel(c[1]) + 0.0722 * channel(c[2]);
const parse = s => { const n = s.match(/[0-9.]+/g).map(Number); return n.length > 3 ? n : [...n, 1]; };
const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
const behind = e => {
  const layers = [];
  for (let at = e; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
  return layers.reverse().reduce((below, top) => over(top, below), [255, 255, 255, 1]);
};
const found = [];
let seen = 0;
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('svg')) continue;
  seen++;
  const back = behind(element), front = over(parse(getComputedStyle(element).color), back);
  const [high, low] = [luminance(front), luminance(back)].sort((a, b) => b - a);
  const ratio = (high + 0.05) / (low + 0.05);
  if (ratio < 4.5) found.push([walker.currentNode.data.trim().slice(0, 60), ratio]);
}
return [seen, found];
"""


def page_of(reports: Path, which: str) -> Path:
    return reports / which / "report.html"


@pytest.mark.parametrize("which", ["real", "hostile"])
def test_nothing_runs_and_nothing_is_loaded(browser: Browser, reports: Path, which: str) -> None:
    page = page_of(reports, which)
    browser.open(page)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run("return window.owned") is None
    assert set(browser.requests()) == {page.as_uri()}
    assert browser.run("return document.scripts.length") == 0
    loading = "img, iframe, object, embed, link, base, audio, video, form, [src], [onload], [onerror], [style], meta[http-equiv=refresh]"
    assert browser.run("return document.querySelectorAll(arguments[0]).length", loading) == 0
    attributes = "return [...document.querySelectorAll('*')].flatMap(e => [...e.attributes]).filter(a => /^on/i.test(a.name)).length"
    assert browser.run(attributes) == 0
    assert browser.run("return [...document.links].filter(a => !a.getAttribute('href').startsWith('#')).length") == 0


def test_the_policy_holds(browser: Browser, reports: Path) -> None:
    """Without it, each of these would do something."""
    browser.open(page_of(reports, "real"))
    browser.run(
        """
        window.broken = [];
        document.addEventListener('securitypolicyviolation', e => broken.push(e.effectiveDirective));
        const add = (tag, set) => document.body.append(Object.assign(document.createElement(tag), set));
        add('script', {textContent: 'window.owned = 1'});
        add('img', {src: 'https://192.0.2.1/x.png'});
        add('style', {textContent: 'body {display: none}'});
        """
    )
    broken = browser.driver.execute_async_script("const done = arguments[0]; setTimeout(() => done(broken), 300)")
    assert browser.run("return window.owned") is None
    assert {"script-src-elem", "img-src", "style-src-elem"} <= set(broken)
    assert browser.run("return getComputedStyle(document.body).display") == "block"
    assert not any("192.0.2.1" in url for url in browser.requests())


def test_hostile_names_are_shown_as_text(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "hostile"))
    shown = browser.run("return document.body.textContent")
    title = browser.run("return document.title")
    assert title == NAMES[1]
    for name in NAMES:
        if name.isprintable() and len(name) < 100:
            assert name.strip() in shown, name
    for written in ("invoice_[U+202E]fdp.exe", "zero[U+200B]width[U+FEFF]", "red[U+001B][31m[U+000D][U+000A]next"):
        assert written in shown
    assert not set("\u202e\u200b\ufeff\x1b") & set(browser.driver.page_source)
    assert "4,096 characters" in browser.driver.page_source
    assert "uid=" not in shown and "49" not in title


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_can_be_read(browser: Browser, reports: Path, scheme: str) -> None:
    browser.open(page_of(reports, "real"), scheme)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    seen, faint = browser.run(FAINT)
    assert seen > 1000 and faint == []
    dark = browser.run("return getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(255, 255, 255)") is (scheme == "light")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_rules_of_accessibility(browser: Browser, reports: Path, scheme: str) -> None:
    browser.open(page_of(reports, "real"), scheme)
    browser.run(Path(os.environ["AXE"]).read_text(encoding="utf-8"))
    result = browser.driver.execute_async_script(
        "const done = arguments[0]; axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}).then(done)"
    )
    wrong = [
        (one["id"], one["help"], [node["html"][:200] for node in one["nodes"][:3]]) for one in result["violations"]
    ]
    assert wrong == []
    assert {"color-contrast", "heading-order", "svg-img-alt", "page-has-heading-one"} <= {
        one["id"] for one in result["passes"]
    }


def test_structure(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    levels = [
        int(tag[1]) for tag in browser.run("return [...document.querySelectorAll('h1,h2,h3,h4')].map(e => e.tagName)")
    ]
    assert levels.count(1) == 1 and all(later - earlier <= 1 for earlier, later in zip(levels, levels[1:]))
    tables = browser.run(
        "return [...document.querySelectorAll('table')].map(t => [!!t.caption?.textContent.trim(),"
        " [...t.querySelectorAll('thead th')].every(th => th.scope == 'col'),"
        " [...t.tBodies[0].rows].every(row => row.querySelectorAll('th[scope=row]').length == 1)])"
    )
    assert len(tables) > 10 and all(all(one) for one in tables)
    headings = browser.run("return [...document.querySelectorAll('h2')].map(e => e.textContent)")
    assert headings == [
        "!Action needed",
        "Needs attention",
        "Who attacked",
        "Timeline",
        "What changed",
        "Severities and places",
        "Blocks",
        "Threats",
        "Top talkers",
        "Other views",
        APPENDIX,
    ]


def test_charts_have_sizes(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    charts = browser.run(
        "return [...document.querySelectorAll('svg[role=img]')].filter(s => s.checkVisibility()).map(s => [s.getAttribute('aria-label'),"
        " s.getBoundingClientRect().width, s.getBoundingClientRect().height,"
        " [...s.querySelectorAll('rect:not(defs *)')].map(r => [r.getBoundingClientRect().width, r.getBoundingClientRect().height])])"
    )
    assert len(charts) > 30
    for label, width, height, pieces in charts:
        assert label and width > 30 and height > 8 and pieces
        assert all(piece[0] > 0 and piece[1] > 0 for piece in pieces)


def column(browser: Browser, table: str, title: str) -> list[str]:
    """Texts of a column of the table below the heading with this id, with those that are unfolded."""
    found: list[str] = browser.run(
        """
        const wanted = [];
        for (let at = document.getElementById(arguments[0]).nextElementSibling; at && at.tagName != 'H3'; at = at.nextElementSibling)
          for (const table of at.querySelectorAll('table')) {
            const place = [...table.tHead.rows[0].cells].findIndex(cell => cell.textContent == arguments[1]);
            wanted.push(...[...table.tBodies[0].rows].map(row => row.cells[place].textContent.trim()));
          }
        return wanted;
        """,
        table,
        title,
    )
    return found


def test_tables_are_in_order(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    for table, title in (
        ("threats_root", "Incidents"),
        ("threats_Branch_Office", "Incidents"),
        ("sources_root", "Sessions"),
    ):
        figures = [int(text.replace(",", "")) for text in column(browser, table, title)]
        assert len(figures) > 10 and figures == sorted(figures, reverse=True)
        assert column(browser, table, "Rank") == [str(number) for number in range(1, len(figures) + 1)]


def test_bars_are_as_long_as_their_figures(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    bars = browser.run(
        "return [...document.getElementById('threats_root').nextElementSibling.querySelectorAll('tbody tr')].map(row => "
        "['blocked', 'detected'].map(word => row.querySelector('rect.' + word)?.getBoundingClientRect().width ?? 0))"
    )
    figures = [
        [int(text.replace(",", "")) for text in column(browser, "threats_root", title)[: len(bars)]]
        for title in ("Blocked", "Got through")
    ]
    scale = max(blocked / figure for (blocked, dummy), figure in zip(bars, figures[0]) if figure)
    for (blocked, detected), blocked_figure, detected_figure in zip(bars, *figures):
        assert blocked == pytest.approx(blocked_figure * scale, abs=2)
        # Its outline stands half outside.
        assert detected == pytest.approx(detected_figure * scale, abs=4)


@pytest.mark.parametrize("which", ["real", "hostile"])
@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_the_page_is_as_wide_as_the_screen(browser: Browser, reports: Path, which: str, width: int) -> None:
    browser.open(page_of(reports, which), width=width)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run("return document.documentElement.scrollWidth") <= width


# What a column of the timeline stands for, by its height, and what the table behind it says.
TIMELINE = """
const most = document.querySelector('.timeline').getBoundingClientRect().height;
const bars = [...document.querySelectorAll('.timeline rect')];
const height = word => bars.filter(one => one.classList == word).reduce((sum, one) => sum + one.getBBox().height, 0);
const rows = [...document.querySelector('.timeline').closest('section').querySelectorAll('details tbody tr')];
const number = text => Number(text.replaceAll(',', ''));
const total = place => rows.reduce((sum, row) => sum + number(row.cells[place].textContent), 0);
return [most, height('blocked'), height('detected'), total(2), total(3), total(4), bars.filter(one => one.classList == 'mark').length, rows.length];
"""


def test_the_timeline_has_a_table_behind_it(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    most, blocked, detected, incidents, stopped, passed, marks, rows = browser.run(TIMELINE)
    assert most > 100 and marks == 1 and 20 <= rows <= 60
    assert incidents == stopped + passed
    assert blocked / detected == pytest.approx(stopped / passed, rel=0.02)
    assert (
        browser.run("return document.querySelector('.timeline').getAttribute('aria-label')").startswith("5,")
        or incidents
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_verdict_is_seen_first(browser: Browser, reports: Path, scheme: str) -> None:
    """In words, and in a colour of its own, on one screen with the numbers."""
    for width in (1440, 390):
        browser.open(page_of(reports, "real"), scheme, width)
        top, bottom, colour, ink = browser.run(
            "const box = document.querySelector('.verdict'), place = box.getBoundingClientRect();"
            "const last = innerWidth > 1000 ? box : [...box.querySelectorAll('p')].at(-1);"
            "return [place.top, last.getBoundingClientRect().bottom, getComputedStyle(box.querySelector('h2')).color, getComputedStyle(document.body).color]"
        )
        assert 0 < top < bottom < 700 and colour != ink


@pytest.mark.parametrize("which", ["real", "hostile"])
@pytest.mark.parametrize("table", ["attention-entries", "attacker-entries"])
def test_what_is_decided_on_is_seen_on_a_telephone(browser: Browser, reports: Path, which: str, table: str) -> None:
    """Each row is a card, whose cells have their names."""
    browser.open(page_of(reports, which), width=390)
    cells = browser.run(
        "const table = document.getElementById(arguments[0]).nextElementSibling.querySelector('table');"
        "return [...table.tBodies[0].rows].flatMap(row => [...row.cells].map(cell => { const place = cell.getBoundingClientRect();"
        " return [cell.tagName, getComputedStyle(cell, '::before').content, place.left, place.right, place.height]; }))",
        table,
    )
    assert len(cells) > 20
    assert {"Got through", "Block"} <= {name.strip('"') for tag, name, *_place in cells if tag == "TD"}
    for tag, name, left, right, height in cells:
        assert 0 <= left < right <= 390 and height > 10
        assert tag == "TH" or len(name) > 3


@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_numbers_of_tiles_are_on_one_line(browser: Browser, reports: Path, width: int) -> None:
    browser.open(page_of(reports, "real"), width=width)
    tiles = browser.run(
        "return [...document.querySelectorAll('.counters > div')].map(one => { const [label, big, ...notes] = one.children;"
        " const top = one.getBoundingClientRect().top;"
        " return [Math.round(top), Math.round(big.getBoundingClientRect().top - top),"
        " label.scrollWidth <= label.clientWidth, notes.every(note => note.scrollWidth <= note.clientWidth)]; })"
    )
    assert len(tiles) == 6
    assert len({top for top, *_rest in tiles}) == (1 if width > 1000 else 3)
    assert len({below for _top, below, *_rest in tiles}) == 1
    assert all(label and notes for _top, _below, label, notes in tiles)


# Parts of the page that are wider than what holds it, but for tables that can be scrolled.
STICKING_OUT = """
const edge = document.querySelector('h1').getBoundingClientRect().right + 1;
return [...document.querySelectorAll('main *')].filter(one => one.checkVisibility() && !one.closest('.scroll') && !one.closest('svg')
  && one.getBoundingClientRect().right > edge).map(one => one.outerHTML.slice(0, 80));
"""


@pytest.mark.parametrize("which", ["real", "hostile"])
@pytest.mark.parametrize("width", [1440, 1280, 390])
def test_nothing_sticks_out(browser: Browser, reports: Path, which: str, width: int) -> None:
    browser.open(page_of(reports, which), width=width)
    assert browser.run(STICKING_OUT) == []


def test_labels_of_times_are_on_the_page(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"), width=390)
    ends = browser.run(
        "return [...document.querySelectorAll('.times text')].map(one => one.getBoundingClientRect().right)"
    )
    assert len(ends) >= 4 and max(ends) <= 390


def test_partial_columns_are_striped(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    striped, noted, labels = browser.run(
        "const part = document.querySelector('.timeline').closest('section');"
        "return [part.querySelectorAll('rect.partial').length,"
        " [...part.querySelectorAll('tbody tr')].filter(row => row.cells[1].textContent.includes('(partial)')).length,"
        " [...part.querySelectorAll('.times text, .scale span')].map(one => one.textContent)]"
    )
    assert striped == noted and striped in (1, 2)
    assert sum(text.count(":") for text in labels) >= 3 and labels[2] == "0"


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_got_through_is_as_strong_as_what_was_blocked(browser: Browser, reports: Path, scheme: str) -> None:
    """Filled, and in print darker, because paper may have no colors."""
    script = (
        "return ['blocked', 'detected'].map(word => getComputedStyle(document.querySelector('.timeline .' + word)).fill)"
        ".concat(getComputedStyle(document.body).backgroundColor)"
    )
    browser.open(page_of(reports, "real"), scheme)
    assert len(set(browser.run(script))) == 3
    browser.open(page_of(reports, "real"), scheme, media="print")
    blocked, detected, dummy = (sum(map(int, re.findall("[0-9]+", one)[:3])) for one in browser.run(script))
    assert blocked > detected + 150


def test_a_table_that_goes_on_has_a_shadow_there(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"), width=390)
    wide, attached = browser.run(
        "const one = [...document.querySelectorAll('.scroll')].find(one => one.scrollWidth > one.clientWidth + 20);"
        "return [Boolean(one), getComputedStyle(one).backgroundAttachment];"
    )
    assert wide and attached == "local, local, scroll, scroll"


def test_exact_figures_on_hover(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    cells: list[list[str]] = browser.run(
        "return [...document.querySelectorAll('td[title$=bytes]')].map(c => [c.textContent, c.title])"
    )
    assert len(cells) >= 10
    units = {"bytes": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30, "TB": 2**40}
    for text, title in cells:
        amount, unit = text.split()
        exact = int(title.removesuffix("s").removesuffix(" byte").replace(",", ""))
        assert float(amount) * units[unit] == pytest.approx(exact, rel=0.006)


# Cells of one word whose text stands in more than one line.
BROKEN = """
const found = [];
for (const cell of document.querySelectorAll('td, th[scope=row]')) {
  if (!cell.checkVisibility() || cell.closest('.matrix') || !cell.textContent.trim() || /\\s/.test(cell.textContent.trim())) continue;
  if (cell.querySelector('wbr, svg')) continue;
  const range = document.createRange();
  range.selectNodeContents(cell);
  if (new Set([...range.getClientRects()].map(one => Math.round(one.top))).size > 1) found.push(cell.textContent);
}
return found;
"""


@pytest.mark.parametrize("which", ["real", "hostile"])
@pytest.mark.parametrize(("width", "media"), [(1440, ""), (1280, ""), (690, "print"), (390, "")])
def test_numbers_addresses_and_words_stand_in_one_line(
    browser: Browser, reports: Path, which: str, width: int, media: str
) -> None:
    browser.open(page_of(reports, which), width=width, media=media)
    browser.run("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert browser.run(BROKEN) == []


def broken_numbers(pages: list[str]) -> list[str]:
    """Lines that end within a number or an address."""
    lines = [line for page in pages for line in page.splitlines()]
    pairs = zip(lines, lines[1:])
    within = re.compile(r"\d\.\d{1,3}\.\n\d|\d:\n\d|\d,\n\d{3}(?![\d.])|\d\n[.,]\d")
    return [f"{line} | {following}" for line, following in pairs if within.search(f"{line}\n{following}")]


@pytest.mark.parametrize("which", ["real", "hostile"])
def test_print(browser: Browser, reports: Path, tmp_path: Path, which: str) -> None:
    browser.open(page_of(reports, which), "dark", media="print")
    assert browser.run("return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.run("return document.querySelector('nav').checkVisibility()") is False
    assert browser.run(FAINT)[1] == []
    browser.screenshot(f"print_{which}")
    printed = browser.driver.execute_cdp_cmd("Page.printToPDF", {"printBackground": True, "preferCSSPageSize": True})
    file = tmp_path / "report.pdf"
    file.write_bytes(base64.b64decode(printed["data"]))
    (SCREENSHOTS / f"print_{which}.pdf").write_bytes(file.read_bytes())
    pages = [page.extract_text() for page in PdfReader(file).pages]
    assert all(f"{number} / {len(pages)}" in text for number, text in enumerate(pages, 1))
    text = "\n".join(pages)
    assert "Show further rows" not in text and "Show the numbers" not in text
    assert broken_numbers(pages) == []
    for heading in ("Action needed", "Needs attention", "Who attacked", "Timeline", "What changed"):
        # Names of thousands of signs take a page of their own.
        assert heading in "".join(pages[: 2 if which == "real" else 3]), heading
    assert text.index(APPENDIX) > text.index("Blocks")
    if which == "real":
        assert len(pages) <= 6


@pytest.mark.parametrize(
    ("name", "scheme", "width"), [("light", "light", 1280), ("dark", "dark", 1280), ("narrow", "light", 390)]
)
def test_screenshots(browser: Browser, reports: Path, name: str, scheme: str, width: int) -> None:
    browser.open(page_of(reports, "real"), scheme, width)
    assert browser.screenshot(name).stat().st_size > 20_000


def test_what_stands_behind_a_table(browser: Browser, reports: Path) -> None:
    browser.open(page_of(reports, "real"))
    facts: list[dict[str, t.Any]] = browser.run(
        "return [...document.querySelectorAll('details.behind dl')].map(dl => Object.fromEntries("
        "[...dl.querySelectorAll('dt')].map(dt => [dt.textContent, dt.nextElementSibling.textContent]))).filter(one => one.View)"
    )
    assert [one["ADOM"] for one in facts] == ["root", "Branch_Office", "Data_Center", "root", "root"]
    for one in facts:
        assert {"View", "Devices", "Filter", "Ranked by", "Time range", "Rows", "Complete", "Task"} <= set(one)
        assert "Europe/Berlin" in one["Time range"] and one["Complete"].startswith("yes")
