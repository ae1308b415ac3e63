#!/usr/bin/env bash
# QuickCheck by h2load (Debian: nghttp2-client), which costs less than any gRPC client: the server's own limit.
#   promised serve snapshots/adventureworks & benches/h2load.sh [HOST:PORT [CALLS]]
# h2load counts HTTP answers; grpc-status is not looked at, so ask once with grpcurl first.
set -euo pipefail
command -v h2load > /dev/null || { echo "h2load is not installed: apt-get install nghttp2-client"; exit 1; }
server=${1:-127.0.0.1:50051} calls=${2:-200000}
body=$(mktemp)
trap 'rm -f "$body"' EXIT
# A gRPC frame: no compression, 30 bytes; one query of 3 BK-M82S-42 at PLANT.
printf '\x00\x00\x00\x00\x1e\x0a\x1c\x0a\x0aBK-M82S-42\x12\x05PLANT\x19\x00\x00\x00\x00\x00\x00\x08\x40' > "$body"
h2load -n "$calls" -c 2 -m 16 -d "$body" -H 'content-type: application/grpc' -H 'te: trailers' \
  "http://$server/promised.v1.AvailabilityService/QuickCheck"
