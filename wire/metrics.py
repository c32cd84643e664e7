"""The names of Dabyl's metrics, shared by what exposes them and what asks for them."""

from __future__ import annotations

from typing import Final

BUILD_INFO: Final = "dabyl_build_info"
MEASUREMENTS: Final = "dabyl_measurements_total"
FAILURES: Final = "dabyl_measurement_failures_total"
STEP_DURATION: Final = "dabyl_step_duration_seconds"
REACHABILITY: Final = "dabyl_reachability_ratio"
REACHABILITY_PROBES: Final = "dabyl_reachability_probes"
LINE_DOWN: Final = "dabyl_line_down_ratio"
LINE_DOWN_PROBES: Final = "dabyl_line_down_probes"
INTERFERENCE: Final = "dabyl_interference_ratio"
PROBES_EXPECTED: Final = "dabyl_probes_expected"
PROBES_REPORTING: Final = "dabyl_probes_reporting"
PROBES_LAST_REPORT: Final = "dabyl_probes_last_report_timestamp_seconds"
BATCHES: Final = "dabyl_batches_total"
BATCHES_REJECTED: Final = "dabyl_batches_rejected_total"
DIGESTS: Final = "dabyl_digests_total"
BATCH_DELAY: Final = "dabyl_batch_delay_seconds"
CLOCK_SKEW: Final = "dabyl_probe_clock_skew_seconds"
CONTROL_TIMESTAMP: Final = "dabyl_control_timestamp_seconds"
STATION_INFO: Final = "dabyl_station_info"
STATION_STATE: Final = "dabyl_station_state_code"
STATION_LAST_SEEN: Final = "dabyl_station_last_seen_timestamp_seconds"
STATION_CAMERA: Final = "dabyl_station_camera_state_code"
STATIONS: Final = "dabyl_stations"
SMS_RECEIVED: Final = "dabyl_sms_received_total"
SMS_SENT: Final = "dabyl_sms_sent_total"
SMS_DELIVERED: Final = "dabyl_sms_delivered_total"
SMS_REJECTED: Final = "dabyl_sms_rejected_total"
SMS_QUEUE: Final = "dabyl_sms_queue_length"
SMS_OLDEST: Final = "dabyl_sms_oldest_seconds"
SMS_LINK_UP: Final = "dabyl_sms_link_up"
SMS_SIGNAL: Final = "dabyl_sms_signal_ratio"
SMS_SENDING: Final = "dabyl_sms_delivery_duration_seconds"
INCIDENT_ACTIVE: Final = "dabyl_incident_active"
INCIDENT_STARTED: Final = "dabyl_incident_started_timestamp_seconds"
INCIDENT_CONFIDENCE: Final = "dabyl_incident_confidence_ratio"
INGEST_DURATION: Final = "dabyl_ingest_duration_seconds"
INGEST_QUEUE: Final = "dabyl_ingest_queue_length"
LEDGER_SIZE: Final = "dabyl_ledger_size"
LEDGER_CHECKPOINT: Final = "dabyl_ledger_checkpoint_timestamp_seconds"
LATE_SAMPLES: Final = "dabyl_late_samples_total"
LEDGER_UNMERGED: Final = "dabyl_ledger_unmerged_seconds"  # the oldest entry without a checkpoint; 0: none
LEDGER_AUDIT_OK: Final = "dabyl_ledger_audit_ok"  # of the newest self-audit: 1 it holds, 0 it does not
LEDGER_AUDIT_TIMESTAMP: Final = "dabyl_ledger_audit_timestamp_seconds"
SHEETS_RECEIVED: Final = "dabyl_sheets_received_total"  # region, channel
SHEET_MISMATCHES: Final = "dabyl_sheet_mismatches_total"  # region, channel
SHEET_PUBLIC_DELAY: Final = "dabyl_sheet_public_delay_seconds"  # histogram: from entry to public
STATION_CLOCK: Final = "dabyl_station_clock_seconds"  # histogram: region, mark (since the polls closed)
COMMISSION_QUEUE: Final = "dabyl_commission_queue_length"  # region, district
COMMISSION_OLDEST: Final = "dabyl_commission_queue_oldest_seconds"
STATIONS_OVERDUE: Final = "dabyl_stations_overdue"  # region: sheets not told 12 h after the polls closed
