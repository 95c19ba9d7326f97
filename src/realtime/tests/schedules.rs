//! Schedules of the parts that tasks of a node share: shuttle runs the tasks of a test in one order after another, and
//! a task that waits for ever is a failure. Each attempt to take a lock is a point where another task may go on
//! (`sync`); tokio's signals are single steps. `MODEL_SEED` runs the same schedules again.

use super::{event, room};
use crate::auth::Role;
use crate::db::Tenant;
use crate::error::Result;
use crate::models;
use crate::realtime::broker::wire::News;
use crate::realtime::broker::{Broker, Health};
use crate::realtime::local::{Local, Mailbox};
use crate::realtime::locals::Locals;
use crate::realtime::presence::Presence;
use crate::realtime::protocol::Person;
use crate::realtime::session::{Cursor, Goodbye};
use crate::realtime::stream::{Bounds, Stream, Taken};
use crate::realtime::sync::{Mutex, explored};
use bytes::Bytes;
use bytestring::ByteString;
use futures_util::future::{BoxFuture, join_all};
use serde_json::Value;
use shuttle::future::{JoinHandle, block_on, spawn, yield_now};
use shuttle::scheduler::RandomScheduler;
use shuttle::{Config, MaxSteps, Runner};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Schedules of each test.
const SCHEDULES: usize = 1_000;

/// Runs `test` under many schedules.
fn explore<F: Future<Output = ()>>(name: &str, test: impl Fn() -> F + Send + Sync + 'static) {
    let seed = models::setting("MODEL_SEED").unwrap_or_else(rand::random);
    println!("{name}: {SCHEDULES} schedules, MODEL_SEED={seed}");
    let mut config = Config::new();
    config.max_steps = MaxSteps::FailAfter(100_000);
    let scheduler = RandomScheduler::new_from_seed(seed, SCHEDULES);
    explored(|| {
        Runner::new(scheduler, config).run(move || block_on(test()));
    });
}

async fn all(tasks: Vec<JoinHandle<()>>) {
    join_all(tasks).await.into_iter().for_each(|ended| ended.expect("no task is cut off"));
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn person(number: u128) -> Person {
    Person { user_id: id(number), name: "Ada".into() }
}

fn local(say: impl Fn(News) + Send + Sync + 'static) -> Local {
    Local::new(Tenant::proven(id(1)), Box::new(say))
}

/// A socket of a user; its session has the same number.
fn add(local: &Local, socket: u128, user: u128) -> Arc<Mailbox> {
    let mailbox = Arc::new(Mailbox::default());
    let of = Arc::clone(&mailbox);
    assert!(local.add(id(socket), person(user), Role::Agent, id(user), of, 20));
    mailbox
}

#[test]
fn no_mail_waits_unheard() {
    explore("mail", || async {
        let local = Arc::new(local(drop));
        let mailbox = add(&local, 1, 1);
        local.enter(id(1), room(0));
        let mut tasks: Vec<_> = (0..2)
            .map(|writer| {
                let local = Arc::clone(&local);
                spawn(async move {
                    for n in 0..3 {
                        local.deliver(room(0), &ByteString::from(format!("{writer}{n}")), None, true);
                        local.deliver_counts(id(1), &ByteString::from("counts"));
                        yield_now().await;
                    }
                })
            })
            .collect();
        tasks.push(spawn(async move {
            let mut heard = Vec::new();
            let mut counts = 0;
            while heard.len() < 6 || counts == 0 {
                let mail = mailbox.take();
                heard.extend(mail.frames.into_iter().map(|(_, frame)| frame.to_string()));
                counts += usize::from(mail.counts.is_some());
                if heard.len() < 6 || counts == 0 {
                    mailbox.bell().await;
                }
            }
            for writer in ["0", "1"] {
                assert!(heard.iter().filter(|frame| frame.starts_with(writer)).is_sorted());
            }
        }));
        all(tasks).await;
    });
}

/// A tenant's log with its stream.
struct Logged {
    stream: Stream,
    written: Mutex<i64>,
}

impl Logged {
    /// Commits an entry; the bus may lose it.
    async fn commit(&self, publish: bool) {
        let seq = {
            let mut written = self.written.lock();
            *written += 1;
            *written
        };
        yield_now().await;
        if publish {
            self.stream.offer([event(seq, &[0])]);
        }
    }

    /// As `relay::fill_holes`.
    async fn fill_holes(&self) {
        loop {
            self.stream.hole().await;
            while let Some(cursor) = self.stream.behind() {
                let stands = *self.written.lock();
                let page = (cursor + 1..=stands).map(|seq| event(seq, &[0])).collect();
                yield_now().await;
                self.stream.fill(cursor, page);
            }
        }
    }

    /// As `session::live`.
    async fn follow(&self, entries: i64) {
        let mut head = self.stream.head();
        let (mut cursor, mut next) = (Cursor::new(0, 0), 1);
        loop {
            head.mark_unchanged();
            let Taken::Events(events) = cursor.take(&self.stream, 2) else { panic!("fallen") };
            for event in &events {
                assert_eq!(event.seq, next, "out of order");
                next += 1;
                assert!(cursor.pass(event, |_| true).is_some());
            }
            if cursor.at() == entries {
                return;
            }
            if events.len() < 2 {
                head.changed().await.expect("the stream is there");
            }
        }
    }
}

#[test]
fn no_socket_waits_for_what_is_there() {
    explore("stream", || async {
        let log = Arc::new(Logged { stream: Stream::new(Bounds::default()), written: Mutex::new(0) });
        log.stream.begin(0);
        let end = tokio_util::sync::CancellationToken::new();
        let filler = {
            let (log, end) = (Arc::clone(&log), end.clone());
            spawn(async move {
                end.run_until_cancelled(log.fill_holes()).await;
            })
        };
        let sockets = (0..2).map(|_| {
            let log = Arc::clone(&log);
            spawn(async move { log.follow(6).await })
        });
        let sockets: Vec<_> = sockets.collect();
        let writers = [[true, true, false], [true, false, true]].map(|published| {
            let log = Arc::clone(&log);
            spawn(async move {
                for publish in published {
                    log.commit(publish).await;
                }
            })
        });
        all(writers.into()).await;
        // The ticker.
        log.stream.tell(6);
        all(sockets).await;
        assert_eq!(*log.stream.head().borrow(), 6, "the head that is told went back");
        end.cancel();
        all(vec![filler]).await;
    });
}

#[test]
fn a_drain_sends_everybody_away_who_was_let_in() {
    explore("drain", || async {
        let locals = Arc::new(Locals::default());
        let sockets = (1..4).map(|socket| {
            let locals = Arc::clone(&locals);
            spawn(async move {
                let enter = |local: &Arc<Local>| (Arc::clone(local), add(local, socket, socket));
                let Some((local, mailbox)) = locals.admit(id(1), || local(drop), enter) else {
                    assert!(locals.is_draining());
                    return;
                };
                local.enter(id(socket), room(0));
                let goodbye = mailbox.dismissed().await;
                assert!(matches!(goodbye, Goodbye::Shutdown | Goodbye::Revoked), "{goodbye:?}");
                local.remove(id(socket));
            })
        });
        let mut tasks: Vec<_> = sockets.collect();
        let ending = Arc::clone(&locals);
        tasks.push(spawn(async move {
            for mailbox in ending.drain() {
                mailbox.dismiss(Goodbye::Shutdown);
            }
        }));
        let revoking = Arc::clone(&locals);
        tasks.push(spawn(async move {
            for local in revoking.all() {
                local.dismiss_session(id(2), Goodbye::Revoked);
            }
        }));
        all(tasks).await;
        assert!(locals.all().iter().all(|local| local.is_empty()));
    });
}

/// A bus that takes its time.
#[derive(Default)]
struct Slow {
    listening: Mutex<BTreeSet<Uuid>>,
}

impl Broker for Slow {
    fn publish(&self, _: Uuid, _: Bytes) -> BoxFuture<'_, Result<()>> {
        Box::pin(async { Ok(()) })
    }

    fn subscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            yield_now().await;
            self.listening.lock().insert(tenant);
        })
    }

    fn unsubscribe(&self, tenant: Uuid) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            yield_now().await;
            self.listening.lock().remove(&tenant);
        })
    }

    fn health(&self) -> Health {
        Health::Up
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

#[test]
fn who_has_sockets_is_listened_for_and_nobody_else() {
    explore("listen", || async {
        let (locals, bus) = (Arc::new(Locals::default()), Arc::new(Slow::default()));
        let later = crate::clock::monotonic() + Duration::from_secs(3600);
        let visitors = (1..4).map(|socket| {
            let (locals, bus) = (Arc::clone(&locals), Arc::clone(&bus));
            spawn(async move {
                for _ in 0..2 {
                    let enter = |local: &Arc<Local>| {
                        add(local, socket, 1);
                        Arc::clone(local)
                    };
                    let mine = locals.admit(id(1), || local(drop), enter).expect("nobody drains");
                    // As `Hub::open`.
                    mine.opened.get_or_init(|| locals.listen(bus.as_ref(), id(1))).await;
                    for _ in 0..3 {
                        yield_now().await;
                        assert!(bus.listening.lock().contains(&id(1)), "nobody listens for a socket");
                        let found = locals.get(id(1));
                        assert!(found.is_some_and(|found| Arc::ptr_eq(&found, &mine)), "not to be found");
                    }
                    mine.remove(id(socket));
                    yield_now().await;
                }
            })
        });
        let mut tasks: Vec<_> = visitors.collect();
        tasks.push(sweep(&locals, &bus, later));
        tasks.push(sweep(&locals, &bus, later));
        all(tasks).await;
        locals.let_go(bus.as_ref(), later).await;
        assert!(locals.all().is_empty() && bus.listening.lock().is_empty(), "listened for nobody");
    });
}

fn sweep(locals: &Arc<Locals>, bus: &Arc<Slow>, before: Instant) -> JoinHandle<()> {
    let (locals, bus) = (Arc::clone(locals), Arc::clone(bus));
    spawn(async move {
        for _ in 0..3 {
            locals.let_go(bus.as_ref(), before).await;
            yield_now().await;
        }
    })
}

/// What another node makes of what this one says; the numbers come in their order.
#[derive(Default)]
struct Elsewhere {
    presence: Presence,
    last: u64,
}

impl Elsewhere {
    fn hear(&mut self, news: News) {
        let now = crate::clock::monotonic();
        let version = match news {
            News::Step { version, room, person, joined } => {
                assert!(version > self.last, "{version} after {}", self.last);
                self.presence.hear_step(id(99), version, room, &person, joined, now);
                version
            }
            News::Presence { version, rooms } => {
                self.presence.hear_whole(id(99), version, rooms, now);
                version
            }
            _ => return,
        };
        self.last = self.last.max(version);
    }
}

#[test]
fn comings_and_goings_are_seen_by_all_in_one_order() {
    explore("presence", || async {
        let elsewhere = Arc::new(Mutex::new(Elsewhere::default()));
        let heard = Arc::clone(&elsewhere);
        let local = Arc::new(local(move |news| heard.lock().hear(news)));
        let watching = add(&local, 9, 9);
        let mut seen: BTreeSet<Uuid> = local.enter(id(9), room(0)).iter().map(|one| one.user_id).collect();
        // Two windows of one user, and another user.
        let visitors = [(1, 1), (2, 1), (3, 3)].map(|(socket, user)| {
            let local = Arc::clone(&local);
            spawn(async move {
                add(&local, socket, user);
                assert!(local.enter(id(socket), room(0)).contains(&person(user)));
                yield_now().await;
                local.leave(id(socket), room(0));
                local.enter(id(socket), room(0));
                local.remove(id(socket));
            })
        });
        let mut tasks: Vec<_> = visitors.into();
        let telling = Arc::clone(&local);
        tasks.push(spawn(async move { telling.tell_presence() }));
        all(tasks).await;
        for (_, frame) in watching.take().frames {
            let frame: Value = serde_json::from_str(&frame).expect("JSON");
            let people = |key: &str| -> Vec<Uuid> {
                let people = frame[key].as_array().expect("a list").iter();
                people
                    .map(|one| one["user_id"].as_str().and_then(|id| id.parse().ok()).expect("an id"))
                    .collect()
            };
            for user in people("joined") {
                assert!(seen.insert(user), "came twice");
            }
            for user in people("left") {
                assert!(seen.remove(&user), "left without having come");
            }
        }
        assert_eq!(seen, BTreeSet::from([id(9)]));
        assert_eq!(elsewhere.lock().presence.people(room(0)), [person(9)]);
        assert_eq!(local.users().len(), 1);
    });
}
