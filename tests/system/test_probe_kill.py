"""kill -9 of the real probe, 50 times: what was spooled arrives, and once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

KILLS = 50


def test_fifty_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    script = f"ip link set lo up && exec {sys.executable} -m tests.system.probe_under_fire {tmp_path} {KILLS}"
    done = subprocess.run(
        ["unshare", "-n", "sh", "-c", script], capture_output=True, text=True, timeout=110, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["lost"] == []
    assert found["twice"] == 0
    assert found["still_there"] <= 1, "at most the batch of the last moment"
    assert found["spooled"] >= KILLS / 10, "many kills met a batch on its way"
    assert found["arrived"] >= found["spooled"], "the probe was at work"
