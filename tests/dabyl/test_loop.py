from __future__ import annotations

import asyncio

import pytest

from dabyl import loop
from wire.errors import BadInput


async def _refuse(depth: int) -> None:
    if not depth:
        raise BadInput("one clear line")
    async with asyncio.TaskGroup() as group:
        group.create_task(_refuse(depth - 1))
        group.create_task(asyncio.sleep(60))


def test_bad_input_comes_out_of_any_depth_of_tasks_as_itself() -> None:
    for depth in range(3):
        with pytest.raises(BadInput, match="one clear line"):
            loop.run(_refuse(depth))


def test_our_own_faults_stay_what_they_are() -> None:
    async def fail() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(_divide())

    async def _divide() -> None:
        raise ZeroDivisionError

    with pytest.raises(ExceptionGroup):
        loop.run(fail())
