//! A model of exactly once: news in any order, any number of times, in transactions that may be lost with the process
//! and are then repeated. What the tables have after each commit is what a list of what was told says.
//!
//! Two threads: WhatsApp with states that can fail, Messenger with watermarks.

use super::*;
use crate::models;
use proptest_state_machine::{ReferenceStateMachine, StateMachineTest};
use webhooks::{PlatformError, UpTo, Watermark};

/// Messages of each thread; the odd ones are ours.
const MESSAGES: usize = 6;
const STATES: [DeliveryState; 5] = [
    DeliveryState::Sent,
    DeliveryState::Failed,
    DeliveryState::Delivered,
    DeliveryState::Read,
    DeliveryState::Played,
];

/// What is told, as small numbers.
#[derive(Debug, Clone, PartialEq)]
enum News {
    Message {
        thread: usize,
        message: usize,
    },
    /// Of WhatsApp; place in the lattice, and which failure.
    State {
        message: usize,
        state: usize,
        code: i64,
    },
    /// Of Messenger: all of ours up to a message's second.
    Watermark {
        read: bool,
        up_to: usize,
    },
}

#[derive(Debug, Clone)]
enum Step {
    Tell(News),
    /// Some news of before, once more.
    Repeat(usize),
    Commit,
    /// The process dies; what was not committed is told again, in another order.
    Crash,
}

/// What was told since ever, and how much of it is committed.
#[derive(Debug, Clone, Default)]
struct Told {
    news: Vec<News>,
    committed: usize,
}

struct Machine;

impl ReferenceStateMachine for Machine {
    type State = Told;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Told> {
        Just(Told::default()).boxed()
    }

    fn transitions(_: &Told) -> BoxedStrategy<Step> {
        let message =
            (0_usize..2, 0..MESSAGES).prop_map(|(thread, message)| News::Message { thread, message });
        let state = (0..MESSAGES, 0..STATES.len(), 1_i64..4).prop_map(|(message, state, code)| News::State {
            message,
            state,
            code,
        });
        let watermark =
            (any::<bool>(), 0..MESSAGES).prop_map(|(read, up_to)| News::Watermark { read, up_to });
        prop_oneof![
            4 => message.prop_map(Step::Tell),
            4 => state.prop_map(Step::Tell),
            2 => watermark.prop_map(Step::Tell),
            3 => any::<prop::sample::Index>().prop_map(|at| Step::Repeat(at.index(1_000))),
            4 => Just(Step::Commit),
            1 => Just(Step::Crash),
        ]
        .boxed()
    }

    fn apply(mut told: Told, step: &Step) -> Told {
        match step {
            Step::Tell(news) => told.news.push(news.clone()),
            Step::Commit => told.committed = told.news.len(),
            Step::Repeat(_) | Step::Crash => {}
        }
        told
    }
}

impl News {
    fn fact(&self) -> Fact {
        match self {
            Self::Message { thread, message } => {
                let (name, seconds) = (name(*thread, *message), i64::try_from(*message).expect("small"));
                let what = if message % 2 == 0 { incoming } else { echo };
                let what = what(&name, &person(&[self::customer(*thread)]));
                if *thread == 0 { whatsapp(0, seconds, what) } else { page(seconds, what) }
            }
            Self::State { message, state, code } => {
                let state = STATES[*state];
                let told = status(&name(0, *message), state, &person(&[self::customer(0)]));
                let error = (state == DeliveryState::Failed).then_some(PlatformError {
                    code: *code,
                    title: None,
                    detail: None,
                });
                whatsapp(0, 50, What::Status(Status { error, ..told }))
            }
            Self::Watermark { read, up_to } => {
                let state = if *read { DeliveryState::Read } else { DeliveryState::Delivered };
                let up_to = UpTo::Time(at(i64::try_from(*up_to).expect("small")));
                let person = person(&[self::customer(1)]);
                page(50, What::Watermark(Watermark { person, state, up_to, messages: Vec::new() }))
            }
        }
    }
}

fn name(thread: usize, message: usize) -> String {
    format!("{thread}.{message}")
}

fn customer(thread: usize) -> PersonId {
    if thread == 0 { number("491511234567") } else { id(PersonIdKind::Psid, "7720183645512093") }
}

/// What the tables must say, from the committed news alone.
impl Told {
    fn has(&self, news: &News) -> bool {
        self.news[..self.committed].contains(news)
    }

    fn messages(&self, thread: usize) -> Vec<usize> {
        (0..MESSAGES).filter(|message| self.has(&News::Message { thread, message: *message })).collect()
    }

    /// State and failure of a message of ours.
    fn state(&self, thread: usize, message: usize) -> (&'static str, Option<i64>) {
        if thread == 1 {
            let reached = |read| (message..MESSAGES).any(|up_to| self.has(&News::Watermark { read, up_to }));
            return match (reached(true), reached(false)) {
                (true, _) => ("read", None),
                (false, true) => ("delivered", None),
                (false, false) => ("sent", None),
            };
        }
        let told = self.news[..self.committed].iter().filter_map(|news| match news {
            News::State { message: of, state, code } if *of == message => {
                Some((*state, if *state == 1 { *code } else { 0 }))
            }
            _ => None,
        });
        let (state, code) = told.max().unwrap_or((0, 0));
        (STATES[state].as_str(), (code > 0).then_some(code))
    }
}

struct Server {
    world: World,
    committed: World,
    /// What was applied since the last commit.
    pending: Vec<Fact>,
    activities: usize,
}

impl Server {
    fn hear(&mut self, fact: Fact) {
        self.world.apply(&fact);
        self.pending.push(fact);
    }

    fn commit(&mut self) {
        self.activities += self.world.new_activities.len();
        commit(&mut self.world);
        self.committed = self.world.clone();
        self.pending.clear();
    }

    fn check(&self, told: &Told) {
        let world = &self.committed;
        for thread in 0..2 {
            let channel = Uuid::from_u128(if thread == 0 { 1 } else { 3 });
            let expected = told.messages(thread);
            let of_thread = world.messages.keys().filter(|key| key.0 == channel).count();
            assert_eq!(of_thread, expected.len(), "messages of thread {thread}");
            for message in &expected {
                let row = &world.messages[&(channel, name(thread, *message))].row;
                let code = row.error.as_ref().map(|error| error["code"].as_i64().expect("a code"));
                let ours = (message % 2 == 1).then(|| told.state(thread, *message));
                assert_eq!(row.status.as_deref().map(|state| (state, code)), ours, "message {message}");
            }
            let inwards = expected.iter().filter(|message| *message % 2 == 0).count();
            let conversations = world.conversations.values().map(|kept| &kept.row);
            let unread: Vec<_> =
                conversations.filter(|row| row.channel_id == channel).map(|row| row.unread_count).collect();
            let one: &[i32] = &[i32::try_from(inwards).expect("small")];
            assert_eq!(unread, if expected.is_empty() { &[] } else { one }, "unread of thread {thread}");
        }
        let customers = (0..2).filter(|thread| !told.messages(*thread).is_empty()).count();
        assert_eq!(world.customers.len(), customers);
        let leads =
            (0..2).filter(|thread| told.messages(*thread).iter().any(|message| message % 2 == 0)).count();
        assert_eq!(world.cards.values().flatten().count(), leads, "cards");
        assert_eq!(self.activities, leads, "activities");
    }
}

impl StateMachineTest for Machine {
    type SystemUnderTest = Server;
    type Reference = Self;

    fn init_test(_: &Told) -> Server {
        Server { world: empty(), committed: empty(), pending: Vec::new(), activities: 0 }
    }

    fn apply(mut server: Server, told: &Told, step: Step) -> Server {
        match step {
            Step::Tell(news) => server.hear(news.fact()),
            Step::Repeat(_) if told.news.is_empty() => {}
            Step::Repeat(at) => server.hear(told.news[at % told.news.len()].fact()),
            Step::Commit => {
                server.commit();
                server.check(told);
            }
            Step::Crash => {
                server.world = server.committed.clone();
                let lost = std::mem::take(&mut server.pending);
                lost.into_iter().rev().for_each(|fact| server.hear(fact));
            }
        }
        server
    }

    fn teardown(mut server: Server, mut told: Told) {
        told.committed = told.news.len();
        server.commit();
        server.check(&told);
        for news in &told.news {
            server.world.apply(&news.fact());
            assert!(is_clean(&server.world), "changed by a repetition: {news:?}");
        }
    }
}

#[test]
fn whatever_is_told_has_its_effect_once() {
    models::run::<Machine>("exactly once", 1, 80);
}
