"""The page as a file: whole, the same every time, and closed by its own policy."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import html5lib
import pytest

from sms_gateway.station_page import (
    Ballot,
    Election,
    PageOptions,
    build,
    folder_files,
    write_folder,
    write_page,
)
from sms_gateway.station_page.builder import LIBRARIES, SCRIPTS
from sms_gateway.station_page.facts import source
from wire.errors import BadInput
from wire.facts import read_text
from wire.sealed import SHEETS
from wire.typed import MARKS, WORD_NUMBERS

PLAIN = PageOptions()
ELECTION = Election(
    election="2026-11-22",
    sheets=(
        Ballot(
            sheet=1, kk="Президент", ru="Президент", en="President", choices=("А", "Б </script><!-- @CSP@")
        ),
    ),
)
FULL = PageOptions(election=ELECTION, gateway="+77001234567", collector="https://dabyl.example")


def scripts(page: str) -> list[str]:
    return re.findall(r"<script>(.*?)</script>", page, re.DOTALL)


def policy(page: str) -> dict[str, str]:
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    return {part.split(" ", 1)[0]: part.split(" ", 1)[1] for part in found[1].split("; ")}


def facts(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="facts">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return dict(json.loads(found[1]))


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@pytest.mark.parametrize("options", [PLAIN, FULL], ids=["plain", "full"])
def test_the_same_options_make_the_same_bytes(options: PageOptions) -> None:
    assert build(options) == build(options)


def test_another_election_makes_another_page() -> None:
    assert build(PLAIN) != build(FULL)


@pytest.mark.parametrize("options", [PLAIN, FULL], ids=["plain", "full"])
def test_the_page_is_html_as_the_standard_wants_it(options: PageOptions) -> None:
    html5lib.HTMLParser(strict=True).parse(build(options))


def test_the_policy_names_every_script_and_the_style_by_its_hash_and_nothing_else() -> None:
    page = build(PLAIN)
    style = page[page.index("<style>") + 7 : page.index("</style>")]
    assert policy(page)["script-src"].split() == [hashed(script) for script in scripts(page)]
    assert policy(page)["style-src"] == hashed(style)
    assert len(scripts(page)) == len(LIBRARIES) + 1


def test_a_page_without_a_collector_can_reach_nobody() -> None:
    rules = policy(build(PLAIN))
    assert (
        rules["default-src"]
        == rules["connect-src"]
        == rules["form-action"]
        == rules["worker-src"]
        == "'none'"
    )
    assert rules["img-src"] == "data: blob:"


def test_a_page_with_a_collector_can_reach_that_one_alone() -> None:
    assert policy(build(FULL))["connect-src"] == "https://dabyl.example"


def test_no_address_stands_in_the_page_but_names_of_standards_and_of_makers() -> None:
    """Of all addresses only the SVG name space is ever used; the others stand in the libraries' comments."""
    own = build(PLAIN)
    for script in scripts(own)[: len(LIBRARIES)]:
        own = own.replace(script, "")
    assert set(re.findall(r"https?://[^\s\"'<)]+", own)) == {"http://www.w3.org/2000/svg"}


def test_nothing_is_loaded_from_elsewhere() -> None:
    page = re.sub(r"<script>.*?</script>", "", build(PLAIN), flags=re.DOTALL)
    assert re.findall(r"<(?:script|img|link|iframe)[^>]*(?:src|href)=\"(?!data:)", page) == []
    assert "@import" not in page
    assert "url(" not in source("source/page.css")


def test_names_of_a_ballot_cannot_end_the_script_or_fill_a_place() -> None:
    page = build(FULL)
    assert "</script><!--" not in page
    assert facts(page)["election"]["sheets"][0]["choices"][1] == "Б </script><!-- @CSP@"


def test_the_page_knows_all_words_that_can_be_sealed_and_no_question() -> None:
    known = {(word["kind"], word["value"]): word["number"] for word in facts(build(PLAIN))["words"]}
    assert known == {
        said: number for said, number in WORD_NUMBERS.items() if said[0] not in {"info", "tel", "my"}
    }
    assert facts(build(PLAIN))["marks"] == list(MARKS)


def test_the_form_is_the_one_of_the_ground_floor() -> None:
    shipped = json.loads(read_text("sheets.json"))["schemas"][0]
    assert facts(build(PLAIN))["schema"] == shipped


def test_every_script_of_the_folder_is_in_the_page() -> None:
    folder = Path(__file__).parents[3] / "sms_gateway" / "station_page" / "source"
    written = {str(path.relative_to(folder).with_suffix("")) for path in folder.rglob("*.js")}
    assert written - {"worker"} == set(SCRIPTS)


def test_the_libraries_stand_in_the_page_as_their_makers_wrote_them() -> None:
    page = build(PLAIN)
    for name in LIBRARIES:
        assert read_text(f"third_party/{name}").replace("\r\n", "\n") in page


def test_sheets_of_the_page_are_numbers_that_a_text_can_carry() -> None:
    assert set(range(1, 10)) <= set(SHEETS)


@pytest.mark.parametrize(
    "collector",
    [
        "dabyl.example",
        "https://dabyl.example/",
        "https://a b",
        "https://x; script-src *",
        "ftp://x",
        'https://x"',
    ],
)
def test_what_is_no_collector_is_refused(collector: str) -> None:
    with pytest.raises(BadInput, match="not a collector"):
        build(PageOptions(collector=collector))


@pytest.mark.parametrize("gateway", ["1", "+7 700", "call me", "+7700123456789012"])
def test_what_is_no_number_is_refused(gateway: str) -> None:
    with pytest.raises(BadInput, match="not a number"):
        build(PageOptions(gateway=gateway))


def test_the_file_has_the_hash_that_is_told(tmp_path: Path) -> None:
    told = write_page(tmp_path / "station.html", PLAIN)
    assert hashlib.sha256((tmp_path / "station.html").read_bytes()).hexdigest() == told


def test_a_file_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No such file"):
        write_page(tmp_path / "nowhere" / "station.html", PLAIN)
    (tmp_path / "file").touch()
    with pytest.raises(BadInput, match="exists"):
        write_folder(tmp_path / "file", PageOptions(served=True))


def test_the_served_page_may_reach_its_own_server(tmp_path: Path) -> None:
    write_folder(tmp_path / "station", PageOptions(served=True))
    rules = policy((tmp_path / "station" / "index.html").read_text(encoding="utf-8"))
    assert rules["worker-src"] == rules["manifest-src"] == "'self'"
    assert sorted(path.name for path in (tmp_path / "station").iterdir()) == [
        "icon.svg", "index.html", "manifest.webmanifest", "worker.js",
    ]  # fmt: skip


def test_a_changed_page_has_a_worker_of_another_version() -> None:
    workers = {
        folder_files(PageOptions(served=True, gateway=number))["worker.js"] for number in ("112", "1414")
    }
    assert len(workers) == 2
    assert all("@VERSION@" not in worker for worker in workers)


def test_the_worker_keeps_every_file_that_is_served() -> None:
    files = folder_files(PageOptions(served=True))
    kept = re.search(r"FILES = (\[.*?\])", files["worker.js"])
    assert kept is not None
    assert set(json.loads(kept[1])) == {"./"} | (files.keys() - {"worker.js"})
    assert json.loads(files["manifest.webmanifest"])["icons"][0]["src"] in files


def test_the_page_is_small_enough_to_go_from_phone_to_phone() -> None:
    assert len(build(PLAIN).encode()) < 500_000
