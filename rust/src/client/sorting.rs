//! The meaning of a frame to the session. SE-08, SE-35 to SE-65.

use super::answer::{Answer, Refusal};
use super::channel::Incoming;
use super::error::{Error, Result};
use super::link::Link;
use crate::error::{Class, Reject, Retry, row_of};
use crate::wire::{Message, frames};

impl Link {
    /// Handles what needs no request; gives an answer with its id and frame name. SE-08, SE-35 to SE-65.
    pub fn sort(&mut self, incoming: Incoming) -> Result<Option<(u32, &'static str, Answer)>> {
        let frame = match incoming {
            Incoming::Frame(frame) => frame,
            // WI-12, SE-53: after Bye or GoAway it is the end that was announced.
            Incoming::Finished | Incoming::Ended(Error::Lost(_)) if self.said_bye => return Err(Error::Closed),
            Incoming::Finished | Incoming::Ended(Error::Lost(_)) if self.leaving => {
                let number = self.go_away.unwrap_or(3001);
                return Err(Error::Lost(Reject::from_number(number, "the relay stops")));
            }
            Incoming::Ended(error) => return Err(error),
            Incoming::Finished => {
                let detail = "the stream ended without Bye";
                return Err(Error::Lost(Reject { code: Some(1023), ..Reject::new(Class::FrameLength, detail) }));
            }
        };
        let id = frame.uint("request_id") as u32;
        let Some((name, body)) = frames::body(&frame) else {
            return Err(self.violation(Class::FrameType, "a frame has no body"));
        };
        match name {
            "pong" if self.pings.remove(&id) => {
                self.life.ponged(!self.pings.is_empty(), self.world.now());
                Ok(None)
            }
            "deliver" if self.subscription.is_some_and(|subscription| subscription.request_id == id) => {
                self.draw(body)?;
                self.deliveries.push_back(body.clone());
                Ok(None)
            }
            "go_away" => {
                self.leaving = true;
                self.go_away = Some(body.uint("code") as u32);
                self.reconnect_after_ms = body.uint("reconnect_after_ms");
                Ok(None)
            }
            "error" => {
                let refusal = Refusal::of(body);
                let number = body.uint("code") as u32;
                // ER-02, SE-55, SE-64.
                if row_of(number).closes || self.greeting {
                    self.close(number);
                    self.reconnect_after_ms = refusal.retry_after_ms;
                    return Err(match refusal.retry {
                        Retry::Same => Error::Lost(refusal.reject),
                        _ if self.is_trusted => Error::Refused(refusal.reject),
                        _ => Error::Reject(refusal.reject),
                    });
                }
                // SE-04, SE-08: one of 0 refuses what has no answer; a ping that is refused was heard all the same.
                if id == 0 || self.pings.remove(&id) {
                    return Ok(None);
                }
                Ok(Some((id, name, Err(refusal))))
            }
            "hello_ack" if self.welcomed.is_some() => Err(self.violation(Class::FrameState, "a second HelloAck came")),
            "hello_ack" | "push_ack" | "page" | "deliver" | "device_list" | "mailbox_item" if id != 0 => {
                Ok(Some((id, name, Ok(body.clone()))))
            }
            _ => Err(self.violation(Class::FrameState, "a frame came that is not accepted now")),
        }
    }

    /// CL-18: counts a Deliver against the credit.
    pub fn draw(&mut self, deliver: &Message) -> Result<()> {
        let costs = deliver.message("segment").into_iter().flat_map(|segment| segment.messages("envelopes")).map(cost);
        for cost in costs {
            let Some(subscription) = &mut self.subscription else { break };
            if subscription.credit <= 0 {
                return Err(self.violation(Class::ResourceLimit, "the relay delivers more than it has credit for"));
            }
            subscription.credit -= cost;
        }
        Ok(())
    }
}

/// RL-40.
pub fn cost(envelope: &Message) -> i64 {
    ["header", "nonce", "ciphertext", "signature"].iter().map(|name| envelope.bytes(name).len() as i64).sum()
}
