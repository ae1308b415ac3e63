"""The date of each line, asked of Promised, and its hold: kept with the order, confirmed and given back with it."""

from odoo import _, fields, models
from odoo.exceptions import UserError

from .promised_api import Promised, Refused, dates

HOLD_SECONDS = 24 * 60 * 60
STATUSES = [
    ("on_time", "On time"),
    ("late", "Late"),
    ("partial", "In part"),
    ("unavailable", "Unavailable"),
    ("refused", "Refused"),
    ("already_promised", "Promised already"),
]


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    promised_status = fields.Selection(STATUSES, "Promise", readonly=True, copy=False)
    promised_ship_date = fields.Date("Ships", readonly=True, copy=False)
    promised_arrival_date = fields.Date("Arrives", readonly=True, copy=False)
    promised_quantity = fields.Float("Promised quantity", readonly=True, copy=False)
    promised_why = fields.Char("Why", readonly=True, copy=False)
    promised_id = fields.Char("Promise id", readonly=True, copy=False)

    def _promised_line(self):
        """The order line as Promised takes it; quantities are of the product's own unit."""
        self.ensure_one()
        order, product = self.order_id, self.product_id
        wanted = order.commitment_date or order.date_order
        # The unit's field has another name from Odoo 19 on.
        unit = self.product_uom_id if "product_uom_id" in self._fields else self.product_uom
        line = {
            "order": order.name,
            "line": str(self.id),
            "item": product.default_code,
            "quantity": round(unit._compute_quantity(self.product_uom_qty, product.uom_id, round=False), 6),
            "requestedDate": fields.Date.to_string(fields.Date.to_date(wanted)),
            "customer": order.partner_id.commercial_partner_id.ref or str(order.partner_id.commercial_partner_id.id),
            "unitPrice": self.price_unit,
        }
        if "warehouse_id" in order._fields and order.warehouse_id:
            line["location"] = order.warehouse_id.code
        if self.promised_id:
            line["repeat"] = "REPLACE"
        return line

    def _promised_show(self, result, promise_id=None):
        """Writes what Promised said of the line."""
        told = dates(result)
        values = {
            "promised_status": told["status"] if told["status"] in dict(STATUSES) else False,
            "promised_ship_date": told["ship_date"] or False,
            "promised_arrival_date": told["arrival_date"] or False,
            "promised_quantity": told["quantity"],
            "promised_why": told["why"],
        }
        if promise_id is not None:
            values["promised_id"] = promise_id or False
        self.write(values)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _promised(self):
        settings = self.env["ir.config_parameter"].sudo()
        address = settings.get_param("promised_sale.address")
        if not address:
            raise UserError(_("Set the system parameter promised_sale.address, such as http://127.0.0.1:50051"))
        return Promised(address, settings.get_param("promised_sale.token") or "")

    def _promised_lines(self):
        """The lines that can be promised: of goods with an internal reference, more than nothing."""
        self.ensure_one()
        return self.order_line.filtered(
            lambda line: not line.display_type and line.product_id.type != "service" and line.product_id.default_code and line.product_uom_qty > 0
        )

    def _promised_ask(self, ask):
        """Asks for all lines; customers that the planning data do not know are asked for without their name."""
        lines = self._promised_lines()
        wishes = [line._promised_line() for line in lines]
        if not wishes:
            raise UserError(_("There is no line with goods that have an internal reference."))
        try:
            try:
                return lines, ask(wishes)
            except Refused as fault:
                fields_at_fault = {field.rsplit(".", 1)[-1] for field, _what in fault.violations}
                if fields_at_fault != {"customer"}:
                    raise
                return lines, ask([{**wish, "customer": ""} for wish in wishes])
        except Refused as fault:
            raise UserError(_("Promised: %s", fault)) from fault

    def action_promised_check(self):
        """Shows the date of each line. Nothing is kept."""
        for order in self:
            lines, results = order._promised_ask(order._promised().check)
            for line, result in zip(lines, results):
                line._promised_show(result)
        return True

    def action_promised_hold(self):
        """Holds what can be promised, for as long as promised_sale.hold_seconds says."""
        seconds = int(self.env["ir.config_parameter"].sudo().get_param("promised_sale.hold_seconds") or HOLD_SECONDS)
        for order in self:
            server = order._promised()
            lines, promised = order._promised_ask(lambda wishes: server.hold(wishes, seconds))
            for line, one in zip(lines, promised):
                line._promised_show(one.get("result", {}), one.get("promiseId", ""))
        return True

    def action_confirm(self):
        """What was held of the order is confirmed with it."""
        answer = super().action_confirm()
        for order in self.filtered(lambda order: any(order.order_line.mapped("promised_id"))):
            order._promised_do("confirm")
        return answer

    def _action_cancel(self):
        """What was promised of the order is given back with it."""
        for order in self.filtered(lambda order: any(order.order_line.mapped("promised_id"))):
            order._promised_do("cancel")
            order.order_line.write({"promised_id": False, "promised_status": False})
        return super()._action_cancel()

    def _promised_do(self, step):
        try:
            getattr(self._promised(), step)(self.name)
        except Refused as fault:
            raise UserError(_("Promised: %s", fault)) from fault
