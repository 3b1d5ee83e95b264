//! Two devices over real QUIC through the TypeScript relay.

use std::time::Duration;

use crate::common::relay::{Directory, Relay};
use zerok_sync::client::{Body, Delivered, Event, Inbox, Mode, Options, Output, SyncSession, Tofu};

fn device(directory: &Directory, name: &str, relays: &[&str], mode: Mode) -> (SyncSession, Inbox) {
    let mut options = Options::new(directory.join(name));
    options.mode = mode;
    options.device_name = name.into();
    options.timeout = Duration::from_secs(30);
    SyncSession::new(None, relays, options).expect("a session")
}

fn text(message: &Delivered) -> &str {
    match &message.body {
        Body::Text(text) => text,
        Body::Data(_) => panic!("not a text"),
    }
}

async fn push(session: &SyncSession, text: &str) -> u64 {
    match session.push(Body::Text(text.into()), None, true).await.expect("a push") {
        Output::Pushed { stored: Some(stored), .. } => {
            assert!(stored.durable, "RL-21");
            stored.cursor
        }
        other => panic!("{other:?}"),
    }
}

/// Pair with a passphrase, push and pull both ways, live, in one mode.
async fn pair_and_sync(mode: Mode) {
    let directory = Directory::new();
    let relay = Relay::start(&directory.0, 0);
    // A relay whose KEM key is pinned is not dialled in classical mode (HS-13).
    let known = if mode == Mode::Hybrid { relay.text.as_str() } else { relay.address() };
    let (laptop, mut laptop_inbox) = device(&directory, "laptop", &[known], mode);
    let (phone, mut phone_inbox) = device(&directory, "phone", &[], mode);
    push(&laptop, "before").await;
    let (invite, group_id) = laptop.pair(Some("cafe\u{301} au lait avec du sucre".into())).await.expect("an invite");
    assert!(phone.pair_join(&invite, Some("wrong".into())).await.is_err());
    assert_eq!(
        phone.pair_join(&invite, Some("caf\u{e9} au lait avec du sucre".into())).await.expect("joined"),
        group_id
    );
    let (messages, _) = phone.pull(None).await.expect("a pull");
    assert_eq!(messages.iter().map(text).collect::<Vec<_>>(), ["before"]);
    assert_eq!(text(&phone_inbox.messages.recv().await.expect("a message")), "before");

    laptop.subscribe().await.expect("a subscription");
    let cursor = push(&phone, "from the phone").await;
    let live = laptop_inbox.messages.recv().await.expect("a message");
    assert_eq!((text(&live), live.cursor), ("from the phone", cursor));
    let joined = laptop_inbox.events.recv().await.expect("an event");
    assert!(matches!(&joined, Event::MemberJoined { name, .. } if name == "phone"), "PA-22: {joined:?}");

    let (all, reached) = phone.pull(Some(0)).await.expect("a pull");
    assert_eq!(all.iter().map(text).collect::<Vec<_>>(), ["before", "from the phone"]);
    assert!(all[1].own && reached >= cursor);
    laptop.close().await.expect("closed");
    phone.close().await.expect("closed");
}

fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(120), test).await.expect("in time") });
}

#[test]
fn hybrid() {
    run(pair_and_sync(Mode::Hybrid));
}

#[test]
fn classical() {
    run(pair_and_sync(Mode::Classical));
}

/// CL-20 to CL-23: a queue outlives a closed session, a killed relay, and is sent once.
#[test]
fn cl_23_the_outbox_outlives_both_ends() {
    run(async {
        let directory = Directory::new();
        let relay = Relay::start(&directory.0, 0);
        let (laptop, _inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        let (phone, _phone_inbox) = device(&directory, "phone", &[], Mode::Hybrid);
        let (invite, _) = laptop.pair(None).await.expect("an invite");
        phone.pair_join(&invite, None).await.expect("joined");
        let (port, text_of_relay) = (relay.port(), relay.text.clone());
        relay.kill();
        laptop.push(Body::Text("queued".into()), None, false).await.expect("queued");
        laptop.close().await.expect("closed");
        let relay = Relay::start(&directory.0, port);
        assert_eq!(relay.text, text_of_relay, "RL-60");
        let (laptop, _inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        assert_eq!(laptop.status().unsynced, 1);
        laptop.sync().await.expect("synced");
        laptop.sync().await.expect("synced");
        phone.reconnect().await.expect("CL-39: the phone's connection died with the relay");
        let (messages, _) = phone.pull(None).await.expect("a pull");
        assert_eq!(messages.iter().map(text).collect::<Vec<_>>(), ["queued"]);
        laptop.close().await.expect("closed");
        phone.close().await.expect("closed");
    });
}

/// CL-23: a message whose PushAck was lost with the process is pushed again, acknowledged, and stored once.
#[test]
fn cl_23_a_lost_push_ack() {
    run(async {
        let directory = Directory::new();
        let relay = Relay::start(&directory.0, 0);
        let (laptop, _inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        push(&laptop, "once").await;
        laptop.close().await.expect("closed");
        let path = directory.join("laptop/journal");
        let journal = std::fs::read_to_string(&path).expect("a journal");
        let end = journal.rfind("\"type\":\"acknowledged\"").expect("an acknowledgement");
        let line = journal[..end].rfind('\n').expect("a line before") + 1;
        std::fs::write(&path, &journal[..line]).expect("written");

        let (laptop, _inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        assert_ne!(laptop.status().unsynced, 0);
        laptop.sync().await.expect("synced");
        assert_eq!(laptop.status().unsynced, 0);
        let (messages, _) = laptop.pull(Some(0)).await.expect("a pull");
        assert_eq!(messages.iter().map(text).collect::<Vec<_>>(), ["once"]);
        laptop.close().await.expect("closed");
    });
}

/// The clock and the network may be moved while an action is under way: a queue waits for both.
#[test]
fn cl_36_an_action_waits_for_the_network() {
    run(async {
        let directory = Directory::new();
        let relay = Relay::start(&directory.0, 0);
        let (laptop, mut inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        laptop.connect().await.expect("connected");
        laptop.set_online(false).await;
        assert!(!laptop.status().connected);
        let ended = inbox.events.recv().await.expect("an event");
        assert!(matches!(ended, Event::Disconnected { code: None, class: None, .. }), "{ended:?}");
        let back = async {
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            laptop.set_online(true).await;
            laptop.advance_clock(60_000);
        };
        let (synced, ()) = tokio::join!(laptop.sync(), back);
        synced.expect("synced");
        assert_eq!(laptop.status().unsynced, 0);
        laptop.close().await.expect("closed");
    });
}

/// CL-36, and `idle` of ZKCP's env: a clock that stands makes nobody dial, and a dial that a move began is over when it is idle.
#[test]
fn cl_36_a_clock_that_stands_makes_nobody_dial_until_it_is_moved() {
    run(async {
        let directory = Directory::new();
        let relay = Relay::start(&directory.0, 0);
        let (laptop, mut inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        laptop.subscribe().await.expect("subscribed");
        laptop.stop_clock();
        let port = relay.port();
        relay.kill();
        let ended = inbox.events.recv().await.expect("an event");
        assert!(matches!(ended, Event::Disconnected { .. }), "{ended:?}");
        let _relay = Relay::start(&directory.0, port);
        laptop.advance_clock(0);
        laptop.idle().await;
        assert!(!laptop.status().connected);
        laptop.advance_clock(30_000);
        laptop.idle().await;
        assert!(laptop.status().connected);
        laptop.close().await.expect("closed");
    });
}

/// CL-06: a relay that was restored from an older copy gets the own envelopes again, and nothing is delivered twice.
#[test]
fn cl_06_a_rolled_back_relay_is_filled_again() {
    run(async {
        let directory = Directory::new();
        let relay = Relay::start(&directory.0, 0);
        let (laptop, mut inbox) = device(&directory, "laptop", &[&relay.text], Mode::Hybrid);
        push(&laptop, "one").await;
        push(&laptop, "two").await;
        laptop.pull(None).await.expect("a pull");
        let port = relay.port();
        laptop.disconnect().await.expect("disconnected");
        relay.kill();
        for file in ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"] {
            let _ = std::fs::remove_file(directory.join("relay-data").join(file));
        }
        let _relay = Relay::start(&directory.0, port);
        laptop.sync().await.expect("synced");
        let (messages, _) = laptop.pull(Some(0)).await.expect("a pull");
        assert_eq!(messages.iter().map(text).collect::<Vec<_>>(), ["one", "two"]);
        let mut rolled_back = false;
        while let Ok(event) = inbox.events.try_recv() {
            rolled_back |= matches!(event, Event::RolledBack);
        }
        assert!(rolled_back);
        laptop.close().await.expect("closed");
    });
}

/// CL-30 to CL-32, HS-12, HS-13: other keys at the same address.
#[test]
fn cl_31_changed_relay_keys() {
    run(async {
        let directory = Directory::new();
        let first = Relay::start(&directory.0, 0);
        let options = |name: &str, tofu: Tofu| {
            let mut options = Options::new(directory.join(name));
            options.tofu = tofu;
            options
        };
        let address = first.address().to_owned();
        let (strict, _a) = SyncSession::new(None, &[&address], options("strict", Tofu::Strict)).expect("a session");
        let (lax, mut lax_inbox) =
            SyncSession::new(None, &[&address], options("lax", Tofu::Permissive)).expect("a session");
        let (fixed, _b) =
            SyncSession::new(None, &[&first.text], options("fixed", Tofu::Permissive)).expect("a session");
        for session in [&strict, &lax, &fixed] {
            assert!(push(session, "here").await > 0 && session.pull(None).await.expect("a pull").1 > 0);
            session.disconnect().await.expect("disconnected");
        }
        let port = first.port();
        first.kill();
        std::fs::remove_dir_all(directory.join("relay-data")).expect("removed");
        let _second = Relay::start(&directory.0, port);
        for session in [&strict, &fixed] {
            let error = session.connect().await.expect_err("refused");
            assert!(error.to_string().starts_with("handshake.identity"), "{error}");
        }
        lax.connect().await.expect("connected");
        assert_eq!(lax.status().cursor, 0, "CL-01: another relay");
        let mut changed = false;
        while let Ok(event) = lax_inbox.events.try_recv() {
            changed |= matches!(event, Event::RelayKeyChanged { .. });
        }
        assert!(changed);
        for session in [strict, lax, fixed] {
            session.close().await.expect("closed");
        }
    });
}

/// CL-21, CL-26: a device restored from a copy catches up while the other rests; two at once are a fork.
#[test]
fn cl_21_cl_26_a_copied_device() {
    run(async {
        let directory = Directory::new();
        let relay = Relay::start(&directory.0, 0);
        let (original, _inbox) = device(&directory, "original", &[&relay.text], Mode::Hybrid);
        push(&original, "one").await;
        original.close().await.expect("closed");
        std::fs::create_dir(directory.join("copy")).expect("a directory");
        std::fs::copy(directory.join("original/journal"), directory.join("copy/journal")).expect("copied");

        let (original, mut inbox) = device(&directory, "original", &[&relay.text], Mode::Hybrid);
        push(&original, "two").await;
        let (copy, _copy_inbox) = device(&directory, "copy", &[&relay.text], Mode::Hybrid);
        push(&copy, "three").await;

        let error = original.push(Body::Text("three too".into()), None, true).await.expect_err("a fork");
        assert!(error.to_string().starts_with("envelope.chain"), "{error}");
        original.pull(None).await.expect("a pull");
        let mut forks = Vec::new();
        while let Ok(event) = inbox.events.try_recv() {
            if let Event::Fork { sequence, .. } = event {
                forks.push(sequence);
            }
        }
        // The announcement is the first envelope.
        assert_eq!(forks, [4], "reported once");
        original.close().await.expect("closed");
        copy.close().await.expect("closed");
    });
}

/// GR-12: one process, one data directory.
#[test]
fn gr_12_the_store_is_locked() {
    run(async {
        let directory = Directory::new();
        let (first, _inbox) = device(&directory, "device", &[], Mode::Hybrid);
        assert!(SyncSession::new(None, &[], Options::new(directory.join("device"))).is_err());
        first.close().await.expect("closed");
        let (second, _inbox) = device(&directory, "device", &[], Mode::Hybrid);
        second.close().await.expect("closed");
    });
}
