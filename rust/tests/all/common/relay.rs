//! The TypeScript relay as a process.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A directory that goes away with its owner.
pub struct Directory(pub PathBuf);

impl Directory {
    pub fn new() -> Self {
        let path =
            std::env::temp_dir().join(format!("zerok-sync-{:016x}", u64::from_le_bytes(zerok_sync::crypto::random())));
        std::fs::create_dir(&path).expect("a directory");
        Directory(path)
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub struct Relay {
    child: Child,
    /// `<nodeid>.<kem hash>@host:port`.
    pub text: String,
}

impl Relay {
    /// Port 0 takes any free one.
    pub fn start(directory: &Path, port: u16) -> Self {
        let config = directory.join("relay.toml");
        let text = format!(
            "[server]\naddress = \"127.0.0.1\"\nport = {port}\n[http]\nenabled = false\n[storage]\nbegin_anew = true\ndirectory = \"{}\"\n[log]\nlevel = \"warn\"\n",
            directory.join("relay-data").display()
        );
        std::fs::write(&config, text).expect("a file");
        let mut child = node(&["relay/bin/0k-relay.js", "--config", config.to_str().expect("a path")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("tools/with-node starts");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("the relay's first line");
        let text = line.split_whitespace().nth(1).expect("relay <text>").to_owned();
        Relay { child, text }
    }

    pub fn address(&self) -> &str {
        self.text.rsplit('@').next().unwrap_or_default()
    }

    pub fn port(&self) -> u16 {
        self.address().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port")
    }

    /// SIGKILL.
    pub fn kill(mut self) {
        self.child.kill().expect("the relay is killed");
        self.child.wait().expect("the relay has ended");
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `node` of the repository.
pub fn node(arguments: &[&str]) -> Command {
    let mut command = Command::new("tools/with-node");
    command.current_dir(super::repository()).arg("node").args(arguments);
    command
}
