"""A bundle holds what was signed and no more, is the same every time, and tells when anybody changed it."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import tarfile
from base64 import b64decode
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import html5lib
import msgspec
import pytest

from collector.core.book import Revision
from collector.core.naming import public_measurement, public_probe
from collector.core.times import stamp
from collector.evidence import Selection, Wish, export, export_parquet, selection_of, verify_bundle
from collector.evidence.bundle import MEMBERS, PUBLIC, ROOT, SIGNATURE, SUMS, UNSUMMED
from collector.evidence.report import LANGUAGES, texts_in
from collector.identity import load_key
from collector.store import transaction
from dabyl.cli import main
from tests.collector.core.scenes import ALMATY, ASTANA, NOW, key, seen
from tests.collector.evidence.scenes import GATEWAY, MINUTE_S, MOVING, PROBE, VANTAGE, archive_file
from tests.collector.harness import TestRandomness, running
from wire.errors import BadInput
from wire.incidents import Incident, ProbeCount, Scope, Sentence
from wire.names import STATES
from wire.records import Network
from wire.signing import from_text

CHANCE = TestRandomness(5)
SPAN = Selection(since=stamp(NOW), until=stamp(NOW + MINUTE_S))


def contents(bundle: Path) -> dict[str, bytes]:
    with tarfile.open(bundle) as tar:
        return {member.name.removeprefix(f"{ROOT}/"): tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]  # all are files


def lines(raw: bytes) -> list[dict[str, object]]:
    return [json.loads(line) for line in raw.splitlines()]


def test_a_bundle_holds_the_time_and_the_place_and_no_more(folder: Path, tmp_path: Path) -> None:
    manifest, faults = export(folder, Wish(SPAN, tmp_path / "one.tar"), CHANCE)
    assert (manifest.counts, faults) == ({"batches": 5, "measurements": 12, "stations": 1}, [])
    inside = contents(tmp_path / "one.tar")
    assert set(inside) == set(MEMBERS)
    assert {one["probe"] for one in lines(inside["keys.jsonl"])} == {
        one.id for one in (PROBE, MOVING, VANTAGE, GATEWAY)
    }
    (control,) = lines(inside["control.jsonl"])
    assert (control["probe"], control["at"]) == (VANTAGE.id, stamp(NOW)), "as it was at the end of the time"
    assert (Path(__file__).parents[3] / "docs" / "rules.md").read_bytes() == inside["rules.md"]
    assert verify_bundle(tmp_path / "one.tar")[:2] == (manifest.counts, [])


def test_a_region_s_bundle_names_no_other_probe_but_the_vantages(folder: Path, tmp_path: Path) -> None:
    late = Selection(since=stamp(NOW), until=stamp(NOW + 2 * MINUTE_S), region="KZ-75")
    manifest, _ = export(folder, Wish(late, tmp_path / "one.tar"), CHANCE)
    inside = contents(tmp_path / "one.tar")
    assert manifest.counts == {"batches": 1, "measurements": 1, "stations": 0}
    assert {one["probe"] for one in lines(inside["keys.jsonl"])} == {MOVING.id, VANTAGE.id}
    assert verify_bundle(tmp_path / "one.tar")[1] == []


def test_the_same_evidence_is_the_same_bytes_and_has_no_address(folder: Path, tmp_path: Path) -> None:
    for name in ("one.tar", "two.tar"):
        export(folder, Wish(SPAN, tmp_path / name), CHANCE)
    raw = (tmp_path / "one.tar").read_bytes()
    assert raw == (tmp_path / "two.tar").read_bytes()
    assert b"127.0.0.1" not in raw
    assert not list(tmp_path.glob("*.tmp"))


def test_sha256sum_alone_checks_the_files(folder: Path, tmp_path: Path) -> None:
    export(folder, Wish(SPAN, tmp_path / "one.tar"), CHANCE)
    subprocess.run(["tar", "xf", "one.tar"], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", SUMS], cwd=tmp_path / ROOT, check=True)


def packed(bundle: Path, inside: dict[str, bytes], *, summed: bool = True) -> Path:
    """A changed bundle, its sums made to fit by whoever changed it."""
    if summed:
        inside[SIGNATURE] = b""  # he has not the collector's key
        names = sorted(name for name in inside if name not in UNSUMMED)
        inside[SUMS] = "".join(f"{sha256(inside[name]).hexdigest()}  {name}\n" for name in names).encode()
    with tarfile.open(bundle, "w") as tar:
        for name, raw in inside.items():
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.size = len(raw)
            tar.addfile(member, io.BytesIO(raw))
    return bundle


CHECKED = [name for name in MEMBERS if name not in {"VERIFY.md", "incident.jsonl", SIGNATURE, SUMS}]


@pytest.mark.parametrize("name", CHECKED)
def test_whoever_changes_a_file_and_its_sum_is_found(folder: Path, tmp_path: Path, name: str) -> None:
    export(folder, Wish(SPAN, tmp_path / "one.tar"), CHANCE)
    inside = contents(tmp_path / "one.tar")
    inside[name] = inside[name].replace(b"1", b"2")
    assert verify_bundle(packed(tmp_path / "two.tar", inside)).faults


def test_a_public_bundle_names_no_volunteer_and_is_a_part_of_the_whole(folder: Path, tmp_path: Path) -> None:
    manifest, _ = export(folder, Wish(SPAN, tmp_path / "all.tar"), CHANCE)
    export(folder, Wish(SPAN, tmp_path / "open.tar", public=True), CHANCE)
    raw = (tmp_path / "open.tar").read_bytes()
    assert not [one for one in (PROBE, MOVING, GATEWAY) if one.id.encode() in raw]
    told, whole = contents(tmp_path / "open.tar"), contents(tmp_path / "all.tar")
    assert set(told) == set(PUBLIC)
    assert {name for name in PUBLIC if told[name] != whole[name]} == {SUMS, SIGNATURE}
    found = verify_bundle(tmp_path / "open.tar")
    assert (found.counts, found.faults, found.public) == (manifest.counts, [], True)


def test_whoever_has_the_whole_finds_each_published_record_in_a_signed_batch(
    folder: Path, tmp_path: Path
) -> None:
    export(folder, Wish(SPAN, tmp_path / "all.tar"), CHANCE)
    whole = contents(tmp_path / "all.tar")
    (secret,) = lines(whole["secrets.jsonl"])
    for told, signed in zip(lines(whole["published.jsonl"]), lines(whole["measurements.jsonl"]), strict=True):
        given = from_text(str(secret["secret"]))
        network = msgspec.convert(signed["network"], Network)
        assert told["probe"] == public_probe(given, network, str(signed["probe"]))
        assert told["id"] == public_measurement(given, str(signed["id"]))
    prints = whole["batches.sha256"].decode().split()
    assert prints == [sha256(b64decode(str(one["raw"]))).hexdigest() for one in lines(whole["batches.jsonl"])]


@pytest.mark.parametrize(
    "name", ["published.jsonl", "control.jsonl", "report.csv", "report.kk.html", "control-batches.jsonl"]
)
def test_a_forged_public_bundle_is_found_where_it_can_be(folder: Path, tmp_path: Path, name: str) -> None:
    export(folder, Wish(SPAN, tmp_path / "one.tar", public=True), CHANCE)
    inside = contents(tmp_path / "one.tar")
    inside[name] = inside[name].replace(b"2", b"3")
    assert verify_bundle(packed(tmp_path / "two.tar", inside)).faults


def test_the_collector_vouches_for_its_bundle_and_for_no_other(folder: Path, tmp_path: Path) -> None:
    export(folder, Wish(SPAN, tmp_path / "one.tar", public=True), CHANCE)
    signer = load_key(folder).id
    assert verify_bundle(tmp_path / "one.tar").signer == signer
    inside = contents(tmp_path / "one.tar")
    inside["VERIFY.md"] += b"and send money"
    signature = inside[SIGNATURE]
    packed(tmp_path / "two.tar", inside)
    assert verify_bundle(tmp_path / "two.tar").signer == ""
    bare = contents(tmp_path / "two.tar") | {SIGNATURE: signature}
    assert [str(one) for one in verify_bundle(packed(tmp_path / "three.tar", bare, summed=False)).faults] == [
        "three.tar: the signature does not fit"
    ]


def test_without_a_database_nothing_gets_a_public_name(folder: Path, tmp_path: Path) -> None:
    for one in folder.glob("dabyl.sqlite3*"):
        one.unlink()
    with pytest.raises(BadInput, match="without the database"):
        export(folder, Wish(SPAN, tmp_path / "one.tar"), CHANCE)


def test_a_strange_bundle_is_told_and_nothing_of_it_unpacked(folder: Path, tmp_path: Path) -> None:
    export(folder, Wish(SPAN, tmp_path / "one.tar"), CHANCE)
    inside = contents(tmp_path / "one.tar")
    strange = packed(tmp_path / "two.tar", inside | {"../evil": b"x"}, summed=False)
    assert [str(fault) for fault in verify_bundle(strange).faults] == ["../evil: does not belong in a bundle"]
    del inside["rules.md"]
    gone = packed(tmp_path / "three.tar", inside, summed=False)
    assert [str(fault) for fault in verify_bundle(gone).faults] == ["rules.md: is gone"]
    (tmp_path / "four.tar").write_bytes(b"nothing of the kind")
    with pytest.raises(BadInput, match="no bundle of ours"):
        verify_bundle(tmp_path / "four.tar")


def test_a_member_that_would_fill_the_disk_is_not_unpacked(tmp_path: Path) -> None:
    # One stretch of no bytes at the end of 64 MiB, as GNU tar writes it.
    sparse = {386: b"%011o\0%011o\0" % (1 << 26, 0), 483: b"%011o\0" % (1 << 26)}
    (tmp_path / "bomb.tar").write_bytes(with_header(tarfile.GNUTYPE_SPARSE, sparse))
    faults = verify_bundle(tmp_path / "bomb.tar").faults
    assert str(faults[0]) == "published.jsonl: does not belong in a bundle"


@pytest.mark.parametrize("kind", [tarfile.REGTYPE, tarfile.XHDTYPE])
def test_a_size_that_no_file_has_makes_no_bundle(tmp_path: Path, kind: bytes) -> None:
    (tmp_path / "huge.tar").write_bytes(with_header(kind, {0: b"other", 124: b"\x80" + b"\xff" * 11}))
    with pytest.raises(BadInput, match="no bundle of ours"):
        verify_bundle(tmp_path / "huge.tar")


def with_header(kind: bytes, fields: dict[int, bytes]) -> bytes:
    """A tar of one member whose header has these bytes at these places, and the right sum."""
    member = tarfile.TarInfo(f"{ROOT}/published.jsonl")
    member.type = kind
    head = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    for place, field in {**fields, 148: b" " * 8}.items():
        head[place : place + len(field)] = field
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + bytes(1024)


@pytest.mark.parametrize("write", [export, export_parquet])
@pytest.mark.parametrize("out", ["folder", "file/one"])
def test_where_nothing_can_be_written_nothing_is_left(
    folder: Path, tmp_path: Path, out: str, write: Callable[..., object]
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("in the way")
    path = tmp_path / out
    asked = (Wish(SPAN, path),) if write is export else (SPAN, path)
    with pytest.raises(BadInput, match="directory"):
        write(folder, *asked, CHANCE)
    assert not list(tmp_path.rglob("*.tmp"))


async def test_the_report_tells_counts_of_three_probes_and_more(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    async with running(folder) as collector:
        for number in range(1, 5):
            await collector.enrol(key(number))
            where = ASTANA if number < 4 else ALMATY
            records = [seen("a", "blocked", "tls.reset.sni", probe=key(number).id, network=where)]
            assert (await collector.send(key(number), records))[0] == 200
    await asyncio.to_thread(export, folder, Wish(SPAN, tmp_path / "one.tar"), CHANCE)
    inside = contents(tmp_path / "one.tar")
    assert inside["report.csv"].decode().splitlines() == [
        f"hour,region,operator,category,probes,{','.join(STATES)}",
        "2026-11-18T11:00:00.000Z,KZ-71,AS9198,news,3,"
        + ",".join("3" if state == "blocked" else "0" for state in STATES),
        "2026-11-18T11:00:00.000Z,KZ-75,AS21299,news,<3,,,,,,",
    ]
    for language in LANGUAGES:
        page = inside[f"report.{language}.html"].decode()
        html5lib.HTMLParser(strict=True).parse(page)
        assert f'<html lang="{language}">' in page
        assert "src=" not in page
        assert "href=" not in page
        assert texts_in(language).states["blocked"] in page
        assert set(texts_in(language).states) == set(STATES)


async def test_the_command_exports_and_checks(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "one.tar"

    def run(*arguments: str) -> tuple[int, str]:
        status = main(["collector", *arguments])
        return status, "".join(capsys.readouterr())

    span = ("export", "--data", str(folder), "--out", str(out), "--from", SPAN.since, "--until")
    assert run(*span, SPAN.until) == (0, f"5 batches, 12 measurements, 1 stations in {out}\n")
    status, said = run("verify", "--bundle", str(out))
    assert (status, said.splitlines()) == (
        0,
        [
            "holds: 5 batches, 12 measurements, 1 stations",
            f"signed by the collector {load_key(folder).id}",
        ],
    )
    assert run(*span, SPAN.until, "--public")[0] == 0
    assert "the public part" in run("verify", "--bundle", str(out))[1]
    assert run(*span, SPAN.since)[0] == 2
    assert run(*span, "yesterday")[0] == 2
    assert run(*span, SPAN.until, "--region", "KZ-99")[0] == 2
    path = archive_file(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    status, said = run(*span, SPAN.until)
    assert (status, f"left out: archive/{path.name}: line " in said) == (1, True)
    assert run("verify", "--bundle", str(out))[0] == 0, "what is left holds"


def test_an_incident_is_its_time_an_hour_before_it_and_its_region(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    incident = Incident(
        id="i1", kind="connectivity_loss", started_at=stamp(NOW + 30), ended_at=None, detected_at=stamp(NOW + 60),
        scope=Scope(level="region", regions=("KZ-71",)), confidence=0.9,
        probes=ProbeCount(affected=3, reporting=0, expected=3), sentence=Sentence(kk="-", ru="-", en="-"),
    )  # fmt: skip
    with transaction(folder) as session:
        session.tell([Revision(known_at=NOW + 60, incident=incident)])
    since = stamp(NOW + 30 - 3600)
    assert selection_of(folder, "i1") == Selection(since=since, until=stamp(NOW + 60), region="KZ-71")
    out = str(tmp_path / "one.tar")
    command = ["collector", "export", "--data", str(folder), "--out", out, "--incident"]
    assert main([*command, "i1"]) == 0
    assert verify_bundle(tmp_path / "one.tar")[1] == []
    assert main([*command, "i2"]) == 2
    assert main([*command, "i1", "--region", "KZ-71"]) == 2
    assert "no incident of that id" in capsys.readouterr().err
