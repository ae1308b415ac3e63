#!/usr/bin/env python3
"""What becomes of throughput when everybody promises at once, on books that are more or less full.

    contention.py BINARY SNAPSHOT [--lines 0,5500,10000,12000] [--clients 1,4,16,64] [--seconds 10]

For each number of orders that are promised before (random ones for every item, 1 to 10 within 60 days of the snapshot's as_of) and each
number of clients: a server in memory, filled, then `promised load --mix promise=100`. A row each: calls a second, p50, p99, worst, refused,
and what of it the server counted: races lost and plans made again. The last column is the rate against that of one client on the same book.
"""
import argparse, csv, datetime, json, os, random, re, subprocess, sys, tempfile, urllib.request

words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
words.add_argument("binary")
words.add_argument("snapshot")
words.add_argument("--lines", default="0,5500,10000,12000")
words.add_argument("--clients", default="1,4,16,64")
words.add_argument("--seconds", default="10")
args = words.parse_args()


def column(table, name):
    with open(os.path.join(args.snapshot, table + ".csv"), encoding="utf-8") as rows:
        return [row[name] for row in csv.DictReader(rows)]


def orders(n, path):
    random.seed(1)
    with open(os.path.join(args.snapshot, "manifest.json"), encoding="utf-8") as manifest:
        as_of = datetime.date.fromisoformat(json.load(manifest)["as_of"])
    items, customers = column("items", "item"), column("customers", "customer")
    with open(path, "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow("order line item quantity requested_date date_type customer".split())
        for i in range(n):
            day = as_of + datetime.timedelta(random.randrange(60))
            row = [f"R{i}", 1, random.choice(items), random.randint(1, 10), day, "arrival", random.choice(customers)]
            out.writerow(row)


def counted(address):
    text = urllib.request.urlopen(f"http://{address}/metrics", timeout=10).read().decode()
    found = re.search(r"^promised_replans_total(?:\{[^}]*\})? (\S+)$", text, re.M)
    return float(found.group(1)) if found else 0.0


def started():
    """A server in memory, its address, and that of its metrics."""
    server = subprocess.Popen(
        [args.binary, "serve", args.snapshot, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = ""
    while "operations on" not in said:
        line = server.stdout.readline()
        if not line:
            sys.exit("the server did not start: " + said)
        said += line
    serves = re.search(r"serving .* on (127\.0\.0\.1:\d+)", said).group(1)
    operations = re.search(r"operations on (127\.0\.0\.1:\d+)", said).group(1)
    return server, serves, operations


def measured(work, n_lines, n_clients):
    server, serves, operations = started()
    try:
        url = "http://" + serves
        if n_lines:
            path = os.path.join(work, f"{n_lines}.csv")
            orders(n_lines, path)
            subprocess.run([args.binary, "promise", args.snapshot, path, "--server", url, "--format", "csv"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        before = counted(operations)
        done = subprocess.run(
            [args.binary, "load", args.snapshot, "--server", url, "--mix", "promise=1", "--clients", str(n_clients),
             "--seconds", args.seconds, "--format", "json"], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)[0], counted(operations) - before
    finally:
        server.terminate()
        server.wait()


print("orders before  clients  calls/s  p50 ms  p99 ms  worst ms  failed  replans/call  against the first")
with tempfile.TemporaryDirectory() as work:
    for n_lines in map(int, args.lines.split(",")):
        first = None
        for n_clients in map(int, args.clients.split(",")):
            found, replans = measured(work, n_lines, n_clients)
            rate = found["calls_per_second"]
            first = first or rate
            of = [found[name] / 1000 for name in ("p50_us", "p99_us", "max_us")]
            print(f"{n_lines:13} {n_clients:8} {rate:8.0f} {of[0]:7.1f} {of[1]:7.1f} {of[2]:9.1f} {found['failed']:7}"
                  f" {replans / max(1, found['calls']):13.2f} {rate / first:18.2f}", flush=True)
