//! What sockets cost that hear nothing: memory, and the time of the processor.

use crate::fanout::{Crowd, open};
use crate::report::{self, Table, ms, rate};
use crate::server::{Place, Server, tokens};
use anyhow::Result;
use clap::Args;
use std::time::{Duration, Instant};
use tokio::task::LocalSet;

/// Sockets that are opened before they are listened to: who does not answer pings is dropped after a minute.
const TOGETHER: usize = 100;
/// Memory and pools settle.
const SETTLE: Duration = Duration::from_secs(3);

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_delimiter = ',', default_values_t = [1000, 9000])]
    sockets: Vec<usize>,
    /// How long they are held.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

pub async fn run(options: Options) -> Result<()> {
    LocalSet::new().run_until(measure(options)).await
}

async fn measure(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let server = Server::start(&options.place, folder.path()).await?;
    tokio::time::sleep(SETTLE).await;
    let empty = server.program.memory_kib()?;
    println!(
        "ready after {}; without sockets {:.1} MB of own memory",
        ms(server.started_in),
        empty as f64 / 1024.0
    );
    let mut table =
        Table::new(&["sockets", "joins/s", "MB signed in", "MB", "KB per socket", "CPU while idle"]);
    for held in &options.sockets {
        println!("signing in {held} …");
        let tokens = tokens(&server, *held).await?;
        tokio::time::sleep(SETTLE).await;
        // Hashing passwords takes memory of its own; what is asked here is what a socket adds.
        let signed_in = server.program.memory_kib()?;
        let begun = Instant::now();
        let mut crowds = Vec::new();
        for some in tokens.chunks(TOGETHER) {
            crowds.push(Crowd::watch(open(&server, some).await?));
        }
        let joins = rate(*held as u64, begun.elapsed());
        tokio::time::sleep(SETTLE).await;
        let memory = server.program.memory_kib()?;
        let used = server.program.cpu()?;
        let resting = Instant::now();
        tokio::time::sleep(Duration::from_secs(options.seconds)).await;
        let cpu = (server.program.cpu()? - used).own / resting.elapsed().as_secs_f64();
        table.row(vec![
            held.to_string(),
            format!("{joins:.0}"),
            format!("{:.1}", signed_in as f64 / 1024.0),
            format!("{:.1}", memory as f64 / 1024.0),
            format!("{:.2}", memory.saturating_sub(signed_in) as f64 / *held as f64),
            format!("{:.2} %", cpu * 100.0),
        ]);
        drop(crowds);
        tokio::time::sleep(SETTLE).await;
    }
    table.print();
    println!("empty again: {:.1} MB", server.program.memory_kib()? as f64 / 1024.0);
    server.program.stop().await
}
