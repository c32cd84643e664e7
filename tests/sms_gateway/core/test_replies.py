from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sms_gateway.catalogue import say
from sms_gateway.core.combining import PAIRS
from sms_gateway.core.grammar import language_of, read
from sms_gateway.core.gsm import parts
from sms_gateway.core.latin import latin
from sms_gateway.core.reading import FAULTS, KINDS, QUERIES, Reading, Rejected
from sms_gateway.core.replies import Script, reply, script_of
from tests.sms_gateway.core.corpus import ASTANA
from wire.facts import LANGUAGES, Language, regions

SCRIPTS: tuple[Script, ...] = ("cyrillic", "latin")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("KZ-71-0379 АШЫЛДЫ", "KZ-71-0379 АШЫЛДЫ: қабылданды"),
        ("жарық жоқ 71 379", "KZ-71-0379 ЖАРЫҚ ЖОҚ: қабылданды"),
        ("jaryq joq 71 379", "KZ-71-0379 ZHARYQ ZHOQ: qabyldandy"),
        ("света нет 71 379", "KZ-71-0379 СВЕТ НЕТ: принято"),
        ("otkryt 71 379", "KZ-71-0379 OTKRYT: prinyato"),
        ("svet vykl 71 379", "KZ-71-0379 SVET VYKL: prinyato"),
        ("svet 71 379", "Ponyato: KZ-71-0379 SVET. Dobavte: VKL ili VYKL"),
        ("net off 71 379", "KZ-71-0379 NET OFF: received"),
        ("свет 71 379", "Понято: KZ-71-0379 СВЕТ. Добавьте: ЕСТЬ или НЕТ"),
        ("open 99 12", "Understood: KZ-99-0012 OPEN. There is no such region"),
        ("Привет", "Есть лишнее слово. Пример: KZ-71-0379 ОТКРЫТ"),
        (
            "открыт закрыт статус свет нет 71 379",  # too much for 70 characters: the same in Latin letters
            "Ponyato: KZ-71-0379 OTKRYT ZAKRYT STATUS SVET VYKL. Odno slovo v soobschenii",
        ),
    ],
)
def test_the_answer_comes_in_the_senders_language_and_script(text: str, answer: str) -> None:
    found = read(text, regions())
    assert reply(found, language_of(text), script_of(text), say) == answer


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", SCRIPTS)
def test_every_answer_to_a_report_fits_one_part_in_its_own_script(language: Language, script: Script) -> None:
    for kind, value in PAIRS:
        read_as = Reading(kind=kind, station=ASTANA, value=value, language=language)
        answer = reply(read_as, language, script, say)
        assert parts(answer).count == 1
        assert (script_of(answer) == "cyrillic") == (script == "cyrillic" and language != "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("script", SCRIPTS)
@pytest.mark.parametrize("error", FAULTS)
@pytest.mark.parametrize(
    "understood", ["", f"{ASTANA} power", " ".join([ASTANA, "KZ-75-0001", *KINDS, "on off"]), ASTANA * 20]
)
def test_every_answer_to_what_is_rejected_fits_one_part(
    language: Language, script: Script, error: str, understood: str
) -> None:
    answer = reply(Rejected(error=error, understood=understood), language, script, say)  # type: ignore[arg-type]  # of FAULTS
    assert parts(answer).count == 1
    assert answer


@given(st.text())
def test_whatever_comes_is_answered_in_one_part(text: str) -> None:
    assert parts(reply(read(text, regions()), language_of(text), script_of(text), say)).count == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_an_answer_tells_to_send_is_understood_in_that_language(language: Language) -> None:
    for kind, value in PAIRS:
        count = " 1250" if kind == "turnout" else ""
        for script in SCRIPTS:
            words = [say(language, f"word-{one}", {"script": script}) for one in (kind, value) if one]
            said = latin(" ".join(words)) if script == "latin" else " ".join(words)
            found = read(f"{ASTANA} {said}{count}", regions())
            if kind in QUERIES:
                assert found == Rejected(error="unproven", understood=f"{ASTANA} {kind}")
                continue
            assert isinstance(found, Reading), (said, found)
            assert (found.kind, found.value) == (kind, value or count.strip())


def test_a_message_that_a_catalogue_lacks_is_a_fault_of_ours() -> None:
    with pytest.raises(LookupError):
        say("kk", "no-such-message", {})
    with pytest.raises(LookupError):
        say("kk", "accepted", {})


@given(st.text(alphabet="абвгғдежзийкқлмнңоөпрстуұүфхһцчшщъыіьэюяёәАӘҒҚҢӨҰҮҺІ 0-9.:", max_size=80))
def test_latin_letters_always_stay_within_the_7_bit_alphabet(text: str) -> None:
    assert parts(latin(text)).alphabet == "gsm7"
