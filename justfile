# `just check` is what CI runs.
check:
    bash .ci/run

test:
    cargo test

# Rewrites golden output after a wanted change; read the diff.
update-expect:
    UPDATE_EXPECT=1 cargo test

# The naive reference against the engine on other seeds.
differential SEEDS="0..5000":
    PROMISED_SEEDS={{SEEDS}} cargo test --release --test suite differential

# Dates beside the exact optimum, on more plants.
optimum SEEDS="0..300":
    PROMISED_SEEDS={{SEEDS}} cargo test --workspace --release --test optimum

# Criterion; the large sizes need 4 GB for a million accounts, 40 for ten.
bench ACCOUNTS="10000,1000000":
    PROMISED_BENCH_ACCOUNTS={{ACCOUNTS}} cargo bench

# Beside PostgreSQL, Redis and a server that only echoes: one run, a table of ratios.
bench-peers ACCOUNTS="1000000":
    ACCOUNTS={{ACCOUNTS}} benches/peers/run.sh

# The AdventureWorks snapshot from its raw tables.
adventureworks:
    cargo run --release --example adventureworks -- ../shared/data/adventureworks snapshots/adventureworks

# A seed of the simulation drives clients, crashes, disk faults and the clock. Those of a cluster take 250 steps a seed: the default is more than
# a million (some 4 minutes of one core in a debug build).
sim SEEDS="0..5000":
    PROMISED_SIM={{SEEDS}} cargo test --release --test suite simulation

# Three servers on three members of etcd, killed and paused so many times: a table of gaps, what was lost and doubled.
cluster-faults N="25":
    cargo build --release
    PROMISED_BIN="${CARGO_TARGET_DIR:-$PWD/target}/release/promised" PROMISED_FAULTS={{N}} PROMISED_FAULT_TARGETS=1 cargo test --features kafka-tests --test suite cluster::process::faults -- --nocapture

# What a cluster costs beside one process: p50 and CPU of a promise, checks on nodes that follow, catching up.
cluster-costs BINARY="target/release/promised" ETCD="etcd":
    python3 benches/cluster.py {{BINARY}} {{ETCD}}

# What strangers can do to a server, in seconds and megabytes, beside an innocent caller.
attacks:
    cargo bench --bench attacks

# Kills the real server under load, so many times.
crash TIMES="50":
    PROMISED_CRASHES={{TIMES}} cargo test --release --test suite crash::

# The embedded stores that could carry the journal, side by side.
bench-stores DIR=".":
    cargo run --release --manifest-path benches/stores/Cargo.toml -- {{DIR}}

# A minute of checks and promises while the snapshot is refreshed over and over: percentiles with and without, errors, lost promises.
refresh-soak ACCOUNTS="1000000" SECONDS="60":
    ACCOUNTS={{ACCOUNTS}} SECONDS_A_RUN={{SECONDS}} benches/soak.sh

# The shared scenario in each client's language against the real binary (PROMISED_BIN), killed in between.
clients *LANGUAGES:
    clients/run.py {{LANGUAGES}}

# The clients' generated code, after a change of a proto file.
clients-generate:
    clients/generate.sh

# A release in target/dist: .deb, .tar.gz, SBOM, licences, check sums; PROMISED_BIN=FILE packs that binary.
dist:
    python3 ops/dist.py

# What the rules for alerts say of series, by promtool where it is.
alerts:
    python3 ops/dashboard.py | cmp - ops/dashboard.json
    promtool check rules ops/alerts.yml
    promtool test rules ops/alerts.test.yml

# The chart: linted, rendered alone and as a cluster, refused without secrets; needs helm
# (`go install helm.sh/helm/v3/cmd/helm@v3.16.4`).
helm:
    helm lint ops/helm/promised --set insecure=true
    helm template it ops/helm/promised --kube-version 1.30.0 --set tlsSecret=tls --set tokensSecret=tokens > /dev/null
    helm template it ops/helm/promised --kube-version 1.30.0 --set tlsSecret=tls --set tokensSecret=tokens --set cluster.enabled=true > /dev/null
    ! helm template it ops/helm/promised --kube-version 1.30.0 2> /dev/null
    ! helm template it ops/helm/promised --kube-version 1.30.0 --set insecure=true --set wrong=1 2> /dev/null

# Fuzzes a target, or all of them, so many seconds each; needs a nightly toolchain.
fuzz TARGET="all" SECONDS="600":
    fuzz/run {{TARGET}} {{SECONDS}}
