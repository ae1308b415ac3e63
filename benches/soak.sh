#!/usr/bin/env bash
# Refresh at full load: `just refresh-soak`. Mixed checks and promises at half the rate that the server can
# do, first alone, then while its snapshot is refreshed over and over; percentiles of both, failed calls,
# balances recomputed, and whether every promise that was acknowledged is there in the end.
#
# ACCOUNTS stock accounts with ten supplies and ten demands each, SECONDS_A_RUN; with KEEP=1 the directory DIR stays,
# and one that has a snapshot already (ONLY_GENERATE=1) is used again.
set -euo pipefail
cd "$(dirname "$0")/.."
ACCOUNTS=${ACCOUNTS:-1000000}
SECONDS_A_RUN=${SECONDS_A_RUN:-60}
MIX=${MIX:-quick=60,check=20,promise=20}
CLIENTS=${CLIENTS:-16}
DIR=${DIR:-$(mktemp -d)}
[[ -v BIN ]] || { cargo build --release --quiet; BIN=${CARGO_TARGET_DIR:-target}/release/promised; }
SIZES=(--items "$ACCOUNTS" --locations 1 --depth 0 --entries 20 --orders 0)

server=
cleanup() {
    [[ -z $server ]] || kill "$server" 2>/dev/null || true
    wait 2>/dev/null || true
    [[ -v KEEP ]] || rm -rf "$DIR"
}
trap cleanup EXIT

# Two snapshots with the same tables; each takes the other's place.
if [[ ! -d $DIR/one ]]; then
    "$BIN" generate "$DIR/one" "${SIZES[@]}" --format parquet >&2
fi
rm -rf "$DIR/two" "$DIR/data"
cp -rl "$DIR/one" "$DIR/two"
[[ ! -v ONLY_GENERATE ]] || { KEEP=1; exit 0; }
first=$(sed -n 's/.*"snapshot_id": "\([^"]*\)".*/\1/p' "$DIR/one/manifest.json")
for at in one two; do
    rm -f "$DIR/$at/manifest.json.new"
    sed "s/\"$first\"/\"soak-$at\"/" "$DIR/one/manifest.json" > "$DIR/$at/manifest.json.new"
done
for at in one two; do mv "$DIR/$at/manifest.json.new" "$DIR/$at/manifest.json"; done
rows=$(du -shL "$DIR/one" | cut -f1)

"$BIN" serve "$DIR/one" --data "$DIR/data" --listen 127.0.0.1:0 > "$DIR/out" 2> "$DIR/log" &
server=$!
for _ in $(seq 600); do
    grep -q '^serving .* on 127' "$DIR/out" && break
    kill -0 "$server" || { cat "$DIR/log" >&2; exit 1; }
    sleep 0.2
done
url=http://$(sed -n 's/^serving .* on \(127[^ ]*[0-9]\).*/\1/p' "$DIR/out")
peak() { awk '/VmHWM/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status"; }
at_start=$(awk '/VmRSS/ { printf "%.0f", $2 / 1024 }' "/proc/$server/status")

load() {
    "$BIN" load --server "$url" "${SIZES[@]}" --mix "$MIX" --skew 0.5 --warm-up 0 --format csv \
        --connections 2 --threads 1 "$@"
}

load --clients "$CLIENTS" --seconds $((SECONDS_A_RUN < 10 ? SECONDS_A_RUN : 10)) > "$DIR/most.csv"
rate=$(awk -F, 'NR > 1 { sum += $3 } END { printf "%d", sum / 2 }' "$DIR/most.csv")
load --rate "$rate" --clients 256 --seconds "$SECONDS_A_RUN" > "$DIR/alone.csv" 2> "$DIR/alone.err"

"$BIN" push "$DIR/two" --server "$url" > "$DIR/refreshes"
(
    turn=one
    while :; do
        "$BIN" push --activate "soak-$turn" --server "$url" >> "$DIR/refreshes" || echo failed >> "$DIR/refreshes"
        [[ $turn = one ]] && turn=two || turn=one
    done
) &
refreshes=$!
load --rate "$rate" --clients 256 --seconds "$SECONDS_A_RUN" > "$DIR/during.csv" 2> "$DIR/during.err"
kill "$refreshes" && wait "$refreshes" 2>/dev/null || true
highest=$(peak)
kill "$server" && wait "$server" || true
server=

"$BIN" journal check "$DIR/data" --snapshot "$DIR/one" --format json > "$DIR/check.json" || true
field() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$DIR/check.json" | tail -1; }
acknowledged=$(cat "$DIR"/{most,alone,during}.csv | awk -F, '$1 == "Promise" { sum += $2 - $7 } END { print sum + 0 }')
kept=$(sed -n '/"replayed"/,$p' "$DIR/check.json" | sed -n 's/.*"promises": \([0-9]*\).*/\1/p' | head -1)
overcommitted=$(sed -n '/"accounts_overcommitted"/,/]/p' "$DIR/check.json" | grep -c '@' || true)
faults=$(grep -c '"cause"' "$DIR/check.json" || true)

echo "$ACCOUNTS stock accounts ($rows of Parquet), $rate calls/s ($MIX), $SECONDS_A_RUN s each"
awk -F, -v OFS='\t' '
    FNR == 1 { file++; next }
    { key = $1; calls[file, key] = $2; failed[file, key] = $5 + $6; p50[file, key] = $9
      p99[file, key] = $11; p999[file, key] = $12; most[file, key] = $14; seen[key] = 1 }
    END {
        printf "%-20s %-8s %9s %7s %10s %10s %10s %10s\n", "call", "refresh", "calls", "failed", "p50 us", "p99 us", "p99.9 us", "max us"
        for (key in seen) for (file = 1; file <= 2; file++)
            printf "%-20s %-8s %9d %7d %10.0f %10.0f %10.0f %10.0f\n", key, file == 1 ? "without" : "during", \
                calls[file, key], failed[file, key], p50[file, key], p99[file, key], p999[file, key], most[file, key]
        for (key in seen) if (p99[1, key] > 0) printf "%-20s p99 during / without: %.2f\n", key, p99[2, key] / p99[1, key]
    }' "$DIR/alone.csv" "$DIR/during.csv"
swaps=$(grep -c 'activated:' "$DIR/refreshes" || true)
still=$(sed -n 's/.*stood still for \([0-9.]*\) ms/\1/p' "$DIR/refreshes" | sort -g | tail -1)
loaded=$(sed -n 's/.*loaded in \([0-9.]*\) s.*/\1/p' "$DIR/refreshes" | sort -g | tail -1)
echo "refreshes: $swaps, failed $(grep -c failed "$DIR/refreshes" || true); loaded in at most $loaded s; commands stood still for at most $still ms"
echo "memory: $at_start MB with one generation, $highest MB at most"
echo "promises: $acknowledged acknowledged, $kept in the journal, lost $((acknowledged - kept))"
echo "oversold accounts: $overcommitted; faults of the journal: $faults"
cat "$DIR"/{alone,during}.err >&2
# Told above; here it fails: nothing was refreshed, a refresh failed, a promise is lost, an account is oversold.
[[ $swaps -gt 0 && $acknowledged -eq $kept && $overcommitted -eq 0 && $faults -eq 0 ]] && ! grep -q failed "$DIR/refreshes"
