"""Our records as OONI's measurements: web_connectivity, telegram, whatsapp, signal, facebook_messenger.

Pure: records in, measurements and refusals out.
"""

from __future__ import annotations

from probes.core.ooni.base import Reason
from probes.core.ooni.export import Refused, to_ooni
from probes.core.ooni.format import OoniMeasurement

__all__ = ["OoniMeasurement", "Reason", "Refused", "to_ooni"]
