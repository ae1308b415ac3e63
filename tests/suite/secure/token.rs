//! Item 2: `promised token new|list|revoke`, and the file of tokens.

use super::place::{Place, promised, text};
use std::os::unix::fs::PermissionsExt;

#[test]
fn a_token_is_printed_once_and_only_its_check_sum_is_kept() {
    let place = Place::new();
    let token = place
        .token("shop", &["--role", "promise,load", "--class", "web,guest", "--expires", "90d"]);
    assert!(token.starts_with("pmt_") && token.len() == 4 + 43, "{token}");
    let file = std::fs::read_to_string(place.path("tokens.toml")).unwrap();
    assert!(!file.contains(&token) && !file.contains(&token[4..]), "{file}");
    let sum = ring::digest::digest(&ring::digest::SHA256, token.as_bytes());
    let hex: String = sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    assert!(file.contains(&hex), "{file}");
    let mode = std::fs::metadata(place.path("tokens.toml")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let file = place.path("tokens.toml");
    let list = |format: &str| {
        let file = file.to_str().unwrap();
        text(&promised(&["token", "list", "--tokens", file, "--format", format]).stdout)
    };
    let csv = list("csv");
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!(lines[0], "name,roles,classes,customers,locations,sources,economics,expires");
    assert!(lines[1].starts_with("shop,\"promise,load\",\"web,guest\",,,,false,20"), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&list("json")).unwrap();
    assert_eq!(json[0]["name"], "shop");
    assert!(!list("table").contains("pmt_"));
}

#[test]
fn tokens_have_one_name_each_and_are_taken_back_by_it() {
    let place = Place::new();
    place.token("a", &["--role", "read"]);
    place.token("b", &["--role", "admin", "--economics"]);
    let file = place.path("tokens.toml");
    let file = file.to_str().unwrap();
    let run = |arguments: &[&str]| {
        let output = promised(&[&["token"], arguments, &["--tokens", file]].concat());
        (output.status.code().unwrap(), text(&output.stderr))
    };
    let (code, told) = run(&["new", "--name", "a", "--role", "read"]);
    assert_eq!(code, 1);
    assert!(told.contains("there is a token \"a\" already"), "{told}");
    assert_eq!(run(&["new", "--name", "c", "--role", "king"]).0, 2);
    assert_eq!(run(&["new", "--name", "a b", "--role", "read"]).0, 1);
    assert_eq!(run(&["revoke", "a"]).0, 0);
    assert_eq!(run(&["revoke", "a"]).0, 1, "it is gone");
    let csv = text(&promised(&["token", "list", "--tokens", file, "--format", "csv"]).stdout);
    assert!(csv.contains("\nb,admin,") && !csv.contains("\na,"), "{csv}");
}

#[test]
fn a_file_with_something_wrong_is_told_with_its_line() {
    let place = Place::new();
    let check = |wrong: &str, want: &str| {
        place.write("tokens.toml", wrong);
        let file = place.path("tokens.toml");
        let output = promised(&["token", "list", "--tokens", file.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(1));
        assert!(text(&output.stderr).contains(want), "{}", text(&output.stderr));
        // A server does not start with it.
        let output = place.command(&["--access-tokens", "tokens.toml"]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(text(&output.stderr).contains(want), "{}", text(&output.stderr));
    };
    check(
        "[[token]]\nname = \"a\"\nsha256 = \"zz\"\nroles = [\"read\"]\n",
        "tokens.toml:2: token \"a\": sha256 has 64",
    );
    check("[[token]]\nname = \"a\"\nroles = [\"king\"]\n", "tokens.toml:3: unknown variant");
    check("[[token]]\nnom = \"a\"\n", "tokens.toml:2: unknown field `nom`");
}

#[test]
fn the_configuration_says_which_file_it_is() {
    let place = Place::new();
    place.write("promised.toml", "[access]\ntokens = \"who.toml\"\n");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_promised"));
    command.current_dir(place.0.path()).args(["token", "new", "--name", "a", "--role", "read"]);
    assert!(command.output().unwrap().status.success());
    assert!(place.path("who.toml").exists());
}
