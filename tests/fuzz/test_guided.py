from __future__ import annotations

import pytest

from tests.fuzz.guided import Guided
from tests.fuzz.target import judge, seeds


def test_no_text_that_a_guided_fuzzer_makes_is_read_without_reason() -> None:
    guided = Guided(judge, seeds()[::12], "/sms_gateway/core/")
    before = guided.lines
    guided.run(500)
    assert guided.lines >= before > 200


def test_the_fuzzer_finds_what_lies_behind_three_doors() -> None:
    def target(data: bytes) -> None:
        text = data.decode("utf-8", "ignore")
        depth = 0
        if "71" in text:
            depth += 1
            if "12" in text:
                depth += 1
                if "MY" in text:
                    raise LookupError(text)

    with pytest.raises(LookupError):
        Guided(target, [b"x"], "test_guided").run(50_000)
