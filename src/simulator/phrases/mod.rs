//! What made-up customers are called and say.
//!
//! Owns: names, dialogues and short answers in eight languages, as the traffic of a small furniture shop. Every
//! person and number is invented. Invariants: no list is empty; each dialogue begins with the customer. Deliberately
//! absent: any platform's shape; a line says what happens, the platform modules say how that looks.

mod ar;
mod de;
mod en;
mod es;
mod fr;
mod ja;
mod pt;
mod tr;

/// One thing that happens in a dialogue.
#[derive(Clone, Copy, Debug)]
pub(super) enum Line {
    /// The customer writes.
    Ask(&'static str),
    /// The shop answers (from the phone or the platform's own inbox, not through the server).
    Reply(&'static str),
    /// The customer answers the shop's last message by quoting it.
    Quote(&'static str),
    /// A picture with a caption, which may be empty.
    Photo(&'static str),
    Voice,
    Place,
    /// A shared contact.
    Card,
    /// A document with a caption.
    Paper(&'static str),
    /// A cart from the catalogue, with a note.
    Cart(&'static str),
    /// A question about one product of the catalogue.
    Product(&'static str),
    /// A button: title and payload.
    Tap(&'static str, &'static str),
    /// The customer changes the last text.
    Edit(&'static str),
    /// The customer takes the last message back.
    Unsay,
    /// A reaction on the shop's last message.
    Like(&'static str),
    /// An answer to a story; plain text where there are no stories.
    Story(&'static str),
    /// The conversation's opening button; plain text where there is none.
    Begin(&'static str),
}

/// A name as it is written, and its letters for addresses and user names.
pub(super) type Name = (&'static str, &'static str);

/// A place: latitude, longitude, name, address.
pub(super) type Spot = (f64, f64, &'static str, &'static str);

pub(super) struct Language {
    /// Of the business-scoped user ids.
    pub(super) country: &'static str,
    pub(super) locale: &'static str,
    pub(super) currency: &'static str,
    /// Digits with country code; each `#` is any digit.
    pub(super) phone: &'static str,
    pub(super) first: &'static [Name],
    pub(super) last: &'static [Name],
    pub(super) family_name_first: bool,
    pub(super) scripts: &'static [&'static [Line]],
    /// To what an agent wrote.
    pub(super) answers: &'static [&'static str],
    pub(super) comments: &'static [&'static str],
    pub(super) spot: Spot,
    /// An own question of the lead form and its possible answers.
    pub(super) question: (&'static str, &'static [&'static str]),
}

/// Each with its share of the customers.
pub(super) static LANGUAGES: [(&Language, i64); 8] = [
    (&tr::TURKISH, 36),
    (&de::GERMAN, 16),
    (&en::ENGLISH, 14),
    (&ar::ARABIC, 12),
    (&es::SPANISH, 9),
    (&ja::JAPANESE, 5),
    (&fr::FRENCH, 4),
    (&pt::PORTUGUESE, 4),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_is_complete() {
        for (language, share) in LANGUAGES {
            assert!(share > 0);
            assert!(language.first.len() >= 8 && language.last.len() >= 6, "{}", language.locale);
            assert!(language.scripts.len() >= 3 && language.answers.len() >= 5, "{}", language.locale);
            assert!(!language.comments.is_empty() && !language.question.1.is_empty());
            assert!(language.phone.bytes().all(|b| b.is_ascii_digit() || b == b'#'));
            for script in language.scripts {
                assert!(!matches!(
                    script.first(),
                    None | Some(Line::Reply(_) | Line::Quote(_) | Line::Like(_))
                ));
            }
            for (_, ascii) in language.first.iter().chain(language.last) {
                assert!(ascii.bytes().all(|b| b.is_ascii_lowercase()), "{ascii}");
            }
        }
    }
}
