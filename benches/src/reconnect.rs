//! All watchers are cut at once while messages go on: what they miss, and how soon they are even again.

use crate::http::Connection;
use crate::machine::quantile;
use crate::report::{self, Table, ms};
use crate::server::{Place, Server, tokens};
use crate::socket::Socket;
use crate::traffic::{self, PEOPLE, Traffic};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::task::LocalSet;

const BEFORE: Duration = Duration::from_secs(3);
const AFTER: Duration = Duration::from_secs(20);
/// What has not come to everybody until then is lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// After the last, for those that come twice.
const SETTLE: Duration = Duration::from_secs(1);
const PER_SECOND: u64 = 100;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_delimiter = ',', default_values_t = [100, 2000])]
    watchers: Vec<usize>,
}

/// One watcher's view: built from its own frames only.
#[derive(Default)]
struct View {
    seen: Vec<u8>,
    distinct: usize,
    cursor: u64,
    /// From the cut to the `welcome`.
    answered: Option<Duration>,
    /// From the cut until it had all that was acked when it was welcomed.
    even: Option<Duration>,
    /// How much that was.
    owed: usize,
    refetch: bool,
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let server = Rc::new(Server::start(&options.place, folder.path()).await?);
    let mut wrong = 0;
    let mut table = Table::new(&[
        "watchers",
        "resume answered p50",
        "p99",
        "even p50",
        "all even",
        "lost",
        "doubled",
        "not resumed",
    ]);
    for count in &options.watchers {
        let views = LocalSet::new().run_until(cut(&server, *count)).await?;
        let sent = views.sent;
        let mut answered: Vec<_> = views.views.iter().filter_map(|view| view.borrow().answered).collect();
        let mut even: Vec<_> = views.views.iter().filter_map(|view| view.borrow().even).collect();
        answered.sort();
        even.sort();
        let lost: usize = views.views.iter().map(|view| sent - view.borrow().distinct).sum();
        let doubled: usize =
            views.views.iter().map(|view| view.borrow().seen.iter().filter(|n| **n > 1).count()).sum();
        let refetch = views.views.iter().filter(|view| view.borrow().refetch).count();
        let all = if even.len() == *count {
            ms(quantile(&even, 1.0))
        } else {
            format!("{} of {count}", even.len())
        };
        wrong += lost + doubled;
        table.row(vec![
            count.to_string(),
            ms(quantile(&answered, 0.5)),
            ms(quantile(&answered, 0.99)),
            ms(quantile(&even, 0.5)),
            all,
            lost.to_string(),
            doubled.to_string(),
            refetch.to_string(),
        ]);
    }
    println!(
        "{PER_SECOND} messages/s all the time; every watcher is cut in the same moment and comes back at once."
    );
    table.print();
    if let Ok(server) = Rc::try_unwrap(server) {
        server.program.stop().await?;
    }
    ensure!(wrong == 0, "{wrong} messages did not come exactly once");
    Ok(())
}

struct Outcome {
    views: Vec<Rc<RefCell<View>>>,
    sent: usize,
}

async fn cut(server: &Rc<Server>, count: usize) -> Result<Outcome> {
    let traffic = Rc::new(RefCell::new(Traffic::new(PEOPLE)?));
    let acked = Rc::new(Cell::new(0));
    let (knife, _) = watch::channel(None::<Instant>);
    let mut views = Vec::new();
    let mut watching = Vec::new();
    for token in tokens(server, count).await? {
        let view = Rc::new(RefCell::new(View::default()));
        let (socket, welcome) = Socket::open(&server.program.address, &token, &["inbox"], None).await?;
        view.borrow_mut().cursor = welcome.seq;
        views.push(Rc::clone(&view));
        let watcher = Watcher {
            server: Rc::clone(server),
            view,
            traffic: Rc::clone(&traffic),
            acked: Rc::clone(&acked),
            epoch: welcome.epoch,
            token,
        };
        watching.push(tokio::task::spawn_local(watcher.watch(socket, knife.subscribe())));
    }
    let mut connection = server.connection().await?;
    write(&mut connection, &traffic, &acked, BEFORE).await?;
    knife.send(Some(Instant::now()))?;
    write(&mut connection, &traffic, &acked, AFTER).await?;
    let (last, sent) = (Instant::now(), acked.get());
    let late = || views.iter().any(|view| view.borrow().distinct < sent);
    while late() && last.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(SETTLE).await;
    for watcher in watching {
        if watcher.is_finished() {
            watcher.await.context("a watcher broke off")??;
        } else {
            watcher.abort();
        }
    }
    Ok(Outcome { views, sent })
}

/// At a steady rate on one connection; a slow answer is caught up.
async fn write(
    connection: &mut Connection,
    traffic: &RefCell<Traffic>,
    acked: &Cell<usize>,
    time: Duration,
) -> Result<()> {
    let begun = Instant::now();
    for number in 0..u64::try_from(time.as_millis())? * PER_SECOND / 1000 {
        tokio::time::sleep_until((begun + Duration::from_nanos(number * 1_000_000_000 / PER_SECOND)).into())
            .await;
        let (_, request) = traffic.borrow_mut().request();
        let answer = connection.send(&request).await?;
        ensure!(answer.status == 200, "the webhook got {}", answer.status);
        acked.set(acked.get() + 1);
    }
    Ok(())
}

struct Watcher {
    server: Rc<Server>,
    view: Rc<RefCell<View>>,
    traffic: Rc<RefCell<Traffic>>,
    acked: Rc<Cell<usize>>,
    epoch: serde_json::Value,
    token: String,
}

impl Watcher {
    async fn watch(self, mut socket: Socket, mut knife: watch::Receiver<Option<Instant>>) -> Result<()> {
        loop {
            tokio::select! {
                frame = socket.next() => self.see(frame?, None),
                cut = knife.changed() => {
                    cut?;
                    break;
                }
            }
        }
        drop(socket);
        let begun = knife.borrow().unwrap_or_else(Instant::now);
        let (mut socket, welcome) = loop {
            let cursor = self.view.borrow().cursor;
            let resume = Some((cursor, &self.epoch));
            match Socket::open(&self.server.program.address, &self.token, &["inbox"], resume).await {
                Ok(open) => break open,
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        };
        {
            let mut view = self.view.borrow_mut();
            view.answered = Some(begun.elapsed());
            view.refetch = !welcome.resumed;
            view.owed = self.acked.get();
        }
        loop {
            self.see(socket.next().await?, Some(begun));
        }
    }

    fn see(&self, frame: &[u8], cut: Option<Instant>) {
        let mut view = self.view.borrow_mut();
        if let Some(seq) = sequence(frame) {
            view.cursor = view.cursor.max(seq);
        }
        if memchr::memmem::find(frame, b"\"name\":\"message.created\"").is_some() {
            let traffic = self.traffic.borrow();
            if let Some(number) = traffic::numbers(frame, &traffic).next() {
                let at = number as usize;
                let length = view.seen.len().max(at + 1);
                view.seen.resize(length, 0);
                if let Some(times) = view.seen.get_mut(at) {
                    *times = times.saturating_add(1);
                    if *times == 1 {
                        view.distinct += 1;
                    }
                }
            }
        }
        if let Some(cut) = cut
            && view.even.is_none()
            && view.distinct >= view.owed
        {
            view.even = Some(cut.elapsed());
        }
    }
}

/// Of an event or a beat.
fn sequence(frame: &[u8]) -> Option<u64> {
    let at = memchr::memmem::find(frame.get(..64)?, b"\"seq\":")? + 6;
    let digits: Vec<u8> = frame.get(at..)?.iter().copied().take_while(u8::is_ascii_digit).collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}
