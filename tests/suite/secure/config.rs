//! Item 7: one TOML file, environment, flags; where each value came from; what is wrong, with file, line and what was meant.

use std::{
    path::Path,
    process::{Command, Output},
};
use tempfile::TempDir;

/// A directory with a configuration.
fn written(name: &str, text: &str) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join(name), text).unwrap();
    dir
}

fn promised(dir: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(dir).args(arguments).envs(variables.iter().copied());
    command.output().unwrap()
}

/// Exit code and what was said.
fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    let code = output.status.code().unwrap();
    format!("{code}\n{}{}", text(&output.stdout), text(&output.stderr))
}

/// A setting as `config show` tells it.
fn shown(dir: &Path, more: &[&str], variables: &[(&str, &str)], key: &str) -> String {
    let arguments = [&["config", "show", "--format", "csv"], more].concat();
    let output = promised(dir, &arguments, variables);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.starts_with("key,value,from\n"), "{text}");
    let line = text.lines().find(|line| line.starts_with(&format!("{key},")));
    line.unwrap_or_else(|| panic!("no {key} in {text}")).to_string()
}

#[test]
fn the_later_of_default_file_variable_and_flag_has_the_word() {
    let dir = written("p.toml", "[serve]\n\ndrain = \"7s\"\n[limits]\nconnections = 12\n");
    let (dir, file) = (dir.path(), ["--config", "p.toml"]);
    let drain = |more: &[&str], variables: &[(&str, &str)]| {
        shown(dir, &[&file, more].concat(), variables, "serve.drain")
    };
    assert_eq!(shown(dir, &[], &[], "serve.drain"), "serve.drain,5s,default");
    assert_eq!(drain(&[], &[]), "serve.drain,7s,p.toml:3");
    assert_eq!(drain(&[], &[("PROMISED_DRAIN", "8s")]), "serve.drain,8s,PROMISED_DRAIN");
    let both = drain(&["--drain", "9s"], &[("PROMISED_DRAIN", "8s")]);
    assert_eq!(both, "serve.drain,9s,--drain");
    assert_eq!(
        drain(&[], &[("PROMISED_DRAIN", "")]),
        "serve.drain,7s,p.toml:3",
        "empty is not set"
    );
    assert_eq!(drain(&[], &[("PROMISED_NOTHING", "x")]), "serve.drain,7s,p.toml:3", "not ours");
    let limit = shown(dir, &file, &[], "limits.connections");
    assert_eq!(limit, "limits.connections,12,p.toml:5");
    let named = [("PROMISED_CONFIG", "p.toml")];
    assert_eq!(shown(dir, &[], &named, "serve.drain"), "serve.drain,7s,p.toml:3");
    let by_place = shown(dir, &["some/where"], &[("PROMISED_SNAPSHOT", "x")], "serve.snapshot");
    assert_eq!(by_place, "serve.snapshot,some/where,SNAPSHOT");
    let json = promised(dir, &["config", "show", "--config", "p.toml", "--format", "json"], &[]);
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    let drain = json.as_array().unwrap().iter().find(|one| one["key"] == "serve.drain").unwrap();
    assert_eq!(drain["from"], "p.toml:3");
}

#[test]
fn a_file_of_the_usual_name_is_read_by_itself() {
    let dir = written("promised.toml", "[clock]\njump = \"2h\"\n");
    let jump = shown(dir.path(), &[], &[], "clock.jump");
    assert_eq!(jump, "clock.jump,2h,promised.toml:2");
}

#[test]
fn paths_of_the_file_count_from_its_directory() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("etc")).unwrap();
    std::fs::write(dir.path().join("etc/p.toml"), "[serve]\ndata = \"journal\"\n").unwrap();
    let file = ["--config", "etc/p.toml"];
    let data = shown(dir.path(), &file, &[], "serve.data");
    assert_eq!(data, "serve.data,etc/journal,etc/p.toml:2");
    let given = shown(dir.path(), &[&file[..], &["--data", "here"]].concat(), &[], "serve.data");
    assert_eq!(given, "serve.data,here,--data", "those of a flag do not");
}

#[test]
fn what_is_wrong_is_told_with_file_line_and_what_was_meant() {
    #[track_caller]
    fn check(text: &str, want: &str) {
        let dir = written("p.toml", text);
        let output = promised(dir.path(), &["config", "check", "--config", "p.toml"], &[]);
        assert_eq!(said(&output), want);
        if want.starts_with('1') {
            // `serve` says the same, and exits 2.
            let output = promised(dir.path(), &["serve", "x", "--config", "p.toml"], &[]);
            assert_eq!(said(&output), want.replacen('1', "2", 1));
        }
    }
    check("", "0\n");
    check("[serve]\nlisten = \"127.0.0.1:0\"\n", "0\n");
    check(
        "[serve]\nlisen = \"127.0.0.1:0\"\n",
        "1\np.toml:2: unknown key \"lisen\" in [serve]; did you mean \"listen\"?\n",
    );
    check(
        "# a comment\n[srve]\ndrain = \"5s\"\n",
        "1\np.toml:3: unknown section [srve]; did you mean \"serve\"?\n",
    );
    check(
        "drain = \"5s\"\n",
        "1\np.toml:1: \"drain\" stands outside of a section, such as [serve]\n",
    );
    check(
        "[serve]\ndrain = \"soon\"\n",
        "1\np.toml:2: serve.drain: a time such as 7d, 12h, 30m or 90s is expected\n",
    );
    check(
        "[limits]\nsilent = 5\n[quarantine]\ntables_vanished = \"perhaps\"\n",
        "1\np.toml:2: limits.silent: a time such as 7d, 12h, 30m or 90s is expected\n\
         p.toml:4: quarantine.tables_vanished: one of true, false is expected\n",
    );
    check(
        "[serve]\ndata = { a = 1 }\n",
        "1\np.toml:2: serve.data: a value is expected, not a table\n",
    );
    check(
        "[[access.jwt]]\nissuers = \"x\"\n",
        "1\np.toml:2: unknown key \"issuers\"; did you mean \"issuer\"?\n",
    );
    check(
        "[access.certificates]\nshop = { roles = [\"king\"] }\n",
        "1\np.toml:2: unknown variant `king`, expected one of `read`, `promise`, `plan`, `plan-apply`, `load`, `admin`\n",
    );
    check(
        "[[access.jwt]]\nissuer = \"http://id.example\"\naudience = \"promised\"\n",
        "1\np.toml:1: \"http://id.example\" is not encrypted (https), and not on this machine\n",
    );
    let dir = written("p.toml", "[serve]\nconfig = \"other.toml\"\n");
    let output = promised(dir.path(), &["config", "check", "--config", "p.toml"], &[]);
    let want = "1\np.toml:2: unknown key \"config\" in [serve]; there are snapshot, listen, ";
    assert!(said(&output).starts_with(want), "{}", said(&output));
}

#[test]
fn what_is_wrong_with_a_variable_is_told_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let output = promised(dir.path(), &["config", "check"], &[("PROMISED_DRAIN", "soon")]);
    let want = "1\nPROMISED_DRAIN: serve.drain: a time such as 7d, 12h, 30m or 90s is expected\n";
    assert_eq!(said(&output), want);
}

#[test]
fn a_file_that_is_no_toml_or_not_there_is_told() {
    let dir = written("p.toml", "[serve]\ndrain = \n");
    let output = promised(dir.path(), &["config", "check", "--config", "p.toml"], &[]);
    assert!(said(&output).starts_with("1\np.toml:2: "), "{}", said(&output));
    let output = promised(dir.path(), &["config", "check", "--config", "none.toml"], &[]);
    assert!(said(&output).starts_with("1\nnone.toml: cannot be read: "), "{}", said(&output));
}

#[test]
fn the_json_of_before_is_still_read() {
    let text = r#"{"quarantine": {"on_hand_down_percent": 90}, "keep_snapshots": 7,
        "keep": {"reports": 3, "seconds": 60}}"#;
    let dir = written("p.json", text);
    let show = |key| shown(dir.path(), &["--config", "p.json"], &[], key);
    let percent = "quarantine.on_hand_down_percent";
    assert_eq!(show(percent), format!("{percent},90,p.json"));
    assert_eq!(show("keep.snapshots"), "keep.snapshots,7,p.json");
    assert_eq!(show("keep.reports"), "keep.reports,3,p.json");
    assert_eq!(show("keep.at_most"), "keep.at_most,60s,p.json");
    assert_eq!(show("keep.quarantine"), "keep.quarantine,20,default", "it says nothing of it");
    let dir = written("p.json", "{\n\"keep_snapshot\": 7}");
    let output = promised(dir.path(), &["config", "check", "--config", "p.json"], &[]);
    assert!(
        said(&output).starts_with("1\np.json:2: unknown field `keep_snapshot`"),
        "{}",
        said(&output)
    );
}

#[test]
fn a_server_with_nothing_to_serve_says_what_would_do() {
    let dir = tempfile::tempdir().unwrap();
    let output = promised(dir.path(), &["serve"], &[]);
    let text = said(&output);
    assert!(text.starts_with("2\nerror: there is nothing to serve\ntry: "), "{text}");
}

/// Item 10: the page for operators names every limit, and every setting of what is told.
#[test]
fn the_page_for_operators_names_every_limit() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operator.md");
    let page = std::fs::read_to_string(page).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let output = promised(dir.path(), &["config", "show", "--format", "csv"], &[]);
    let text = String::from_utf8(output.stdout).unwrap();
    let named = text.lines().filter_map(|line| line.split(',').next()?.split_once('.'));
    let wanted = named.filter(|(section, _)| ["limits", "tls", "access"].contains(section));
    let missing: Vec<_> = wanted
        .filter(|(_, key)| !page.contains(key) && !page.contains(&key.replace('_', "-")))
        .collect();
    assert!(missing.is_empty(), "docs/operator.md does not name {missing:?}");
}
