"""The command line itself: what a person reads when all is well, and when it is not."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from types import ModuleType

import pytest

from dabyl import cli
from wire import BadInput

Run = Callable[[argparse.Namespace], int]
Install = Callable[[Run], None]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    """Makes `dabyl fake go [--times N]` the only command and a function its work."""

    def install_run(run: Run) -> None:
        fake = ModuleType("dabyl.commands.fake")

        def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
            actions = commands.add_parser("fake").add_subparsers(metavar="ACTION", required=True)
            go = actions.add_parser("go")
            go.add_argument("--times", type=int, default=1)
            go.add_argument("--key", default="")
            go.set_defaults(run=run)

        fake.add = add  # type: ignore[attr-defined]  # modules are made of attributes
        monkeypatch.setitem(sys.modules, "dabyl.commands.fake", fake)
        monkeypatch.setattr(cli, "COMMANDS", ("fake",))

    return install_run


def raising(error: BaseException) -> Run:
    def run(options: argparse.Namespace) -> int:
        raise error

    return run


def test_the_status_of_the_command_is_the_status_of_the_program(install: Install) -> None:
    install(lambda options: int(options.times))
    assert cli.main(["fake", "go", "--times", "7"]) == 7


@pytest.mark.parametrize(
    "key",
    ["-ZPnLqyLVMmrGFQCeoYl0Y0xcsvMM0kbbIWxPqKyHNc", "--PnLqyLVMmrGFQCeoYl0Y0xcsvMM0kbbIWxPqKyHNc", "plain"],
)
def test_a_key_that_begins_with_a_dash_is_a_key(install: Install, key: str) -> None:
    install(lambda options: 7 if (options.key, options.times) == (key, 2) else 0)
    assert cli.main(["fake", "go", "--key", key, "--times", "2"]) == 7
    assert cli.main(["fake", "go", f"--key={key}", "--times", "2"]) == 7


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "dabyl: the following arguments are required: COMMAND; see 'dabyl --help'"),
        (["fake"], "dabyl: the following arguments are required: ACTION; see 'dabyl fake --help'"),
        (
            ["fake", "go", "--times", "x"],
            "dabyl: argument --times: invalid int value: 'x'; see 'dabyl fake go --help'",
        ),
        (["fake", "go", "--nope"], "dabyl: unrecognized arguments: --nope; see 'dabyl fake go --help'"),
        (
            ["nope"],
            "dabyl: argument COMMAND: invalid choice: 'nope' (choose from 'fake'); see 'dabyl --help'",
        ),
    ],
)
def test_arguments_that_cannot_be_parsed_are_one_line_and_exit_2(
    install: Install, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    install(raising(AssertionError("must not run")))
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    output = capsys.readouterr()
    assert stopped.value.code == 2
    # Python 3.12 leaves out the quotes
    assert output.err.replace("choose from fake", "choose from 'fake'") == f"{line}\n"
    assert output.out == ""


@pytest.mark.parametrize(
    ("error", "status", "line"),
    [
        (BadInput("targets.csv, line 3: no URL"), 2, "dabyl: targets.csv, line 3: no URL\n"),
        (
            BadInput("x.tar: cannot be opened:\n- method gz: no\n"),
            2,
            "dabyl: x.tar: cannot be opened: - method gz: no\n",
        ),
        (KeyboardInterrupt(), 130, ""),
        (
            ModuleNotFoundError("No module named 'yaml'", name="yaml"),
            1,
            "dabyl: the library yaml is not installed; pip install 'dabyl[all]' brings it\n",
        ),
    ],
)
def test_what_stops_a_command_is_said_without_a_traceback(
    install: Install, capsys: pytest.CaptureFixture[str], error: BaseException, status: int, line: str
) -> None:
    install(raising(error))
    assert cli.main(["fake", "go"]) == status
    assert capsys.readouterr().err == line


@pytest.mark.parametrize("error", [ModuleNotFoundError(name="wire.nope"), RuntimeError("a bug")])
def test_a_fault_of_our_own_is_not_hidden(install: Install, error: Exception) -> None:
    install(raising(error))
    with pytest.raises(type(error)):
        cli.main(["fake", "go"])


def test_the_version_is_the_installed_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"dabyl {version('dabyl')}\n"


def test_the_module_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "dabyl", "--version"], capture_output=True, check=True)
    assert done.stdout.startswith(b"dabyl ")


@pytest.mark.parametrize("lines", [1, 100_000])
def test_a_reader_that_leaves_is_no_error(lines: int) -> None:
    script = f"""
import argparse, sys
from dabyl import cli
def parser():
    made = argparse.ArgumentParser()
    made.set_defaults(run=lambda options: [print("a line") for _ in range({lines})] and 0)
    return made
cli.make_parser = parser
sys.stdin.read()
sys.exit(cli.main([]))
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=-1, stdout=-1, stderr=-1, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.close()  # before the first line, as `| true` does
        assert process.communicate(input="")[1] == ""
    assert process.returncode == 0
