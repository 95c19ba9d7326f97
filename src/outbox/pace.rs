//! How fast a channel may send, and how fast to one person: the next free moment of each, in the memory of this node.

use crate::channels::ChannelKind;
use crate::clock;
use parking_lot::Mutex;
use std::collections::HashMap;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// People who are remembered; beyond, those are forgotten who may be sent to as if nothing had been sent.
const MANY: usize = 10_000;

/// What a platform takes: one each `step`, and after a pause some more at once.
#[derive(Debug, Clone, Copy)]
struct Rate {
    step: Duration,
    burst: u32,
}

impl Rate {
    /// When the next one may go, by the moment at which all before would have gone one by one.
    fn place(self, even: Instant, now: Instant) -> Instant {
        even.checked_sub(self.step * self.burst).map_or(now, |place| place.max(now))
    }
}

/// By the platforms' documentation: 80 a second from a number of WhatsApp; of a Page 300, of sounds and films 10.
fn of_channel(kind: ChannelKind, heavy: bool) -> Rate {
    let per_second = match kind {
        ChannelKind::Whatsapp => 80,
        _ if heavy => 10,
        _ => 300,
    };
    Rate { step: Duration::from_secs(1) / per_second, burst: 10 }
}

/// To one person: WhatsApp takes a message each six seconds, and lends 45.
fn of_person(kind: ChannelKind) -> Option<Rate> {
    (kind == ChannelKind::Whatsapp).then_some(Rate { step: Duration::from_secs(6), burst: 44 })
}

/// What is to be sent.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    pub channel: Uuid,
    pub conversation: Uuid,
    pub kind: ChannelKind,
    /// A sound or a film.
    pub heavy: bool,
}

/// For channels and for people: when all that was sent would have gone one by one.
#[derive(Default)]
pub struct Pace {
    channels: Mutex<HashMap<(Uuid, bool), Instant>>,
    people: Mutex<HashMap<Uuid, Instant>>,
}

impl Pace {
    /// When the person of a conversation may be sent to; none: now. Takes nothing.
    pub fn person_free_at(&self, load: Load) -> Option<Instant> {
        self.free_at(load, clock::monotonic())
    }

    /// Takes the channel's next place, and one of the person; returns when the channel's is due.
    pub fn take(&self, load: Load) -> Instant {
        self.place(load, clock::monotonic())
    }

    fn free_at(&self, load: Load, now: Instant) -> Option<Instant> {
        let even = self.people.lock().get(&load.conversation).copied()?;
        let free = of_person(load.kind)?.place(even, now);
        (free > now).then_some(free)
    }

    fn place(&self, load: Load, now: Instant) -> Instant {
        if let Some(rate) = of_person(load.kind) {
            let mut people = self.people.lock();
            if people.len() >= MANY {
                people.retain(|_, even| *even > now);
            }
            let even = people.entry(load.conversation).or_insert(now);
            *even = (*even).max(now) + rate.step;
        }
        let heavy = load.heavy && load.kind != ChannelKind::Whatsapp;
        let rate = of_channel(load.kind, heavy);
        let mut channels = self.channels.lock();
        let even = channels.entry((load.channel, heavy)).or_insert(now);
        let before = (*even).max(now);
        *even = before + rate.step;
        rate.place(before, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(kind: ChannelKind, channel: u128, conversation: u128) -> Load {
        let (channel, conversation) = (Uuid::from_u128(channel), Uuid::from_u128(conversation));
        Load { channel, conversation, kind, heavy: false }
    }

    #[test]
    fn a_burst_then_a_steady_rate() {
        let pace = Pace::default();
        let now = clock::monotonic();
        let places: Vec<Duration> =
            (0..100).map(|n| pace.place(load(ChannelKind::Whatsapp, 1, n), now) - now).collect();
        let at_once = places.iter().filter(|place| place.is_zero()).count();
        assert_eq!(at_once, 11);
        assert_eq!(places.last(), Some(&(89 * Duration::from_secs(1) / 80)));
        let other = load(ChannelKind::Whatsapp, 2, 0);
        assert_eq!(pace.place(other, now), now, "channels don't wait for each other");
        let later = now + Duration::from_secs(10);
        assert_eq!(
            pace.place(load(ChannelKind::Whatsapp, 1, 0), later),
            later,
            "a pause is forgotten beyond the burst"
        );
    }

    #[test]
    fn sounds_and_films_of_a_page_go_slower_and_hold_up_nothing_else() {
        let pace = Pace::default();
        let now = clock::monotonic();
        let text = load(ChannelKind::Messenger, 1, 1);
        let film = Load { heavy: true, ..text };
        let last = (0..31).map(|_| pace.place(film, now)).last();
        assert_eq!(last, Some(now + Duration::from_secs(2)));
        assert_eq!(pace.place(text, now), now);
    }

    #[test]
    fn one_person_gets_forty_five_then_one_each_six_seconds() {
        let pace = Pace::default();
        let now = clock::monotonic();
        let (one, other) = (load(ChannelKind::Whatsapp, 1, 1), load(ChannelKind::Whatsapp, 1, 2));
        for n in 0..45 {
            assert_eq!(pace.free_at(one, now), None, "{n}");
            pace.place(one, now);
        }
        let in_six = now + Duration::from_secs(6);
        assert_eq!(pace.free_at(one, now), Some(in_six));
        assert_eq!(pace.free_at(other, now), None);
        assert_eq!(pace.free_at(one, in_six), None);
        pace.place(one, in_six);
        assert_eq!(pace.free_at(one, in_six), Some(in_six + Duration::from_secs(6)));
        let chat = load(ChannelKind::Messenger, 1, 3);
        for _ in 0..100 {
            pace.place(chat, now);
        }
        assert_eq!(pace.free_at(chat, now), None, "no such rule there");
    }
}
