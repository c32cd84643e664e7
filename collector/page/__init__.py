"""The status page: one answer for everybody, in three languages, without a script.

`view` (with `answer`, `rows`, `moments`) is pure: it turns an overview into formatted text.
`render` lays that text out. `routes` alone knows the web server. `sheets` are the pages of result sheets.
"""

from __future__ import annotations

from collector.page.feeds import add_feeds
from collector.page.routes import add_page
from collector.page.sheets import add_sheet_pages

__all__ = ["add_feeds", "add_page", "add_sheet_pages"]
