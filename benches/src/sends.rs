//! From the start of a colleague's POST to its arrival at the platform, at a steady rate; and a queue that drains as fast
//! as the channel may send.

use crate::graph::Graph;
use crate::http::Connection;
use crate::ingest::drain;
use crate::machine::quantile;
use crate::report::{self, Table, ms, rate};
use crate::server::{Place, Server};
use crate::traffic::Traffic;
use anyhow::{Context, Result, ensure};
use chrono::{DateTime, TimeDelta, Utc};
use clap::Args;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// People who have written, each in a conversation: replies to one of them go one by one.
const PEOPLE: u64 = 400;
/// Messages a second that WhatsApp takes from a number, by its documentation.
const ALLOWED: f64 = 80.0;
/// What has not reached the platform until then is lost.
const PATIENCE: Duration = Duration::from_secs(120);
const CONNECTIONS: usize = 32;
/// Until then all of the queue is written.
const AHEAD: TimeDelta = TimeDelta::seconds(40);

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Messages per second.
    #[arg(long, default_value_t = 50)]
    rate: u64,
    #[arg(long, default_value_t = 20)]
    seconds: u64,
    /// Messages that are queued at once.
    #[arg(long, default_value_t = 1_000)]
    queue: u64,
}

/// Who writes.
struct Desk {
    token: String,
    conversations: Vec<String>,
    address: String,
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let graph = Graph::start().await?;
    let server = Server::with_graph(&options.place, folder.path(), &graph.url()).await?;
    let (steady, queued) = LocalSet::new()
        .run_until(async {
            let desk = Rc::new(Desk::open(&server).await?);
            // Plans and connections are made.
            let first = graph.count();
            write(&desk, 0..PEOPLE, None, None).await?;
            arrived(&graph, first + PEOPLE).await?;
            let numbers = PEOPLE..PEOPLE + options.rate * options.seconds;
            let begun = write(&desk, numbers.clone(), Some(options.rate), None).await?;
            arrived(&graph, first + numbers.end).await?;
            let mut took = Vec::new();
            for (number, at) in numbers.clone().zip(begun) {
                took.push(graph.at(number).context("a message got lost")?.duration_since(at));
            }
            let queue = numbers.end..numbers.end + options.queue;
            let due = Utc::now() + AHEAD;
            write(&desk, queue.clone(), None, Some(due)).await?;
            ensure!(Utc::now() < due, "{} messages were not queued within {AHEAD}", options.queue);
            arrived(&graph, first + queue.end).await?;
            let mut times: Vec<Instant> = queue.filter_map(|number| graph.at(number)).collect();
            times.sort_unstable();
            anyhow::Ok((took, times))
        })
        .await?;
    print(&options, steady, &queued);
    let doubled = graph.doubled();
    server.program.stop().await?;
    ensure!(doubled == 0, "{doubled} messages reached the platform twice");
    Ok(())
}

fn print(options: &Options, mut steady: Vec<Duration>, queued: &[Instant]) {
    let mut table = Table::new(&["messages/s", "p50", "p99", "slowest"]);
    steady.sort_unstable();
    let slowest = steady.last().copied().unwrap_or_default();
    table.row(vec![
        options.rate.to_string(),
        ms(quantile(&steady, 0.5)),
        ms(quantile(&steady, 0.99)),
        ms(slowest),
    ]);
    println!(
        "From the start of the POST until the platform has the request whole; the platform answers at once."
    );
    table.print();
    if let (Some(first), Some(last)) = (queued.first(), queued.last()) {
        let reached = rate(queued.len() as u64 - 1, last.duration_since(*first));
        println!(
            "\n{} queued at once left at {reached:.1} a second, {:.1} % of the {ALLOWED} that are allowed.",
            queued.len(),
            reached / ALLOWED * 100.0
        );
    }
}

impl Desk {
    async fn open(server: &Server) -> Result<Self> {
        let mut traffic = Traffic::new(PEOPLE)?;
        let mut connection = server.connection().await?;
        for _ in 0..PEOPLE {
            connection.send(&traffic.request().1).await?;
        }
        drain(&server.postgres().await?).await?;
        let mut conversations = Vec::new();
        let mut path = "/api/v1/conversations?limit=200".to_owned();
        loop {
            let answer = connection.get(&path, &server.token).await?;
            let list: Value = serde_json::from_slice(&answer.body)?;
            let items = list.get("items").and_then(Value::as_array).context("no list")?;
            let ids = items.iter().filter_map(|item| item.get("id")?.as_str().map(str::to_owned));
            conversations.extend(ids);
            match list.get("next_cursor").and_then(Value::as_str) {
                Some(cursor) => path = format!("/api/v1/conversations?limit=200&cursor={cursor}"),
                None => break,
            }
        }
        ensure!(conversations.len() as u64 == PEOPLE, "{} conversations", conversations.len());
        let (token, address) = (server.token.clone(), server.program.address.clone());
        Ok(Self { token, conversations, address })
    }

    async fn post(&self, number: u64, due: Option<DateTime<Utc>>) -> Result<()> {
        let place = usize::try_from(number)? % self.conversations.len();
        let id = self.conversations.get(place).context("a conversation")?;
        let text = Graph::text(number);
        let body = json!({ "client_id": text, "text": text, "send_at": due }).to_string();
        // One of its own: the server closes those that wait.
        let mut connection = Connection::open(&self.address).await?;
        let path = format!("/api/v1/conversations/{id}/messages");
        let answer = connection.json("POST", &path, Some(&self.token), &body).await?;
        ensure!(answer.status == 201, "{}: {}", answer.status, String::from_utf8_lossy(&answer.body));
        Ok(())
    }
}

/// Writes messages, at a rate or as fast as the connections let; when each was begun. They go out at once, or when they
/// are `due`.
async fn write(
    desk: &Rc<Desk>,
    numbers: Range<u64>,
    rate: Option<u64>,
    due: Option<DateTime<Utc>>,
) -> Result<Vec<Instant>> {
    let (start, first) = (Instant::now(), numbers.start);
    let (mut begun, mut posting) = (Vec::new(), VecDeque::new());
    for number in numbers {
        if let Some(rate) = rate {
            let begin = start + Duration::from_nanos((number - first) * 1_000_000_000 / rate);
            tokio::time::sleep_until(begin.into()).await;
        } else if posting.len() >= CONNECTIONS {
            let post: tokio::task::JoinHandle<Result<()>> = posting.pop_front().context("a POST")?;
            post.await.context("a POST broke off")??;
        }
        begun.push(Instant::now());
        let desk = Rc::clone(desk);
        posting.push_back(tokio::task::spawn_local(async move { desk.post(number, due).await }));
    }
    for post in posting {
        post.await.context("a POST broke off")??;
    }
    Ok(begun)
}

async fn arrived(graph: &Graph, count: u64) -> Result<()> {
    let begun = Instant::now();
    while graph.count() < count {
        ensure!(begun.elapsed() < PATIENCE, "{} of {count} reached the platform", graph.count());
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
