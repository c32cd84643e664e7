"""The set-up of the system: what it installs, and that it leaves no service running and no shim behind.

Needs root, since it only installs as root; apt-get and dpkg-query are stand-ins that write down what they saw.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

SCRIPT = Path(__file__).parents[2] / "tools" / "setup-system.sh"
NOBODY = 65534


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder with a `dpkg-query` that knows what stands in `installed`, and an `apt-get` that logs."""
    with TemporaryDirectory() as name:  # not pytest's tmp_path, into which nobody may not look
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "installed").write_text("nginx\n", encoding="utf-8")
        program(folder, "dpkg-query", f'grep -qx "${{!#}}" {name}/installed && printf "ii "')
        program(folder, "apt-get", f'{{ echo "apt-get $*"; "$POLICY_RC_D"; echo "policy $?"; }} >>{name}/log')
        yield folder


def program(folder: Path, name: str, body: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{body}\n", encoding="utf-8")
    path.chmod(0o755)


def setup(place: Path, *packages: str, user: int = 0, ci: str = "") -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": f"{place}:{os.environ['PATH']}",
        "POLICY_RC_D": str(place / "policy-rc.d"),
        "CI": ci,
    }
    # bash reads the script from standard input: nobody may not enter a developer's folder
    return subprocess.run(
        ["/bin/bash", "-s", "--", *packages],
        input=SCRIPT.read_text(encoding="utf-8"),
        env=environment,
        user=user,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def log(place: Path) -> list[str]:
    path = place / "log"
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def test_nothing_is_done_when_everything_is_there(place: Path) -> None:
    done = setup(place, "nginx")
    assert (done.returncode, done.stdout, done.stderr, log(place)) == (0, "", "", [])


def test_only_what_is_missing_is_installed_and_services_are_held_meanwhile(place: Path) -> None:
    done = setup(place, "nginx", "unbound", "kannel")
    assert done.returncode == 0, done.stderr
    assert log(place)[-2:] == [
        "apt-get -q install -y --no-install-recommends -o DPkg::Lock::Timeout=300 unbound kannel",
        "policy 101",
    ]
    assert not (place / "policy-rc.d").exists()


@pytest.mark.parametrize("fails", [False, True])
def test_a_policy_that_was_there_before_is_put_back(place: Path, fails: bool) -> None:
    program(place, "policy-rc.d", "exit 7")
    if fails:
        program(place, "apt-get", "exit 100")
    assert setup(place, "unbound").returncode == (100 if fails else 0)
    assert (place / "policy-rc.d").read_text(encoding="utf-8") == "#!/bin/bash\nexit 7\n"
    assert not list(place.glob("*.dabyl-kept"))


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_who_is_not_root_is_told_in_one_line_what_is_missing(place: Path, ci: str, status: int) -> None:
    done = setup(place, "nginx", "unbound", "kannel", user=NOBODY, ci=ci)
    assert done.returncode == status
    assert done.stderr == (
        "setup-system: missing, root can install them with apt-get install: unbound kannel\n"
    )
    assert log(place) == []
