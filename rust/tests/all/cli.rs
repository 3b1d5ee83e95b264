//! The TypeScript command line as the second device.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use crate::common::relay::{Directory, Relay, node};
use zerok_sync::client::{Body, Options, SyncSession};

/// Runs `0k-sync` beside the session and gives the JSON objects that it prints.
async fn cli(arguments: &[&str], input: &str) -> Vec<serde_json::Value> {
    let arguments: Vec<String> = arguments.iter().map(|argument| argument.to_string()).collect();
    let input = input.to_owned();
    tokio::task::spawn_blocking(move || run(&arguments, &input)).await.expect("0k-sync ran")
}

fn run(arguments: &[String], input: &str) -> Vec<serde_json::Value> {
    let mut command = node(&["cli/bin/0k-sync.js"]);
    command.args(arguments).arg("--json").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("0k-sync starts");
    child.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("0k-sync ends");
    assert!(output.status.success(), "0k-sync {arguments:?}: {}", output.status);
    let lines = output.stdout.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_slice(line).expect("JSON")).collect()
}

fn contents(lines: &[serde_json::Value]) -> Vec<&str> {
    lines.iter().filter(|line| line["type"] == "message").filter_map(|line| line["content"].as_str()).collect()
}

fn texts(messages: &[zerok_sync::client::Delivered]) -> Vec<String> {
    messages
        .iter()
        .map(|message| match &message.body {
            Body::Text(text) => text.clone(),
            Body::Data(data) => String::from_utf8(data.clone()).expect("UTF-8"),
        })
        .collect()
}

fn session(directory: &Directory, name: &str, relays: &[&str]) -> SyncSession {
    let mut options = Options::new(directory.join(name));
    options.device_name = name.into();
    options.timeout = Duration::from_secs(30);
    SyncSession::new(None, relays, options).expect("a session").0
}

#[test]
fn each_can_invite_the_other() {
    let directory = Directory::new();
    let relay = Relay::start(&directory.0, 0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let path = |name: &str| directory.join(name).to_str().expect("a path").to_owned();

    // The command line joins a group of this implementation.
    runtime.block_on(async {
        let rust = session(&directory, "rust", &[&relay.text]);
        rust.push(Body::Text("from Rust".into()), None, true).await.expect("pushed");
        let (invite, _) = rust.pair(None).await.expect("an invite");
        let cli_dir = path("cli");
        cli(&["pair", "--join", "-", "--data-dir", &cli_dir, "--device-name", "cli"], &invite).await;
        assert_eq!(contents(&cli(&["pull", "--data-dir", &cli_dir], "").await), ["from Rust"]);
        cli(&["push", "--data-dir", &cli_dir, "from TypeScript"], "").await;
        assert_eq!(texts(&rust.pull(None).await.expect("pulled").0), ["from Rust", "from TypeScript"]);
        rust.close().await.expect("closed");
    });

    // This implementation joins a group of the command line.
    runtime.block_on(async {
        let host = path("host");
        cli(&["init", "--relay", &relay.text, "--data-dir", &host, "--device-name", "host"], "").await;
        let invite = cli(&["pair", "--create", "--data-dir", &host], "").await;
        let invite = invite[0]["invite"].as_str().expect("an invite");
        cli(&["push", "--data-dir", &host, "-"], "from the host").await;
        let guest = session(&directory, "guest", &[]);
        guest.pair_join(invite, None).await.expect("joined");
        assert_eq!(texts(&guest.pull(None).await.expect("pulled").0), ["from the host"]);
        guest.push(Body::Data(b"from the guest".to_vec()), None, true).await.expect("pushed");
        assert_eq!(contents(&cli(&["pull", "--data-dir", &host], "").await), ["from the guest"]);
        guest.close().await.expect("closed");
    });
}
