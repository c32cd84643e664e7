"""The files of a sample audit: what people write is read, what cannot be right is named with its line."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.core.sample_files import (
    read_list,
    read_paper,
    read_published,
    read_units,
    share,
    write_list,
)
from collector.core.sampling import Plan, Unit, draw, listed, print_of
from wire import jcs
from wire.errors import BadInput
from wire.sheets import Sheet, sheet_bytes

SEED = "31415926535897932384"
SHEET = Sheet(
    election="2026-parliament", station="KZ-71-0379", counts={"voters_on_list": 2494}, votes={"Алға": 1200}
)


@pytest.mark.parametrize(
    ("text", "found"),
    [("0.05", "1/20"), ("5%", "1/20"), (" 1 % ", "1/100"), ("0", "0"), ("1/3", "1/3"), ("0.1%", "1/1000")],
)
def test_a_share_is_read_as_people_write_it(text: str, found: str) -> None:
    assert share(text) == Fraction(found)


@pytest.mark.parametrize("text", ["", "%", "five", "1/0", "nan", "1e400000000", "0,05"])
def test_what_is_no_share_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="is no share"):
        share(text)


def test_stations_are_read_with_further_columns_and_a_byte_order_mark() -> None:
    text = "\ufeffregion, station ,sheet\nAstana,KZ-71-0379,2\n\nAstana, KZ-71-0001 ,1\n"
    assert read_units(text) == [Unit("KZ-71-0379", "2"), Unit("KZ-71-0001", "1")]
    assert read_units("station\nKZ-71-0379\n") == [Unit("KZ-71-0379")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "names the columns"),
        ("name\nKZ-71-0379\n", "names the columns"),
        ("station,station\nKZ-71-0379,1\n", "names the columns"),
        ("station\nKZ-71-0379\nKZ-71-379\n", "line 3: 'KZ-71-379' is no station"),
        ("station,sheet\nKZ-71-0379,one\n", "line 2: 'one' is no number of a sheet"),
    ],
)
def test_what_is_no_list_of_stations_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_units(text)


def test_paper_is_read_as_it_is_typed() -> None:
    text = "station,sheet,voters_on_list,votes/Алға,ballots_spoiled\nKZ-71-0379,1,2 494,1\u00a0200,\nKZ-71-0001,,7,,\n"
    assert read_paper(text) == {
        Unit("KZ-71-0379", "1"): {"voters_on_list": 2494, "votes/Алға": 1200},
        Unit("KZ-71-0001", "1"): {"voters_on_list": 7},
    }


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("KZ-71-0379,1,twelve", "line 2: 'twelve' is no number"),
        ("KZ-71-0379,1,-1", "line 2: '-1' is no number"),
        ("KZ-71-0379,1,1.5", "line 2: '1.5' is no number"),
        ("KZ-71-0379,1,1\nKZ-71-0379,1,2", "line 3: KZ-71-0379 1 stands twice"),
    ],
)
def test_paper_that_cannot_be_meant_is_refused(row: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read_paper(f"station,sheet,voters_on_list\n{row}\n")


def test_a_row_that_ends_before_its_station_is_told_with_its_line() -> None:
    with pytest.raises(BadInput, match="line 2: '' is no station"):
        read_units("sheet,station\n1\n")


def test_a_row_without_any_number_was_not_read() -> None:
    assert read_paper("station,sheet,voters_on_list\nKZ-71-0379,1,\n") == {}


def published(sheet: Sheet = SHEET, by: str = "station", rest: str = "") -> bytes:
    raw = sheet_bytes(sheet)
    return b'{"sha256":"%s","by":"%s",%s"content":%s}' % (
        jcs.sha256(raw).hex().encode(), by.encode(), rest.encode(), raw,
    )  # fmt: skip


def test_of_several_copies_that_of_the_station_is_compared() -> None:
    other = Sheet(election=SHEET.election, station=SHEET.station, counts={"voters_on_list": 1})
    lines = [published(other, "observer"), published(SHEET, "station"), published(other, "commission")]
    for order in (lines, lines[::-1]):
        assert read_published(order) == {
            Unit("KZ-71-0379", "1"): {"voters_on_list": 2494, "votes/Алға": 1200}
        }


def test_a_void_sheet_and_one_that_is_hidden_yet_are_passed_over() -> None:
    hidden = b'{"sha256":"%s","by":"station","content":null,"status":"claimed"}' % (b"0" * 64)
    assert read_published([published(rest='"void":true,'), hidden, b'{"sha256":""}']) == {}


def test_a_changed_digit_in_the_published_file_is_found() -> None:
    with pytest.raises(BadInput, match="line 2: the sheet has not the hash that stands beside it"):
        read_published([published(), published().replace(b"2494", b"2495")])


@pytest.mark.parametrize("line", [b"", b"[]", b"{", b'{"sha256":1}', published().replace(b'"v":1', b'"v":2')])
def test_a_line_that_is_no_sheet_is_refused(line: bytes) -> None:
    with pytest.raises(BadInput, match="published sheets, line 1"):
        read_published([line])


def drawn_list(size: int = 5) -> str:
    units = listed(Unit(f"KZ-71-{number:04d}") for number in range(1, 51))
    plan = Plan(population=len(units), risk=Fraction(1, 20), tolerated=Fraction(1, 100))
    return write_list(plan, draw(SEED, units, size), SEED, print_of(units))


def test_a_list_is_written_so_that_others_can_repeat_it_by_hand() -> None:
    lines = drawn_list().splitlines()
    assert lines[0] == f"# seed: {SEED}"
    assert lines[2:6] == [
        "# population: 50",
        "# risk: 1/20",
        "# tolerated: 1/100",
        "order,counter,sha256,number,station,sheet",
    ]
    order, counter, printed, number, station, _ = lines[6].split(",")
    assert (order, counter) == ("1", "1")
    assert int(printed, 16) % 50 + 1 == int(number)
    assert station == f"KZ-71-{int(number):04d}"


@given(st.integers(0, 50))
def test_a_list_comes_back_as_it_was_written(size: int) -> None:
    plan, units = read_list(drawn_list(size))
    assert (plan.population, plan.risk, plan.tolerated) == (50, Fraction(1, 20), Fraction(1, 100))
    assert len(units) == size


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"# seed: {SEED}", f"# seed: {SEED}0"),
        ("# population: 50", "# population: 51"),
        ("# population: 50", "# population: 3"),
        ("\n1,1,", "\n1,1,0,1,KZ-71-0001,\n1,1,"),
    ],
)
def test_a_list_that_its_seed_does_not_draw_was_changed(old: str, new: str) -> None:
    with pytest.raises(BadInput, match="it was changed"):
        read_list(drawn_list().replace(old, new, 1))


def test_a_list_without_its_first_choice_was_changed() -> None:
    text = drawn_list()
    first = next(line for line in text.splitlines() if line.startswith("1,"))
    with pytest.raises(BadInput, match="it was changed"):
        read_list(text.replace(f"{first}\n", ""))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "station\nKZ-71-0379\n",
        drawn_list().replace("# risk", "risk"),
        drawn_list().replace(": 50", ": many"),
    ],
)
def test_another_file_is_no_list(text: str) -> None:
    with pytest.raises(BadInput, match="this is no list"):
        read_list(text)


@given(st.text())
def test_any_text_is_read_or_refused_cleanly(text: str) -> None:
    for read in (read_units, read_paper, read_list):
        try:
            read(text)
        except BadInput as error:
            assert "\n" not in str(error)
