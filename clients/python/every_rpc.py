"""An example of every RPC, against a server that serves `snapshots/tiny`: `python every_rpc.py [ADDRESS]`.

Run it on a server of its own: it holds, ships and pushes. Each answer is printed in a line.
"""

import json
import pathlib
import sys
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from promised import Client, PromisedError, message, plain
from promised.v1 import snapshot_pb2

client = Client(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1:50051")
called = set()


def show(rpc, answer):
    """Prints an answer, or the first of a stream's."""
    called.add(rpc)
    print(f"{rpc}: {json.dumps(plain(answer), default=str)[:160]}")
    return answer


def first(rpc, stream):
    """Prints the first answer of a stream that would go on."""
    show(rpc, next(stream))
    stream.close()


def refused(rpc, ask):
    """Prints an answer, or why there is none: a server without a token file has no tokens, one without a journal no backup."""
    try:
        show(rpc, ask())
    except PromisedError as fault:
        called.add(rpc)
        print(f"{rpc}: {fault}")


def line(order, quantity="1", item="PUMP", **more):
    return {"order": order, "item": item, "quantity": Decimal(quantity), "requested_date": date(2026, 11, 26), "customer": "NORDWIND", **more}


# New data: tiny again, with two demand classes that share the valves.
MORE = {
    "demand_classes.csv": b"demand_class,parent,rank\nALL,,1\nKEY,ALL,1\nWEB,ALL,2\n",
    "allocation_rules.csv": b"rule,demand_class,kind,method,value\nHALVES,KEY,share,percent,50\nHALVES,WEB,share,percent,50\n",
    "allocation_assignments.csv": b"rule,item,location\nHALVES,BODY,BER\n",
}


def parts(directory, snapshot_id):
    """A push: begin, each file, finish."""
    manifest = json.loads((directory / "manifest.json").read_text())
    files = {file.name: file.read_bytes() for file in directory.glob("*.csv") if file.name != "orders.csv"}
    files["manifest.json"] = json.dumps({**manifest, "snapshot_id": snapshot_id}).encode()
    yield message(snapshot_pb2.PushRequest, begin={"snapshot_id": snapshot_id})
    for name, data in sorted({**files, **MORE}.items()):
        yield message(snapshot_pb2.PushRequest, chunk={"file": name, "data": data, "crc32c": crc32c(data), "last": True})
    yield message(snapshot_pb2.PushRequest, finish={"aim": "ACTIVATE"})


def crc32c(data):
    """Castagnoli's check sum; the package `google-crc32c` has a fast one."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = (rest >> 1) ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


snapshots = client.snapshots
tiny = pathlib.Path(__file__).resolve().parents[2] / "snapshots/tiny"
show("SnapshotService.Push", snapshots.push(parts(tiny, "tiny-shared")))
show("SnapshotService.GetUpload", snapshots.get_upload(snapshot_id="tiny-shared"))
show("SnapshotService.List", snapshots.list())
show("SnapshotService.GetReconciliation", snapshots.get_reconciliation())
show("SnapshotService.GetStatus", snapshots.get_status())
later = {"change": "supply_moved", "cells": {"supply": "PO-1", "date": "2026-12-02"}}
show("SnapshotService.ApplyChanges", snapshots.apply_changes(source="erp", changes=[later]))

# What is there, when, for whom.
show("AvailabilityService.GetAvailability", client.availability.get_availability(item="VALVE", days=10))
show("AvailabilityService.QuickCheck", client.availability.quick_check(queries=[{"item": "VALVE", "location": "HAM", "quantity": 3}]))
bodies = {"item": "BODY", "location": "BER"}
show("AllocationService.GetAllocation", client.allocation.get_allocation(**bodies))
shift = {"shift": {"from_class": "WEB", "to_class": "KEY", "quantity": 1}}
show("AllocationService.Preview", client.allocation.preview(changes=[shift], **bodies))
show("AllocationService.Change", client.allocation.change(changes=[shift], **bodies))

# Order desk: ask, hold, confirm, change, ship.
promises = client.promises
show("PromiseService.CheckAvailability", promises.check_availability(lines=[line("E-1")], alternatives=2, pegging=True))
held = show("PromiseService.Promise", promises.promise(lines=[line("E-1")], hold_for=timedelta(minutes=10))).promises[0]
show("PromiseService.ExtendHold", promises.extend_hold(promise_ids=[held.promise_id], hold_for=timedelta(minutes=20)))
show("PromiseService.Confirm", promises.confirm(promise_id=held.promise_id))
show("PromiseService.Amend", promises.amend(promise_id=held.promise_id, line=line("E-1", "2")))
show("PromiseService.Fulfil", promises.fulfil(promise_id=held.promise_id))
show("PromiseService.Reopen", promises.reopen(promise_id=held.promise_id))
show("PromiseService.Get", promises.get(order="E-1", history=True))
show("PromiseService.List", promises.list(customer="NORDWIND", page_size=10))
show("PromiseService.Cancel", promises.cancel(promise_id=held.promise_id))
show("PromiseService.PromiseStream", next(client.promise_many([{"lines": [line("E-2")]}], window=8)))
show("PromiseService.SelfCheck", promises.self_check())

# Look things up, and see what is going on.
show("CatalogService.Find", client.catalog.find(text="pu"))
show("CatalogService.GetItem", client.catalog.get_item(item="PUMP"))
show("CatalogService.GetLocation", client.catalog.get_location(location="HAM"))
show("CatalogService.GetCustomer", client.catalog.get_customer(customer="NORDWIND"))
show("CatalogService.GetRules", client.catalog.get_rules(item="PUMP", location="HAM", customer="NORDWIND"))
show("AvailabilityService.GetAccount", client.availability.get_account(item="VALVE", location="HAM"))
show("AvailabilityService.GetCapacity", client.availability.get_capacity(resource="BENCH", days=10))
enough = {"item": "VALVE", "location": "HAM", "at_least": 1}
first("AvailabilityService.WatchAvailability", client.availability.watch_availability(thresholds=[enough]))
kept = promises.promise(lines=[line("E-3", "4", "VALVE")]).promises[0].promise_id
show("PromiseService.GetPegging", promises.get_pegging(promise_id=kept))
show("PromiseService.Explain", promises.explain(promise_id=kept))
found = show("ExceptionService.List", client.exceptions.list()).exceptions[0].exception_id
first("ExceptionService.Watch", client.exceptions.watch())
show("ExceptionService.Acknowledge", client.exceptions.acknowledge(exception_id=found, by="me", note="the customer knows"))
tomorrow = datetime.now(timezone.utc) + timedelta(days=1)
show("ExceptionService.Snooze", client.exceptions.snooze(exception_id=found, by="me", until=tomorrow))
first("EventService.Watch", client.watch(from_sequence=0))
show("AnalyticsService.Query", client.analytics.query(measures=["lines", "on_time_lines"], group_by=["item"]))
first("AnalyticsService.Export", client.analytics.export(format="CSV"))

# Who may what.
admin = client.admin
show("AdminService.WhoAmI", admin.who_am_i())
show("AdminService.GetConfig", admin.get_config())
refused("AdminService.CreateToken", lambda: admin.create_token(name="shop", roles=["promise"]))
refused("AdminService.ListTokens", admin.list_tokens)
refused("AdminService.RevokeToken", lambda: admin.revoke_token(name="shop"))
refused("AdminService.ListAudit", admin.list_audit)
show("AdminService.ClusterStatus", admin.cluster_status())
refused("AdminService.Backup", lambda: next(admin.backup()))

# What if.
scenarios = client.scenarios
scenario = show("ScenarioService.Create", scenarios.create(name="PO-1 a week later")).scenario_id
late = {"change": "supply_moved", "cells": {"supply": "PO-1", "days": "7"}}
show("ScenarioService.Change", scenarios.change(scenario_id=scenario, changes=[late]))
show("ScenarioService.List", scenarios.list())
show("ScenarioService.Get", scenarios.get(scenario_id=scenario))
show("ScenarioService.Compare", scenarios.compare(scenario_id=scenario))
*_, compared = scenarios.compare_stream(scenario_id=scenario)  # the messages before tell how far it is
show("ScenarioService.CompareStream", compared)
for figures in scenarios.vary(parameter="supply:PO-1:-2d..+2d", lines=[line("V-1")]):
    show("ScenarioService.Vary", figures)
applied = show("ScenarioService.Apply", scenarios.apply(scenario_id=scenario))
show("ScenarioService.Revert", scenarios.revert(position=applied.sequence))
show("ScenarioService.Discard", scenarios.discard(scenario_id=scenarios.create(name="not wanted").scenario_id))
run = show("BacklogService.Run", client.backlog.run(sequence="priority,requested_date")).run_id
show("BacklogService.GetRun", client.backlog.get_run(run_id=run))
*_, ran = client.backlog.run_stream(sequence="priority")
show("BacklogService.RunStream", ran)
show("BacklogService.ListRuns", client.backlog.list_runs())
show("BacklogService.CancelRun", client.backlog.cancel_run(run_id=ran.run_id))  # it was done already
show("BacklogService.Apply", client.backlog.apply(scenario_id=run))

# Back to the snapshot before: that it has no shares looks like broken data, so somebody has to answer for it.
force = {"by": "an example", "why": "the shares were an example"}
show("SnapshotService.Activate", snapshots.activate(snapshot_id="tiny", force=force))

every = {f"{service.name}.{method.name}" for service in client.descriptors() for method in service.methods}
print(f"{len(called)} of {len(every)} RPCs", *(f"without an example: {rpc}" for rpc in sorted(every - called)), sep="\n")
