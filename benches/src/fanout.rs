//! One event to thousands of sockets, beside a program that only writes the same bytes to as many.

use crate::machine::quantile;
use crate::report::{self, Table, each, ms};
use crate::server::{Place, Program, Server, tokens};
use crate::socket::Socket;
use crate::traffic::Traffic;
use anyhow::{Context, Result};
use clap::Args;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::Notify;
use tokio::task::{JoinHandle, LocalSet};

/// What never comes is not waited for longer.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_delimiter = ',', default_values_t = [1000, 5000])]
    sockets: Vec<usize>,
    /// Lone events for each number of sockets.
    #[arg(long, default_value_t = 60)]
    events: u64,
}

/// Watchers on one thread, and how many frames they have seen.
pub struct Crowd {
    tasks: Vec<JoinHandle<()>>,
    seen: Rc<Cell<u64>>,
    bytes: Rc<RefCell<Vec<u8>>>,
    first: Rc<Cell<Option<Instant>>>,
    more: Rc<Notify>,
}

impl Crowd {
    pub fn watch(sockets: Vec<Socket>) -> Self {
        let seen = Rc::new(Cell::new(0));
        let bytes = Rc::new(RefCell::new(Vec::new()));
        let (first, more) = (Rc::new(Cell::new(None)), Rc::new(Notify::new()));
        let tasks = sockets.into_iter().map(|mut socket| {
            let (seen, bytes, first, more) =
                (Rc::clone(&seen), Rc::clone(&bytes), Rc::clone(&first), Rc::clone(&more));
            tokio::task::spawn_local(async move {
                while let Ok(frame) = socket.next().await {
                    // Beats prove life; they are nobody's news.
                    if frame.starts_with(b"{\"type\":\"beat\"") {
                        continue;
                    }
                    if first.get().is_none() {
                        first.set(Some(Instant::now()));
                        *bytes.borrow_mut() = frame.to_vec();
                    }
                    seen.set(seen.get() + 1);
                    more.notify_one();
                }
            })
        });
        Self { tasks: tasks.collect(), seen, bytes, first, more }
    }

    /// Until all have seen so many frames together; how long ago the first one came.
    async fn wait(&self, total: u64) -> Result<()> {
        let all = async {
            while self.seen.get() < total {
                self.more.notified().await;
            }
        };
        tokio::time::timeout(PATIENCE, all)
            .await
            .with_context(|| format!("{} of {total} frames came", self.seen.get()))
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
    }
}

/// Of a series of lone events.
struct Series {
    /// From the command to the last watcher; sorted.
    whole: Vec<Duration>,
    /// From the first watcher to the last; sorted.
    spread: Vec<Duration>,
    cpu: f64,
    deliveries: u64,
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let server = Server::start(&options.place, folder.path()).await?;
    let mut table = Table::new(&[
        "sockets",
        "program",
        "µs CPU per delivery",
        "first to last",
        "command to last",
        "against the writer",
    ]);
    LocalSet::new()
        .run_until(async {
            let conversation = first_conversation(&server).await?;
            for sockets in &options.sockets {
                let tokens = tokens(&server, *sockets).await?;
                let crowd = Crowd::watch(open(&server, &tokens).await?);
                let ours = edits(&server, &conversation, &crowd, *sockets as u64, options.events).await?;
                let frame = crowd.bytes.borrow().clone();
                drop(crowd);
                let bare = written(&frame, *sockets, options.events).await?;
                let price = |series: &Series| each(series.cpu, series.deliveries);
                table.row(row(*sockets, "writer", &bare, String::new()));
                let ratio = format!(
                    "{:.2} × CPU, {:.2} × first to last",
                    price(&ours) / price(&bare),
                    quantile(&ours.spread, 0.5).as_secs_f64() / quantile(&bare.spread, 0.5).as_secs_f64(),
                );
                table.row(row(*sockets, "Switchboard, lone frames", &ours, ratio));
                let (cpu, deliveries, took) = flood(&server, &tokens).await?;
                table.row(vec![
                    sockets.to_string(),
                    format!("Switchboard, {deliveries} frames of 300 messages at once"),
                    format!("{:.2}", each(cpu, deliveries)),
                    ms(took),
                    String::new(),
                    format!(
                        "{:.2} × CPU, {:.0} deliveries/s",
                        each(cpu, deliveries) / price(&bare),
                        report::rate(deliveries, took)
                    ),
                ]);
            }
            anyhow::Ok(())
        })
        .await?;
    table.print();
    server.program.stop().await
}

fn row(sockets: usize, name: &str, series: &Series, ratio: String) -> Vec<String> {
    vec![
        sockets.to_string(),
        name.to_owned(),
        format!("{:.2}", each(series.cpu, series.deliveries)),
        ms(quantile(&series.spread, 0.5)),
        ms(quantile(&series.whole, 0.5)),
        ratio,
    ]
}

/// One socket for each token.
pub async fn open(server: &Server, tokens: &[String]) -> Result<Vec<Socket>> {
    let mut sockets = Vec::with_capacity(tokens.len());
    for token in tokens {
        sockets.push(Socket::open(&server.program.address, token, &["inbox"], None).await?.0);
    }
    Ok(sockets)
}

/// Somebody writes, so that there is something to edit.
pub async fn first_conversation(server: &Server) -> Result<String> {
    let mut connection = server.connection().await?;
    connection.send(&Traffic::new(1)?.request().1).await?;
    for _ in 0..500 {
        let answer = connection.get("/api/v1/conversations?limit=1", &server.token).await?;
        let list: serde_json::Value = serde_json::from_slice(&answer.body)?;
        if let Some(id) = list.pointer("/items/0/id").and_then(|id| id.as_str()) {
            return Ok(id.to_owned());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    anyhow::bail!("no conversation came")
}

/// Edits of one conversation, each of which is one frame for everybody.
async fn edits(
    server: &Server,
    conversation: &str,
    crowd: &Crowd,
    sockets: u64,
    events: u64,
) -> Result<Series> {
    let mut connection = server.connection().await?;
    let path = format!("/api/v1/conversations/{conversation}");
    let (mut whole, mut spread) = (Vec::new(), Vec::new());
    let (mut cpu, mut before) = (0.0, crowd.seen.get());
    // The first ones settle plans and buffers.
    for turn in 0..events + 5 {
        let body = format!(r#"{{"labels":["turn-{turn}"]}}"#);
        crowd.first.set(None);
        let used = server.program.cpu()?;
        let begun = Instant::now();
        connection.json("PATCH", &path, Some(&server.token), &body).await?;
        crowd.wait(before + sockets).await?;
        if turn >= 5 {
            cpu += (server.program.cpu()? - used).own;
            whole.push(begun.elapsed());
            spread.push(crowd.first.get().map(|first| first.elapsed()).unwrap_or_default());
        }
        before += sockets;
    }
    whole.sort();
    spread.sort();
    Ok(Series { whole, spread, cpu, deliveries: events * sockets })
}

/// The same bytes from the bare program.
async fn written(frame: &[u8], sockets: usize, events: u64) -> Result<Series> {
    let program = Program::beside("writer", &[]).await?;
    let mut control = TcpStream::connect(&program.address).await?;
    control.set_nodelay(true)?;
    tokio::time::sleep(Duration::from_millis(50)).await;
    let mut watchers = Vec::with_capacity(sockets);
    for _ in 0..sockets {
        watchers.push(Socket::plain(TcpStream::connect(&program.address).await?));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let crowd = Crowd::watch(watchers);
    let mut bytes = vec![0x81, 126];
    bytes.extend_from_slice(&u16::try_from(frame.len())?.to_be_bytes());
    bytes.extend_from_slice(frame);
    let mut command = u32::try_from(bytes.len())?.to_be_bytes().to_vec();
    command.extend_from_slice(&bytes);
    let (mut whole, mut spread, mut cpu) = (Vec::new(), Vec::new(), 0.0);
    for turn in 0..events + 5 {
        crowd.first.set(None);
        let used = program.cpu()?;
        let begun = Instant::now();
        control.write_all(&command).await?;
        crowd.wait((turn + 1) * sockets as u64).await?;
        if turn >= 5 {
            cpu += (program.cpu()? - used).own;
            whole.push(begun.elapsed());
            spread.push(crowd.first.get().map(|first| first.elapsed()).unwrap_or_default());
        }
    }
    whole.sort();
    spread.sort();
    program.stop().await?;
    Ok(Series { whole, spread, cpu, deliveries: events * sockets as u64 })
}

/// Three hundred messages as fast as they go: frames come together. Server CPU, frames delivered, time.
async fn flood(server: &Server, tokens: &[String]) -> Result<(f64, u64, Duration)> {
    let crowd = Crowd::watch(open(server, tokens).await?);
    let mut traffic = Traffic::new(1)?;
    let mut connection = server.connection().await?;
    let used = server.program.cpu()?;
    let begun = Instant::now();
    for _ in 0..300 {
        connection.send(&traffic.request().1).await?;
    }
    // Until nothing has come for a while.
    let (mut before, mut last) = (0, Instant::now());
    while last.elapsed() < Duration::from_secs(2) {
        tokio::time::sleep(Duration::from_millis(100)).await;
        if crowd.seen.get() != before {
            (before, last) = (crowd.seen.get(), Instant::now());
        }
    }
    let took = last.duration_since(begun);
    Ok(((server.program.cpu()? - used).own, crowd.seen.get(), took))
}
