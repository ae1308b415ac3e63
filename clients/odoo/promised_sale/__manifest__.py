{
    "name": "Promised dates on sale orders",
    "summary": "Asks Promised when each line of a sale order can ship, shows the date and why, and holds it",
    "version": "1.0.0",
    "category": "Sales/Sales",
    "license": "LGPL-3",
    "author": "Promised",
    "depends": ["sale"],
    "data": ["data/ir_config_parameter.xml", "views/sale_order_views.xml"],
    "installable": True,
}
