"""Rules that compare: with the own line, with the control, with the same name a minute later."""

from __future__ import annotations

from typing import Final

from wire import names
from wire.judge.addresses import is_v6
from wire.judge.artefacts import alike, control_pages, plain
from wire.judge.case import Case, Finding, mechanism_of
from wire.judge.line import BROKEN_OFF, worked_later
from wire.judge.loss import is_lossy
from wire.judge.trail import AGAIN, KNOWN_ADDRESS, NAME_CONTROL, pick
from wire.names import Mechanism, Stage

FEW: Final = 2
# Kinds that end inside a handshake which is verified.
_SEALED: Final = frozenset({"https", "tls", "dot", "doh"})
_DATES: Final = frozenset({"expired", "not_yet_valid"})
SERVER_ERROR: Final = 500
OK_STATUS: Final = 200


def nothing_measured(case: Case) -> Finding | None:
    """No step says anything about the target."""
    return None if case.end.stage or case.end.complete else Finding(state="insufficient")


def works_authenticated(case: Case) -> Finding | None:
    """A valid handshake all the way: nobody on the way could have made this answer."""
    if not case.end.complete or case.scheme not in _SEALED or plain(case):
        return None
    page = case.page
    if page is not None and page.status >= SERVER_ERROR:
        return Finding(state="down", stage="http")
    return Finding(state="ok")


def answers_in_its_protocol(case: Case) -> Finding | None:
    """A service that has no page, asked in its own protocol, answered in it."""
    taken = case.line.stand_in if case.line is not None else ()
    page = case.page
    if case.scheme != "post+http" or page is None or page.port in taken:
        return None
    return Finding(state="ok")


def works_as_control(case: Case) -> Finding | None:
    """A plain page that is the one which a control got."""
    here = case.page
    if here is None or not case.end.complete or not any(alike(here, page) for page in control_pages(case)):
        return None
    if here.status >= SERVER_ERROR:
        return Finding(state="down", stage="http")
    return Finding(state="ok")


def resolver_declines(case: Case) -> Finding | None:
    """A resolver answered in a valid handshake and gave no address: nobody else made that."""
    own = [step for step in pick(case.steps, "dns") if step.rcode or step.failure == names.DNS_NO_ANSWER]
    page = case.page
    declined = bool(own) or (page is not None and page.status != OK_STATUS)
    if case.scheme not in {"dot", "doh"} or case.end.stage != "dns" or not declined:
        return None
    everywhere = bool(case.controls) and not case.passed_at_control("dns")
    return Finding(state="down" if everywhere else "insufficient", stage="dns")


def captive_portal(case: Case) -> Finding | None:
    """Something near answers in everybody's name."""
    if case.line is None or not case.line.portal:
        return None
    return Finding(state="insufficient", stage="line", mechanism="line.captive_portal")


def accepted_by_a_stand_in(case: Case) -> Finding | None:
    """A bare connection, on a line where somebody accepts connections to addresses that nobody has."""
    taken = case.line.stand_in if case.line is not None else ()
    bare = [step for step in pick(case.steps, "tcp", case.end.hop) if step.failure is None]
    if case.scheme != "tcp" or not case.end.complete or any(step.port not in taken for step in bare):
        return None
    return Finding(state="insufficient", stage="line")


def works(case: Case) -> Finding | None:
    """It connected, or was resolved, or gave an encrypted page after a plain redirect."""
    return Finding(state="ok") if case.end.complete and not plain(case) else None


def page_without_control(case: Case) -> Finding | None:
    """A plain page came, and nobody can say whether it is the true one."""
    return Finding(state="insufficient", stage="http") if case.end.complete else None


def own_line_down(case: Case) -> Finding | None:
    """Nothing at all was reached in the whole round."""
    line = case.line
    if line is None or line.connected or line.ok:
        return None
    if line.tried < FEW and line.gateway != "no" and line.resolver_answers != "no":
        return None
    return Finding(state="insufficient", stage="line", mechanism="line.down")


def own_resolver_silent(case: Case) -> Finding | None:
    """The machine's resolver answers nothing to anybody: a broken router does that too."""
    line = case.line
    if case.end.stage != "dns" or line is None or line.resolver_answers != "no":
        return None
    return Finding(state="insufficient", stage="dns", mechanism=mechanism_of(case))


def own_ipv6_broken(case: Case) -> Finding | None:
    """The target was tried by IPv6 alone, and IPv6 works nowhere here."""
    tried = pick(case.steps, "quic" if case.scheme == "quic" else "tcp", case.end.hop)
    only_v6 = bool(tried) and all(is_v6(step.address) for step in tried)
    if (
        case.end.stage not in {"tcp", "quic"}
        or not only_v6
        or (case.line is not None and case.line.ipv6 == "yes")
    ):
        return None
    return Finding(state="insufficient", stage="line")


def worked_again(case: Case) -> Finding | None:
    """The repeat a moment later worked: a packet was lost, or the line is."""
    stage = case.end.stage
    later: Stage | None = "tls" if stage == "tcp" else stage  # a handshake shows more than a connection
    again = pick(case.steps, later, case.end.hop, AGAIN) if later in {"tls", "quic"} else []
    repeated = any(step.failure is None for step in again)
    if not repeated and not worked_later(case.target, case.steps):
        return None
    return Finding(state="insufficient", stage="line", mechanism="line.lossy")


def found_later(case: Case) -> Finding | None:
    """Its name could not be found out at first, and on a later look it could: the resolver's own moods."""
    later = pick(case.steps, "dns", case.end.hop, AGAIN)
    if case.end.failure not in {names.TIMEOUT, names.DNS_SERVFAIL} or case.end.stage != "dns":
        return None
    if not any(step.answers for step in later):
        return None
    return Finding(state="insufficient", stage="dns", mechanism=mechanism_of(case))


def fails_differently(case: Case) -> Finding | None:
    """The page failed inside a valid handshake, and later the handshake did: a server's own moods."""
    if case.end.stage != "http" or not case.tls("") or all(one.failure is None for one in case.tls(AGAIN)):
        return None
    return Finding(state="insufficient", stage="http", mechanism=mechanism_of(case))


def breaks_off_now_and_then(case: Case) -> Finding | None:
    """Handshakes at one address end now so, now otherwise under one name: the server's own moods."""
    harmless = sorted(case.tls(NAME_CONTROL), key=lambda step: step.t0)
    heard = [bool(step.answered) for step in harmless]
    if case.end.stage != "tls" or case.end.failure not in BROKEN_OFF or not heard:
        return None
    # at once answered: always so; only after some quiet: not so soon after the wanted name was said again
    first, later = heard[0], heard[heard.index(True) + 1 :] if True in heard else []
    relapsed = not all(later) if first else any(later)
    wanted = {bool(step.answered) for role in ("", AGAIN) for step in case.tls(role)}
    if not relapsed and len(wanted) == 1:
        return None
    return Finding(state="insufficient", stage="tls", mechanism="tls")


def own_line_lossy(case: Case) -> Finding | None:
    """Silence, or a resolver that could not find out, on a line that loses packets of many targets."""
    if case.end.failure not in {names.TIMEOUT, names.DNS_SERVFAIL} or not is_lossy(case.line):
        return None
    return Finding(state="insufficient", stage="line", mechanism="line.lossy")


def redirected_elsewhere(case: Case) -> Finding | None:
    """It fails after a redirect to a host where no control was sent."""
    stage, host = case.end.stage, case.host
    if not case.end.hop or stage is None or not case.controls:
        return None
    if any(one.passed_host(host, stage) is not None for one in case.controls):
        return None
    return Finding(state="insufficient", stage=stage, mechanism=mechanism_of(case))


def down_everywhere(case: Case) -> Finding | None:
    """No control got past the stage where it fails here."""
    stage = case.end.stage
    if stage is None or not case.controls or case.passed_at_control(stage):
        return None
    return Finding(state="down", stage=stage)


def own_certificate_out_of_date(case: Case) -> Finding | None:
    """A chain of a known authority for the right name, only outside its dates."""
    errors = {error for step in case.tls("") for error in step.verify_errors}
    if case.end.failure != names.SSL_CERTIFICATE or not errors <= _DATES:
        return None
    if case.trusted_at_control():  # then the dates differ: it may be this machine's clock
        return Finding(state="insufficient", stage="tls")
    return Finding(state="down", stage="tls")


def only_the_resolver_denies(case: Case) -> Finding | None:
    """No address from the own resolver, and a valid handshake at one that public resolvers give now.

    An address that only an old control knew shows nothing: the name may have been given up since.
    """
    valid = {step.address for step in case.tls(KNOWN_ADDRESS) if step.failure is None}
    if case.end.stage != "dns" or valid.isdisjoint(case.public_addresses):
        return None
    return Finding(state="likely_blocked", stage="dns", mechanism=mechanism_of(case))


def foreign_links_cut(case: Case) -> Finding | None:
    """Domestic targets work, and not one of many foreign ones does."""
    cut = case.line is not None and case.line.mode in {"foreign_cut", "allowlist"}
    return _silenced(case) if cut and case.target.side == "foreign" else None


def allowlist_only(case: Case) -> Finding | None:
    """No foreign target works and few domestic ones do: what fails is what nobody allowed."""
    listed = case.line is not None and case.line.mode == "allowlist"
    return _silenced(case) if listed and case.target.side == "domestic" else None


def _silenced(case: Case) -> Finding | None:
    if case.end.stage not in {"dns", "tcp", "tls", "quic", "stream"}:
        return None
    return Finding(state="likely_blocked", stage=case.end.stage, mechanism=mechanism_of(case))


def no_control(case: Case) -> Finding | None:
    """It fails here; whether elsewhere too, nobody told."""
    if case.controls:
        return None
    return Finding(state="insufficient", stage=case.end.stage, mechanism=mechanism_of(case))


def no_witness_of_line(case: Case) -> Finding | None:
    """Nothing else shows that this machine's line reaches beyond its resolver."""
    line = case.line
    if line is not None and (line.connected or line.ok):
        return None
    return Finding(state="insufficient", stage=case.end.stage, mechanism=mechanism_of(case))


def no_witness_of_layer(case: Case) -> Finding | None:
    """Silence, where no handshake at all, or no page at all, came through in the whole round.

    A line that carries only small packets, or no encryption at all, looks like a censor of every name.
    """
    line, stage = case.line, case.end.stage
    if line is None or case.end.failure != names.TIMEOUT:
        return None
    alone = (stage == "tls" and line.shaken == 0) or (stage == "http" and line.paged == 0)
    return Finding(state="insufficient", stage=stage, mechanism=mechanism_of(case)) if alone else None


def name_closes_address(case: Case) -> Finding | None:
    """No connection at first; later one stood, and a harmless name was answered, the wanted one not.

    The address had been closed before, to whoever says the name: it is often said by another target.
    """
    shaken = case.tls(AGAIN)
    failed = {step.failure for step in shaken}
    harmless = any(step.answered for step in case.tls(NAME_CONTROL))
    if case.end.stage != "tcp" or not harmless or not failed or not failed <= BROKEN_OFF:
        return None
    label: Mechanism = "tls.timeout.sni" if names.TIMEOUT in failed else "tls.reset.sni"
    return Finding(state="likely_blocked", stage="tls", mechanism=label)


def refused_handshake(case: Case) -> Finding | None:
    """The other side declined the handshake, or showed a trusted certificate of another name."""
    if case.end.failure not in {names.SSL_HANDSHAKE, names.SSL_HOSTNAME, names.SSL_CERTIFICATE}:
        return None
    return Finding(state="insufficient", stage="tls", mechanism="tls")


def fails_here_only(case: Case) -> Finding | None:
    """It fails here, works at a control, and the own line is well."""
    return Finding(state="likely_blocked", stage=case.end.stage, mechanism=mechanism_of(case))
