//! Webhooks acked per second, and messages with all their effects, beside two other programs:
//! one that keeps nothing (what the machine could do), one that commits each request alone (what is usual).

use crate::http::Connection;
use crate::machine::{Cpu, quantile};
use crate::report::{self, Table, each, ms, rate};
use crate::server::{Place, Program, Server};
use crate::traffic::{PEOPLE, Traffic};
use anyhow::{Result, ensure};
use clap::Args;
use futures_util::future::try_join_all;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// A backlog that takes longer is not worth waiting for.
const DRAIN_PATIENCE: Duration = Duration::from_secs(300);

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// How long each load lasts.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Requests in flight, one load each.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 8, 32, 256])]
    flights: Vec<usize>,
}

/// What a load brought.
struct Run {
    acked: u64,
    refused: u64,
    took: Duration,
    /// Sorted.
    answers: Vec<Duration>,
}

impl Run {
    fn rate(&self) -> f64 {
        rate(self.acked, self.took)
    }
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let server = Server::start(&options.place, folder.path()).await?;
    let postgres = server.postgres().await?;
    let time = Duration::from_secs(options.seconds);
    let traffic = Rc::new(RefCell::new(Traffic::new(PEOPLE)?));

    // All people have written once, all plans are made.
    load(&server.program.address, &traffic, 64, Duration::from_secs(2)).await?;
    drain(&postgres).await?;

    let bare = Program::beside("bare", &[]).await?;
    let single = Program::beside("single-commits", &["--database".into(), server.database.clone()]).await?;
    load(&single.address, &traffic, 8, Duration::from_millis(500)).await?;

    let mut report = Report::new();
    for flights in options.flights {
        let before = bare.cpu()?;
        let least = load(&bare.address, &traffic, flights, time).await?;
        let least_cpu = bare.cpu()? - before;
        report.acked(flights, "bare", &least, least_cpu, None);

        let (before, database) = (single.cpu()?, server.program.cpu()?);
        let usual = load(&single.address, &traffic, flights, time).await?;
        let below = (server.program.cpu()? - database).below;
        report.acked(flights, "single commits", &usual, Cpu { below, ..single.cpu()? - before }, None);

        let before = server.program.cpu()?;
        let begun = Instant::now();
        let ours = load(&server.program.address, &traffic, flights, time).await?;
        report.acked(flights, "Switchboard", &ours, server.program.cpu()? - before, Some(usual.rate()));
        drain(&postgres).await?;
        report.whole(flights, &ours, begun.elapsed(), server.program.cpu()? - before, (&least, least_cpu));
    }
    println!(
        "Acked: a 200 after the row is durable (bare: at once). CPU of Switchboard holds the effects that went on beside."
    );
    report.acks.print();
    println!("\nAll effects: from the first POST until nothing waits, so a backlog counts.");
    report.effects.print();
    let kept: i64 = postgres.query_one("select count(*) from message", &[]).await?.get(0);
    println!("\n{kept} messages kept; started in {}", ms(server.started_in));
    single.stop().await?;
    bare.stop().await?;
    server.program.stop().await
}

struct Report {
    acks: Table,
    effects: Table,
}

impl Report {
    fn new() -> Self {
        Self {
            acks: Table::new(&[
                "in flight",
                "program",
                "acked/s",
                "p50",
                "p99",
                "µs CPU each",
                "database µs",
                "against single commits",
            ]),
            effects: Table::new(&[
                "in flight",
                "messages/s, all effects",
                "of bare",
                "server µs",
                "database µs",
                "server CPU against bare",
                "refused",
            ]),
        }
    }

    fn acked(&mut self, flights: usize, name: &str, run: &Run, cpu: Cpu, usual: Option<f64>) {
        self.acks.row(vec![
            flights.to_string(),
            name.to_owned(),
            format!("{:.0}", run.rate()),
            ms(quantile(&run.answers, 0.5)),
            ms(quantile(&run.answers, 0.99)),
            format!("{:.0}", each(cpu.own, run.acked)),
            format!("{:.0}", each(cpu.below, run.acked)),
            usual.map(|usual| format!("{:.2} ×", run.rate() / usual)).unwrap_or_default(),
        ]);
    }

    fn whole(&mut self, flights: usize, run: &Run, took: Duration, cpu: Cpu, (least, bare): (&Run, Cpu)) {
        let sustained = rate(run.acked, took);
        self.effects.row(vec![
            flights.to_string(),
            format!("{sustained:.0}"),
            format!("{:.1} %", 100.0 * sustained / least.rate()),
            format!("{:.0}", each(cpu.own, run.acked)),
            format!("{:.0}", each(cpu.below, run.acked)),
            format!("{:.1} ×", each(cpu.own, run.acked) / each(bare.own, least.acked)),
            run.refused.to_string(),
        ]);
    }
}

/// So many requests in flight all the time, each on a connection of its own.
async fn load(address: &str, traffic: &Rc<RefCell<Traffic>>, flights: usize, time: Duration) -> Result<Run> {
    let mut connections = try_join_all((0..flights).map(|_| Connection::open(address))).await?;
    let begun = Instant::now();
    let flying = connections.iter_mut().map(async |connection| {
        let (mut acked, mut refused, mut answers) = (0, 0, Vec::new());
        while begun.elapsed() < time {
            let (_, request) = traffic.borrow_mut().request();
            let sent = Instant::now();
            match connection.send(&request).await?.status {
                200 => {
                    acked += 1;
                    answers.push(sent.elapsed());
                }
                // Full: the platform would come back later.
                503 => {
                    refused += 1;
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
                other => anyhow::bail!("the webhook got {other}"),
            }
        }
        Ok::<_, anyhow::Error>((acked, refused, answers))
    });
    let parts = try_join_all(flying).await?;
    let took = begun.elapsed();
    let mut run = Run { acked: 0, refused: 0, took, answers: Vec::new() };
    for (acked, refused, answers) in parts {
        run.acked += acked;
        run.refused += refused;
        run.answers.extend(answers);
    }
    run.answers.sort();
    Ok(run)
}

/// Until every delivery has had its effects.
pub async fn drain(postgres: &tokio_postgres::Client) -> Result<()> {
    let begun = Instant::now();
    let query = postgres.prepare("select 1 from webhook_delivery where state = 'received' limit 1").await?;
    while postgres.query_opt(&query, &[]).await?.is_some() {
        ensure!(begun.elapsed() < DRAIN_PATIENCE, "the backlog does not go down");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let failed: i64 =
        postgres.query_one("select count(*) from webhook_delivery where state <> 'done'", &[]).await?.get(0);
    ensure!(failed == 0, "{failed} deliveries are not done");
    Ok(())
}
