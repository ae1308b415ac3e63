//! Every fenced command of README.md and of the pages in docs/ is run, and prints what the page shows.
//!
//! A page is run by bash, in one shell from top to bottom, pipes, `&` and `kill` included, with the binary that
//! the tests have built in the place of `cargo run --release --`, in a directory of its own in which the
//! repository's folders lie. A block that begins with ```` ```sh ```` is run; a ```` ```text ```` block behind one
//! is what it prints: each of its lines is a line that was printed, one that ends in `...` the beginning of one,
//! and `...` alone stands for any. A command that is meant to fail says `exit code N` in its comment.
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]
use std::{
    fmt::Write as _,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const BINARY: &str = env!("CARGO_BIN_EXE_promised");

/// What pages may read of the repository.
const FOLDERS: &[&str] =
    &["benches", "clients", "console", "examples", "ops", "proto", "snapshots", "tests"];

/// Programs that not everybody has: lines that begin with one of them are left out where it is not to be had.
const OPTIONAL: &[&str] = &["curl", "grpcurl"];

/// What stands before a page's own commands: a sleep after `serve ... &` also waits until the server is ready.
const PRELUDE: &str = r#"
set -e
set -o pipefail
is_ready() (
  exec 3<> /dev/tcp/127.0.0.1/9464 || exit 1
  printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
  read -r line <&3
  [[ $line == *' 200 '* ]]
)
sleep() {
  if [ -n "$(jobs -pr)" ]; then
    for _ in $(seq 600); do
      if is_ready 2> /dev/null; then break; fi
      command sleep 0.1
    done
  fi
  command sleep "$@"
}
serve_a_while() {
  promised serve "$@" &
  local server=$!
  sleep 0.1
  kill -INT $server
  wait $server
}
trap 'code=$?; kill $(jobs -p) 2> /dev/null || true; exit $code' EXIT
"#;

/// A block of commands, and what the page shows of their output.
#[derive(Debug, Default, PartialEq)]
struct Block {
    line: usize,
    commands: Vec<String>,
    shown: Vec<String>,
}

/// The blocks of a page, in order.
fn blocks(page: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut fence: Option<String> = None;
    for (at, line) in page.lines().enumerate() {
        match (&fence, line.strip_prefix("```")) {
            (None, Some(kind)) => {
                if kind == "sh" {
                    blocks.push(Block { line: at + 1, ..Block::default() });
                }
                fence = Some(kind.to_string());
            }
            (Some(_), Some(_)) => fence = None,
            (Some(kind), None) => match (kind.as_str(), blocks.last_mut()) {
                ("sh", Some(block)) => block.commands.push(line.to_string()),
                ("text", Some(block)) => block.shown.push(line.trim_end().to_string()),
                _ => (),
            },
            (None, None) => (),
        }
    }
    blocks
}

/// A command as the test runs it.
fn as_run(command: &str) -> String {
    let bin = Path::new(BINARY).parent().unwrap().display().to_string();
    let ours = command
        .replace("cargo run --release --quiet -- ", "promised ")
        .replace("cargo run --release -- ", "promised ")
        .replace("cargo build --release", "true")
        .replace("cargo test", "true")
        .replace("$PWD/target/release", &bin);
    let (line, comment) = ours.split_once(" # ").unwrap_or((&ours, ""));
    let line = line.trim_end();
    if let Some((_, code)) = comment.split_once("exit code ") {
        let code: String = code.chars().take_while(char::is_ascii_digit).collect();
        return format!("{line} || test $? -eq {code}");
    }
    // A reader stops a server in the foreground by Ctrl-C.
    match line.strip_prefix("promised serve ") {
        Some(arguments) if !line.ends_with('&') => format!("serve_a_while {arguments}"),
        _ => ours,
    }
}

/// A line without those of its commands that need a program that is not to be had.
fn without(line: &str, left_out: &[&str]) -> String {
    let needs = |command: &str| {
        let mut words = command.split(|c: char| c.is_whitespace() || "$()|".contains(c));
        words.any(|word| left_out.contains(&word))
    };
    line.split("; ").filter(|command| !needs(command)).collect::<Vec<_>>().join("; ")
}

/// What is not to be had on a page: programs, and the files that they would have written.
fn not_had<'a>(blocks: &'a [Block], programs: &[&'a str]) -> Vec<&'a str> {
    let mut left_out = programs.to_vec();
    for command in blocks.iter().flat_map(|block| &block.commands) {
        let gone = command.split("; ").filter(|part| without(part, &left_out) != **part);
        let written = |part: &'a str| part.rsplit_once("> ")?.1.split_whitespace().next();
        let unwritten: Vec<_> = gone.filter_map(written).collect();
        left_out.extend(unwritten);
    }
    left_out
}

fn script(blocks: &[Block], left_out: &[&str]) -> String {
    let mut script = PRELUDE.to_string();
    for (number, block) in blocks.iter().enumerate() {
        writeln!(script, "exec > out.{number} 2>&1").unwrap();
        for command in &block.commands {
            let kept = without(command, left_out);
            if !kept.is_empty() {
                writeln!(script, "{}", as_run(&kept)).unwrap();
            }
        }
    }
    script
}

/// The lines that a block shows and did not print.
fn missing<'a>(shown: &'a [String], printed: &str) -> Vec<&'a str> {
    let printed: Vec<&str> = printed.lines().map(str::trim_end).collect();
    let is_there = |line: &str| match line.strip_suffix("...") {
        Some(start) => printed.iter().any(|printed| printed.starts_with(start.trim_end())),
        None => printed.contains(&line),
    };
    shown.iter().map(String::as_str).filter(|line| !is_there(line)).collect()
}

fn is_had(program: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output();
    found.is_ok_and(|found| found.status.success())
}

/// Bash, in a network of its own where the machine allows it, so that no port is taken by others.
fn shell() -> Command {
    let alone = ["--map-root-user", "--user", "--net", "sh", "-c", "ip link set lo up"];
    let is_alone = Command::new("unshare").args(alone).stderr(Stdio::null()).status();
    if !is_alone.is_ok_and(|status| status.success()) {
        return Command::new("bash");
    }
    let mut shell = Command::new("unshare");
    shell.args(["--map-root-user", "--user", "--net", "sh", "-c"]);
    shell.args(["ip link set lo up && exec bash \"$@\"", "bash"]);
    shell
}

fn workplace(page: &Path) -> tempfile::TempDir {
    let place = tempfile::tempdir().unwrap();
    for folder in FOLDERS.iter().filter(|folder| Path::new(ROOT).join(folder).exists()) {
        symlink(Path::new(ROOT).join(folder), place.path().join(folder)).unwrap();
    }
    fs::write(place.path().join("page.md"), fs::read(page).unwrap()).unwrap();
    place
}

/// Runs a page; what is wrong with it, in words.
fn faults_of(page: &Path, left_out: &[&str]) -> String {
    let name = page.strip_prefix(ROOT).unwrap().display().to_string();
    let blocks = blocks(&fs::read_to_string(page).unwrap());
    let left_out = &not_had(&blocks, left_out);
    let place = workplace(page);
    fs::write(place.path().join("page.sh"), script(&blocks, left_out)).unwrap();
    let bin = Path::new(BINARY).parent().unwrap().display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
    let status = shell()
        .arg("page.sh")
        .current_dir(place.path())
        .env("PATH", path)
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .status()
        .unwrap();
    let mut faults = String::new();
    for (number, block) in blocks.iter().enumerate() {
        let Ok(printed) = fs::read(place.path().join(format!("out.{number}"))) else { break };
        let printed = String::from_utf8_lossy(&printed);
        let is_last = !place.path().join(format!("out.{}", number + 1)).exists();
        if is_last && !status.success() {
            let line = block.line;
            writeln!(faults, "{name}:{line}: ended with {status} after\n{printed}").unwrap();
        }
        let is_whole = block.commands.iter().all(|line| without(line, left_out) == *line);
        if is_whole {
            for line in missing(&block.shown, &printed) {
                writeln!(faults, "{name}:{}: is not printed: {line}", block.line).unwrap();
            }
        }
    }
    faults
}

fn pages() -> Vec<PathBuf> {
    let mut pages = vec![Path::new(ROOT).join("README.md")];
    if let Ok(docs) = fs::read_dir(Path::new(ROOT).join("docs")) {
        let files = docs.map(|entry| entry.unwrap().path());
        pages.extend(files.filter(|path| path.extension().is_some_and(|end| end == "md")));
    }
    pages.sort();
    pages
}

#[test]
fn every_command_of_the_pages_runs_and_prints_what_they_show() {
    let left_out: Vec<_> = OPTIONAL.iter().copied().filter(|program| !is_had(program)).collect();
    if !left_out.is_empty() {
        println!("not to be had here, so their lines were left out: {}", left_out.join(", "));
    }
    let only = std::env::var("PROMISED_PAGE").unwrap_or_default();
    let pages = pages().into_iter().filter(|page| page.display().to_string().contains(&only));
    let faults: String = pages.map(|page| faults_of(&page, &left_out)).collect();
    assert!(faults.is_empty(), "{faults}");
}

#[test]
fn the_readme_is_one_page() {
    let lines = fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap().lines().count();
    assert!(lines <= 150, "README.md has {lines} lines");
}

#[test]
fn a_page_is_taken_apart_as_it_is_written() {
    let page =
        "a\n```sh\nfoo | bar # exit code 1: no\n```\nb\n```text\nout ...\n```\n```json\n{}\n```\n";
    let want = Block {
        line: 2,
        commands: vec!["foo | bar # exit code 1: no".into()],
        shown: vec!["out ...".into()],
    };
    assert_eq!(blocks(page), [want]);
    assert_eq!(as_run("foo | bar # exit code 1: no"), "foo | bar || test $? -eq 1");
    assert_eq!(as_run("cargo run --release -- atp x"), "promised atp x");
    let line = "sleep 1; grpcurl -d x; echo";
    assert_eq!(
        (without(line, &["grpcurl"]), without(line, &[])),
        ("sleep 1; echo".into(), line.into())
    );
    assert_eq!(without("S=$(grpcurl x | sed y)", &["grpcurl"]), "");
    let reads = [Block {
        line: 1,
        commands: vec![
            "grpcurl x > kept.json".into(),
            "P=$(sed y kept.json)".into(),
            "echo".into(),
        ],
        shown: Vec::new(),
    }];
    let left_out = not_had(&reads, &["grpcurl"]);
    assert_eq!(left_out, ["grpcurl", "kept.json"]);
    assert_eq!(script(&reads, &left_out).lines().last(), Some("echo"));
    assert_eq!(missing(&["out ...".into(), "x".into(), "...".into()], "output 1\n"), ["x"]);
}
