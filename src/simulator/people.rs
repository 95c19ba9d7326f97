//! Made-up customers.
//!
//! Owns: who they are and where each stands in their dialogue. Invariants: a person is determined by seed and
//! place alone, so that a later run with more customers begins with the same ones; each has exactly one id on one
//! platform. Deliberately absent: what they say (`phrases`) and how it looks on the wire (`whatsapp`, `messenger`).

use super::event::Platform;
use super::phrases::{LANGUAGES, Language, Line};
use super::random::Dice;

/// A message that a later one may point at.
#[derive(Clone, Debug)]
pub(super) struct Pointer {
    pub(super) id: String,
    pub(super) at_ms: i64,
    /// A plain text: only that can be edited.
    pub(super) is_text: bool,
}

pub(super) struct Person {
    pub(super) place: u64,
    pub(super) language: &'static Language,
    pub(super) platform: Platform,
    pub(super) first: &'static str,
    pub(super) last: &'static str,
    pub(super) username: String,
    pub(super) email: String,
    /// Digits without `+`. Messenger and Instagram never tell it.
    pub(super) phone: String,
    /// WhatsApp: whether webhooks carry the number.
    pub(super) number_shown: bool,
    /// WhatsApp: the business-scoped user id, where webhooks carry one.
    pub(super) bsuid: Option<String>,
    /// PSID or IGSID; on WhatsApp the number, or the business-scoped user id of those who hide it.
    pub(super) id: String,
    /// Came by an ad: the first message says so.
    pub(super) by_ad: bool,
    /// An agent has written through the server; the script then leaves the shop's lines to people.
    pub(super) attended: bool,
    pub(super) heard: Option<Pointer>,
    pub(super) said: Option<Pointer>,
    script: usize,
    next_line: usize,
}

impl Person {
    pub(super) fn new(seed: u64, place: u64) -> Self {
        let mut dice = Dice::new(seed, &format!("person {place}"));
        let language = draw_language(&mut dice);
        let (first, first_ascii) = dice.pick(language.first).copied().unwrap_or_default();
        let (last, last_ascii) = dice.pick(language.last).copied().unwrap_or_default();
        let platform = match dice.between(0, 99) {
            0..50 => Platform::Whatsapp,
            50..75 => Platform::Messenger,
            _ => Platform::Instagram,
        };
        let phone = dice.pattern(language.phone);
        let username = format!("{first_ascii}.{last_ascii}{}", dice.digits(2));
        let scoped = format!("{}.{}", language.country, dice.digits(16));
        let (number_shown, bsuid) = match dice.between(0, 9) {
            0..3 => (true, None),
            3 => (false, Some(scoped)),
            _ => (true, Some(scoped)),
        };
        let id = match (platform, &bsuid) {
            (Platform::Messenger, _) => format!("77{}", dice.digits(14)),
            (Platform::Instagram, _) => format!("10{}", dice.digits(14)),
            (_, Some(scoped)) if !number_shown => scoped.clone(),
            _ => phone.clone(),
        };
        let by_ad = dice.chance(0.22);
        let scripts = i64::try_from(language.scripts.len()).unwrap_or(1);
        let script = usize::try_from(dice.between(0, scripts - 1)).unwrap_or(0);
        Self {
            place,
            language,
            platform,
            first,
            last,
            email: format!("{first_ascii}.{last_ascii}{place}@example.test"),
            username,
            phone,
            number_shown,
            bsuid,
            id,
            by_ad,
            attended: false,
            heard: None,
            said: None,
            script,
            next_line: 0,
        }
    }

    pub(super) fn name(&self) -> String {
        if self.language.family_name_first {
            format!("{} {}", self.last, self.first)
        } else {
            format!("{} {}", self.first, self.last)
        }
    }

    pub(super) const fn mid_dialogue(&self) -> bool {
        self.next_line > 0
    }

    /// The dialogue of now, for a conversation of the past that is played at once.
    pub(super) fn script_length(&self) -> usize {
        self.language.scripts.get(self.script).map_or(0, |script| script.len())
    }

    /// The next line, or the first of the next dialogue.
    pub(super) fn next_line(&mut self) -> Option<Line> {
        let script = self.language.scripts.get(self.script)?;
        let line = script.get(self.next_line).copied();
        self.next_line += 1;
        if self.next_line >= script.len() {
            self.next_line = 0;
            self.script = (self.script + 1) % self.language.scripts.len().max(1);
        }
        line
    }

    /// The same person under any of the ids that a send may use.
    pub(super) fn answers_to(&self, id: &str) -> bool {
        self.id == id
            || self.bsuid.as_deref() == Some(id)
            || (self.platform == Platform::Whatsapp && self.phone == id)
    }
}

fn draw_language(dice: &mut Dice) -> &'static Language {
    let total: i64 = LANGUAGES.iter().map(|(_, share)| share).sum();
    let mut left = dice.between(0, total - 1);
    let [(fallback, _), ..] = LANGUAGES;
    for (language, share) in LANGUAGES {
        left -= share;
        if left < 0 {
            return language;
        }
    }
    fallback
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn people_repeat_by_seed_and_have_ids_of_their_own() {
        let crowd: Vec<Person> = (0..300).map(|place| Person::new(7, place)).collect();
        let ids: HashSet<&str> = crowd.iter().map(|person| person.id.as_str()).collect();
        // Two people may share a number only in the small ranges that are kept free for invented ones.
        assert!(ids.len() >= 295, "{}", ids.len());
        assert_eq!(Person::new(7, 12).id, crowd[12].id);
        assert_ne!(Person::new(8, 12).id, crowd[12].id);
        let has = |platform| crowd.iter().any(|person| person.platform == platform);
        assert!(has(Platform::Whatsapp) && has(Platform::Messenger) && has(Platform::Instagram));
        assert!(crowd.iter().any(|person| !person.number_shown && person.platform == Platform::Whatsapp));
    }

    #[test]
    fn a_dialogue_goes_on_into_the_next_one() {
        let mut person = Person::new(7, 1);
        let length = person.script_length();
        for _ in 0..length {
            assert!(person.next_line().is_some());
        }
        assert!(!person.mid_dialogue());
        assert!(person.next_line().is_some());
    }
}
