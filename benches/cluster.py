#!/usr/bin/env python3
"""What a cluster of three costs beside one process on the same disk, in one run: ratios count, not figures.

    cluster.py BINARY ETCD [--rate 1000] [--seconds 10] [--checks 500] [--behind 1000000] [--dir DIR]

One process with a journal is asked for --rate durable promises a second (open loop), then for as many as it gives; then three nodes on three
members of etcd that go on with its journal: p50, p99, and what the process that promises takes of the processor for each. Then --checks a
second are asked of the two nodes that follow, beside --rate / 2 promises a second at the leader: what that moves the leader's p99 by. Then a node is
killed, so many promises are made as fast as that goes, and it is started again: how much faster it has them than they were made.
"""
import argparse, json, os, re, shutil, signal, socket, subprocess, sys, tempfile, time

words = argparse.ArgumentParser(description=__doc__.split("\n")[0])
words.add_argument("binary")
words.add_argument("etcd")
words.add_argument("--rate", type=int, default=1000)
words.add_argument("--seconds", type=int, default=10)
words.add_argument("--checks", type=int, default=500)
words.add_argument("--behind", type=int, default=1_000_000)
words.add_argument("--dir", default=None)
args = words.parse_args()
ITEMS, running, TICKS = 200, [], os.sysconf("SC_CLK_TCK")


def port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def snapshot(into):
    os.makedirs(into)
    rows = {
        "manifest.json": json.dumps({"snapshot_id": "bench", "as_of": "2026-11-23", "horizon_days": 30}),
        "items.csv": "item\n" + "".join(f"I{n}\n" for n in range(ITEMS)),
        "locations.csv": "location\nBER\n",
        "on_hand.csv": "item,location,quantity\n" + "".join(f"I{n},BER,1000000000\n" for n in range(ITEMS)),
    }
    for name, text in rows.items():
        with open(os.path.join(into, name), "w", encoding="utf-8") as file:
            file.write(text)


def start(command, log):
    process = subprocess.Popen(command, stdout=open(log, "ab"), stderr=subprocess.STDOUT)
    running.append(process)
    return process


def wait(what, is_so, within=120):
    by = time.monotonic() + within
    while time.monotonic() < by:
        found = is_so()
        if found:
            return found
        time.sleep(0.1)
    sys.exit(f"it never came: {what}")


def asked(*command):
    done = subprocess.run([args.binary, *command], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else None


def ready(admin):
    return asked("health", "--admin", admin) is not None


def cpu(process):
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def load(tables, url, *more):
    command = [args.binary, "load", tables, "--server", url, "--ship-from", "named", "--seconds", str(args.seconds),
               "--connections", "2", "--format", "json", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def result(process):
    return json.loads(process.communicate()[0])[0]


def promises(tables, url, process, *more):
    """p50 and p99 in ms, promises a second, and what each takes of the process's processor in ms."""
    before = cpu(process)
    found = result(load(tables, url, "--mix", "promise=1", "--warm-up", "0", *more))
    took = cpu(process) - before
    return found["p50_us"] / 1e3, found["p99_us"] / 1e3, found["calls_per_second"], took * 1e3 / max(1, found["calls"])


def tell(what, single, cluster):
    print(f"| {what} | {single[0]:.2f} | {cluster[0]:.2f} | {cluster[0] / single[0]:.1f} | {single[1]:.1f} | {cluster[1]:.1f} |"
          f" {single[2]:.0f} | {cluster[2]:.0f} | {single[3]:.3f} | {cluster[3]:.3f} | {cluster[3] / single[3]:.2f} |", flush=True)


def main(work):
    tables, data = os.path.join(work, "tables"), os.path.join(work, "n1")
    snapshot(tables)
    address, admin = f"127.0.0.1:{port()}", f"127.0.0.1:{port()}"
    single = start([args.binary, "serve", tables, "--data", data, "--listen", address, "--admin", admin], os.path.join(work, "single.log"))
    wait("the single process", lambda: ready(admin))
    offered, most = ["--rate", str(args.rate), "--clients", "16", "--in-flight", "64"], ["--clients", "64"]
    alone = [promises(tables, "http://" + address, single, *of) for of in (offered, most)]
    single.send_signal(signal.SIGTERM)
    single.wait()

    client, peer = [port() for _ in range(3)], [port() for _ in range(3)]
    members = ",".join(f"e{n}=http://127.0.0.1:{peer[n]}" for n in range(3))
    for n in range(3):
        own, other = f"http://127.0.0.1:{client[n]}", f"http://127.0.0.1:{peer[n]}"
        start([args.etcd, "--name", f"e{n}", "--data-dir", os.path.join(work, f"e{n}"), "--heartbeat-interval=50", "--election-timeout=500", "--pre-vote",
               "--snapshot-count=1000", "--log-level=error", "--listen-client-urls", own, "--advertise-client-urls", own,
               "--listen-peer-urls", other, "--initial-advertise-peer-urls", other, "--initial-cluster", members], os.path.join(work, "etcd.log"))
    etcd = ",".join(f"http://127.0.0.1:{n}" for n in client)
    nodes = [(f"n{n + 1}", f"127.0.0.1:{port()}", f"127.0.0.1:{port()}", f"127.0.0.1:{port()}") for n in range(3)]
    named = ",".join(f"{name}={at}" for name, at, _, _ in nodes)
    wait("etcd", lambda: asked("cluster", "init", "--name", "bench", "--etcd", etcd, "--nodes", named, "--from", data))

    def up(n):
        name, at, listen, admin = nodes[n]
        return start([args.binary, "serve", "--data", os.path.join(work, name), "--cluster", "bench", "--etcd", etcd, "--node", name,
                      "--peer", at, "--listen", listen, "--admin", admin], os.path.join(work, name + ".log"))

    processes = []
    for n, (_, _, _, admin) in enumerate(nodes):
        processes.append(up(n))
        wait("a node", lambda: ready(admin))

    def status(n):
        told = asked("cluster", "status", "--server", "http://" + nodes[n][2], "--format", "json")
        return told and json.loads(told)

    def known():
        told = [status(n) for n in range(3)]
        leaders = {one and one.get("leader") for one in told}
        return leaders.pop() if len(leaders) == 1 else None

    leader = int(wait("a leader", known)[1:]) - 1
    url = "http://" + nodes[leader][2]
    cluster = [promises(tables, url, processes[leader], *of) for of in (offered, most)]
    print("| promises | p50 ms, one process | cluster | times | p99 ms, one | cluster | a second, one | cluster | CPU ms each, one | leader | times |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for what, one, of in zip((f"{args.rate}/s offered", "as many as it gives"), alone, cluster):
        tell(what, one, of)

    # Checks on the nodes that follow, beside promises at the leader.
    others = [n for n in range(3) if n != leader]
    half = ["--rate", str(args.rate // 2), "--clients", "16", "--in-flight", "64"]
    quiet = promises(tables, url, processes[leader], *half)
    checks = [load(tables, "http://" + nodes[n][2], "--mix", "check=1", "--rate", str(args.checks // 2), "--clients", "8", "--in-flight", "16")
              for n in others]
    beside = promises(tables, url, processes[leader], *half)
    given = sum(result(process)["calls_per_second"] for process in checks)
    print(f"\n{given:.0f} checks/s on two nodes that follow, beside {args.rate // 2} promises/s: the leader's p99 {quiet[1]:.1f} -> {beside[1]:.1f} ms"
          f" ({beside[1] / quiet[1]:.2f} times), p50 {quiet[0]:.2f} -> {beside[0]:.2f} ms")

    # A node that is behind.
    lost = others[0]
    processes[lost].kill()
    processes[lost].wait()
    begin, missed = time.monotonic(), 0
    while missed < args.behind:
        # An order of so many lines is one call, and one entry.
        lines = 100
        streamed = result(subprocess.Popen([args.binary, "load", tables, "--server", url, "--ship-from", "named", "--seconds", "2", "--warm-up", "0",
                                            "--batch", str(lines), "--connections", "2", "--format", "json", "--mix", "stream=1", "--clients", "16"],
                                           stdout=subprocess.PIPE, text=True))
        missed += lines * streamed["calls"]
    made, last = time.monotonic() - begin, int(status(leader)["position"])
    begin = time.monotonic()
    processes[lost] = up(lost)

    def has_all():
        told = status(lost)
        own = [one for one in told["nodes"] if one["node"] == nodes[lost][0]] if told else []
        return own and last <= int(own[0].get("position", 0))

    wait("all that was made meanwhile", has_all, 600)
    took = time.monotonic() - begin
    print(f"a node that is {missed} promises behind: made in {made:.1f} s, caught up in {took:.1f} s, its start included: {made / took:.1f} times as fast")


directory = tempfile.mkdtemp(prefix="promised-cluster-", dir=args.dir)
try:
    main(directory)
finally:
    for process in running:
        process.kill()
        process.wait()
    shutil.rmtree(directory, ignore_errors=True)
