set -eu
P=/work/tmp/promised-677cf1c
T=/work/wt/lifeb/snapshots/tiny
rm -rf data tiny2; mkdir data
RUST_LOG=warn $P serve $T --listen 127.0.0.1:50871 --data data > serve.log 2>&1 & S=$!
trap 'kill $S' EXIT
for i in $(seq 50); do grep -q "50871" serve.log && break; sleep 0.1; done
U=http://127.0.0.1:50871
G() { grpcurl -plaintext -d "$2" 127.0.0.1:50871 promised.v1.$1 >> grpc.log 2>&1 || true; echo "--- $1 $2" >> grpc.log; }
rm -f grpc.log
$P promise $T $T/orders.csv --server $U
L='"order":"CART","line":"1","item":"PUMP","quantity":4,"requested_date":"2026-12-15","customer":"NORDWIND"'
G PromiseService/Promise "{\"request_id\":\"cart\",\"lines\":[{$L}],\"hold_for\":\"86400s\"}"
G PromiseService/Promise '{"request_id":"short","lines":[{"order":"SHORT","item":"SEAL","quantity":10,"requested_date":"2026-12-10","customer":"SUEDBAU"}],"hold_for":"1s"}'
G PromiseService/Confirm '{"request_id":"part","promise_id":"P6","quantity":1}'
G PromiseService/Cancel '{"request_id":"back","promise_id":"P2","quantity":1}'
G PromiseService/Cancel '{"request_id":"all","promise_id":"P4"}'
G PromiseService/Amend '{"request_id":"later","promise_id":"P5","line":{"order":"MAKE","line":"1","item":"PUMP","quantity":5,"requested_date":"2026-12-07","customer":"SUEDBAU"}}'
G PromiseService/Fulfil '{"request_id":"gone","promise_id":"P1"}'
G PromiseService/Promise '{"request_id":"must","lines":[{"order":"FORCED","item":"VALVE","quantity":40,"requested_date":"2026-11-30","customer":"NORDWIND","date_type":"SHIP"}],"force":{"by":"ann","why":"the customer is waiting"}}'
printf 'change,supply,days\nsupply_moved,PO-1,3\n' > late.csv
$P change late.csv --server $U --source erp --request-id erp-1
sleep 1.5
G PromiseService/Promise '{"request_id":"tick","lines":[{"order":"TICK","item":"SEAL","quantity":5,"requested_date":"2026-12-12"}]}'
$P backlog --server $U --apply --sequence requested_date --otherwise gain
cp -r $T tiny2
sed -i 's/"tiny"/"tiny-2"/; s/2026-11-23/2026-11-24/' tiny2/manifest.json
echo 'MAKE/1,sales_order,PUMP,BER,2026-12-07,5,SUEDBAU' >> tiny2/demands.csv
sed -i 's/^VALVE,HAM,5/VALVE,HAM,6/' tiny2/on_hand.csv
$P push tiny2 --server $U
G PromiseService/Promise '{"request_id":"after","lines":[{"order":"AFTER","item":"SEAL","quantity":20,"requested_date":"2026-12-16","customer":"SUEDBAU"}]}'
G PromiseService/Confirm '{"request_id":"cart-2","promise_id":"P8","quantity":1}'
G PromiseService/List '{"page_size":100}'
kill $S; wait $S || true; trap - EXIT
$P journal check data
$P journal dump data
