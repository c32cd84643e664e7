"""Result sheets for everybody: a search, copies side by side, a check in the page, all as files.

`search`, `station` and `columns` are pure; `routes` and `files` know the web server.
"""

from __future__ import annotations

from collector.page.sheets.routes import add_sheet_pages

__all__ = ["add_sheet_pages"]
