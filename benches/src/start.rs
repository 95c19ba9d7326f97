//! How long until a server is ready: on nothing, after an orderly stop, and after it and its database were killed under
//! load.

use crate::machine::quantile;
use crate::report::{self, Table, ms};
use crate::server::{Place, Server};
use crate::traffic::{PEOPLE, Traffic};
use anyhow::{Result, ensure};
use clap::Args;
use std::path::Path;
use std::time::{Duration, Instant};

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    place: Place,
    /// Starts of each kind.
    #[arg(long, default_value_t = 5)]
    times: usize,
}

pub async fn run(options: Options) -> Result<()> {
    let folder = options.place.folder()?;
    report::machine(folder.path())?;
    let (mut empty, mut warm, mut killed) = (Vec::new(), Vec::new(), Vec::new());
    for time in 0..options.times {
        let home = folder.path().join(time.to_string());
        std::fs::create_dir(&home)?;
        empty.push(started(&options.place, &home, false).await?);
        warm.push(started(&options.place, &home, true).await?);
        killed.push(started(&options.place, &home, false).await?);
    }
    let mut table = Table::new(&["start", "median", "slowest"]);
    for (name, mut took) in
        [("on an empty folder", empty), ("after an orderly stop", warm), ("after kill -9 under load", killed)]
    {
        took.sort();
        table.row(vec![name.to_owned(), ms(quantile(&took, 0.5)), ms(quantile(&took, 1.0))]);
    }
    table.print();
    Ok(())
}

/// From the start of the process to `listening on`, which it says when it is ready. Ended in an orderly way, or killed
/// in the middle of work.
async fn started(place: &Place, home: &Path, kill: bool) -> Result<Duration> {
    let server = Server::start(place, home).await?;
    let took = server.started_in;
    if !kill {
        server.program.stop().await?;
        return Ok(took);
    }
    let mut connection = server.connection().await?;
    let mut traffic = Traffic::new(PEOPLE)?;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        let answer = connection.send(&traffic.request().1).await?;
        ensure!(answer.status == 200, "a webhook got {}", answer.status);
    }
    // Its PostgreSQL goes with it: told by the kernel that its parent died.
    server.program.kill().await?;
    Ok(took)
}
