"""A messenger with an authority of its own is judged by that one alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from dabyl.system import SystemClock, SystemRandom
from probes.observe import Tools, make_trust, observe
from probes.observe.trust import own_authorities, trust_only
from tests.lab.authority import make_authority
from tests.servers.deaf import saying
from tests.servers.tls import secure_server
from wire import facts, names
from wire.records import Target

NOW = SystemClock().now()
OWN, TRUSTED = make_authority("Own", NOW), make_authority("Trusted", NOW)
HELLO = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")


async def handshake(name: str, leaf: bytes, folder: Path, category: str = "messenger") -> str | None:
    tools = Tools(
        clock=SystemClock(),
        randomness=SystemRandom(),
        trust=make_trust(),
        resolvers=(),
        authorities={"dove": trust_only(OWN.root.pem.decode())},
        timeout_s=5,
    )
    async with secure_server(HELLO, leaf, folder) as port:
        target = Target(id=name, url=f"tls://localhost:{port}", category=category)
        steps = (await observe(target, tools)).steps
    return next(step.failure for step in steps if step.step == "tls")


@pytest.fixture
def trusting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder; this machine trusts one of the two authorities."""
    (tmp_path / "ca.pem").write_bytes(TRUSTED.root.pem)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return tmp_path


@pytest.mark.parametrize(
    ("name", "authority", "category", "failure"),
    [
        ("dove/chat", OWN, "messenger", None),
        ("dove/chat", TRUSTED, "messenger", names.SSL_AUTHORITY),
        ("raven/chat", TRUSTED, "messenger", None),
        ("raven/chat", OWN, "messenger", names.SSL_AUTHORITY),
        ("dove/chat", TRUSTED, "news", None),
    ],
    ids=[
        "its own",
        "one that this machine trusts",
        "another's public one",
        "another's unknown one",
        "no messenger",
    ],
)
async def test_who_vouches_for_a_door(
    name: str, authority: object, category: str, failure: str | None, trusting: Path
) -> None:
    signed = OWN if authority is OWN else TRUSTED
    assert await handshake(name, signed.leaf("localhost"), trusting, category) == failure


def test_the_shipped_authorities_are_those_that_their_readme_names() -> None:
    told = facts.read_text("authorities/README.md")
    for group, pem in facts.authorities().items():
        for root in x509.load_pem_x509_certificates(pem.encode()):
            root.verify_directly_issued_by(root)
            assert root.fingerprint(hashes.SHA256()).hex() in told
            assert root.not_valid_before_utc < NOW < root.not_valid_after_utc
        assert group in own_authorities()
