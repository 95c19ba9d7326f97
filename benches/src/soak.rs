//! What a server takes after hours of the same load: memory, open files, time to ack.

use crate::fanout::{Crowd, open};
use crate::machine::quantile;
use crate::report::{self, Table, ms};
use crate::server::{Place, Server, tokens};
use crate::traffic::{PEOPLE, Traffic};
use anyhow::{Result, ensure};
use clap::Args;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[arg(long, default_value_t = 240)]
    minutes: u64,
    /// Webhooks in a second.
    #[arg(long, default_value_t = 100)]
    rate: u32,
    #[arg(long, default_value_t = 100)]
    watchers: usize,
    /// Rows of the report.
    #[arg(long, default_value_t = 12)]
    rows: u32,
}

pub async fn run(options: Options) -> Result<()> {
    LocalSet::new().run_until(measure(options)).await
}

async fn measure(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let server = Server::start(&options.place, folder.path()).await?;
    let crowd = Crowd::watch(open(&server, &tokens(&server, options.watchers).await?).await?);
    let mut connection = server.connection().await?;
    let mut traffic = Traffic::new(PEOPLE)?;
    let (step, row) = (
        Duration::from_secs(1) / options.rate.max(1),
        Duration::from_secs(options.minutes * 60) / options.rows.max(1),
    );
    let mut table = Table::new(&["after", "MB", "open files", "ack p50", "p99", "CPU", "database CPU"]);
    let (begun, mut due) = (Instant::now(), Instant::now());
    for number in 1..=options.rows {
        let (mut took, before) = (Vec::new(), server.program.cpu()?);
        while begun.elapsed() < row * number {
            tokio::time::sleep_until(due.into()).await;
            due += step;
            let asked = Instant::now();
            let answer = connection.send(&traffic.request().1).await?;
            ensure!(answer.status == 200, "a webhook got {}", answer.status);
            took.push(asked.elapsed());
        }
        took.sort();
        let used = server.program.cpu()? - before;
        let share = |seconds: f64| format!("{:.1} %", seconds / row.as_secs_f64() * 100.0);
        table.row(vec![
            format!("{:.0?}", row * number),
            format!("{:.1}", server.program.memory_kib()? as f64 / 1024.0),
            server.program.files()?.to_string(),
            ms(quantile(&took, 0.5)),
            ms(quantile(&took, 0.99)),
            share(used.own),
            share(used.below),
        ]);
    }
    println!("{} webhooks a second, {} watchers", options.rate, options.watchers);
    table.print();
    drop(crowd);
    server.program.stop().await
}
