"""promised_sale against the stub of the ORM and a real server (PROMISED_BIN): `python3 -m unittest test_promised_sale`."""

import datetime
import os
import pathlib
import re
import subprocess
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree as xml

import stub

stub.install()
import promised_sale  # noqa: E402, F401
from promised_sale.models.promised_api import Promised, Refused, dates  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
TINY = HERE.parents[1] / "snapshots/tiny"


class Server:
    """The real binary on a free port."""

    def __init__(self):
        self.scratch = tempfile.TemporaryDirectory()
        self.listen = "127.0.0.1:0"
        self.start()

    def start(self):
        command = [os.environ.get("PROMISED_BIN", "promised"), "serve", TINY, "--data", self.scratch.name + "/data", "--listen", self.listen]
        log = pathlib.Path(self.scratch.name, "log")
        with log.open("w") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        for _ in range(600):
            found = re.search(r"^serving \S+ on (\S+:\d+)", log.read_text(), re.MULTILINE)
            if found:
                self.listen = found[1]
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(log.read_text())

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.kill()
        self.scratch.cleanup()


class Unit(stub.Model):
    def _compute_quantity(self, quantity, other, round=True):
        return quantity * self.factor / other.factor


class Order(stub.Model):
    def action_confirm(self):
        self.write({"state": "sale"})
        return True

    def _action_cancel(self):
        self.write({"state": "cancel"})
        return True


def order_of(env, name, *lines, partner="NORDWIND"):
    """An order of (item, quantity, factor of the unit) lines."""
    record = env.records
    company = record("res.partner", stub.Model, [{"id": 7, "ref": partner}])
    each = record("uom.uom", Unit, [{"factor": 1.0}])
    order = {"name": name, "date_order": datetime.datetime(2026, 11, 26, 9), "commitment_date": False, "state": "draft"}
    order["partner_id"] = record("res.partner", stub.Model, [{"commercial_partner_id": company}])
    rows = []
    for number, (item, quantity, factor) in enumerate(lines, 1):
        product = record("product.product", stub.Model, [{"default_code": item, "type": "consu", "uom_id": each}])
        unit = record("uom.uom", Unit, [{"factor": factor}])
        rows.append({"id": number, "product_id": product, "product_uom": unit, "product_uom_qty": quantity, "price_unit": 100.0, "display_type": False})
    note = {"id": 99, "display_type": "line_note", "product_id": record("product.product", stub.Model, [{"default_code": False, "type": False}]), "product_uom_qty": 0.0}
    answer = record("sale.order", Order, [order])
    order["order_line"] = record("sale.order.line", stub.Model, [*rows, note])
    for row in [*rows, note]:
        row["order_id"] = answer
    return answer


class PromisedSale(unittest.TestCase):
    def setUp(self):
        self.server = Server()
        self.addCleanup(self.server.stop)
        self.env = stub.Env()
        self.settings = {"promised_sale.address": f"http://{self.server.listen}", "promised_sale.hold_seconds": "600"}
        self.env["ir.config_parameter"] = stub.Parameters(self.settings)
        self.api = Promised(self.settings["promised_sale.address"])

    def kept(self, order):
        try:
            return [(one["promiseId"], one["state"], one.get("quantity", 0)) for one in self.api.call("PromiseService/Get", {"order": order})["promises"]]
        except Refused as fault:
            self.assertEqual((fault.code, fault.reason), ("not_found", "PROMISE_NOT_FOUND"))
            return []

    def test_dates_are_shown_and_nothing_is_kept(self):
        order = order_of(self.env, "S1", ("PUMP", 2.0, 1.0), ("VALVE", 4.0, 1.0))
        order.action_promised_check()
        pump, valve, note = order.order_line
        self.assertEqual((pump.promised_status, pump.promised_ship_date, pump.promised_arrival_date), ("on_time", "2026-11-26", "2026-11-27"))
        self.assertEqual((valve.promised_status, valve.promised_ship_date), ("late", "2026-12-01"))
        self.assertIn("VALVE at HAM", valve.promised_why)
        self.assertFalse(note.promised_status)
        self.assertEqual(self.kept("S1"), [])

    def test_held_with_the_button_confirmed_and_given_back_with_the_order(self):
        order = order_of(self.env, "S2", ("PUMP", 2.0, 1.0))
        order.action_promised_hold()
        self.assertEqual(order.order_line.rows[0]["promised_id"], "P1")
        self.assertEqual(self.kept("S2"), [("P1", "HELD", 2)])
        order.action_confirm()
        self.assertEqual((order.state, self.kept("S2")), ("sale", [("P1", "CONFIRMED", 2)]))
        order._action_cancel()
        self.assertEqual((order.state, [state for _, state, _ in self.kept("S2")]), ("cancel", ["CANCELLED"]))
        self.assertFalse(order.order_line.rows[0]["promised_id"])

    def test_an_order_without_a_promise_is_confirmed_and_cancelled_all_the_same(self):
        order = order_of(self.env, "S9", ("PUMP", 1.0, 1.0))
        order.order_line.rows[0]["promised_id"] = "P77"
        order.action_confirm()
        order._action_cancel()
        self.assertEqual(order.state, "cancel")

    def test_held_again_after_a_change_it_is_replaced(self):
        order = order_of(self.env, "S3", ("PUMP", 1.0, 1.0))
        order.action_promised_hold()
        order.action_promised_hold()
        order.order_line.rows[0]["product_uom_qty"] = 3.0
        order.action_promised_hold()
        live = [(state, quantity) for _, state, quantity in self.kept("S3") if state in ("HELD", "CONFIRMED")]
        self.assertEqual(live, [("HELD", 3)])

    def test_quantities_go_in_the_products_own_unit(self):
        order = order_of(self.env, "S4", ("SEAL", 1.0, 12.0))
        order.action_promised_check()
        self.assertEqual(order.order_line.rows[0]["promised_quantity"], 12)

    def test_a_customer_that_the_data_do_not_know_is_left_out(self):
        order = order_of(self.env, "S5", ("PUMP", 1.0, 1.0), partner="SOMEBODY")
        order.action_promised_check()
        self.assertEqual(order.order_line.rows[0]["promised_status"], "on_time")

    def test_what_the_server_refuses_is_told(self):
        order = order_of(self.env, "S6", ("NOT-AN-ITEM", 1.0, 1.0))
        with self.assertRaisesRegex(stub.UserError, 'Promised: .*lines\\[0\\].item: "NOT-AN-ITEM"'):
            order.action_promised_check()
        with self.assertRaisesRegex(stub.UserError, "no line with goods"):
            order_of(self.env, "S7").action_promised_check()
        del self.settings["promised_sale.address"]
        with self.assertRaisesRegex(stub.UserError, "promised_sale.address"):
            order.action_promised_check()

    def test_a_server_that_comes_back_is_waited_for(self):
        self.server.kill()
        timer = threading.Timer(0.5, self.server.start)
        timer.start()
        self.addCleanup(timer.join)
        order = order_of(self.env, "S8", ("PUMP", 1.0, 1.0))
        order.action_promised_hold()
        self.assertEqual(len(self.kept("S8")), 1)

    def test_a_server_that_is_away_is_told(self):
        self.server.kill()
        api = Promised(self.settings["promised_sale.address"], timeout=0.3)
        with self.assertRaisesRegex(Refused, "cannot be reached"):
            api.check([])


class Files(unittest.TestCase):
    def test_the_files_of_the_manifest_are_there_and_name_what_is_there(self):
        module = HERE / "promised_sale"
        manifest = eval((module / "__manifest__.py").read_text())
        self.assertEqual(manifest["depends"], ["sale"])
        text = "".join((module / file).read_text() for file in manifest["data"])
        code = (module / "models/sale_order.py").read_text()
        for file in manifest["data"]:
            xml.parse(module / file)
        for name in re.findall(r'<field name="(promised_\w+)"', text):
            self.assertIn(f"    {name} = fields.", code)
        for name in re.findall(r'<button name="(\w+)"', text):
            self.assertIn(f"def {name}(self)", code)

    def test_dates_of_a_split_are_those_of_its_last_leg(self):
        legs = [{"shipDate": "2026-12-01", "arrivalDate": "2026-12-02", "quantity": 2}, {"shipDate": "2026-12-05", "quantity": 3}]
        told = dates({"status": "PARTIAL", "defaultOption": {"legs": legs, "summary": "two legs"}})
        self.assertEqual(told, {"status": "partial", "ship_date": "2026-12-05", "arrival_date": "2026-12-05", "quantity": 5, "why": "two legs"})


if __name__ == "__main__":
    unittest.main()
