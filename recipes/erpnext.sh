#!/bin/sh
# Reads an ERPNext database (14, 15) with its own client and makes a snapshot directory: sh erpnext.sh OUT mariadb ARGS...
#
# Reading rights are enough. Documents count that are submitted and not closed or stopped; quantities are in stock units. Rows that
# are left out go to OUT.rejects.csv with the reason. AS_OF=2026-11-23 sets the snapshot's date (today if not given).
set -eu
[ $# -ge 2 ] || { echo "usage: sh erpnext.sh OUT mariadb ARGS..., such as: sh erpnext.sh raw mariadb -h erp -u reader -p _1bd3e0294da19198" >&2; exit 2; }
out=$1
shift
if [ -e "$out" ] && [ -n "$(ls -A "$out")" ]; then
  echo "$out is not empty" >&2
  exit 1
fi
as_of=${AS_OF:-$(date +%F)}
case $as_of in [0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]) ;; *) echo "AS_OF=$as_of is no date" >&2; exit 2 ;; esac

# The client's rows (tabs, with its escapes) as CSV; the first row holds the names.
csv() {
  awk 'BEGIN { FS = "\t"; OFS = "," } {
    for (i = 1; i <= NF; i++) {
      gsub(/\\t/, "\t", $i); gsub(/\\n/, "\n", $i); gsub(/\\0/, "", $i); gsub(/\\\\/, "\\", $i)
      if ($i ~ /[",\n\r]/) { gsub(/"/, "\"\"", $i); $i = "\"" $i "\"" }
    }
    $1 = $1; print
  }'
}
sql() { "$@" --batch --default-character-set=utf8mb4 -e "$statement"; }
has() {
  statement="SELECT count(*) FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = '$1'"
  shift
  [ "$(sql "$@" | tail -n 1)" = 1 ]
}
# table NAME SQL, with the client behind it.
table() {
  name=$1 statement=$2
  shift 2
  sql "$@" > "$out/.rows"
  csv < "$out/.rows" > "$out/$name.csv"
  rm "$out/.rows"
  # A question without rows has no names either.
  if [ -s "$out/$name.csv" ]; then echo "$name: $(($(wc -l < "$out/$name.csv") - 1)) rows"; else rm "$out/$name.csv"; echo "$name: 0 rows"; fi
}
left() {
  statement=$1
  shift
  sql "$@" --skip-column-names > "$out/.rows"
  csv < "$out/.rows" >> "$out.rejects.csv"
  rm "$out/.rows"
}

has tabItem "$@" || { echo "this database has no tabItem: it is no ERPNext; name the site's database" >&2; exit 1; }
mkdir -p "$out"
echo 'table,key,reason' > "$out.rejects.csv"
number() { echo "TRIM(TRAILING '.' FROM TRIM(TRAILING '0' FROM CAST($1 AS DECIMAL(24, 6))))"; }
goods="(SELECT name, item_name, stock_uom, item_group, brand, standard_rate, valuation_rate, lead_time_days, min_order_qty, safety_stock FROM tabItem WHERE is_stock_item = 1 AND disabled = 0 AND has_variants = 0)"
places="(SELECT name, warehouse_name FROM tabWarehouse WHERE is_group = 0 AND disabled = 0)"

table items "SELECT name AS item, item_name AS description, COALESCE(item_group, '') AS category, COALESCE(brand, '') AS brand, stock_uom AS uom,
    $(number 'COALESCE(standard_rate, 0)') AS list_price, $(number 'COALESCE(valuation_rate, 0)') AS unit_cost FROM $goods i ORDER BY 1" "$@"
left "SELECT 'items', name, CASE WHEN disabled = 1 THEN 'disabled' WHEN has_variants = 1 THEN 'a template of variants' ELSE 'not kept in stock' END
  FROM tabItem WHERE NOT (is_stock_item = 1 AND disabled = 0 AND has_variants = 0) ORDER BY name" "$@"
table uom_conversions "SELECT c.parent AS item, c.uom AS from_uom, i.stock_uom AS to_uom, $(number c.conversion_factor) AS factor
  FROM \`tabUOM Conversion Detail\` c JOIN $goods i ON i.name = c.parent WHERE c.uom <> i.stock_uom AND c.conversion_factor > 0 ORDER BY 1, 2" "$@"
table locations "SELECT name AS location, warehouse_name AS name, 'warehouse' AS kind FROM $places w ORDER BY 1" "$@"
table customers "SELECT name AS customer, customer_name AS name, COALESCE(territory, '') AS region FROM tabCustomer WHERE disabled = 0 ORDER BY 1" "$@"
table on_hand "SELECT b.item_code AS item, b.warehouse AS location, $(number b.actual_qty) AS quantity
  FROM tabBin b JOIN $goods i ON i.name = b.item_code JOIN $places w ON w.name = b.warehouse WHERE b.actual_qty <> 0 ORDER BY 1, 2" "$@"
table suppliers "SELECT name AS supplier, supplier_name AS name FROM tabSupplier WHERE disabled = 0 ORDER BY 1" "$@"
table item_suppliers "SELECT s.parent AS item, s.supplier, COALESCE(i.lead_time_days, 0) AS lead_time_days, COALESCE($(number 'NULLIF(i.min_order_qty, 0)'), '') AS minimum_quantity,
    COALESCE($(number 'NULLIF(i.valuation_rate, 0)'), '') AS unit_cost, ROW_NUMBER() OVER (PARTITION BY s.parent ORDER BY s.idx) AS priority
  FROM \`tabItem Supplier\` s JOIN $goods i ON i.name = s.parent JOIN tabSupplier p ON p.name = s.supplier AND p.disabled = 0 ORDER BY 1, 6" "$@"

# A work order brings its item, and takes its parts where they lie: not yet transferred ones from the source, the others from the
# warehouse of work in progress.
open="docstatus = 1 AND status NOT IN ('Closed', 'Completed', 'Stopped', 'Cancelled')"
table supplies "SELECT CONCAT(p.name, '/', l.idx) AS supply, 'purchase_order' AS type, l.item_code AS item, l.warehouse AS location, l.schedule_date AS date,
    $(number 'l.stock_qty - l.received_qty * l.conversion_factor') AS quantity, p.supplier AS supplier
  FROM \`tabPurchase Order Item\` l JOIN (SELECT * FROM \`tabPurchase Order\` WHERE $open) p ON p.name = l.parent JOIN $goods i ON i.name = l.item_code JOIN $places w ON w.name = l.warehouse
  WHERE l.stock_qty > l.received_qty * l.conversion_factor
  UNION ALL SELECT o.name, 'work_order', o.production_item, o.fg_warehouse, DATE(COALESCE(o.planned_end_date, o.expected_delivery_date, '$as_of')), $(number 'o.qty - o.produced_qty'), ''
  FROM (SELECT * FROM \`tabWork Order\` WHERE $open) o JOIN $goods i ON i.name = o.production_item JOIN $places w ON w.name = o.fg_warehouse WHERE o.qty > o.produced_qty ORDER BY 1" "$@"
table demands "SELECT CONCAT(s.name, '/', l.idx) AS demand, 'sales_order' AS type, l.item_code AS item, l.warehouse AS location, l.delivery_date AS date,
    $(number 'l.stock_qty - l.delivered_qty * l.conversion_factor') AS quantity, s.customer AS customer, l.delivery_date AS requested_date, $(number 'l.rate / l.conversion_factor') AS unit_price
  FROM \`tabSales Order Item\` l JOIN (SELECT * FROM \`tabSales Order\` WHERE $open) s ON s.name = l.parent JOIN $goods i ON i.name = l.item_code JOIN $places w ON w.name = l.warehouse
  WHERE l.stock_qty > l.delivered_qty * l.conversion_factor
  UNION ALL SELECT CONCAT(o.name, '/', c.idx, '/source'), 'work_order_component', c.item_code, c.source_warehouse, DATE(COALESCE(o.planned_start_date, '$as_of')),
    $(number 'c.required_qty - GREATEST(c.transferred_qty, c.consumed_qty)'), '', '', ''
  FROM \`tabWork Order Item\` c JOIN (SELECT * FROM \`tabWork Order\` WHERE $open) o ON o.name = c.parent JOIN $goods i ON i.name = c.item_code JOIN $places w ON w.name = c.source_warehouse
  WHERE c.required_qty > GREATEST(c.transferred_qty, c.consumed_qty)
  UNION ALL SELECT CONCAT(o.name, '/', c.idx, '/work'), 'work_order_component', c.item_code, o.wip_warehouse, DATE(COALESCE(o.planned_start_date, '$as_of')), $(number 'c.transferred_qty - c.consumed_qty'), '', '', ''
  FROM \`tabWork Order Item\` c JOIN (SELECT * FROM \`tabWork Order\` WHERE $open) o ON o.name = c.parent JOIN $goods i ON i.name = c.item_code JOIN $places w ON w.name = o.wip_warehouse
  WHERE c.transferred_qty > c.consumed_qty ORDER BY 1" "$@"
for document in 'Sales Order' 'Purchase Order' 'Work Order'; do
  left "SELECT '$document', name, CASE docstatus WHEN 0 THEN 'a draft' WHEN 2 THEN 'cancelled' ELSE LOWER(status) END FROM \`tab$document\`
    WHERE NOT ($open) AND status <> 'Completed' ORDER BY name" "$@"
done

# The default bill of each item, made where its finished goods are kept.
bills="(SELECT b.name, b.item, b.quantity, (SELECT COALESCE(MAX(d.default_warehouse), (SELECT value FROM tabSingles WHERE doctype = 'Manufacturing Settings' AND field = 'default_fg_warehouse'))
  FROM \`tabItem Default\` d WHERE d.parent = b.item) AS warehouse FROM tabBOM b JOIN $goods i ON i.name = b.item WHERE b.docstatus = 1 AND b.is_active = 1 AND b.is_default = 1 AND b.quantity > 0)"
table work_definitions "SELECT b.name AS work_definition, b.item, b.warehouse AS location FROM $bills b WHERE b.warehouse IS NOT NULL ORDER BY 1" "$@"
left "SELECT 'work_definitions', b.name, 'its item has no default warehouse' FROM $bills b WHERE b.warehouse IS NULL ORDER BY 2" "$@"
table work_definition_components "SELECT b.name AS work_definition, c.item_code AS component, $(number 'SUM(c.stock_qty) / b.quantity') AS quantity
  FROM $bills b JOIN \`tabBOM Item\` c ON c.parent = b.name JOIN $goods i ON i.name = c.item_code WHERE b.warehouse IS NOT NULL GROUP BY b.name, c.item_code, b.quantity ORDER BY 1, 2" "$@"
table work_definition_operations "SELECT b.name AS work_definition, 10 * ROW_NUMBER() OVER (PARTITION BY b.name ORDER BY o.idx) AS operation, o.workstation AS resource,
    $(number 'o.time_in_mins / 60 / IF(o.fixed_time = 1, 1, b.quantity)') AS hours, IF(o.fixed_time = 1, 'lot', 'unit') AS basis
  FROM $bills b JOIN \`tabBOM Operation\` o ON o.parent = b.name JOIN tabWorkstation k ON k.name = o.workstation WHERE b.warehouse IS NOT NULL AND o.time_in_mins > 0 ORDER BY 1, 2" "$@"
table resources "SELECT k.name AS resource, (SELECT MIN(b.warehouse) FROM $bills b JOIN \`tabBOM Operation\` o ON o.parent = b.name AND o.workstation = k.name) AS location, COALESCE(k.holiday_list, '') AS calendar,
    $(number 'COALESCE((SELECT SUM(TIME_TO_SEC(TIMEDIFF(h.end_time, h.start_time))) / 3600 FROM `tabWorkstation Working Hour` h WHERE h.parent = k.name AND h.enabled = 1), 8) * GREATEST(COALESCE(k.production_capacity, 1), 1)') AS hours_per_day,
    $(number 'COALESCE(k.hour_rate, 0)') AS cost_per_hour
  FROM tabWorkstation k HAVING location IS NOT NULL ORDER BY 1" "$@"
table calendars "SELECT name AS calendar, 'Mon Tue Wed Thu Fri Sat Sun' AS working_days FROM \`tabHoliday List\` ORDER BY 1" "$@"
table calendar_exceptions "SELECT DISTINCT parent AS calendar, holiday_date AS date, 'false' AS working FROM tabHoliday WHERE holiday_date >= '$as_of' ORDER BY 1, 2" "$@"

statement="SELECT COALESCE((SELECT default_currency FROM tabCompany ORDER BY creation LIMIT 1), 'EUR'), DATE_FORMAT(UTC_TIMESTAMP(), '%Y%m%dT%H%i%s'), DATE_FORMAT(UTC_TIMESTAMP(), '%Y-%m-%dT%H:%i:%sZ')"
sql "$@" --skip-column-names | {
  read -r currency id now
  printf '{"snapshot_id": "erpnext-%s", "as_of": "%s", "currency": "%s", "watermarks": {"erpnext": "%s"}}\n' "$id" "$as_of" "$currency" "$now" > "$out/manifest.json"
}
echo "left out: $(($(wc -l < "$out.rejects.csv") - 1)) rows, see $out.rejects.csv"
