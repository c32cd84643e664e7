"""The offline station page: one HTML file that seals a result sheet on a phone, without any server.

`read_election` reads what an election commission prepares, `build` makes the page, `write_page` and
`write_folder` put it in place. docs/station-page.md says how it is handed out.
"""

from __future__ import annotations

from sms_gateway.station_page.builder import PageOptions, build, folder_files, write_folder, write_page
from sms_gateway.station_page.election import Ballot, Election, read_election

__all__ = [
    "Ballot", "Election", "PageOptions", "build", "folder_files", "read_election", "write_folder",
    "write_page",
]  # fmt: skip
