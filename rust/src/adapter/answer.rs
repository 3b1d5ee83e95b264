//! The four kinds of answers.

use serde_json::{Value, json};

use crate::error::Reject;

#[derive(Debug)]
pub enum Failure {
    Reject(Reject),
    Unsupported(String),
    Error(String),
}

pub type Answer = Result<Value, Failure>;

impl From<Reject> for Failure {
    fn from(reject: Reject) -> Self {
        Failure::Reject(reject)
    }
}

/// The line without its end.
pub fn line(id: &Value, answer: Answer) -> String {
    let member = match answer {
        Ok(ok) => json!({"id": id, "ok": ok}),
        Err(Failure::Reject(Reject { class, code, detail })) => {
            let mut reject = json!({"class": class.as_str(), "detail": detail});
            if let Some(code) = code {
                reject["code"] = code.into();
            }
            json!({"id": id, "reject": reject})
        }
        Err(Failure::Unsupported(what)) => json!({"id": id, "unsupported": {"what": what}}),
        Err(Failure::Error(detail)) => json!({"id": id, "error": {"detail": detail}}),
    };
    member.to_string()
}
