"""The files beside the boards: units that systemd takes, a compose file whose paths are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from dabyl.cli import make_parser

DEPLOY = Path(__file__).parents[2] / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
MADE_BY_OWNER = {"./sms.toml", "./alerts-token"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_that_there_is(unit: Path) -> None:
    (line,) = re.findall(r"^ExecStart=\S+ (.+)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    make_parser().parse_args(line.split())


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_gives_away_no_rights(unit: Path) -> None:
    lines = set(unit.read_text(encoding="utf-8").splitlines())
    assert lines >= {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet=", "User=dabyl"}


@pytest.mark.parametrize(
    "name", [name for name, one in COMPOSE["services"].items() if one["image"] == "dabyl"]
)
def test_a_service_of_ours_starts_a_command_that_there_is(name: str) -> None:
    make_parser().parse_args(COMPOSE["services"][name]["command"].split())


def test_every_file_that_a_service_is_given_is_there() -> None:
    given = [
        one.split(":")[0] for service in COMPOSE["services"].values() for one in service.get("volumes", [])
    ]
    for path in given:
        if path.startswith("./") and path not in MADE_BY_OWNER:
            assert (DEPLOY / path).exists(), path
        elif not path.startswith("./"):
            assert path in COMPOSE["volumes"], path


def test_nothing_listens_to_the_world_by_itself() -> None:
    text = (DEPLOY / "compose.yml").read_text(encoding="utf-8")
    assert "0.0.0.0" not in text  # noqa: S104  # it is looked for so that it is not there
    assert "ports:" not in text
