from __future__ import annotations

from collector.core.detect import own_id


def test_an_id_that_is_free_is_given_as_it_is() -> None:
    assert own_id("i-1", set()) == "i-1"


def test_an_id_that_is_taken_gets_the_first_number_that_is_not() -> None:
    assert own_id("i-1", {"i-1", "i-1-2"}) == "i-1-3"
