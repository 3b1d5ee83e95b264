//! The loop over request lines. What waits for a relay runs beside it; one task writes the answers.

use std::rc::Rc;

use serde_json::{Map, Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;

use super::answer::{Answer, Failure, line};
use super::args::Args;
use super::role_client::{ACTIONS, Clients};
use super::{OPS, eval};

const MAX_IN_FLIGHT: u32 = 16;
const MAX_LINE: u32 = 8 * 1024 * 1024;

/// Answers requests until `bye` or the end of the input; then every handle is closed.
pub async fn serve() -> std::io::Result<()> {
    let (answers, lines) = mpsc::unbounded_channel::<String>();
    let writer = tokio::task::spawn_local(write_lines(lines));
    let clients = Rc::new(Clients::default());
    let mut requests = BufReader::new(tokio::io::stdin()).split(b'\n');
    let mut farewell = None;
    while let Some(request) = requests.next_segment().await? {
        let request = match serde_json::from_slice::<Value>(&request) {
            Ok(request) => request,
            Err(error) => {
                eprintln!("a line that is not JSON: {error}");
                continue;
            }
        };
        let id = request.get("id").cloned().unwrap_or_else(|| json!(0));
        let command = request.get("cmd").and_then(Value::as_str).unwrap_or_default().to_owned();
        if command == "bye" {
            farewell = Some(line(&id, Ok(json!({}))));
            break;
        }
        let (clients, answers) = (clients.clone(), answers.clone());
        tokio::task::spawn_local(async move {
            let answer = answer(&clients, &command, &request).await;
            // The writer outlives every request.
            let _ = answers.send(line(&id, answer));
        });
    }
    clients.close_all().await;
    if let Some(farewell) = farewell {
        let _ = answers.send(farewell);
    }
    drop(answers);
    writer.await.map_err(std::io::Error::other)?
}

async fn write_lines(mut lines: mpsc::UnboundedReceiver<String>) -> std::io::Result<()> {
    let mut stdout = tokio::io::stdout();
    while let Some(mut line) = lines.recv().await {
        line.push('\n');
        stdout.write_all(line.as_bytes()).await?;
        stdout.flush().await?;
    }
    Ok(())
}

async fn answer(clients: &Clients, command: &str, request: &Value) -> Answer {
    match command {
        "hello" => hello(request),
        "eval" => eval(request),
        "ping" => ping(request),
        "open" => clients.open(request).await,
        "do" => clients.act(request).await,
        "observe" => clients.observe(request).await,
        "env" => clients.env(request).await,
        "close" => clients.close(request).await,
        _ => Err(Failure::Unsupported(format!("the command {command}"))),
    }
}

fn ping(request: &Value) -> Answer {
    let nonce = Args::of(request)?.get("nonce").cloned();
    Ok(json!({"nonce": nonce.ok_or_else(|| Failure::Error("`nonce` is missing".into()))?}))
}

fn hello(request: &Value) -> Answer {
    if Args::of(request)?.u64("protocol")? != 1 {
        return Err(Failure::Unsupported("another protocol than ZKCP/1".into()));
    }
    let names = OPS.iter().chain(&["client", "expiring"]).chain(ACTIONS);
    let capabilities: Map<String, Value> = names.map(|name| (name.to_string(), true.into())).collect();
    Ok(json!({
        "protocol": 1,
        "impl": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "language": "Rust",
            "url": "rust",
        },
        "profiles": ["vectors", "core-client", "hybrid", "pairing"],
        "capabilities": capabilities,
        "limits": {"max_in_flight": MAX_IN_FLIGHT, "max_line": MAX_LINE},
    }))
}
