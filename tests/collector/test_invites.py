"""Invites with an issuer, an end and a limit; keys revoked one by one and by branches."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from collector import InviteWish, issue, new_invite, revoke_branch, tree
from collector.core.refusals import Refused
from collector.store import transaction
from dabyl.cli import main
from tests.collector.core.scenes import ASTANA, NOW, key, seen
from tests.collector.harness import Running, TestClock, TestRandomness, running
from tests.collector.store.scenes import new_probe
from wire.enrol import enrolment
from wire.errors import BadInput
from wire.signing import SigningKey

CHANCE = TestRandomness(3)


def invited(folder: Path, number: int, issuer: str = "", clock: TestClock | None = None) -> str:
    """Invite the n-th key and enrol it; its name."""
    token = issue(folder, InviteWish(issuer=issuer), clock or TestClock(), CHANCE)
    with transaction(folder) as session:
        session.enrol(new_probe(number, token))
    return key(number).id


def branch(folder: Path, clock: TestClock | None = None) -> list[str]:
    """ngo invites 1 and 2; 1 invites 3; 3 invites 4; the collector invites 5."""
    one = invited(folder, 1, "ngo", clock)
    two = invited(folder, 2, "ngo", clock)
    three = invited(folder, 3, one, clock)
    return [one, two, three, invited(folder, 4, three, clock), invited(folder, 5, "", clock)]


def test_an_issuer_gives_out_as_many_as_it_may_and_no_more(tmp_path: Path) -> None:
    for _ in range(2):
        issue(tmp_path, InviteWish(issuer="ngo", limit=2), TestClock(), CHANCE)
    with pytest.raises(BadInput, match="ngo has given out 2 of 2"):
        issue(tmp_path, InviteWish(issuer="ngo"), TestClock(), CHANCE)
    issue(tmp_path, InviteWish(issuer="other"), TestClock(), CHANCE)
    for _ in range(30):
        new_invite(tmp_path, "probe", 1.0, TestClock(), CHANCE)
    issue(tmp_path, InviteWish(issuer="ngo", limit=3), TestClock(), CHANCE)


def test_what_expired_unused_is_given_back_and_what_was_used_is_not(tmp_path: Path) -> None:
    invited(tmp_path, 1, "ngo")
    issue(tmp_path, InviteWish(issuer="ngo", hours=1.0, limit=2), TestClock(), CHANCE)
    with pytest.raises(BadInput, match="2 of 2"):
        issue(tmp_path, InviteWish(issuer="ngo"), TestClock(NOW + 3_000), CHANCE)
    issue(tmp_path, InviteWish(issuer="ngo"), TestClock(NOW + 3_601), CHANCE)
    revoke_branch(tmp_path, key(1).id, TestClock(), subtree=False)
    with pytest.raises(BadInput, match="2 of 2"):
        issue(tmp_path, InviteWish(issuer="ngo"), TestClock(NOW + 3_602), CHANCE)


BRANCHES = [("ngo", [1, 2, 3, 4]), ("1", [1, 3, 4]), ("3", [3, 4]), ("4", [4]), ("5", [5])]


@pytest.mark.parametrize(("name", "gone"), BRANCHES)
def test_a_branch_goes_with_all_that_hangs_on_it(tmp_path: Path, name: str, gone: list[int]) -> None:
    branch(tmp_path)
    asked = name if name == "ngo" else key(int(name)).id
    assert revoke_branch(tmp_path, asked, TestClock()) == [key(number).id for number in gone]
    with transaction(tmp_path) as session:
        assert {one.id for one in session.probes() if one.revoked} == {key(number).id for number in gone}


def test_a_revoked_issuer_invites_nobody_and_its_open_invites_are_void(tmp_path: Path) -> None:
    one = invited(tmp_path, 1, "ngo")
    open_ = issue(tmp_path, InviteWish(issuer=one), TestClock(), CHANCE)
    revoke_branch(tmp_path, "ngo", TestClock())
    for issuer in ("ngo", one):
        with pytest.raises(BadInput, match=r"was revoked|of 0 invites"):
            issue(tmp_path, InviteWish(issuer=issuer), TestClock(), CHANCE)
    with transaction(tmp_path) as session, pytest.raises(Refused, match="the invite is"):
        session.enrol(new_probe(9, open_))


def test_one_key_alone_is_revoked_without_its_branch(tmp_path: Path) -> None:
    one, *_ = branch(tmp_path)
    assert revoke_branch(tmp_path, one, TestClock(), subtree=False) == [one]
    with pytest.raises(BadInput, match="no key of that name"):
        revoke_branch(tmp_path, "ngo", TestClock(), subtree=False)
    with pytest.raises(BadInput, match="no key of that name"):
        revoke_branch(tmp_path, "nobody", TestClock())


@pytest.mark.parametrize(
    "wish",
    [InviteWish(issuer="a person"), InviteWish(issuer="x" * 41), InviteWish(limit=3), InviteWish(hours=0.0)],
)
def test_a_wish_that_cannot_be_is_refused(tmp_path: Path, wish: InviteWish) -> None:
    with pytest.raises(BadInput):
        issue(tmp_path, wish, TestClock(), CHANCE)


async def test_what_a_branch_said_leaves_the_picture_or_stays_by_choice(tmp_path: Path) -> None:
    for past, probes in ((0.0, 1), (0.5, 3)):
        folder = tmp_path / str(past)
        async with running(folder, publish_from=1) as collector:
            await _three(collector)
            revoke_branch(folder, "ngo", TestClock(), past=past)
            while (await collector.send(key(1), [seen("a", probe=key(1).id)], 2))[0] != 403:
                collector.clock.seconds += 1
            collector.clock.seconds += 5
            assert (await collector.get("/v1/status"))["reach"]["probes"] == probes
        async with running(folder, collector.clock, publish_from=1) as collector:
            assert (await collector.get("/v1/status"))["reach"]["probes"] == probes, "after a restart too"


async def _three(collector: Running) -> None:
    for number, issuer in ((1, "ngo"), (2, key(1).id), (3, "")):
        token = issue(collector.folder, InviteWish(issuer=issuer), collector.clock, CHANCE)
        signer: SigningKey = key(number)
        status, _ = await collector.post("/v1/enrol", msgspec.json.encode(enrolment(signer, token, ASTANA)))
        assert status == 200
        assert (await collector.send(signer, [seen("a", probe=signer.id)]))[0] == 200


def test_the_commands_show_the_tree_and_cut_a_branch(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two, *_ = branch(tmp_path)
    data = ["--data", str(tmp_path)]
    assert main(["collector", "revoke", *data, two, "--past", "0.5"]) == 0
    assert main(["collector", "invites", *data]) == 0
    said = capsys.readouterr().out
    assert "ngo: 2 invites of 20, 2 used" in said
    assert f"  {two} revoked\n" in said
    assert "the collector: 1 invites without a limit, 1 used" in said
    assert [found.issuer for found in tree(tmp_path)] == sorted(["", "ngo", one, key(3).id])
    assert main(["collector", "revoke", *data, "ngo", "--subtree"]) == 0
    assert capsys.readouterr().out.count("revoked: ") == 4
    assert main(["collector", "revoke", *data, one, "--past", "2"]) == 2
    assert main(["collector", "invite", *data, "--issuer", "ngo"]) == 2
