//! What the peer says, from bytes to messages, or why it can't go on. No I/O.

use super::goodbye::Goodbye;
use super::guard::{Guard, MAX_FRAME};
use actix_http::ws::{Codec, Frame, Item, ProtocolError};
use bytes::{Bytes, BytesMut};
use bytestring::ByteString;
use tokio_util::codec::Decoder;

/// A whole message of the peer. What is in binary ones is nobody's business.
#[derive(Debug, PartialEq, Eq)]
pub enum Message {
    Text(ByteString),
    Binary,
    Ping(Bytes),
    Pong,
    Close,
}

/// Messages of the peer.
pub struct Inbound {
    guard: Guard,
    bytes: BytesMut,
    codec: Codec,
    /// Of a message whose end has not come.
    fragments: BytesMut,
    /// Whether the fragments are text.
    text: bool,
}

impl Inbound {
    pub fn new() -> Self {
        Self {
            guard: Guard::new(),
            bytes: BytesMut::new(),
            codec: Codec::new().max_size(MAX_FRAME),
            fragments: BytesMut::new(),
            text: false,
        }
    }

    /// Takes bytes as they come, as long as they keep to the limits.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Goodbye> {
        self.guard.judge(bytes)?;
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    /// The next message that has come whole.
    pub fn next(&mut self) -> Result<Option<Message>, Goodbye> {
        while let Some(frame) = self.codec.decode(&mut self.bytes).map_err(|error| classify(&error))? {
            if self.bytes.is_empty() {
                self.bytes = BytesMut::new();
            }
            let message = match frame {
                Frame::Text(bytes) => text(bytes)?,
                Frame::Binary(_) => Message::Binary,
                Frame::Ping(bytes) => Message::Ping(bytes),
                Frame::Pong(_) => Message::Pong,
                Frame::Close(_) => Message::Close,
                Frame::Continuation(item) => match self.join(item)? {
                    Some(message) => message,
                    None => continue,
                },
            };
            return Ok(Some(message));
        }
        Ok(None)
    }

    /// Puts a message together. The codec has seen to the order of the fragments.
    fn join(&mut self, item: Item) -> Result<Option<Message>, Goodbye> {
        let (bytes, last) = match item {
            Item::FirstText(bytes) => {
                self.text = true;
                (bytes, false)
            }
            Item::FirstBinary(bytes) => {
                self.text = false;
                (bytes, false)
            }
            Item::Continue(bytes) => (bytes, false),
            Item::Last(bytes) => (bytes, true),
        };
        if self.fragments.len() + bytes.len() > MAX_FRAME {
            return Err(Goodbye::TooBig);
        }
        self.fragments.extend_from_slice(&bytes);
        if !last {
            return Ok(None);
        }
        let whole = std::mem::take(&mut self.fragments).freeze();
        if self.text { text(whole).map(Some) } else { Ok(Some(Message::Binary)) }
    }
}

fn text(bytes: Bytes) -> Result<Message, Goodbye> {
    ByteString::try_from(bytes).map(Message::Text).map_err(|_| Goodbye::NotUtf8)
}

fn classify(error: &ProtocolError) -> Goodbye {
    match error {
        ProtocolError::Overflow => Goodbye::TooBig,
        _ => Goodbye::Protocol,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A masked frame of less than 64 KiB.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [7, 0, 255, 42];
        let mut bytes = vec![first];
        match u8::try_from(payload.len()) {
            Ok(size) if size < 126 => bytes.push(0x80 | size),
            _ => {
                bytes.push(0x80 | 126);
                bytes.extend(u16::try_from(payload.len()).expect("fits").to_be_bytes());
            }
        }
        bytes.extend(mask);
        bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
        bytes
    }

    /// All messages, or the ones before the reason why it ends.
    fn hear(portions: impl IntoIterator<Item = impl AsRef<[u8]>>) -> (Vec<Message>, Option<Goodbye>) {
        let (mut inbound, mut messages) = (Inbound::new(), Vec::new());
        for portion in portions {
            if let Err(goodbye) = inbound.feed(portion.as_ref()) {
                return (messages, Some(goodbye));
            }
            loop {
                match inbound.next() {
                    Ok(Some(message)) => messages.push(message),
                    Ok(None) => break,
                    Err(goodbye) => return (messages, Some(goodbye)),
                }
            }
        }
        (messages, None)
    }

    #[test]
    fn control_frames_may_stand_between_fragments() {
        let bytes =
            [frame(0x01, b"{"), frame(0x89, b"p"), frame(0x00, b""), frame(0x8a, b""), frame(0x80, b"}")];
        let expected =
            vec![Message::Ping(Bytes::from_static(b"p")), Message::Pong, Message::Text("{}".into())];
        assert_eq!(hear(bytes), (expected, None));
    }

    #[test]
    fn a_text_may_be_cut_within_a_letter() {
        let [one, two] = [[0xc3], [0xa9]];
        let whole = (vec![Message::Text("é".into())], None);
        assert_eq!(hear([frame(0x01, &one), frame(0x80, &two)]), whole);
        assert_eq!(hear([frame(0x81, &one)]), (vec![], Some(Goodbye::NotUtf8)));
    }

    #[test]
    fn a_message_of_fragments_at_the_limit_and_one_above() {
        let half = vec![b'x'; MAX_FRAME / 2];
        let whole = hear([frame(0x01, &half), frame(0x80, &half)]);
        assert!(
            matches!(whole, (messages, None) if matches!(&messages[..], [Message::Text(text)] if text.len() == MAX_FRAME))
        );
        let above = hear([frame(0x01, &half), frame(0x00, &half), frame(0x80, b"x")]);
        assert_eq!(above, (vec![], Some(Goodbye::TooBig)));
    }

    #[test]
    fn fragments_out_of_order_are_no_protocol() {
        for bytes in [
            frame(0x80, b"end"),
            [frame(0x01, b"a"), frame(0x81, b"b")].concat(),
            frame(0x09, b"part of a ping"),
        ] {
            assert_eq!(hear([bytes]), (vec![], Some(Goodbye::Protocol)));
        }
    }

    #[test]
    fn nothing_is_held_between_messages() {
        let mut inbound = Inbound::new();
        let large = vec![b'x'; 60_000];
        for portion in [frame(0x01, &large), frame(0x80, b"")].concat().chunks(1_000) {
            inbound.feed(portion).expect("within limits");
            while let Ok(Some(message)) = inbound.next() {
                assert_eq!(message, Message::Text(String::from_utf8(large.clone()).expect("text").into()));
            }
        }
        assert_eq!((inbound.bytes.capacity(), inbound.fragments.capacity()), (0, 0));
    }

    proptest! {
        #[test]
        fn portions_make_no_difference(
            texts in prop::collection::vec("[a-zé]{0,200}", 1..6),
            cut in 0_usize..200,
            portion in 1_usize..300,
        ) {
            let mut bytes = Vec::new();
            for text in &texts {
                let (one, two) = text.as_bytes().split_at(cut.min(text.len()));
                bytes.extend([frame(0x01, one), frame(0x80, two)].concat());
            }
            let expected = texts.into_iter().map(|text| Message::Text(text.into())).collect();
            prop_assert_eq!(hear(bytes.chunks(portion)), (expected, None));
        }

        #[test]
        fn garbage_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), portion in 1_usize..50) {
            let _ = hear(bytes.chunks(portion));
        }
    }
}
