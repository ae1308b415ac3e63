#!/usr/bin/env python3
"""What a call costs one binary and another: `benches/calls.py BASELINE BINARY [--runs 5] [--seconds 4] [--clients 8]`.

Both serve the same snapshot; the load generator of the baseline asks them by turns, QuickCheck by gRPC in a closed loop. Printed
are the medians of calls a second, of the server's own CPU time a call (which other work on the machine disturbs least) and
of the latency at p50, and the ratios. Exit code 1 where the CPU time a call has grown by more than 3 %.
"""

import argparse
import csv
import io
import json
import os
import re
import statistics
import subprocess
import sys

SNAPSHOT = "snapshots/adventureworks"
GROWTH_MAX = 1.03


def served(binary):
    """A server of a binary, and its address. What only one of them knows is not asked for."""
    server = subprocess.Popen([binary, "serve", SNAPSHOT, "--listen", "127.0.0.1:0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    line = server.stdout.readline()
    found = re.search(r"127\.0\.0\.1:\d+", line)
    if not found:
        sys.exit(f"{binary} does not serve: {line}")
    return server, f"http://{found.group()}"


def cpu(server):
    """Seconds of CPU that a server has used, in user and system."""
    fields = open(f"/proc/{server.pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def asked(client, url, server, options):
    """Calls a second, CPU microseconds a call, and p50 in microseconds."""
    before = cpu(server)
    command = [client, "load", SNAPSHOT, "--server", url, "--seconds", str(options.seconds), "--warm-up", "0", "--clients", str(options.clients), "--format", "csv"]
    told = subprocess.run(command, capture_output=True, text=True)
    if told.returncode != 0:
        sys.exit(f"{' '.join(command)}: {told.stderr}")
    used = cpu(server) - before
    row = next(csv.DictReader(io.StringIO(told.stdout)))
    return float(row["calls_per_second"]), used / int(row["calls"]) * 1e6, float(row["p50_us"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("baseline")
    parser.add_argument("binary")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()
    both = [served(options.baseline), served(options.binary)]
    try:
        rows = [[], []]
        for server, url in both:
            asked(options.baseline, url, server, options)
        for run in range(options.runs):
            for at in (0, 1) if run % 2 == 0 else (1, 0):
                server, url = both[at]
                rows[at].append(asked(options.baseline, url, server, options))
    finally:
        for server, _ in both:
            server.terminate()
    medians = [[statistics.median(column) for column in zip(*of)] for of in rows]
    names = ["calls/s", "CPU us a call", "p50 us"]
    print("| | baseline | binary | ratio |\n|---|---|---|---|")
    for name, one, other in zip(names, *medians):
        print(f"| {name} | {one:,.1f} | {other:,.1f} | {other / one:.3f} |")
    print(json.dumps({"rows": rows}), file=sys.stderr)
    sys.exit(0 if medians[1][1] <= medians[0][1] * GROWTH_MAX else 1)


if __name__ == "__main__":
    main()
