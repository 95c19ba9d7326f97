//! What the peer says, or why it can't go on.

use super::goodbye::Goodbye;
use super::guard::MAX_FRAME;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, MessageStream, ProtocolError};
use std::cell::Cell;
use std::io::ErrorKind;
use std::rc::Rc;

/// Messages of the peer.
pub struct Inbound {
    messages: AggregatedMessageStream,
    verdict: Rc<Cell<Option<Goodbye>>>,
}

impl Inbound {
    /// `messages` read what a `Guard` with this verdict lets through.
    pub fn new(messages: MessageStream, verdict: Rc<Cell<Option<Goodbye>>>) -> Self {
        let messages =
            messages.max_frame_size(MAX_FRAME).aggregate_continuations().max_continuation_size(MAX_FRAME);
        Self { messages, verdict }
    }

    /// The next message. May be dropped and called again.
    pub async fn next(&mut self) -> Result<AggregatedMessage, Goodbye> {
        match self.messages.recv().await {
            Some(Ok(message)) => Ok(message),
            Some(Err(error)) => Err(self.verdict.get().unwrap_or_else(|| classify(&error))),
            None => Err(Goodbye::Gone),
        }
    }
}

fn classify(error: &ProtocolError) -> Goodbye {
    match error {
        ProtocolError::Overflow => Goodbye::TooBig,
        ProtocolError::Io(error) => match error.kind() {
            // The library has one kind for both.
            ErrorKind::InvalidData if error.to_string().contains("reserved bits") => Goodbye::Protocol,
            ErrorKind::InvalidData => Goodbye::NotUtf8,
            _ if error.to_string().contains("continuation size") => Goodbye::TooBig,
            _ => Goodbye::Gone,
        },
        _ => Goodbye::Protocol,
    }
}
