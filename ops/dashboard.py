#!/usr/bin/env python3
"""Writes ops/dashboard.json, a dashboard for Grafana: python3 ops/dashboard.py > ops/dashboard.json"""
import json

# Title, unit, and what each line of it shows.
PANELS = [
    ("Live promises", "short", [("promised_promises_live", "live"), ("promised_promises_at_risk", "at risk")]),
    ("Entries a second", "ops", [("rate(promised_journal_position[1m])", "entries")]),
    ("Age of sources", "s", [("promised_source_age_seconds", "{{source}}")]),
    ("Age of the snapshot", "s", [("promised_snapshot_age_seconds", "age")]),
    ("Refreshes", "short", [("increase(promised_refreshes_total[1h])", "{{outcome}}")]),
    ("Refresh under way", "percentunit", [("promised_refresh_progress", "progress")]),
    ("Changes since the snapshot", "short", [("promised_changes_since_snapshot", "changes")]),
    ("Memory", "bytes", [("promised_resident_bytes", "resident"), ("promised_snapshot_bytes", "snapshot")]),
    ("Commands that wait", "short", [("promised_queue_depth", "waiting")]),
    (
        "Sync of the journal",
        "s",
        [
            (f"histogram_quantile({q}, sum by (le) (rate(promised_sync_seconds_bucket[5m])))", f"p{int(100 * q)}")
            for q in (0.5, 0.99)
        ],
    ),
    ("Lines by status", "ops", [("sum by (status) (rate(promised_lines_total[1m]))", "{{status}}")]),
    ("Free on disk", "bytes", [("promised_disk_free_bytes", "free")]),
    ("Refused callers", "ops", [("sum by (reason) (rate(promised_auth_refused_total[5m]))", "{{reason}}")]),
    ("Certificate ends in", "s", [("promised_tls_certificate_expires_seconds", "seconds")]),
]


def panel(number, title, unit, lines):
    targets = [
        {"refId": chr(ord("A") + at), "expr": expr, "legendFormat": legend, "datasource": {"uid": "${source}"}}
        for at, (expr, legend) in enumerate(lines)
    ]
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": title,
        "datasource": {"uid": "${source}"},
        "gridPos": {"x": 12 * (number % 2), "y": 8 * (number // 2), "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": unit}, "overrides": []},
        "targets": targets,
    }


dashboard = {
    "uid": "promised",
    "title": "Promised",
    "schemaVersion": 39,
    "time": {"from": "now-6h", "to": "now"},
    "refresh": "30s",
    "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus", "label": "Source"}]},
    "panels": [panel(number, *what) for number, what in enumerate(PANELS)],
}
print(json.dumps(dashboard, indent=1))
