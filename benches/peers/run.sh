#!/usr/bin/env bash
# Promised beside what users would take instead, in one run on one machine: the same data, the same
# questions, the answers compared, the rates as ratios.
#
#   benches/peers/run.sh            100,000 stock accounts of 20 entries
#   ACCOUNTS=1000000 benches/peers/run.sh
#
# ACCOUNTS stock accounts; DURATION seconds a measurement (8); ONLY="echo postgres redis" a part of it.
# Peers that are not installed are skipped, and that is said. Debian: apt-get install postgresql redis-server.
# Everything runs on loopback, on free ports, in one temporary directory, and is stopped and removed at the end.
set -euo pipefail
cd "$(dirname "$0")/../.."
accounts=${ACCOUNTS:-100000}
duration=${DURATION:-8}
only=${ONLY:-echo postgres redis}
questions=1000
here=benches/peers
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d /tmp/promised-peers.XXXXXX)
chmod 755 "$work"
table=$work/table
pids=()

cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  [ -z "${pg_bin:-}" ] || as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -m immediate stop > /dev/null 2>&1 || true
  wait 2> /dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

say() { echo "== $*" >&2; }
wants() { [[ " $only " == *" $1 "* ]]; }
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
larger() { printf '%s\n' "$@" | sort -g | tail -n 1; }
# row WHAT OURS THEIRS TARGET: a line of the table; the ratio is ours to theirs.
row() {
  awk -v what="$1" -v ours="$2" -v theirs="$3" -v target="$4" 'BEGIN {
    ratio = theirs > 0 ? sprintf("%.2f", ours / theirs) : "-"
    printf "| %s | %.0f | %.0f | %s | %s |\n", what, ours, theirs, ratio, target }' | tee -a "$table" >&2
}

# serve NAME SNAPSHOT ARGUMENTS..: starts our server and sets NAME to its address.
serve() {
  local name=$1 snapshot=$2 at=""
  shift 2
  "$target/release/promised" serve "$snapshot" --listen 127.0.0.1:0 "$@" > "$work/$name.log" 2> "$work/$name.err" &
  pids+=($!)
  for _ in $(seq 3000); do
    at=$(grep -oE '127\.0\.0\.1:[0-9]+' "$work/$name.log" | head -n 1 || true)
    [ -n "$at" ] && break
    kill -0 "${pids[-1]}" || { cat "$work/$name.err" >&2; exit 1; }
    sleep 0.2
  done
  [ -n "$at" ] || { echo "the server did not start" >&2; exit 1; }
  printf -v "$name" '%s' "http://$at"
}
stop_last() { kill "${pids[-1]}" 2> /dev/null || true; wait "${pids[-1]}" 2> /dev/null || true; unset 'pids[-1]'; }

# load SERVER COLUMN ARGUMENTS..: one measurement by promised load; COLUMN of its summary.
load() {
  local server=$1 column=$2
  shift 2
  "$target/release/promised" load --server "$server" --format csv --seconds "$duration" --connections 2 "$@" \
    | awk -F, -v column="$column" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i }
        NR > 1 { if ($at["failed"] > 0) { print "failed calls" > "/dev/stderr"; exit 1 } print $at[column] }'
}
# in_turn COLUMN OURS THEIRS ARGUMENTS..: four times each, in turn (ABBA), for the machine may have other work;
# prints the two means.
in_turn() {
  local column=$1 ours=$2 theirs=$3 mine="" other=""
  shift 3
  for _ in 1 2; do
    mine+=" $(load "$ours" "$column" "$@")"
    other+=" $(load "$theirs" "$column" "$@") $(load "$theirs" "$column" "$@")"
    mine+=" $(load "$ours" "$column" "$@")"
  done
  awk -v mine="$mine" -v other="$other" 'BEGIN {
    n = split(mine, a, " "); split(other, b, " ")
    for (i = 1; i <= n; i++) { x += a[i] / n; y += b[i] / n }
    print x, y }'
}

say "building"
cargo build --quiet --release --bin promised --example echo --example peers
say "data: $accounts stock accounts of 20 entries"
"$target/release/promised" generate "$work/stock" --items "$accounts" --locations 1 --depth 0 --entries 20 --orders 1000 > /dev/null
# The peers know stock and scheduled supply only: no calendars, no lanes, no purchases.
cp -r "$work/stock" "$work/plain"
cut -d, -f1-4 "$work/stock/locations.csv" > "$work/plain/locations.csv"
cut -d, -f1-6 "$work/stock/demands.csv" > "$work/plain/demands.csv"
rm "$work/plain/shipping_lanes.csv" "$work/plain/customers.csv" "$work/plain/item_suppliers.csv"
printf 'rule,search_sources\nSTOCK,false\n' > "$work/plain/atp_rules.csv"
printf 'rule\nSTOCK\n' > "$work/plain/atp_rule_assignments.csv"
"$target/release/examples/peers" prepare "$work/plain" "$work" "$questions"
stock=(--items "$accounts" --locations 1 --depth 0)

serve ours "$work/plain"
if wants echo; then
  port=$(free_port)
  "$target/release/examples/echo" "127.0.0.1:$port" "$ours" > "$work/echo.log" &
  pids+=($!)
  sleep 1
  echo_server=http://127.0.0.1:$port
  say "against a server that only echoes"
  read -r mine theirs < <(in_turn calls_per_second "$ours" "$echo_server" "${stock[@]}" --clients 32)
  unary=$mine
  row "QuickCheck, calls/s, against the echo" "$mine" "$theirs" "0.90"
  read -r mine theirs < <(in_turn questions_per_second "$ours" "$echo_server" "${stock[@]}" --clients 8 --batch 100)
  row "QuickCheck, 100 a call, queries/s, against the echo" "$mine" "$theirs" "0.8"
  half=$(awk -v rate="$unary" 'BEGIN { printf "%d", rate / 2 }')
  read -r mine theirs < <(in_turn p999_us "$ours" "$echo_server" "${stock[@]}" --rate "$half" --clients 256)
  row "QuickCheck at $half calls/s, p99.9 in us, against the echo" "$mine" "$theirs" "at most 3"
  stop_last
fi

unary=$(load "$ours" calls_per_second "${stock[@]}" --clients 32)
batch=$(load "$ours" questions_per_second "${stock[@]}" --clients 8 --batch 100)
"$target/release/examples/peers" check "$ours" "$work/questions.csv" > "$work/ours.check"
"$target/release/examples/peers" promise "$ours" "$work/questions.csv" > "$work/ours.promise"
"$target/release/examples/peers" check "$ours" "$work/questions.csv" > "$work/ours.after"
stop_last

# compare PEER: its answers before, of and after a thousand promises are ours.
compare() {
  for what in check promise after; do
    cmp "$work/ours.$what" "$work/$1.$what" || { echo "answers of $1 differ: $what" >&2; exit 1; }
  done
  say "the answers of $1 to $questions questions, to as many promises, and after them, are ours"
}

durable_stream="" durable_unary=""
if "$target/release/promised" serve --help | grep -q -- '--data'; then
  say "promises, durable"
  serve durable "$work/plain" --data "$work/journal"
  promises=("${stock[@]}" --ship-from named)
  durable_stream=$(load "$durable" calls_per_second "${promises[@]}" --mix stream=1 --clients 2 --in-flight 128)
  durable_unary=$(load "$durable" calls_per_second "${promises[@]}" --mix promise=1 --clients 64)
  stop_last
else
  echo "skipped: durable promises, for this build has no serve --data" | tee -a "$table" >&2
fi

as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
postgres() {
  pg_bin=$(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | tail -n 1)
  local port
  port=$(free_port)
  mkdir "$work/pg"
  [ "$(id -u)" != 0 ] || chown postgres "$work/pg"
  as_postgres "$pg_bin/initdb" -D "$work/pg" -A trust -U postgres > /dev/null
  as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -w -l "$work/pg/log" -o "-p $port -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories=$work/pg -c shared_buffers=2GB -c max_wal_size=8GB -c max_connections=200" start > /dev/null
  sql=("$pg_bin/psql" -q -X -h 127.0.0.1 -p "$port" -U postgres -v ON_ERROR_STOP=1)
  bench=("$pg_bin/pgbench" -n -M prepared -h 127.0.0.1 -p "$port" -U postgres -j 2 -T "$duration" -D "n=$accounts" -D "w=${#accounts}")
  "${sql[@]}" -f "$here/postgres.sql"
  "${sql[@]}" -c "\\copy entry from '$work/entries.tsv'"
  "${sql[@]}" -c "CREATE INDEX ON entry (item, location, day) INCLUDE (quantity)"
  "${sql[@]}" -c "INSERT INTO account SELECT DISTINCT item, location FROM entry"
  "${sql[@]}" -c "VACUUM ANALYZE"
}
postgres_answers() {
  local check="SELECT c.available || ',' || coalesce(c.earliest, -1) FROM q, LATERAL check_atp(item, location, quantity * 1000000, day) c ORDER BY n"
  "${sql[@]}" -c "CREATE TABLE q (account int, item text, location text, quantity bigint, day int, n serial)" \
    -c "\\copy q (account, item, location, quantity, day) from '$work/questions.csv' csv"
  "${sql[@]}" -tA -c "$check" > "$work/postgres.check"
  awk -F, '{ printf "SELECT coalesce(promise_atp('\''%s'\'', '\''%s'\'', %d * 1000000::bigint, %d), -1);\n", $2, $3, $4, $5 }' \
    "$work/questions.csv" | "${sql[@]}" -tA > "$work/postgres.promise"
  "${sql[@]}" -tA -c "$check" > "$work/postgres.after"
}
# pg_rate SCRIPT CLIENTS..: the best rate of a pgbench script over these numbers of clients.
pg_rate() {
  local script=$1 rates=()
  shift
  printf '%s\n' "$script" > "$work/script.sql"
  for clients in "$@"; do
    rates+=("$("${bench[@]}" -c "$clients" -f "$work/script.sql" postgres 2> "$work/pgbench.err" | awk '/^tps/ { print $3 }')")
  done
  [ -n "${rates[0]}" ] || { cat "$work/pgbench.err" >&2; exit 1; }
  larger "${rates[@]}"
}
if wants postgres && compgen -G '/usr/lib/postgresql/*/bin/initdb' > /dev/null; then
  say "PostgreSQL"
  postgres
  postgres_answers
  compare postgres
  drawn='\set i random(0, :n - 1)
\set q 1000000 * random(1, 10)
\set d random(0, 59)'
  rate=$(pg_rate "$drawn
SELECT * FROM check_atp('FG-' || lpad(:i::text, :w, '0'), 'PLANT-1', :q, :d);" 2 8 16)
  row "check, calls/s, against PostgreSQL" "$unary" "$rate" "8"
  rate=$(pg_rate "SELECT sum(c.available) FROM generate_series(1, 100) g,
 LATERAL (SELECT floor(random() * :n)::int AS i, g AS g) r,
 LATERAL check_atp('FG-' || lpad(r.i::text, :w, '0'), 'PLANT-1', (1 + r.g % 10) * 1000000, r.g % 60) c;" 2 4)
  row "check, 100 a call, queries/s, against PostgreSQL" "$batch" "$(awk -v rate="$rate" 'BEGIN { print rate * 100 }')" "100"
  if [ -n "$durable_stream" ]; then
    rate=$(pg_rate "$drawn
SELECT promise_atp('FG-' || lpad(:i::text, :w, '0'), 'PLANT-1', :q, :d);" 8 32 128)
    row "durable promise, 256 in flight on streams, against PostgreSQL" "$durable_stream" "$rate" "20"
    row "durable promise, unary, 64 clients, against PostgreSQL" "$durable_unary" "$rate" "5"
  fi
  as_postgres "$pg_bin/pg_ctl" -D "$work/pg" -m immediate stop > /dev/null
  rm -rf "$work/pg"
elif wants postgres; then
  echo "skipped: PostgreSQL is not installed" | tee -a "$table" >&2
fi

redis() {
  redis_port=$(free_port)
  mkdir "$work/redis"
  redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$work/redis" --save '' --appendonly no > "$work/redis.log" &
  pids+=($!)
  client=(redis-cli -p "$redis_port")
  until "${client[@]}" ping > /dev/null 2>&1; do sleep 0.1; done
  "${client[@]}" --pipe < "$work/redis.resp" > /dev/null
  check=$("${client[@]}" -x script load < "$here/check.lua")
  promise=$("${client[@]}" -x script load < "$here/promise.lua")
}
redis_ask() { awk -F, -v sha="$1" '{ printf "EVALSHA %s 1 %012d %d %d\n", sha, $1, $4, $5 }' "$work/questions.csv" | "${client[@]}"; }
redis_answers() {
  redis_ask "$check" > "$work/redis.check"
  redis_ask "$promise" > "$work/redis.promise"
  redis_ask "$check" > "$work/redis.after"
}
# redis_rate CALLS CLIENTS PIPELINE COMMAND..: calls a second of redis-benchmark.
redis_rate() {
  local calls=$1 clients=$2 pipeline=$3
  shift 3
  redis-benchmark -p "$redis_port" -n "$calls" -c "$clients" -P "$pipeline" -r "$accounts" --csv "$@" 2> /dev/null \
    | tail -n 1 | awk -F'"' '{ for (i = 2; i <= NF; i += 2) if ($i ~ /^[0-9.]+$/) { print $i; exit } }'
}
if wants redis && command -v redis-server redis-benchmark > /dev/null; then
  say "Redis"
  redis
  redis_answers
  compare redis
  rate=$(larger "$(redis_rate 300000 16 1 EVALSHA "$check" 1 __rand_int__ __rand_int__ __rand_int__)" \
    "$(redis_rate 300000 50 1 EVALSHA "$check" 1 __rand_int__ __rand_int__ __rand_int__)")
  row "check, calls/s, against Redis" "$unary" "$rate" "2"
  hundred=(EVALSHA "$check" 100)
  for _ in $(seq 300); do hundred+=(__rand_int__); done
  one_call=$(redis_rate 5000 8 1 "${hundred[@]}")
  pipelined=$(redis_rate 500000 8 100 EVALSHA "$check" 1 __rand_int__ __rand_int__ __rand_int__)
  rate=$(larger "$(awk -v rate="$one_call" 'BEGIN { print rate * 100 }')" "$pipelined")
  row "check, 100 a call or a pipeline, queries/s, against Redis" "$batch" "$rate" "20"
  if [ -n "$durable_stream" ]; then
    "${client[@]}" config set appendfsync always > /dev/null
    "${client[@]}" config set appendonly yes > /dev/null
    until "${client[@]}" info persistence | grep -q 'aof_rewrite_in_progress:0'; do sleep 0.5; done
    asked=(EVALSHA "$promise" 1 __rand_int__ __rand_int__ __rand_int__)
    unary_redis=$(redis_rate 60000 64 1 "${asked[@]}")
    stream_redis=$(larger "$(redis_rate 100000 256 1 "${asked[@]}")" "$(redis_rate 100000 2 128 "${asked[@]}")")
    row "durable promise, 256 in flight, against Redis, appendfsync always" "$durable_stream" "$stream_redis" "5"
    row "durable promise, 64 clients, against Redis, appendfsync always" "$durable_unary" "$unary_redis" "-"
  fi
  stop_last
elif wants redis; then
  echo "skipped: Redis is not installed" | tee -a "$table" >&2
fi

if wants echo; then
  say "CheckAvailability: one line, 3 ship-froms, 2 alternatives, calendars, lanes, purchases"
  wide=(--items "$((accounts / 3))" --locations 6 --keepers 3 --depth 0)
  "$target/release/promised" generate "$work/wide" "${wide[@]}" --entries 20 --orders 1000 > /dev/null
  serve ours "$work/wide"
  port=$(free_port)
  "$target/release/examples/echo" "127.0.0.1:$port" "$ours" > "$work/echo.log" &
  pids+=($!)
  sleep 1
  read -r mine theirs < <(in_turn calls_per_second "$ours" "http://127.0.0.1:$port" "${wide[@]}" --mix check=1 --clients 32)
  row "CheckAvailability, calls/s, against the echo" "$mine" "$theirs" "0.6"
  tail -n 1 "$work/echo.log" >&2
fi

{
  echo
  echo "$(date -u +%F), $(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), $accounts accounts of 20 entries, commit $(git rev-parse --short HEAD), load before $(cut -d' ' -f1 /proc/loadavg)"
  echo
  echo "| what | Promised | peer | ratio | target |"
  echo "|---|---|---|---|---|"
  cat "$table"
}
