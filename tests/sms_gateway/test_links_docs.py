"""docs/links.md shows the session's table as the code has it: `python -m tests.sms_gateway.test_links_docs` writes it anew."""

from __future__ import annotations

from pathlib import Path

from sms_gateway.core.smpp.session import TABLE

PAGE = Path(__file__).parents[2] / "docs" / "links.md"
BEGIN, END = "<!-- session table: generated -->", "<!-- end of the session table -->"


def table() -> str:
    """The table of a session as Markdown."""
    rows = [
        f"| `{state}` | `{event}` | `{after}` | {', '.join(f'`{act}`' for act in acts)} |"
        for (state, event), (after, acts) in TABLE.items()
    ]
    return "\n".join(["| state | event | then | acts |", "|---|---|---|---|", *rows])


def test_the_session_in_the_docs_is_the_one_of_the_code() -> None:
    shown = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    assert shown == table()


if __name__ == "__main__":
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n{table()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")
