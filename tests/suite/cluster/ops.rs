//! Issue 24 item 7: the compose file, the units of systemd and the chart for three nodes and three members of etcd fit the
//! binary, the documentation and each other, as far as that can be told where there is no Docker, no systemd and no Helm.

use super::place::promised;
use std::{collections::BTreeSet, path::Path};

fn read(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// What etcd is started with, wherever it is.
const FLAGS: [(&str, &str); 5] = [
    ("heartbeat-interval", "50"),
    ("election-timeout", "500"),
    ("pre-vote", "true"),
    ("snapshot-count", "1000"),
    ("quota-backend-bytes", "8589934592"),
];

#[test]
fn etcd_has_the_same_flags_in_all_files_and_in_the_documentation() {
    let compose = read("ops/cluster/compose.yaml");
    for (flag, value) in FLAGS {
        let written = match value {
            "true" => format!("--{flag}"),
            value => format!("--{flag}={value}"),
        };
        for file in [
            "ops/cluster/etcd.service",
            "ops/helm/promised/templates/cluster.yaml",
            "docs/cluster.md",
        ] {
            assert!(read(file).contains(&written), "{file} has no {written}");
        }
        let variable = format!("ETCD_{}: \"{value}\"", flag.to_uppercase().replace('-', "_"));
        assert!(compose.contains(&variable), "the compose file has no {variable}");
    }
}

/// The words of the commands of a compose file.
fn commands(compose: &str) -> Vec<Vec<&str>> {
    let commands = compose.lines().filter_map(|line| line.trim().strip_prefix("command: "));
    commands.map(|command| command.split_whitespace().collect()).collect()
}

fn after<'a>(words: &[&'a str], flag: &str) -> &'a str {
    let at = words.iter().position(|word| *word == flag);
    at.and_then(|at| words.get(at + 1)).copied().unwrap_or_else(|| panic!("no {flag}: {words:?}"))
}

#[test]
fn the_compose_file_starts_three_nodes_that_its_first_command_has_named() {
    let compose = read("ops/cluster/compose.yaml");
    let commands = commands(&compose);
    let (nodes, others): (Vec<_>, Vec<_>) = commands.iter().partition(|words| words[0] == "serve");
    assert_eq!((nodes.len(), others.len()), (3, 1));
    let init = others[0];
    let named: BTreeSet<_> = after(init, "--nodes").split(',').collect();
    let etcd = after(init, "--etcd");
    for url in etcd.split(',') {
        let host = url.strip_prefix("http://").and_then(|rest| rest.strip_suffix(":2379")).unwrap();
        assert!(compose.contains(&format!("\n  {host}:\n")), "{host} is no service");
    }
    let mut found = BTreeSet::new();
    let served: Vec<_> = nodes
        .iter()
        .map(|words| {
            let node = after(words, "--node");
            assert!(compose.contains(&format!("\n  {node}:\n")), "{node} is no service");
            assert_eq!(after(words, "--peer"), format!("{node}:7001"));
            assert_eq!(
                (after(words, "--etcd"), after(words, "--cluster")),
                (etcd, after(init, "--name"))
            );
            found.insert(format!("{node}={}", after(words, "--peer")));
            // The binary takes all of it.
            let shown = promised(&[&["config", "show"][..], &words[1..]].concat());
            assert!(shown.status.success(), "{shown:?}");
            after(words, "--advertise")
        })
        .collect();
    assert_eq!(found.iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
    for address in served {
        let port = address.strip_prefix("localhost:").unwrap();
        assert!(compose.contains(&format!("\"{port}:50051\"")), "{address} is not published");
    }
    // The words of the command that begins it: only etcd is missing.
    let is_of_etcd = |word: &&str| *word == "--etcd" || *word == after(init, "--etcd");
    let rest: Vec<_> = init.iter().copied().filter(|word| !is_of_etcd(word)).collect();
    let ended = promised(&[&rest[..], &["--etcd", "http://127.0.0.1:1"]].concat());
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
}

/// Lines of a unit that say what it does, without what differs by the node's name.
fn lines(unit: &str) -> Vec<String> {
    let lines = unit.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    let plain = |line: &str| {
        line.replace(", node %i", "")
            .replace("-%i/ledger", "")
            .replace("%i.toml", "promised.toml")
            .replace("-%i", "")
    };
    lines.map(plain).collect()
}

#[test]
fn the_unit_of_a_node_is_that_of_a_single_server_and_its_settings_are_known() {
    assert_eq!(lines(&read("ops/cluster/promised@.service")), lines(&read("ops/promised.service")));
    let settings = Path::new(env!("CARGO_MANIFEST_DIR")).join("ops/cluster/n1.toml");
    let checked = promised(&["config", "check", "--config", settings.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&checked.stdout).to_string()
        + &String::from_utf8_lossy(&checked.stderr);
    assert!(!said.contains("unknown key"), "{said}");
    let text = read("ops/cluster/n1.toml");
    // It is encrypted throughout.
    assert!(!text.contains("http://") && text.contains("client_ca"), "{text}");
    let unit = read("ops/cluster/etcd.service");
    assert!(!unit.contains("http://") && unit.contains("--peer-client-cert-auth"), "{unit}");
}

/// The keys of plain YAML, with those above them: `cluster.etcd.image`.
fn keys(yaml: &str) -> BTreeSet<String> {
    let (mut above, mut found) = (Vec::<(usize, String)>::new(), BTreeSet::new());
    for line in yaml.lines() {
        let indent = line.len() - line.trim_start().len();
        let Some((key, _)) = line.trim().split_once(':') else { continue };
        if !key.chars().all(|c| c.is_ascii_alphanumeric()) {
            continue;
        }
        above.retain(|(at, _)| *at < indent);
        above.push((indent, key.to_string()));
        let path: Vec<_> = above.iter().map(|(_, key)| key.as_str()).collect();
        found.insert(path.join("."));
    }
    found
}

#[test]
fn the_chart_uses_values_that_there_are_and_flags_that_the_binary_has() {
    let templates = ["all.yaml", "cluster.yaml"]
        .map(|name| read(&format!("ops/helm/promised/templates/{name}")));
    let values = keys(&read("ops/helm/promised/values.yaml"));
    let schema: serde_json::Value =
        serde_json::from_str(&read("ops/helm/promised/values.schema.json")).unwrap();
    let help = |command: &[&str]| {
        let shown = promised(&[command, &["--help"]].concat());
        String::from_utf8(shown.stdout).unwrap()
    };
    let known = help(&["serve"]) + &help(&["cluster", "init"]);
    let of_etcd = read("ops/cluster/etcd.service");
    let mut n_flags = 0;
    for template in &templates {
        for used in template.split(".Values.").skip(1) {
            let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.';
            let path = used.split(|c| !is_part(c)).next().unwrap().trim_end_matches('.');
            assert!(values.contains(path), "values.yaml has no {path}");
            let known = path.split('.').try_fold(&schema, |at, key| at["properties"].get(key));
            assert!(known.is_some(), "the schema has no {path}");
        }
        for line in template.lines() {
            let Some(flag) = line.trim().strip_prefix("- --") else { continue };
            let flag = format!("--{}", flag.split('=').next().unwrap());
            let is_known = known.contains(&flag) || of_etcd.contains(&flag);
            assert!(is_known, "{flag} is a flag of neither");
            n_flags += 1;
        }
        assert_eq!(template.matches("{{").count(), template.matches("}}").count());
        let words = |word: &str| template.matches(&format!("{{{{- {word} ")).count();
        let ends = template.matches("{{- end }}").count() + template.matches("{{- end -}}").count();
        assert_eq!(words("if") + words("with") + words("range") + words("define"), ends);
    }
    assert!(20 < n_flags, "{n_flags}");
    // Both are apart from each other, and one at a time may be taken away.
    assert_eq!(templates.concat().matches("podAntiAffinity").count(), 2);
    assert_eq!(templates.concat().matches("maxUnavailable: 1").count(), 2);
}
