"""The numbers of the model, each with its reason."""

from __future__ import annotations

from typing import Final

# What a normal probe says of a healthy target that is not there: lost packets, lying probes.
CALM_BAD: Final = 0.02
PRIOR_WEIGHT: Final = 20.0
# At most one false alarm in 30 days over all groups that are tested: an alarm must pay log(minutes x groups).
ALARM_MINUTES: Final = 30 * 24 * 60
# No cell may say more than this in one minute, so that no single network decides for others.
CELL_CAP: Final = 10.0
# Cost of leaving an alarm or of changing its kind, in nats.
LEAVE_COST: Final = 4.0
CHANGE_COST: Final = 9.0
DOUBT_DISCOUNT: Final = 1.0  # what doubt costs less than an alarm
# A probe counts as known when it was there in the first hours, or after a day.
FIRST_HOURS_S: Final = 6 * 3600.0
FRESH_S: Final = 24 * 3600.0
CROWD_SHARE: Final = 0.3  # so many newcomers within minutes, of those that were there, are a crowd
# A probe that contradicts its neighbours in this share of calm rounds does not count.
LIAR_SHARE: Final = 0.25
LIAR_ROUNDS: Final = 12
# Arrival later than this after the event: it came from a spool, and could not help the live detector.
LIVE_DELAY_S: Final = 180.0
# A clock that runs behind by more than this, steadily, is put right.
SKEW_S: Final = 120.0
# Pauses of one incident up to this are flapping, not an end; where probes report rarely, up to two rounds.
MERGE_MINUTES: Final = 15
# But calm of half an hour is an end, unless one and a half rounds take longer.
LONGEST_PAUSE_MINUTES: Final = 25
# An incident needs this many distinct probes: the same bound as for publishing a cell.
LEAST_PROBES: Final = 3
# Groups whose onsets lie within this are one event; a national cut may take half an hour to spread.
TOGETHER_MINUTES: Final = 6
SPREAD_MINUTES: Final = 30
WITNESSES: Final = 20
