//! From the start of the webhook's POST to the frame at each of a hundred watchers, at steady rates.

use crate::http::Connection;
use crate::ingest::drain;
use crate::machine::{Cpu, quantile};
use crate::report::{self, Table, each, ms};
use crate::server::{Place, Server, tokens};
use crate::socket::Socket;
use crate::traffic::{self, PEOPLE, Traffic};
use anyhow::{Context, Result, ensure};
use clap::Args;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// What has not come to everybody until then is lost.
const PATIENCE: Duration = Duration::from_secs(60);
/// After the last, for those that come twice.
const SETTLE: Duration = Duration::from_secs(1);
/// Connections that POST in turn.
const CONNECTIONS: usize = 64;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[arg(long, default_value_t = 100)]
    watchers: usize,
    /// How long each rate lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Messages per second.
    #[arg(long, value_delimiter = ',', default_values_t = [100, 300, 600, 1200])]
    rates: Vec<u64>,
}

/// Of one rate; shared by the watchers and the sender, all on one thread.
struct Course {
    traffic: Traffic,
    /// When each message's POST began.
    posted: Vec<Instant>,
    /// How often each watcher saw each message.
    seen: Vec<Vec<u8>>,
    latencies: Vec<Duration>,
    frames: u64,
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    let flush = report::machine(folder.path())?;
    let server = Server::start(&options.place, folder.path()).await?;
    let postgres = server.postgres().await?;
    let mut table = Table::new(&[
        "messages/s",
        "p50",
        "p99",
        "slowest",
        "less two fdatasyncs, p50",
        "lost",
        "doubled",
        "frames",
        "server µs each",
        "database µs each",
    ]);
    let mut wrong = 0;
    let result = LocalSet::new()
        .run_until(async {
            // All people are there, all plans are made.
            let mut first = Traffic::new(PEOPLE)?;
            let mut connection = server.connection().await?;
            for _ in 0..PEOPLE {
                connection.send(&first.request().1).await?;
            }
            drain(&postgres).await?;
            for rate in &options.rates {
                let before = server.program.cpu()?;
                let course = measure(&options, &server, *rate).await?;
                let cpu = server.program.cpu()? - before;
                table.row(course.borrow_mut().row(*rate, flush, cpu));
                wrong += course.borrow().missing() + course.borrow().doubled();
                drain(&postgres).await?;
            }
            anyhow::Ok(())
        })
        .await;
    result?;
    println!(
        "{} watchers of the inbox; time from the start of the POST to each watcher's `message.created`.",
        options.watchers
    );
    table.print();
    server.program.stop().await?;
    ensure!(wrong == 0, "{wrong} messages did not come exactly once");
    Ok(())
}

async fn measure(options: &Options, server: &Server, rate: u64) -> Result<Rc<RefCell<Course>>> {
    let course = Rc::new(RefCell::new(Course {
        traffic: Traffic::new(PEOPLE)?,
        posted: Vec::new(),
        seen: vec![Vec::new(); options.watchers],
        latencies: Vec::new(),
        frames: 0,
    }));
    let mut watching = Vec::new();
    for (watcher, token) in tokens(server, options.watchers).await?.iter().enumerate() {
        let (mut socket, _) = Socket::open(&server.program.address, token, &["inbox"], None).await?;
        let course = Rc::clone(&course);
        watching.push(tokio::task::spawn_local(async move {
            while let Ok(frame) = socket.next().await {
                course.borrow_mut().see(watcher, frame);
            }
        }));
    }
    let idle = Rc::new(RefCell::new(VecDeque::new()));
    for _ in 0..CONNECTIONS {
        let connection = server.connection().await?;
        idle.borrow_mut().push_back(connection);
    }
    let begun = Instant::now();
    let total = rate * options.seconds;
    let mut posting = Vec::new();
    for number in 0..total {
        let due = begun + Duration::from_nanos(number * 1_000_000_000 / rate);
        tokio::time::sleep_until(due.into()).await;
        let request = course.borrow_mut().post();
        let connection: Option<Connection> = idle.borrow_mut().pop_front();
        let mut connection = match connection {
            Some(connection) => connection,
            None => server.connection().await?,
        };
        let idle = Rc::clone(&idle);
        posting.push(tokio::task::spawn_local(async move {
            let answer = connection.send(&request).await?;
            ensure!(answer.status == 200, "the webhook got {}", answer.status);
            idle.borrow_mut().push_back(connection);
            Ok(())
        }));
    }
    for post in posting {
        post.await.context("a POST broke off")??;
    }
    let last = Instant::now();
    while course.borrow().missing() > 0 && last.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    tokio::time::sleep(SETTLE).await;
    for watcher in watching {
        watcher.abort();
    }
    Ok(course)
}

impl Course {
    /// Of the report.
    fn row(&mut self, rate: u64, flush: Duration, cpu: Cpu) -> Vec<String> {
        let sent = self.posted.len();
        self.latencies.sort();
        let at = |part: f64| quantile(&self.latencies, part);
        vec![
            rate.to_string(),
            ms(at(0.5)),
            ms(at(0.99)),
            ms(at(1.0)),
            ms(at(0.5).saturating_sub(flush * 2)),
            self.missing().to_string(),
            self.doubled().to_string(),
            self.frames.to_string(),
            format!("{:.0}", each(cpu.own, sent as u64)),
            format!("{:.0}", each(cpu.below, sent as u64)),
        ]
    }

    /// Messages that a watcher was not told, over all watchers.
    fn missing(&self) -> usize {
        let told = |seen: &Vec<u8>| seen.iter().filter(|times| **times > 0).count();
        self.seen.iter().map(|seen| self.posted.len().saturating_sub(told(seen))).sum()
    }

    /// Messages that a watcher was told more than once, over all watchers.
    fn doubled(&self) -> usize {
        self.seen.iter().map(|seen| seen.iter().filter(|times| **times > 1).count()).sum()
    }

    fn post(&mut self) -> Vec<u8> {
        let (_, request) = self.traffic.request();
        self.posted.push(Instant::now());
        request
    }

    fn see(&mut self, watcher: usize, frame: &[u8]) {
        self.frames += 1;
        if memchr::memmem::find(frame, b"\"name\":\"message.created\"").is_none() {
            return;
        }
        let numbers: Vec<u64> = traffic::numbers(frame, &self.traffic).take(1).collect();
        for number in numbers {
            let at = number as usize;
            let Some(posted) = self.posted.get(at) else { continue };
            self.latencies.push(posted.elapsed());
            if let Some(seen) = self.seen.get_mut(watcher) {
                seen.resize(seen.len().max(at + 1), 0);
                if let Some(times) = seen.get_mut(at) {
                    *times = times.saturating_add(1);
                }
            }
        }
    }
}
