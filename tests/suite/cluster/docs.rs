//! Issue 24 "resolved when": the lines of docs/cluster.md by which a newcomer tries a cluster on one machine are run as they
//! stand there, but for the ports.

use super::{etcds, place::is_wanted};
use std::{collections::BTreeMap, fmt::Write as _, path::Path, process::Command};

/// The ports of the page, each with a digit behind it.
const PORTS: [&str; 5] = ["2379", "2380", "700", "5005", "946"];

/// What stands before the page's own lines: nothing of it is left over at the end.
const PRELUDE: &str = r#"
set -e
trap 'code=$?; kill -9 $(jobs -p) 2> /dev/null || true; exit $code' EXIT
"#;

/// The commands of a page, its ports those that are free here.
fn commands(page: &str) -> String {
    let (mut is_in, mut script) = (false, PRELUDE.to_string());
    for line in page.lines() {
        match line.strip_prefix("```") {
            Some(kind) => is_in = kind == "bash",
            None if is_in => writeln!(script, "{line}").unwrap(),
            None => (),
        }
    }
    let mut free = BTreeMap::new();
    for port in PORTS {
        for n in 1..=3 {
            free.insert(format!("127.0.0.1:{port}{n}"), etcds::ports(1)[0]);
        }
        // In a loop the digit is a variable's.
        let all: Vec<_> = (1..=3).map(|n| free[&format!("127.0.0.1:{port}{n}")]).collect();
        let array = format!("port{port}=(0 {} {} {})\n", all[0], all[1], all[2]);
        script = script.replacen("set -e\n", &format!("set -e\n{array}"), 1);
        for variable in ["$n", "$1"] {
            let used = format!("127.0.0.1:{port}{variable}");
            script = script.replace(&used, &format!("127.0.0.1:${{port{port}[{}]}}", &variable));
        }
    }
    free.iter().fold(script, |script, (from, to)| script.replace(from, &format!("127.0.0.1:{to}")))
}

/// Runs a script beside the repository's snapshots; what it printed.
#[track_caller]
fn ran(program: &Path, script: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("snapshots"), dir.path().join("snapshots")).unwrap();
    let bin = Path::new(env!("CARGO_BIN_EXE_promised")).parent().unwrap();
    let path = std::env::var("PATH").unwrap();
    let path = format!("{}:{}:{path}", program.parent().unwrap().display(), bin.display());
    std::fs::write(dir.path().join("page.sh"), script).unwrap();
    let ran = Command::new("timeout")
        .args(["--kill-after=5", "300", "bash", "page.sh"])
        .current_dir(dir.path())
        .env("PATH", path)
        .output()
        .unwrap();
    let (printed, said) =
        (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{printed}\n{said}");
    printed.to_string()
}

fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    commands(&std::fs::read_to_string(root.join("docs/cluster.md")).unwrap())
}

#[test]
fn a_newcomer_brings_a_cluster_up_by_the_lines_of_the_page_and_kills_a_node() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("the lines of docs/cluster.md");
    };
    let printed = ran(&program, &page());
    // Each order once, on the node that took over, and on the one that was killed and came back.
    for order in ["STOCK", "LATE", "SPLIT", "BUY"] {
        let rows = |line: &&str| line.split_whitespace().any(|cell| cell == order);
        let n = printed.lines().filter(rows).count();
        assert!(4 <= n, "{order}: {n} rows of two answers and two lists\n{printed}");
    }
}

/// Two nodes without data that begin before the one that has some took each other for it, and waited for ever: each
/// listened, and neither answered yet.
#[test]
fn nodes_without_data_that_begin_together_do_not_wait_for_each_other() {
    let Some(program) = etcds::program().filter(|_| is_wanted()) else {
        return etcds::missing("nodes that begin together");
    };
    let (page, all) = (page(), "for n in 1 2 3; do node $n; done\n");
    let before = page.split(all).next().filter(|before| before.len() < page.len());
    let before = before.expect("the page starts three nodes");
    let script = format!(
        "{before}for n in 2 3; do node $n; done\nsleep 2\nnode 1\n\
         for n in 1 2 3; do until promised health --admin 127.0.0.1:${{port946[$n]}}; do sleep 0.2; done; done\n\
         promised cluster status --server http://127.0.0.1:${{port5005[3]}} --format csv\n"
    );
    let printed = ran(&program, &script);
    let nodes = printed.lines().filter(|line| line.starts_with('n') && !line.starts_with("name"));
    assert_eq!(nodes.count(), 3, "{printed}");
}
