"""The country put together: ground, certificates, servers, resolvers; rows applied; the command run."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Final, Self

from dabyl.system import SystemClock
from tests.lab import names
from tests.lab.authority import write_certificates
from tests.lab.censor import restore_text
from tests.lab.judging import Line, compare, read_output
from tests.lab.names import FAMILIES, PLACES, Family, Place
from tests.lab.namespaces import ETC_NETNS, Ground
from tests.lab.programs import Program
from tests.lab.resolver import RESOLVERS, restore, tamper, unbound_conf, write_resolv_conf
from tests.lab.scenario import Scenario
from tests.lab.servers import hosts, nginx_conf, write_pages
from tests.lab.shell import LabError, must, run
from tests.lab.starter import Starter
from tests.lab.targets import FURTHER, Target, targets_csv
from wire.names import TIMEOUT
from wire.times import format_time

TIMEOUT_S: Final = 2.0
ROUND_LIMIT_S: Final = 180.0  # a patient judge waits a minute for a closed door
DABYL: Final = str(Path(sys.executable).with_name("dabyl"))
_AT: Final = re.compile(r'"at":\s*"[^"]*"')
_DAYS_AGO: Final = {"weeks": 30, "old": 2_000}
_SERVING: Final[tuple[Place, ...]] = ("operator", "domestic", "foreign")
_SYSTEM_RESOLVER: Final[dict[Place, str]] = {
    place: names.OPERATOR_RESOLVER if place in {"home", "operator"} else names.CLEAN_RESOLVER
    for place in PLACES
}


def _aged(records: str, days: int) -> str:
    """Control records as if they had been made so many days ago."""
    then = format_time(SystemClock().now() - timedelta(days=days))
    return _AT.sub(f'"at":"{then}"', records)


def is_calm(output: str) -> bool:
    """Whether no connection, handshake or page of a round ran out of time."""
    steps = (step for line in output.split("\n") if line for step in json.loads(line)["steps"])
    return not any(
        step["step"] in {"tcp", "tls", "http"} and step["failure"] == TIMEOUT and not step.get("role")
        for step in steps
    )


def whole(output: str) -> str:
    """A round's output as it is; one that cannot be read is kept beside the lab's folders, and named.

    Raises `LabError` with what stands around the place.
    """
    try:
        read_output(output)
    except ValueError as error:
        with tempfile.NamedTemporaryFile("w", prefix="dabyl-broken-", suffix=".jsonl", delete=False) as kept:
            kept.write(output)
        raise LabError(f"a broken line, kept in {kept.name}: {error}") from error
    return output


class Country:
    """One country, with namespaces and a folder of its own: a context manager that builds and removes it."""

    def __init__(self) -> None:
        self.ground = Ground()
        self.folder = Path()
        self._ruled: set[tuple[Place, Family]] = set()
        self._calm_control: str | None = None
        self._starter: Starter | None = None

    def __enter__(self) -> Self:
        """Build everything; what was built is removed again when a part fails."""
        self.folder = Path(tempfile.mkdtemp(prefix=self.ground.prefix))
        with ExitStack() as half_built:
            half_built.callback(self.__exit__)
            self._build()
            half_built.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        """Kill the servers and remove namespaces and folder."""
        if self._starter is not None:
            self._starter.__exit__()
        self.ground.destroy()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _build(self) -> None:
        self.ground.build()
        for place in PLACES:
            write_resolv_conf(ETC_NETNS / self.ground.name(place), _SYSTEM_RESOLVER[place])
        write_certificates(self.folder / "certificates", hosts(), SystemClock().now())
        write_pages(self.folder)
        for place in _SERVING:
            self._start(
                place, "nginx", "-c", self._write(f"nginx-{place}.conf", nginx_conf(place, self.folder))
            )
        for place in RESOLVERS:
            self._start(
                place, "unbound", "-c", self._write(f"unbound-{place}.conf", unbound_conf(place, self.folder))
            )

    def _write(self, name: str, content: str) -> str:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    def _start(self, place: Place, *argv: str) -> None:
        must(self.ground.inside(place, *argv))

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a command that trusts the lab's authority and nothing else."""
        authority = str(self.folder / "certificates" / "ca.pem")
        empty = str(self.folder / "nobody")
        return {**os.environ, "SSL_CERT_FILE": authority, "CURL_CA_BUNDLE": authority, "SSL_CERT_DIR": empty}

    def run(
        self, place: Place, *argv: str, text: str | None = None, limit_s: float = 60.0
    ) -> subprocess.CompletedProcess[str]:
        """Run a program at a place to its end, with that place's resolver and the lab's authority."""
        return run(self.ground.inside(place, *argv), text=text, limit_s=limit_s, env=self.environment)

    def popen(self, place: Place, *argv: str) -> subprocess.Popen[bytes]:
        """Start a program at a place that goes on running; the caller ends it."""
        return subprocess.Popen(self.ground.inside(place, *argv), env=self.environment)

    @contextmanager
    def living_through(self, scenario: Scenario) -> Iterator[None]:
        """Do what a row says, and undo it at the end."""
        with ExitStack() as undoing:
            for program in scenario.programs:
                self._start_beside(program, undoing)
            undoing.callback(self._apply_rules, None)
            self._apply_rules(scenario)
            for shaping in scenario.shapings:
                undoing.callback(self._shape, shaping.place, shaping.end)
                self._shape(shaping.place, shaping.begin)
            for zone in scenario.zones:
                undoing.callback(restore, self.folder, zone)
                tamper(self.folder, zone)
            yield

    def _start_beside(self, program: Program, undoing: ExitStack) -> None:
        argv = (word.format(folder=self.folder) for word in program.argv)
        command = self.ground.inside(program.place, *argv)
        process = undoing.enter_context(
            subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)
        )
        undoing.callback(process.kill)
        if process.stdout is None or not process.stdout.readline():
            raise LabError(f"{' '.join(command)}: it ended before it was ready")

    def _shape(self, place: Place, lines: tuple[str, ...]) -> None:
        must(("tc", "-n", self.ground.name(place), "-batch", "-"), text="\n".join(lines) + "\n")

    def _apply_rules(self, scenario: Scenario | None) -> None:
        rules = scenario.rules if scenario else ()
        wanted = {(rule.place, rule.family) for rule in rules}
        for place, family in sorted(self._ruled | wanted):
            program = "iptables-restore" if family == FAMILIES[0] else "ip6tables-restore"
            mine = (rule for rule in rules if (rule.place, rule.family) == (place, family))
            must(self.ground.inside(place, program), text=restore_text(mine))
        self._ruled = wanted

    def calm_control(self) -> str:
        """The control's records of a calm day: made abroad, once, while no row is lived through."""
        if self._calm_control is None:
            made = self._calm_round()
            self._calm_control = made if is_calm(made) else self._calm_round()
        return self._calm_control

    def _calm_round(self) -> str:
        return self.check("abroad", further=FURTHER)

    def check(
        self, place: Place, *options: str, further: tuple[Target, ...] = (), wrapper: tuple[str, ...] = ()
    ) -> str:
        """One round of `dabyl probe check` over the listed targets and `further` ones; its output, JSON lines.

        Raises `LabError` when the command does not end with 0: verdicts do not change that.
        """
        targets = self._write("targets.csv", targets_csv(further))
        asked = ("--targets", targets, "--timeout", str(TIMEOUT_S), "--format", "jsonl", *options)
        if place == "home" and not wrapper:
            done = self._started().run(("probe", "check", *asked), ROUND_LIMIT_S)
        else:
            done = self.run(place, *wrapper, DABYL, "probe", "check", *asked, limit_s=ROUND_LIMIT_S)
        if done.returncode:
            raise LabError(
                f"dabyl probe check at {place}: exit {done.returncode}: {done.stderr.strip()[-2000:]}"
            )
        return whole(done.stdout)

    def _started(self) -> Starter:
        if self._starter is None:
            inside = self.ground.inside("home")
            self._starter = Starter(inside, self.environment, self.folder).__enter__()
        return self._starter

    def rehearse(self, scenario: Scenario, repeat: int) -> list[list[Line]]:
        """Live through a row and judge every target `repeat` times; the lines of each time."""
        self.calm_control()
        with self.living_through(scenario):
            options = (*self._control_options(scenario), *scenario.options)
            return [compare(scenario, read_output(self._round(scenario, options))) for _ in range(repeat)]

    def _round(self, scenario: Scenario, options: tuple[str, ...]) -> str:
        return self.check("home", *options, further=scenario.also, wrapper=scenario.wrapper)

    def _control_options(self, scenario: Scenario) -> tuple[str, ...]:
        records = self._control_records(scenario)
        files = (self._write(f"control-{number}.jsonl", text) for number, text in enumerate(records))
        return tuple(word for file in files for word in ("--control", file))

    def _control_records(self, scenario: Scenario) -> list[str]:
        if scenario.control == "none":
            return []
        if scenario.control == "hampered":
            return [self._round(scenario, scenario.options)]
        clean = self.calm_control()
        if scenario.control in _DAYS_AGO:
            return [_aged(clean, _DAYS_AGO[scenario.control])]
        if scenario.changes_servers:
            clean = self.check("abroad", further=scenario.also)
        if scenario.control == "yesterday_and_fresh":
            return [_aged(self.calm_control(), 1), clean]
        if scenario.control == "hampered_and_fresh":
            return [clean, self._round(scenario, scenario.options)]
        return [clean]
