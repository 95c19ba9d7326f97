//! The course of things: who does what next.
//!
//! Owns: the crowd and the stream of events. Invariants: the same seed, clock and calls give the same events; a
//! later event only points at messages that were told before; times of the past lie within the last six days and
//! before now. Deliberately absent: sending, and what follows a message of the server (`follow`).

use super::clock::Clock;
use super::event::{Event, Platform};
use super::leads::{self, ADS};
use super::media::{Media, MediaKind};
use super::messenger::{self, Echo};
use super::options::{Accounts, Config};
use super::people::{Person, Pointer};
use super::phrases::Line;
use super::random::Dice;
use super::saying::{AdClick, Said, Saying};
use super::whatsapp;
use serde_json::{Map, json};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// Lines in a row that may have nothing to tell (a reaction without a message to react on, …).
const TRIES: usize = 8;
/// Draws until somebody in the middle of a dialogue is found: most go on, some begin.
const TALKING_TRIES: usize = 3;

pub(super) struct World {
    pub(super) accounts: Accounts,
    pub(super) graph_url: String,
    pub(super) people: Vec<Person>,
    pub(super) crowd_seed: u64,
    site_key: Option<String>,
    live: Dice,
}

impl World {
    pub(super) fn new(config: &Config, graph_url: String) -> Self {
        let places = 0..u64::try_from(config.customers.max(1)).unwrap_or(1);
        Self {
            accounts: config.accounts.clone(),
            graph_url,
            people: places.map(|place| Person::new(config.crowd_seed, place)).collect(),
            crowd_seed: config.crowd_seed,
            site_key: config.site_key.clone(),
            live: Dice::new(config.seed, "live"),
        }
    }

    pub(super) fn find(&self, id: &str) -> Option<&Person> {
        self.people.iter().find(|person| person.answers_to(id))
    }

    pub(super) fn find_mut(&mut self, id: &str) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.answers_to(id))
    }

    /// The next event of the live stream; seldom more than one.
    pub(super) fn next(&mut self, clock: &Clock) -> Vec<Event> {
        // Taken out for the call: the dice and the people are drawn from side by side.
        let mut dice = std::mem::replace(&mut self.live, Dice::new(0, ""));
        let events = self.draw(clock.now_ms(), &mut dice);
        self.live = dice;
        events
    }

    fn draw(&mut self, now_ms: i64, dice: &mut Dice) -> Vec<Event> {
        match dice.between(0, 199) {
            0..12 => vec![leads::told(&self.accounts, &leads::new_id(dice), now_ms)],
            12..20 => {
                if let Some(site_key) = &self.site_key {
                    let place = u64::try_from(dice.between(0, 1_000_000)).unwrap_or(0);
                    return vec![leads::website(site_key, place, self.crowd_seed, now_ms, dice)];
                }
                self.dialogue(now_ms, dice)
            }
            20..30 => {
                self.comment(now_ms, dice).map_or_else(|| self.dialogue(now_ms, dice), |event| vec![event])
            }
            30 => vec![whatsapp::template_quality(now_ms)],
            _ => self.dialogue(now_ms, dice),
        }
    }

    fn comment(&self, now_ms: i64, dice: &mut Dice) -> Option<Event> {
        let person = dice.pick(&self.people)?;
        if person.platform == Platform::Whatsapp {
            return None;
        }
        let id = format!("179{}", dice.digits(14));
        Some(messenger::comment(&self.accounts, person, &id, now_ms, dice.phrase(person.language.comments)))
    }

    fn dialogue(&mut self, now_ms: i64, dice: &mut Dice) -> Vec<Event> {
        let last = i64::try_from(self.people.len()).unwrap_or(i64::MAX).saturating_sub(1);
        let mut place = 0;
        for _ in 0..TALKING_TRIES {
            place = usize::try_from(dice.between(0, last)).unwrap_or(0);
            if self.people.get(place).is_some_and(Person::mid_dialogue) {
                break;
            }
        }
        for _ in 0..TRIES {
            let Some(line) = self.people.get_mut(place).and_then(Person::next_line) else {
                break;
            };
            // Most of the shop's own lines are left to the people at the inbox.
            let attended = self.people.get(place).is_some_and(|person| person.attended);
            if matches!(line, Line::Reply(_)) && (attended || !dice.chance(0.4)) {
                continue;
            }
            let events = self.act(place, line, now_ms, dice);
            if !events.is_empty() {
                return events;
            }
        }
        let words = self.people.get(place).map(|person| dice.phrase(person.language.answers));
        words
            .and_then(|words| self.says(place, Saying::Text(words.to_owned()), None, now_ms, dice))
            .into_iter()
            .collect()
    }

    /// Conversations of the last days, each in its own order.
    pub(super) fn past(&mut self, count: usize, now_ms: i64) -> Vec<Event> {
        let mut dice = Dice::new(self.crowd_seed, "past");
        let mut events = Vec::new();
        for place in 0..count.min(self.people.len()) {
            let length = self.people.get(place).map_or(0, Person::script_length);
            let lines = dice.between(2, i64::try_from(length).unwrap_or(2));
            let gaps: Vec<i64> = (0..lines).map(|_| dice.between(15_000, 20 * MINUTE_MS)).collect();
            let ended = now_ms - ago(&mut dice);
            let mut at_ms = ended - gaps.iter().sum::<i64>();
            for gap in gaps {
                at_ms += gap;
                if let Some(line) = self.people.get_mut(place).and_then(Person::next_line) {
                    events.extend(self.act(place, line, at_ms, &mut dice));
                }
            }
        }
        events
    }

    fn act(&mut self, place: usize, line: Line, at_ms: i64, dice: &mut Dice) -> Vec<Event> {
        if let Line::Reply(text) = line {
            return self.shop_answers(place, text, at_ms, dice);
        }
        let Some(person) = self.people.get(place) else {
            return Vec::new();
        };
        let said = person.said.as_ref().map(|pointer| pointer.id.clone());
        let saying = match line {
            Line::Like(emoji) => said.clone().map(|target| Saying::React { target, emoji }),
            Line::Edit(text) => {
                let heard = person.heard.as_ref().filter(|pointer| pointer.is_text);
                heard.map(|pointer| Saying::Edit { target: pointer.id.clone(), text })
            }
            Line::Unsay => person.heard.as_ref().map(|pointer| Saying::Unsay { target: pointer.id.clone() }),
            line => Some(message(person, line, dice)),
        };
        let reply_to = said.filter(|_| matches!(line, Line::Quote(_) | Line::Tap(..)));
        saying.and_then(|saying| self.says(place, saying, reply_to, at_ms, dice)).into_iter().collect()
    }

    /// Tells it, and remembers what later lines may point at.
    pub(super) fn says(
        &mut self,
        place: usize,
        saying: Saying,
        reply_to: Option<String>,
        at_ms: i64,
        dice: &mut Dice,
    ) -> Option<Event> {
        let person = self.people.get_mut(place)?;
        let id = message_id(person.platform, &person.phone, true, dice);
        let by_ad = person.heard.is_none() && person.by_ad && saying.is_message();
        let click = || dice.pick(&ADS).map(|ad| AdClick { ad, clid: String::new() });
        let mut ad = by_ad.then(click).flatten();
        if let Some(click) = &mut ad {
            click.clid = dice.ctwa_clid();
        }
        let pointer = match &saying {
            Saying::Unsay { .. } => None,
            saying if saying.is_message() => {
                Some(Pointer { id: id.clone(), at_ms, is_text: matches!(saying, Saying::Text(_)) })
            }
            _ => person.heard.clone(),
        };
        let left = matches!(saying, Saying::Unsay { .. }).then(|| person.heard.clone()).flatten();
        // Somebody who took the message back has still written: only the pointer loses its use.
        person.heard = pointer.or(left.map(|old| Pointer { is_text: false, ..old }));
        let said = Said { id, at_ms, saying, reply_to, ad };
        let person = self.people.get(place)?;
        Some(match person.platform {
            Platform::Whatsapp => whatsapp::incoming(&self.accounts, &self.graph_url, person, &said),
            _ => messenger::incoming(&self.accounts, &self.graph_url, person, &said),
        })
    }

    /// The shop writes past the server: from the phone, or from the platform's own inbox.
    fn shop_answers(&mut self, place: usize, text: &str, at_ms: i64, dice: &mut Dice) -> Vec<Event> {
        let Some(person) = self.people.get_mut(place) else {
            return Vec::new();
        };
        let id = message_id(person.platform, &person.phone, false, dice);
        person.said = Some(Pointer { id: id.clone(), at_ms, is_text: true });
        if person.platform == Platform::Whatsapp {
            return vec![whatsapp::echo(&self.accounts, person, &id, at_ms, text)];
        }
        let message = Map::from_iter([("text".to_owned(), json!(text))]);
        let echo = Echo { mid: &id, at_ms, message, app_id: None, metadata: None };
        let (platform, lane) = (person.platform, person.place);
        let mut events = vec![messenger::echo(&self.accounts, platform, lane, &person.id, echo)];
        if dice.chance(0.8) {
            let read_at = at_ms + dice.between(2_000, 14_000);
            events.push(messenger::read(&self.accounts, platform, lane, &person.id, &id, at_ms, read_at));
        }
        events
    }
}

/// An id as the platform makes them.
pub(super) fn message_id(platform: Platform, number: &str, incoming: bool, dice: &mut Dice) -> String {
    match platform {
        Platform::Whatsapp => dice.wamid(number, incoming),
        Platform::Instagram => dice.instagram_mid(),
        _ => dice.messenger_mid(),
    }
}

/// How long ago a conversation of the past ended: mostly today, so that most can still be answered.
fn ago(dice: &mut Dice) -> i64 {
    match dice.between(0, 9) {
        0..5 => dice.between(MINUTE_MS, 9 * HOUR_MS),
        5..8 => dice.between(9 * HOUR_MS, 22 * HOUR_MS),
        _ => dice.between(25 * HOUR_MS, 5 * 24 * HOUR_MS),
    }
}

fn message(person: &Person, line: Line, dice: &mut Dice) -> Saying {
    match line {
        Line::Photo(caption) => Saying::Photo { media: Media::new(MediaKind::Photo, dice), caption },
        Line::Voice => Saying::Voice(Media::new(MediaKind::Voice, dice)),
        Line::Paper(caption) => Saying::Paper { media: Media::new(MediaKind::Paper, dice), caption },
        Line::Place => Saying::Place,
        Line::Card => {
            let name = dice.pick(person.language.first).map_or("", |(name, _)| name).to_owned();
            Saying::Card { name, phone: dice.pattern(person.language.phone) }
        }
        Line::Cart(note) => Saying::Cart { note },
        Line::Product(text) => Saying::Product { text },
        Line::Tap(title, payload) => Saying::Tap { title: title.to_owned(), payload: payload.to_owned() },
        Line::Story(text) => Saying::Story { text, story_id: format!("1807{}", dice.digits(12)) },
        Line::Begin(title) => Saying::Begin { title },
        Line::Ask(text) | Line::Reply(text) | Line::Quote(text) | Line::Edit(text) | Line::Like(text) => {
            Saying::Text(text.to_owned())
        }
        Line::Unsay => Saying::Text(String::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::compose;
    use super::*;
    use serde_json::Value;
    use std::collections::HashSet;

    fn course(seed: u64) -> Vec<(Event, Value)> {
        let mut config = Config::new("http://127.0.0.1:1", "secret");
        (config.seed, config.customers, config.site_key) = (seed, 25, Some("site".to_owned()));
        config.clock = Clock::stepped(1_763_600_000_000, 500);
        let mut world = World::new(&config, "http://127.0.0.1:2".to_owned());
        let mut events = world.past(20, config.clock.now_ms());
        for _ in 0..800 {
            events.extend(world.next(&config.clock));
        }
        let body = |event: &Event| compose(&config.accounts, event.platform, vec![event.clone()], false);
        events.into_iter().map(|event| (event.clone(), body(&event))).collect()
    }

    #[test]
    fn the_course_repeats_byte_for_byte_by_seed() {
        let bodies = |seed| course(seed).into_iter().map(|(_, body)| body.to_string()).collect::<Vec<_>>();
        assert_eq!(bodies(3), bodies(3));
        assert_ne!(bodies(3), bodies(4));
    }

    #[test]
    fn ids_are_new_and_changes_point_at_what_was_told() {
        let mut told = HashSet::new();
        for (event, body) in course(3) {
            match event.told.kind {
                "message" | "echo" | "comment" | "lead" => {
                    assert!(told.insert(event.told.external_id), "twice: {body}");
                }
                "edit" | "delete" | "reaction" | "read" => {
                    assert!(told.contains(&event.told.external_id), "of nothing: {body}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn everything_that_is_promised_occurs() {
        let course = course(3);
        let all: String = course.iter().map(|(_, body)| body.to_string()).collect();
        for wanted in [
            "\"type\":\"image\"",
            "\"type\":\"audio\"",
            "\"type\":\"document\"",
            "\"type\":\"location\"",
            "\"type\":\"contacts\"",
            "\"type\":\"order\"",
            "\"type\":\"edit\"",
            "\"type\":\"revoke\"",
            "\"type\":\"reaction\"",
            "button_reply",
            "ctwa_clid",
            "referred_product",
            "\"from_user_id\"",
            "smb_message_echoes",
            "postback",
            "quick_reply",
            "message_edit",
            "is_deleted",
            "is_echo",
            "\"story\"",
            "ads_context_data",
            "leadgen_id",
            "site_key",
            "\"field\":\"comments\"",
            "\"field\":\"feed\"",
        ] {
            assert!(all.contains(wanted), "{wanted}");
        }
    }
}
