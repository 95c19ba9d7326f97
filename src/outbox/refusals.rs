//! What a platform's error code means for the message and its channel. Pure.
//!
//! Source: the platforms' error tables (WhatsApp Cloud API, Messenger and Instagram); codes decide, never texts.

use crate::channels::{ChannelKind, Refusal};
use serde_json::{Value, json};
use std::time::Duration;

/// How often a message is given to the platform before it is failed.
const MOST_TRIES: i16 = 5;
/// Messenger and Instagram: outside of the window.
const OUTSIDE: i64 = 2_018_278;
/// WhatsApp: too many messages to one person.
const PAIR: i64 = 131_056;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Again, not before; the others of the conversation wait.
    Retry(Duration),
    /// As `Retry`, and as often as it takes: too much was asked of the platform, the message is not to blame.
    Limited(Duration),
    /// Never.
    Failed,
    /// Nothing of this channel can be sent until a person has done something.
    Stop,
}

/// A verdict with the sentence that people read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    pub verdict: Verdict,
    pub title: &'static str,
}

/// How often a message has been given to the platform, this time included.
#[derive(Debug, Clone, Copy)]
pub struct Tries {
    /// Since a person last wanted it sent, and without those that met a limit.
    pub faults: i16,
    pub all: i16,
}

/// Judges a refusal of a message.
pub fn judge(channel: ChannelKind, refusal: &Refusal, tries: Tries) -> Judged {
    let Judged { verdict, title } = by_code(channel, refusal, tries);
    let verdict = match verdict {
        Verdict::Retry(_) if tries.faults >= MOST_TRIES => Verdict::Failed,
        // The platform knows best.
        Verdict::Retry(wait) => Verdict::Retry(refusal.after.unwrap_or(wait)),
        Verdict::Limited(wait) => Verdict::Limited(refusal.after.unwrap_or(wait)),
        verdict => verdict,
    };
    Judged { verdict, title }
}

/// How long the platform would refuse any other message of the channel as well; none: it would not.
pub fn limit_of_the_channel(refusal: &Refusal) -> Option<Duration> {
    match judge(ChannelKind::Whatsapp, refusal, Tries { faults: 1, all: 1 }).verdict {
        Verdict::Limited(wait) if refusal.code != PAIR => Some(wait),
        _ => None,
    }
}

/// Whether WhatsApp knows better than we which templates there are.
pub fn template_is_gone(code: i64) -> bool {
    matches!(code, 132_001 | 132_015 | 132_016)
}

/// As the message shows it.
pub fn error(refusal: &Refusal, title: &str) -> Value {
    let detail = refusal.detail.as_ref().or(refusal.title.as_ref());
    json!({ "code": refusal.code, "title": title, "detail": detail })
}

fn by_code(channel: ChannelKind, refusal: &Refusal, tries: Tries) -> Judged {
    let judged = |verdict, title| Judged { verdict, title };
    let seconds = |seconds| Verdict::Retry(Duration::from_secs(seconds));
    let limited = |seconds| Verdict::Limited(Duration::from_secs(seconds));
    let before = |tries: i16| u32::try_from(tries.saturating_sub(1)).unwrap_or(0);
    let (growing, longer) = (before(tries.faults).min(5), before(tries.all).min(4));
    match refusal.code {
        10 if refusal.subcode == OUTSIDE => judged(Verdict::Failed, OUTSIDE_WINDOW),
        0 | 190 => judged(
            Verdict::Stop,
            "The channel's access token is no longer valid. An administrator has to renew it.",
        ),
        3 | 10 | 200..=299 | 131_005 => {
            judged(Verdict::Stop, "The channel's access token lacks a permission that sending needs.")
        }
        131_031 | 368 | 130_497 => {
            judged(Verdict::Stop, "The platform has locked or restricted this account.")
        }
        131_042 | 131_044 => {
            judged(Verdict::Stop, "The platform sends nothing until the account's payment is in order.")
        }
        PAIR => judged(limited(6 * 4_u64.pow(longer)), "Too many messages to this person in a short time."),
        4 | 17 | 32 | 613 | 80_007 => {
            judged(limited(30 << longer), "The platform's limit of calls is reached.")
        }
        130_429 => judged(limited(1 << longer), "The platform's limit of messages a second is reached."),
        131_057 | 2_494_100 => judged(seconds(120), "The account is being upgraded by the platform."),
        1 | 2 | 131_000 | 131_016 | 135_000 => {
            judged(seconds(5 << growing), "The platform has a problem of its own.")
        }
        _ if refusal.status == 429 => {
            judged(limited(30 << longer), "The platform's limit of calls is reached.")
        }
        code => judged(Verdict::Failed, why_failed(channel, code, refusal.subcode)),
    }
}

fn why_failed(channel: ChannelKind, code: i64, subcode: i64) -> &'static str {
    match code {
        131_047 => OUTSIDE_WINDOW,
        131_053 => BAD_FILE,
        100 if matches!(subcode, 2_018_008 | 2_018_047) => BAD_FILE,
        131_026 => "This person can't be reached: not on WhatsApp, or with an old app.",
        131_049 => "The platform holds marketing messages back from this person for now.",
        131_050 => "This person does not want marketing messages.",
        130_472 => "The platform excludes this person from such messages for an experiment.",
        131_048 => "The platform limits this number because people reported its messages.",
        131_051 => "The platform does not take this kind of message.",
        131_021 => "Sender and recipient are the same number.",
        131_030 => "The recipient is not on the list of a test number.",
        132_001 | 132_015 | 132_016 => "WhatsApp has this template no more, or has paused it.",
        132_000..=132_099 => "WhatsApp did not take the template with these values.",
        131_062 => "This person can't be reached by this id.",
        551 | 1_545_041 => "This person is not available.",
        _ => match channel {
            ChannelKind::Whatsapp => "WhatsApp did not take the message.",
            ChannelKind::Instagram => "Instagram did not take the message.",
            _ => "Messenger did not take the message.",
        },
    }
}

pub const BAD_FILE: &str = "The platform could not take the file. Try another form of it.";
const OUTSIDE_WINDOW: &str = "The customer last wrote too long ago for the platform to take this message.";

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: i64, subcode: i64) -> Refusal {
        Refusal { status: 400, code, subcode, title: None, detail: None, trace: String::new(), after: None }
    }

    fn verdict(code: i64, tries: i16) -> Verdict {
        judge(ChannelKind::Whatsapp, &refusal(code, 0), Tries { faults: tries, all: tries }).verdict
    }

    #[test]
    fn codes_are_retried_failed_or_stop_the_channel() {
        let s = |seconds| Verdict::Retry(Duration::from_secs(seconds));
        for code in [0, 3, 10, 190, 200, 299, 368, 131_005, 131_031, 131_042] {
            assert_eq!(verdict(code, 1), Verdict::Stop, "{code}");
        }
        for code in [100, 131_008, 131_026, 131_047, 131_050, 132_000, 999_999] {
            assert_eq!(verdict(code, 1), Verdict::Failed, "{code}");
        }
        let limited = |seconds| Verdict::Limited(Duration::from_secs(seconds));
        let pair = [1, 2, 3].map(|tries| verdict(131_056, tries));
        assert_eq!(pair, [6, 24, 96].map(limited));
        assert_eq!((verdict(130_429, 1), verdict(130_429, 3)), (limited(1), limited(4)));
        assert_eq!((verdict(4, 1), verdict(2, 2)), (limited(30), s(10)));
        assert_eq!(verdict(2, MOST_TRIES), Verdict::Failed, "not for ever");
        assert_eq!(verdict(130_429, 100), limited(16), "a limit fails no message");
        let after_limits = judge(ChannelKind::Whatsapp, &refusal(2, 0), Tries { faults: 1, all: 9 });
        assert_eq!(after_limits.verdict, s(5), "and counts for no fault");
    }

    #[test]
    fn limits_of_the_channel_are_told_from_those_of_a_person() {
        let limit = |code| limit_of_the_channel(&refusal(code, 0)).map(|wait| wait.as_secs());
        assert_eq!([4, 17, 32, 613, 80_007].map(limit), [Some(30); 5]);
        assert_eq!(limit(130_429), Some(1));
        assert_eq!([PAIR, 2, 100, 190, 131_026].map(limit), [None; 5]);
    }

    #[test]
    fn a_closed_window_is_no_lack_of_permission() {
        let judged = judge(ChannelKind::Messenger, &refusal(10, OUTSIDE), Tries { faults: 1, all: 1 });
        assert_eq!(judged, Judged { verdict: Verdict::Failed, title: OUTSIDE_WINDOW });
    }

    #[test]
    fn what_graph_asks_for_is_waited() {
        for seconds in [1, 77] {
            let asked = Refusal { after: Some(Duration::from_secs(seconds)), ..refusal(130_429, 0) };
            let judged = judge(ChannelKind::Whatsapp, &asked, Tries { faults: 4, all: 4 });
            assert_eq!(judged.verdict, Verdict::Limited(Duration::from_secs(seconds)));
        }
    }
}
