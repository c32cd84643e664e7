"""The files of keys and of stations: what they may hold, and one clear line for what they may not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from collector.core.refusals import Refused
from collector.settings import Settings, Sheets
from collector.sheets.beginning import read_districts
from collector.sheets.office import senders_of
from collector.sheets.senders import LOOK_S, Senders
from tests.collector.sheets.scenes import (
    COMMISSION_KEY,
    OBSERVER_KEY,
    STATION,
    a_sheet,
    upload_of,
    write_keys,
)
from wire import canonical
from wire.errors import BadInput, BadRecord
from wire.senders import Sender, read_sender
from wire.signing import to_text

LINE = Sender(by="observer", name="N", key=to_text(OBSERVER_KEY.public), regions=("KZ-71",))


def test_a_sender_survives_the_file() -> None:
    found = read_sender(canonical.encode(LINE))
    assert (found, found.id) == (LINE, OBSERVER_KEY.id)


@pytest.mark.parametrize(
    "other",
    [
        {"by": "station"},
        {"name": ""},
        {"key": "short"},
        {"key": "A" * 43},
        {"regions": ["Astana"]},
        {"more": 1},
    ],
)
def test_a_line_that_is_no_sender_is_refused(other: dict[str, Any]) -> None:
    fields = {"v": 1, "by": "observer", "name": "N", "key": LINE.key} | other
    with pytest.raises(BadRecord):
        read_sender(canonical.encode(fields))


@given(st.binary(max_size=100))
def test_any_line_is_a_sender_or_a_clean_error(raw: bytes) -> None:
    with pytest.raises(BadRecord):
        read_sender(raw)


def files(folder: Path) -> tuple[Path, Path]:
    stations, others = write_keys(folder)
    return Path(stations), Path(others)


def test_who_signed_is_known_by_name_keys_and_regions(tmp_path: Path) -> None:
    senders = Senders(*files(tmp_path))
    station = senders.of(upload_of(a_sheet()), 0.0)
    observer = senders.of(upload_of(a_sheet(), "observer", OBSERVER_KEY), 0.0)
    assert (station.name, len(station.keys), station.regions) == (STATION, 1, ())
    assert (observer.name, observer.regions) == ("Observers", ("KZ-71",))
    assert senders.name_of(COMMISSION_KEY.id) == "Сарыарқа"
    assert senders.name_of(STATION) == ""


def rewritten(path: Path, old: bytes, new: bytes) -> None:
    raw = path.read_bytes()
    assert old in raw
    path.write_bytes(raw.replace(old, new))


def test_a_revoked_key_is_refused_as_soon_as_the_file_says_so(tmp_path: Path) -> None:
    stations, others = files(tmp_path)
    senders = Senders(stations, others)
    for file, mark in ((stations, b'"station"'), (others, b'"by"')):
        rewritten(file, b"{" + mark, b'{"revoked":true,' + mark)
    for upload in (upload_of(a_sheet()), upload_of(a_sheet(), "observer", OBSERVER_KEY)):
        with pytest.raises(Refused) as refused:
            senders.of(upload, LOOK_S)
        assert refused.value.reason == "revoked"


def test_a_file_that_went_away_changes_nothing(tmp_path: Path) -> None:
    stations, others = files(tmp_path)
    senders = Senders(stations, others)
    stations.unlink()
    assert senders.of(upload_of(a_sheet()), LOOK_S).name == STATION


def test_without_files_nobody_is_known_until_they_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    senders = senders_of(Settings(data=str(tmp_path)))
    for upload in (upload_of(a_sheet()), upload_of(a_sheet(), "observer", OBSERVER_KEY)):
        with pytest.raises(Refused) as refused:
            senders.of(upload, 0.0)
        assert refused.value.reason == "unknown_probe"
    folder.mkdir()
    write_keys(folder)
    assert senders.of(upload_of(a_sheet()), LOOK_S).name == STATION
    assert senders.of(upload_of(a_sheet(), "observer", OBSERVER_KEY), LOOK_S).name == "Observers"


@pytest.mark.parametrize("chosen", [Sheets(stations="/nowhere"), Sheets(senders="/nowhere")])
def test_a_file_that_is_named_must_be_there(tmp_path: Path, chosen: Sheets) -> None:
    with pytest.raises(BadInput, match="nowhere: No such file"):
        senders_of(Settings(data=str(tmp_path), sheets=chosen))


def test_a_station_without_a_key_is_told_so(tmp_path: Path) -> None:
    stations, others = files(tmp_path)
    stations.write_bytes(b'{"v":1,"station":"KZ-71-0379","codes":["123456"]}\n')
    with pytest.raises(Refused, match="no key of KZ-71-0379"):
        Senders(stations, others).of(upload_of(a_sheet()), 0.0)


def test_a_broken_line_is_told_with_its_number(tmp_path: Path) -> None:
    stations, others = files(tmp_path)
    with others.open("ab") as file:
        file.write(b"\n{}\n")
    with pytest.raises(BadInput, match=r"senders\.jsonl:4: "):
        Senders(stations, others)
    stations.unlink()
    stations.mkdir()
    with pytest.raises(BadInput, match="Is a directory"):
        Senders(stations, tmp_path / "nowhere")


def test_the_station_of_another_office_cannot_use_its_key(tmp_path: Path) -> None:
    senders = Senders(*files(tmp_path))
    with pytest.raises(Refused) as refused:
        senders.of(replace(upload_of(a_sheet(), "observer", OBSERVER_KEY), by="commission"), 0.0)
    assert refused.value.reason == "role"


def test_districts_come_from_a_table_with_two_columns(tmp_path: Path) -> None:
    file = tmp_path / "stations.csv"
    file.write_text("\ufeffnumber,station,district\n1,KZ-71-0379,Сарыарқа\n2,KZ-71-0380,\n", encoding="utf-8")
    assert read_districts(str(file)) == {"KZ-71-0379": "Сарыарқа", "KZ-71-0380": ""}
    assert read_districts("") == {}


@pytest.mark.parametrize("text", ["station\nKZ-71-0379\n", "a,b\n1,2\n", "\xff\xfe"])
def test_another_table_is_told(tmp_path: Path, text: str) -> None:
    file = tmp_path / "stations.csv"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match="station and district"):
        read_districts(str(file))
    with pytest.raises(BadInput, match="No such file"):
        read_districts(str(tmp_path / "nowhere"))
