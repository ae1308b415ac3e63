"""Asks when 2 pumps can be there, and holds them for ten minutes: `python example.py [ADDRESS]`."""

import sys
from datetime import date, timedelta
from decimal import Decimal

from promised import Client, amount, day

line = {"order": "EX-1", "item": "PUMP", "quantity": Decimal(2), "requested_date": date(2026, 11, 26), "customer": "NORDWIND"}
with Client(*sys.argv[1:]) as client:
    answer = client.promises.check_availability(lines=[line])
    leg = answer.results[0].default_option.legs[0]
    print(f"{amount(leg.quantity)} from {leg.location} ship on {day(leg.ship_date)}, cost {amount(answer.results[0].default_option.economics.cost)}")
    held = client.promises.promise(lines=[line], hold_for=timedelta(minutes=10)).promises[0]
    print(f"held as {held.promise_id} until {held.held_until.ToDatetime()}")
    client.promises.cancel(promise_id=held.promise_id)
