#!/bin/sh
# Reads an Odoo database (16 to 19) with its own client and makes a snapshot directory: sh odoo.sh OUT psql ARGS...
#
# Reading rights are enough. Apps that are not installed (stock, purchase, sale, mrp) are told, and their tables are not made. Rows
# that are left out go to OUT.rejects.csv with the reason. AS_OF=2026-11-23 sets the snapshot's date (today if not given).
set -eu
[ $# -ge 2 ] || { echo "usage: sh odoo.sh OUT psql ARGS..., such as: sh odoo.sh raw psql -h erp -U reader odoo" >&2; exit 2; }
out=$1
shift
if [ -e "$out" ] && [ -n "$(ls -A "$out")" ]; then
  echo "$out is not empty" >&2
  exit 1
fi
mkdir -p "$out"
echo 'table,key,reason' > "$out.rejects.csv"
"$@" -X -q -v ON_ERROR_STOP=1 -v out="$out" -v as_of="${AS_OF:-$(date +%F)}" -f - <<'SQL'
\pset tuples_only on
\pset format unaligned
BEGIN READ ONLY;
SELECT to_regclass('product_product') IS NOT NULL AS is_odoo \gset
\if :is_odoo
\else
\echo 'this database has no product_product: it is no Odoo, or its schema is not on the search_path'
\quit 3
\endif

-- What this Odoo has, and what is named otherwise from release to release.
SELECT to_regclass('stock_warehouse') IS NOT NULL AS has_stock, to_regclass('purchase_order_line') IS NOT NULL AS has_purchase,
  to_regclass('sale_order_line') IS NOT NULL AS has_sale, to_regclass('mrp_production') IS NOT NULL AS has_mrp,
  to_regclass('stock_warehouse_orderpoint') IS NOT NULL AS has_orderpoints \gset
-- A name may be translated; a unit's factor is 1 / its size up to release 18 and its size from 19 on; units of order lines.
SELECT CASE WHEN max(data_type) FILTER (WHERE table_name = 'product_template' AND column_name = 'name') = 'jsonb' THEN 't.name->>''en_US''' ELSE 't.name' END AS t_name,
  CASE WHEN max(data_type) FILTER (WHERE table_name = 'uom_uom' AND column_name = 'name') = 'jsonb' THEN 'u.name->>''en_US''' ELSE 'u.name' END AS u_name,
  CASE WHEN count(*) FILTER (WHERE table_name = 'uom_uom' AND column_name = 'relative_factor') > 0 THEN '* lu.factor / pu.factor' ELSE '/ lu.factor * pu.factor' END AS to_own,
  CASE WHEN count(*) FILTER (WHERE table_name = 'uom_uom' AND column_name = 'relative_factor') > 0 THEN '* bu.factor / ou.factor' ELSE '/ bu.factor * ou.factor' END AS bill_own,
  CASE WHEN count(*) FILTER (WHERE table_name = 'sale_order_line' AND column_name = 'product_uom_id') > 0 THEN 'product_uom_id' ELSE 'product_uom' END AS sale_uom,
  CASE WHEN count(*) FILTER (WHERE table_name = 'purchase_order_line' AND column_name = 'product_uom_id') > 0 THEN 'product_uom_id' ELSE 'product_uom' END AS buy_uom,
  CASE WHEN count(*) FILTER (WHERE table_name = 'product_template' AND column_name = 'uom_po_id') > 0 THEN 't.uom_po_id' ELSE 't.uom_id' END AS po_uom,
  CASE WHEN max(data_type) FILTER (WHERE table_name = 'product_product' AND column_name = 'standard_price') = 'jsonb'
    THEN '(SELECT max(value::numeric) FROM jsonb_each_text(p.standard_price))' ELSE 'NULL::numeric' END AS cost,
  CASE WHEN count(*) FILTER (WHERE table_name = 'stock_lot' AND column_name = 'expiration_date') > 0 THEN 'x.expiration_date::date' ELSE 'NULL::date' END AS expires,
  CASE WHEN count(*) FILTER (WHERE table_name = 'sale_order' AND column_name = 'warehouse_id') > 0 THEN 'o.warehouse_id' ELSE 'NULL::int' END AS sale_warehouse
FROM information_schema.columns WHERE table_schema = current_schema() \gset

-- Goods: active, with an internal reference, no services. Two products of one reference: the older one.
\set goods '(SELECT p.id, p.default_code AS item, t.uom_id, t.id AS template FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id WHERE p.active AND t.active AND t.type <> ''service'' AND p.default_code <> '''' AND NOT EXISTS (SELECT FROM product_product d WHERE d.active AND d.default_code = p.default_code AND d.id < p.id))'
\set customer 'COALESCE(NULLIF(c.ref, ''''), c.id::text)'

\o :out/items.csv
COPY (SELECT g.item, :t_name AS description, :u_name AS uom, trim_scale(round(t.list_price::numeric, 6)) AS list_price, trim_scale(round(:cost, 6)) AS unit_cost
  FROM :goods g JOIN product_product p ON p.id = g.id JOIN product_template t ON t.id = g.template JOIN uom_uom u ON u.id = t.uom_id ORDER BY 1) TO STDOUT (FORMAT csv, HEADER);
\o :out/customers.csv
COPY (SELECT DISTINCT ON (1) :customer AS customer, c.name, k.code AS country FROM res_partner c LEFT JOIN res_country k ON k.id = c.country_id
  WHERE c.active AND c.id = c.commercial_partner_id ORDER BY 1, c.id) TO STDOUT (FORMAT csv, HEADER);
\o :out/products.left
COPY (SELECT 'items', 'product ' || p.id, CASE WHEN NOT (p.active AND t.active) THEN 'archived' WHEN t.type = 'service' THEN 'a service'
    WHEN COALESCE(p.default_code, '') = '' THEN 'no internal reference' ELSE 'the internal reference is that of an older product' END
  FROM product_product p JOIN product_template t ON t.id = p.product_tmpl_id WHERE NOT EXISTS (SELECT FROM :goods g WHERE g.id = p.id) ORDER BY p.id) TO STDOUT (FORMAT csv);

\if :has_stock
-- Internal locations under a warehouse's stock are the warehouse.
\set places '(SELECT l.id, w.code, w.id AS warehouse FROM stock_warehouse w JOIN stock_location s ON s.id = w.lot_stock_id JOIN stock_location l ON l.usage = ''internal'' AND l.parent_path LIKE s.parent_path || ''%'' WHERE w.active)'
\o :out/locations.csv
COPY (SELECT code AS location, name, 'warehouse' AS kind FROM stock_warehouse WHERE active ORDER BY 1) TO STDOUT (FORMAT csv, HEADER);
\o :out/on_hand.csv
COPY (SELECT g.item, w.code AS location, trim_scale(round(sum(q.quantity)::numeric, 6)) AS quantity, COALESCE(x.name, '') AS lot, :expires AS expires_on
  FROM stock_quant q JOIN :places w ON w.id = q.location_id JOIN :goods g ON g.id = q.product_id LEFT JOIN stock_lot x ON x.id = q.lot_id
  GROUP BY 1, 2, 4, 5 HAVING sum(q.quantity) <> 0 ORDER BY 1, 2, 4) TO STDOUT (FORMAT csv, HEADER);
\o :out/stock.left
COPY (SELECT 'on_hand', 'quant ' || q.id, 'location ' || l.complete_name || ' is under no warehouse''s stock' FROM stock_quant q JOIN stock_location l ON l.id = q.location_id
  WHERE l.usage = 'internal' AND NOT EXISTS (SELECT FROM :places w WHERE w.id = l.id) ORDER BY q.id) TO STDOUT (FORMAT csv);
\else
\echo 'stock is not installed: no locations, no stock'
\endif

\if :has_purchase
\if :has_stock
\o :out/suppliers.csv
COPY (SELECT DISTINCT ON (1) :customer AS supplier, c.name FROM res_partner c WHERE c.id IN (SELECT partner_id FROM product_supplierinfo) ORDER BY 1, c.id) TO STDOUT (FORMAT csv, HEADER);
\o :out/item_suppliers.csv
COPY (SELECT DISTINCT ON (g.item, 2) g.item, :customer AS supplier, s.delay AS lead_time_days, NULLIF(trim_scale(round((s.min_qty :to_own)::numeric, 6)), 0) AS minimum_quantity,
    trim_scale(round((s.price / (1.0 :to_own))::numeric, 6)) AS unit_cost, row_number() OVER (PARTITION BY g.item ORDER BY s.sequence, s.id) AS priority
  FROM product_supplierinfo s JOIN :goods g ON g.template = s.product_tmpl_id AND (s.product_id IS NULL OR s.product_id = g.id) JOIN product_template t ON t.id = g.template
  JOIN uom_uom pu ON pu.id = g.uom_id JOIN uom_uom lu ON lu.id = :po_uom JOIN res_partner c ON c.id = s.partner_id
  WHERE (s.date_end IS NULL OR s.date_end >= :'as_of') ORDER BY g.item, 2, s.min_qty, s.id) TO STDOUT (FORMAT csv, HEADER);
\o :out/purchases.part
COPY (SELECT o.name || '/' || l.id AS supply, 'purchase_order' AS type, g.item, w.code AS location, l.date_planned::date AS date,
    trim_scale(round(((l.product_qty - COALESCE(l.qty_received, 0)) :to_own)::numeric, 6)) AS quantity, :customer AS supplier
  FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id JOIN :goods g ON g.id = l.product_id JOIN uom_uom lu ON lu.id = l.:buy_uom JOIN uom_uom pu ON pu.id = g.uom_id
  JOIN stock_picking_type k ON k.id = o.picking_type_id JOIN stock_warehouse w ON w.id = k.warehouse_id JOIN res_partner p ON p.id = o.partner_id JOIN res_partner c ON c.id = p.commercial_partner_id
  WHERE o.state IN ('purchase', 'done') AND l.product_qty > COALESCE(l.qty_received, 0) ORDER BY l.id) TO STDOUT (FORMAT csv);
\o :out/purchases.left
COPY (SELECT 'supplies', o.name || '/' || l.id, 'the order is ' || CASE o.state WHEN 'cancel' THEN 'cancelled' ELSE 'a draft (' || o.state || ')' END
  FROM purchase_order_line l JOIN purchase_order o ON o.id = l.order_id WHERE o.state NOT IN ('purchase', 'done') ORDER BY l.id) TO STDOUT (FORMAT csv);
\endif
\else
\echo 'purchase is not installed: no purchase orders, no suppliers'
\endif

\if :has_sale
\if :has_stock
\o :out/sales.part
COPY (SELECT o.name || '/' || l.id AS demand, 'sales_order' AS type, g.item, COALESCE(w.code, (SELECT min(code) FROM stock_warehouse WHERE active)) AS location,
    COALESCE(o.commitment_date, o.date_order)::date AS date, trim_scale(round(((l.product_uom_qty - COALESCE(l.qty_delivered, 0)) :to_own)::numeric, 6)) AS quantity,
    :customer AS customer, COALESCE(o.commitment_date, o.date_order)::date AS requested_date, trim_scale(round((l.price_unit / (1.0 :to_own))::numeric, 6)) AS unit_price
  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id JOIN :goods g ON g.id = l.product_id JOIN uom_uom lu ON lu.id = l.:sale_uom JOIN uom_uom pu ON pu.id = g.uom_id
  LEFT JOIN stock_warehouse w ON w.id = :sale_warehouse JOIN res_partner p ON p.id = o.partner_id JOIN res_partner c ON c.id = p.commercial_partner_id
  WHERE o.state IN ('sale', 'done') AND l.product_uom_qty > COALESCE(l.qty_delivered, 0) ORDER BY l.id) TO STDOUT (FORMAT csv);
\o :out/sales.left
COPY (SELECT 'demands', o.name || '/' || l.id, 'the order is ' || CASE o.state WHEN 'cancel' THEN 'cancelled' ELSE 'a quotation (' || o.state || ')' END
  FROM sale_order_line l JOIN sale_order o ON o.id = l.order_id WHERE o.state NOT IN ('sale', 'done') AND l.product_id IS NOT NULL ORDER BY l.id) TO STDOUT (FORMAT csv);
\endif
\else
\echo 'sale is not installed: no sales orders'
\endif

\if :has_orderpoints
\o :out/safety.part
COPY (SELECT 'OP/' || min(r.id), 'safety_stock', g.item, w.code, :'as_of'::date, trim_scale(round(max(r.product_min_qty)::numeric, 6)), NULL, NULL, NULL
  FROM stock_warehouse_orderpoint r JOIN :goods g ON g.id = r.product_id JOIN :places w ON w.id = r.location_id WHERE r.active AND r.product_min_qty > 0 GROUP BY g.item, w.code ORDER BY 1) TO STDOUT (FORMAT csv);
\endif

\if :has_mrp
-- Made in the warehouse of the bill's operation type, else in the first that manufactures.
\set made_in 'COALESCE((SELECT w.code FROM stock_picking_type k JOIN stock_warehouse w ON w.id = k.warehouse_id WHERE k.id = b.picking_type_id), (SELECT w.code FROM stock_picking_type k JOIN stock_warehouse w ON w.id = k.warehouse_id WHERE k.code = ''mrp_operation'' AND w.active ORDER BY w.id LIMIT 1))'
\set bills '(SELECT b.*, g.id AS product, g.item, g.uom_id AS own FROM mrp_bom b JOIN :goods g ON g.template = b.product_tmpl_id AND (b.product_id IS NULL OR b.product_id = g.id) WHERE b.active AND b.type = ''normal'')'
SELECT replace(:'bills', ':goods', :'goods') AS bills \gset
\o :out/work_definitions.csv
COPY (SELECT 'BOM-' || b.id || '-' || b.product AS work_definition, b.item, :made_in AS location, row_number() OVER (PARTITION BY b.product ORDER BY b.sequence, b.id) AS priority
  FROM :bills b ORDER BY b.id, b.product) TO STDOUT (FORMAT csv, HEADER);
\o :out/work_definition_components.csv
COPY (SELECT 'BOM-' || b.id || '-' || b.product AS work_definition, g.item AS component, trim_scale(round(sum((l.product_qty :to_own) / (b.product_qty :bill_own))::numeric, 6)) AS quantity
  FROM :bills b JOIN mrp_bom_line l ON l.bom_id = b.id JOIN :goods g ON g.id = l.product_id JOIN uom_uom lu ON lu.id = l.product_uom_id JOIN uom_uom pu ON pu.id = g.uom_id
  JOIN uom_uom bu ON bu.id = b.product_uom_id JOIN uom_uom ou ON ou.id = b.own GROUP BY b.id, b.product, g.item ORDER BY 1, 2) TO STDOUT (FORMAT csv, HEADER);
\o :out/work_definition_operations.csv
COPY (SELECT 'BOM-' || b.id || '-' || b.product AS work_definition, 10 * row_number() OVER (PARTITION BY b.id, b.product ORDER BY o.sequence, o.id) AS operation, r.name AS resource,
    trim_scale(round((o.time_cycle_manual / 60.0 * 100.0 / COALESCE(NULLIF(r.time_efficiency, 0), 100) / COALESCE(NULLIF(c.default_capacity, 0), 1))::numeric, 6)) AS hours
  FROM :bills b JOIN mrp_routing_workcenter o ON o.bom_id = b.id AND o.active JOIN mrp_workcenter c ON c.id = o.workcenter_id JOIN resource_resource r ON r.id = c.resource_id
  WHERE o.time_cycle_manual > 0 ORDER BY 1, 2) TO STDOUT (FORMAT csv, HEADER);
\o :out/calendars.csv
COPY (SELECT 'CAL-' || a.calendar_id AS calendar, string_agg((ARRAY['Mon','Tue','Wed','Thu','Fri','Sat','Sun'])[a.dayofweek::int + 1], ' ' ORDER BY a.dayofweek) AS working_days
  FROM (SELECT DISTINCT calendar_id, dayofweek FROM resource_calendar_attendance) a GROUP BY 1 ORDER BY 1) TO STDOUT (FORMAT csv, HEADER);
\o :out/calendar_exceptions.csv
COPY (SELECT DISTINCT 'CAL-' || k.id AS calendar, d::date AS date, 'false' AS working FROM resource_calendar k JOIN resource_calendar_leaves v ON v.calendar_id = k.id AND v.resource_id IS NULL
  CROSS JOIN LATERAL generate_series(v.date_from::date, v.date_to::date, '1 day') d ORDER BY 1, 2) TO STDOUT (FORMAT csv, HEADER);
\o :out/resources.csv
COPY (SELECT DISTINCT ON (1) r.name AS resource, (SELECT w.code FROM stock_picking_type k JOIN stock_warehouse w ON w.id = k.warehouse_id WHERE k.code = 'mrp_operation' AND w.active ORDER BY w.id LIMIT 1) AS location,
    'CAL-' || r.calendar_id AS calendar, (SELECT trim_scale(round((sum(a.hour_to - a.hour_from) / count(DISTINCT a.dayofweek))::numeric, 6)) FROM resource_calendar_attendance a WHERE a.calendar_id = r.calendar_id) AS hours_per_day,
    trim_scale(round(c.costs_hour::numeric, 6)) AS cost_per_hour
  FROM mrp_workcenter c JOIN resource_resource r ON r.id = c.resource_id WHERE r.active AND r.calendar_id IS NOT NULL ORDER BY 1, c.id) TO STDOUT (FORMAT csv, HEADER);
\o :out/work_orders.part
COPY (SELECT 'MO-' || m.production_id || '/' || m.id, 'work_order', g.item, w.code, m.date::date, trim_scale(round(m.product_qty::numeric, 6)), NULL
  FROM stock_move m JOIN :goods g ON g.id = m.product_id JOIN :places w ON w.id = m.location_dest_id
  WHERE m.production_id IS NOT NULL AND m.state NOT IN ('draft', 'done', 'cancel') AND m.product_qty > 0 ORDER BY m.id) TO STDOUT (FORMAT csv);
\o :out/components.part
COPY (SELECT 'MO-' || m.raw_material_production_id || '/' || m.id, 'work_order_component', g.item, w.code, m.date::date, trim_scale(round(m.product_qty::numeric, 6)), NULL, NULL, NULL
  FROM stock_move m JOIN :goods g ON g.id = m.product_id JOIN :places w ON w.id = m.location_id
  WHERE m.raw_material_production_id IS NOT NULL AND m.state NOT IN ('draft', 'done', 'cancel') AND m.product_qty > 0 ORDER BY m.id) TO STDOUT (FORMAT csv);
\o :out/bills.left
COPY (SELECT 'work_definitions', 'bill ' || b.id, 'a bill of type ' || b.type || ': kits and subcontracting are not made' FROM mrp_bom b WHERE b.active AND b.type <> 'normal' ORDER BY b.id) TO STDOUT (FORMAT csv);
\else
\echo 'mrp is not installed: nothing is made'
\endif

\o :out/manifest.json
SELECT json_build_object('snapshot_id', 'odoo-' || to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD"T"HH24MISS'), 'as_of', :'as_of',
  'currency', COALESCE((SELECT y.name FROM res_company c JOIN res_currency y ON y.id = c.currency_id ORDER BY c.id LIMIT 1), 'EUR'),
  'watermarks', json_build_object('odoo', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')));
\o
COMMIT;
SQL
# Tables that several apps add to.
gather() {
  table=$1 header=$2
  shift 2
  for part in "$@"; do
    [ -e "$out/$part" ] || continue
    [ -e "$out/$table.csv" ] || echo "$header" > "$out/$table.csv"
    cat "$out/$part" >> "$out/$table.csv"
    rm "$out/$part"
  done
}
gather supplies supply,type,item,location,date,quantity,supplier purchases.part work_orders.part
gather demands demand,type,item,location,date,quantity,customer,requested_date,unit_price sales.part safety.part components.part
for left in "$out"/*.left; do
  [ -e "$left" ] || continue
  cat "$left" >> "$out.rejects.csv"
  rm "$left"
done
for file in "$out"/*.csv; do
  echo "$(basename "$file" .csv): $(($(wc -l < "$file") - 1)) rows"
done
echo "left out: $(($(wc -l < "$out.rejects.csv") - 1)) rows, see $out.rejects.csv"
