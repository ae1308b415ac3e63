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

bench:
    cargo bench

# The AdventureWorks snapshot from its raw tables.
adventureworks:
    cargo run --release --example adventureworks -- ../shared/data/adventureworks snapshots/adventureworks
