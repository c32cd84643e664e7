"""A view as HTML. Everything is escaped; a name that a template misspells raises instead of vanishing."""

from __future__ import annotations

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from collector.page.assets import assets
from collector.page.choice import RELOAD_S, Choice
from collector.page.incidents import IncidentView
from collector.page.markup import clean
from collector.page.missing import Missing
from collector.page.past import PastView
from collector.page.view import View
from collector.page.wall import RELOAD_S as WALL_RELOAD_S
from collector.page.wall import Wall
from collector.page.words import Words
from wire.facts import Language

# A language is written in itself, so that whoever needs it can read it.
OWN_NAMES: Final[dict[Language, str]] = {"kk": "Қазақша", "ru": "Русский", "en": "English"}


@cache
def layout(name: str) -> Template:
    """A template by its file's name."""
    environment = Environment(
        loader=PackageLoader("collector.page", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def render(words: Words, page: View, choice: Choice) -> str:
    """The whole page; `words` and `page` in the language of `choice`."""
    return _rendered("page.html.j2", words, page, choice)


def render_incident(words: Words, page: IncidentView, choice: Choice) -> str:
    """An incident's own page; `words` and `page` in the language of `choice`."""
    return _rendered("incident.html.j2", words, page, choice)


def render_past(words: Words, page: PastView, choice: Choice) -> str:
    """The page of a past moment; `words` and `page` in the language of `choice`."""
    return _rendered("past.html.j2", words, page, choice)


def render_missing(words: Words, page: Missing, choice: Choice) -> str:
    """The page of an address that leads nowhere; `words` and `page` in the language of `choice`."""
    return _rendered("missing.html.j2", words, page, choice)


def render_wall(words: Words, page: Wall, choice: Choice) -> str:
    """The wallboard; `words` and `page` in the language of `choice`."""
    return _rendered("wall.html.j2", words, page, choice)


def _rendered(
    template: str, words: Words, page: View | IncidentView | PastView | Missing | Wall, choice: Choice
) -> str:
    on_wall = isinstance(page, Wall)
    html = layout(template).render(
        t=words,
        page=page,
        choice=choice,
        reload_s=WALL_RELOAD_S if on_wall else RELOAD_S,
        own_names=OWN_NAMES,
        css=f"/static/{assets()['wall.css' if on_wall else 'page.css'].name}",
        icon=f"/static/{assets()['icon.png'].name}",
    )
    return clean(html)
