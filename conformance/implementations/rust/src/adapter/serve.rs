//! The loop over request lines. Answers are written by one task, in the order in which they are done.

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::sync::mpsc;

use super::answer::{Answer, Failure, line};
use super::args::Args;
use super::{OPS, eval};

const MAX_IN_FLIGHT: u32 = 16;
const MAX_LINE: u32 = 8 * 1024 * 1024;

pub async fn serve() -> std::io::Result<()> {
    let (answers, mut lines) = mpsc::unbounded_channel::<String>();
    let writer = tokio::task::spawn_local(async move {
        let mut stdout = tokio::io::stdout();
        while let Some(mut line) = lines.recv().await {
            line.push('\n');
            stdout.write_all(line.as_bytes()).await?;
            stdout.flush().await?;
        }
        std::io::Result::Ok(())
    });
    let mut requests = BufReader::new(tokio::io::stdin()).split(b'\n');
    while let Some(request) = requests.next_segment().await? {
        let (id, answer, last) = match serde_json::from_slice::<Value>(&request) {
            Ok(request) => handle(&request),
            Err(error) => (json!(0), Err(Failure::Error(format!("the line is not JSON: {error}"))), false),
        };
        // The writer ends only with this loop.
        let _ = answers.send(line(&id, answer));
        if last {
            break;
        }
    }
    drop(answers);
    writer.await.map_err(std::io::Error::other)?
}

/// The request's id, its answer, and whether it was the last one.
fn handle(request: &Value) -> (Value, Answer, bool) {
    let id = request.get("id").cloned().unwrap_or_else(|| json!(0));
    let cmd = request.get("cmd").and_then(Value::as_str).unwrap_or_default();
    let answer = match cmd {
        "hello" => Ok(hello()),
        "eval" => eval(request),
        "ping" => ping(request),
        "bye" => Ok(json!({})),
        _ => Err(Failure::Unsupported(format!("the command {cmd}"))),
    };
    (id, answer, cmd == "bye")
}

fn ping(request: &Value) -> Answer {
    let nonce = Args::of(request)?.get("nonce").cloned();
    Ok(json!({"nonce": nonce.ok_or_else(|| Failure::Error("`nonce` is missing".into()))?}))
}

fn hello() -> Value {
    let capabilities: serde_json::Map<String, Value> = OPS.iter().map(|op| (op.to_string(), true.into())).collect();
    json!({
        "protocol": 1,
        "impl": {
            "name": env!("CARGO_PKG_NAME"),
            "version": env!("CARGO_PKG_VERSION"),
            "language": "Rust",
            "url": "conformance/implementations/rust",
        },
        "profiles": ["vectors"],
        "capabilities": capabilities,
        "limits": {"max_in_flight": MAX_IN_FLIGHT, "max_line": MAX_LINE},
    })
}
