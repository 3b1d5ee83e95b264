//! The journal: it is compacted, and outlives a kill or a failing disk at each of its steps. CL-03, CL-20, GR-13.

use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use zerok_sync::envelope::{self, Content, Head};
use zerok_sync::group::Device;
use zerok_sync::store::{Change, Disk, Files, Pin, Store};
use zerok_sync::wire::Message;
use zerok_sync::wire::tables::{EPOCH_SECRET, MESSAGE, WELCOME};

use crate::chains::chain_of_three;

use crate::common::relay::Directory;
use crate::envelopes::{SECRET, group_id};

/// The fault that happens at one of the operations.
#[derive(Clone, Copy, PartialEq)]
enum Fault {
    /// The process ends: a write is half done, anything else not begun.
    Kill,
    /// The disk is full: a write is half done.
    Full,
}

#[derive(Default)]
struct Script {
    operations: Vec<&'static str>,
    fault: Option<(usize, Fault)>,
}

/// The real disk, with a fault at one operation.
struct Scripted(Arc<Mutex<Script>>);

impl Scripted {
    fn step(&self, operation: &'static str, half: impl FnOnce()) -> io::Result<()> {
        let mut script = self.0.lock().expect("not poisoned");
        let at = script.operations.len();
        script.operations.push(operation);
        let fault = script.fault.filter(|(step, _)| *step == at).map(|(_, fault)| fault);
        drop(script);
        match fault {
            None => Ok(()),
            Some(fault) => {
                half();
                if fault == Fault::Kill {
                    std::panic::resume_unwind(Box::new("killed"));
                }
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
        }
    }
}

impl Disk for Scripted {
    fn write(&mut self, file: &mut File, bytes: &[u8]) -> io::Result<()> {
        let half = |file: &mut File| Files.write(file, &bytes[..bytes.len() / 2]).expect("half of it");
        self.step("write", || half(&mut *file))?;
        Files.write(file, bytes)
    }

    fn sync(&mut self, file: &File) -> io::Result<()> {
        self.step("sync", || {})?;
        Files.sync(file)
    }

    fn truncate(&mut self, file: &File, length: u64) -> io::Result<()> {
        self.step("truncate", || {})?;
        Files.truncate(file, length)
    }

    fn rename(&mut self, from: &Path, to: &Path) -> io::Result<()> {
        self.step("rename", || {})?;
        Files.rename(from, to)
    }

    fn sync_directory(&mut self, directory: &Path) -> io::Result<()> {
        self.step("sync directory", || {})?;
        Files.sync_directory(directory)
    }
}

fn relay(commit: usize) -> Change {
    Change::Relay { address: format!("{commit}.{}:1", "x".repeat(20_000)) }
}

/// Commits eight transactions, each of which makes the one before it dead; gives how many were acknowledged.
fn commit_all(store: &mut Store) -> usize {
    let mut acknowledged = 0;
    for commit in 1..=8 {
        store.apply(relay(commit)).expect("it applies");
        if store.commit().is_ok() {
            acknowledged = commit;
        }
    }
    acknowledged
}

fn last_commit(store: &Store) -> usize {
    let relay = store.state().relay.as_deref().unwrap_or("0.");
    relay.split('.').next().and_then(|number| number.parse().ok()).expect("a number")
}

#[test]
fn gr_13_a_compaction_is_a_new_file_synced_then_renamed() {
    let directory = Directory::new();
    let script = Arc::new(Mutex::new(Script::default()));
    let mut store = Store::open_on(&directory.join("device"), Box::new(Scripted(script.clone()))).expect("a store");
    let seed = store.state().seed.clone();
    assert_eq!(commit_all(&mut store), 8);
    let operations = script.lock().expect("not poisoned").operations.clone();
    let compaction = ["write", "sync", "rename", "sync directory"];
    let first = 4 + 2 * 4;
    assert_eq!(operations[..4], compaction, "the first journal is made alike");
    assert_eq!(operations[first..first + 4], compaction, "more than half of the journal was over: {operations:?}");
    let length = std::fs::metadata(directory.join("device/journal")).expect("a journal").len();
    assert!(length < 4 * 21_000 + 64 * 1024, "{length} bytes are left of 8 transactions");
    drop(store);
    let store = Store::open(&directory.join("device")).expect("a store");
    assert_eq!((last_commit(&store), &store.state().seed), (8, &seed));
}

/// The number of operations that a run without fault has.
fn operations() -> usize {
    let directory = Directory::new();
    let script = Arc::new(Mutex::new(Script::default()));
    let mut store = Store::open_on(&directory.join("device"), Box::new(Scripted(script.clone()))).expect("a store");
    commit_all(&mut store);
    script.lock().expect("not poisoned").operations.len()
}

#[test]
fn cl_20_a_kill_at_any_step_loses_nothing_that_was_acknowledged() {
    for step in 0..operations() {
        let directory = Directory::new();
        let path = directory.join("device");
        let script = Arc::new(Mutex::new(Script { fault: Some((step, Fault::Kill)), ..Script::default() }));
        let acknowledged = Mutex::new(0);
        let life = catch_unwind(AssertUnwindSafe(|| {
            let mut store = Store::open_on(&path, Box::new(Scripted(script))).expect("a store");
            for commit in 1..=8 {
                store.apply(relay(commit)).expect("it applies");
                store.commit().expect("nothing fails but by the kill");
                *acknowledged.lock().expect("not poisoned") = commit;
            }
        }));
        assert!(life.is_err(), "step {step}: it was killed");
        let acknowledged = acknowledged.into_inner().expect("not poisoned");
        let store = Store::open(&path).expect("it opens again");
        let kept = last_commit(&store);
        assert!(kept == acknowledged || kept == acknowledged + 1, "step {step}: {kept} of {acknowledged}");
    }
}

#[test]
fn cl_20_a_disk_that_is_full_for_one_step_undoes_that_transaction_alone() {
    // The first operations make the journal: without it there is no store.
    for step in 4..operations() {
        let directory = Directory::new();
        let path = directory.join("device");
        let script = Arc::new(Mutex::new(Script { fault: Some((step, Fault::Full)), ..Script::default() }));
        let mut store = Store::open_on(&path, Box::new(Scripted(script))).expect("a store");
        for commit in 1..=8 {
            let before = last_commit(&store);
            store.apply(relay(commit)).expect("it applies");
            let kept = if store.commit().is_ok() { commit } else { before };
            assert_eq!(last_commit(&store), kept, "step {step}: memory says what the disk says");
        }
        store.apply(relay(9)).expect("it applies");
        store.commit().unwrap_or_else(|error| panic!("step {step}: the disk has room again: {error}"));
        drop(store);
        assert_eq!(last_commit(&Store::open(&path).expect("it opens again")), 9, "step {step}");
    }
}

/// The changes of a state as text, in an order of their own.
fn texts(store: &Store) -> Vec<String> {
    let mut texts: Vec<String> =
        store.state().changes().map(|change| serde_json::to_string(&change).expect("JSON")).collect();
    texts.sort();
    texts
}

fn everything(store: &mut Store) -> Vec<Change> {
    let [one, two, three, other] = chain_of_three();
    let message = |id: u8| Message::new(&MESSAGE).with("id", [id; 16]).with("text", "kept").encode();
    let logged = |relay: &str, id: u8| Change::Logged {
        relay: relay.into(),
        cursor: u64::from(id),
        received_at_ms: 1,
        sender: [1; 32],
        plaintext: message(id),
    };
    let queued = |id: u8| Change::Queued {
        id: [id; 16],
        content_type: 1,
        plaintext: message(id),
        sequence: None,
        refused: None,
        skipped: Vec::new(),
        unanswered: false,
    };
    let own = Device::new(&store.state().seed, &group_id());
    let record = own.member_record(&SECRET, 0);
    let secret = Message::new(&EPOCH_SECRET).with("secret", SECRET);
    let welcome =
        Message::new(&WELCOME).with("version", 1u32).with("group_id", group_id()).with("epoch_secrets", secret);
    let cursor = |relay: &str, after| Change::Cursor { relay: relay.into(), after, hash: Vec::new() };
    let seal = |sequence: u64, hash| {
        let content = Content::decode(1, &message(sequence as u8 + 5)).expect("a message");
        let head = Head { sequence: sequence - 1, hash };
        envelope::seal(&own, (0, &SECRET), head, &content, &[7; 24]).expect("sealed")
    };
    let (first, hash) = seal(1, Head::NONE.hash);
    let (second, _) = seal(2, hash);
    let sealed = |id: u8, envelope, skipped| Change::Sealed { id: [id; 16], skipped, envelope };
    let relay = || String::from("a");
    vec![
        Change::Group { welcome: welcome.encode() },
        Change::Member { record },
        Change::Pinned { relay: "a:1".into(), pin: Pin::default() },
        Change::Enrolled { relay: relay(), enrolled: true },
        Change::Accepted { stub: one.stub().encode() },
        Change::Skipped { sender: one.sender_key, ranges: vec![(7, 9)] },
        Change::Held { relay: relay(), envelope: three.envelope().encode(), has_record: true },
        Change::Held { relay: relay(), envelope: two.envelope().encode(), has_record: false },
        Change::Quarantined { class: "frame.parse".into(), unsigned: false, relay: relay(), envelope: vec![1, 2, 3] },
        Change::Quarantined {
            class: "envelope.auth".into(),
            unsigned: true,
            relay: relay(),
            envelope: three.envelope().encode(),
        },
        Change::Forked { first: two.stub().encode(), second: other.stub().encode(), own: false },
        logged("a", 1),
        logged("b", 2),
        cursor("b", 0),
        logged("b", 3),
        cursor("a", 5),
        Change::Located { relay: relay(), cursor: 1, hash: one.hash },
        Change::Expired { relay: relay(), from: 2, to: 3 },
        queued(6),
        queued(7),
        queued(8),
        Change::Unnamed { sequence: 9 },
        Change::Unnamed { sequence: 10 },
        sealed(6, first, vec![(9, 9)]),
        sealed(7, second, vec![]),
        Change::Acknowledged { sequence: 1, relay: relay(), cursor: 8 },
        Change::Refused { sequence: 2, code: 1036 },
    ]
}

#[test]
fn cl_03_a_compacted_journal_holds_the_same_state() {
    let directory = Directory::new();
    let path = directory.join("device");
    let mut store = Store::open(&path).expect("a store");
    for change in everything(&mut store) {
        store.apply(change).expect("it applies");
    }
    store.commit().expect("committed");
    let kept = texts(&store);
    drop(store);
    let mut store = Store::open(&path).expect("it opens again");
    assert_eq!(texts(&store), kept, "the journal as it was written");
    let mut lengths = vec![0];
    let length = || std::fs::metadata(path.join("journal")).expect("a journal").len();
    while length() >= *lengths.last().expect("a length") {
        lengths.push(length());
        store.apply(relay(1)).expect("it applies");
        store.commit().expect("committed");
    }
    store.apply(Change::Relay { address: "a:1".into() }).expect("it applies");
    store.commit().expect("committed");
    let kept = texts(&store);
    drop(store);
    let store = Store::open(&path).expect("it opens again");
    assert_eq!(texts(&store), kept, "the journal after a compaction");
    assert_eq!(store.state().outbox.iter().map(|entry| entry.refused).collect::<Vec<_>>(), [Some(1036), None]);
    assert!(store.state().seen.contains(&([1; 32], [2; 16])), "EN-16: its log is read again");
}
