"""A running gateway takes its files of keys anew when they changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sms_gateway import KannelLink, Settings, new_station, revoke, write_keys
from sms_gateway.core.message import Message
from sms_gateway.core.reading import Rejected
from sms_gateway.office import Office, open_office
from tests.sms_gateway.harness import NOW, NOWHERE, PHONE, MovableClock, SeededRandomness
from wire import BadInput
from wire.sealed import seal_status
from wire.signing import SigningKey


async def _office(folder: Path) -> tuple[Office, SigningKey]:
    key, _, listed = new_station("KZ-71-0379", SeededRandomness())
    write_keys(folder / "keys.jsonl", [listed])
    settings = Settings(
        data=str(folder / "data"), collector=NOWHERE, link=(KannelLink(),), keys=str(folder / "keys.jsonl")
    )
    return await open_office(settings, MovableClock(), SeededRandomness()), key


def _told(office: Office, key: SigningKey) -> str:
    text = seal_status(key, "KZ-71-0379", ("open", ""), int(NOW.timestamp()))
    found = office.work_out(Message(link="kannel", sender=PHONE, text=text)).read
    return found.error if isinstance(found, Rejected) else found.proof


async def test_what_is_revoked_proves_nothing_from_then_on(tmp_path: Path) -> None:
    office, key = await _office(tmp_path)
    assert (_told(office, key), await office.reread()) == ("seal", False)
    revoke(tmp_path / "keys.jsonl", ["KZ-71-0379"])
    assert (await office.reread(), await office.reread()) == (True, False)
    assert _told(office, key) == "revoked"
    office.store.close()


@pytest.mark.parametrize("content", ["{}\n", None])
async def test_a_file_that_became_unreadable_leaves_all_as_it_was(
    content: str | None, tmp_path: Path
) -> None:
    office, key = await _office(tmp_path)
    (tmp_path / "keys.jsonl").unlink()
    if content is not None:
        (tmp_path / "keys.jsonl").write_text(content)
    with pytest.raises(BadInput):
        await office.reread()
    assert (_told(office, key), await office.reread()) == ("seal", False)
    office.store.close()
