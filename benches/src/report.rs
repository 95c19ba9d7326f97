//! Tables on standard output, made for people and for pasting into a note.

use crate::machine;
use anyhow::Result;
use std::path::Path;
use std::time::Duration;

pub struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new(heads: &[&'static str]) -> Self {
        Self { heads: heads.to_vec(), rows: Vec::new() }
    }

    pub fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells);
    }

    pub fn print(&self) {
        let line = |cells: &[String]| println!("| {} |", cells.join(" | "));
        line(&self.heads.iter().map(|head| (*head).to_owned()).collect::<Vec<_>>());
        line(&self.heads.iter().map(|_| "---".to_owned()).collect::<Vec<_>>());
        for row in &self.rows {
            line(row);
        }
    }
}

/// The disk and the cores: without them no figure means anything.
pub fn machine(folder: &Path) -> Result<Duration> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split_ascii_whitespace().next().unwrap_or("?").to_owned();
    let (usual, slow) = machine::fdatasync(folder)?;
    println!("{cores} cores shared by load, server and database; load average before it {load}");
    println!("fdatasync below {}: median {}, slowest of 20 {}\n", folder.display(), ms(usual), ms(slow));
    Ok(usual)
}

pub fn ms(duration: Duration) -> String {
    format!("{:.2} ms", duration.as_secs_f64() * 1000.0)
}

pub fn rate(count: u64, took: Duration) -> f64 {
    count as f64 / took.as_secs_f64().max(1e-9)
}

/// Seconds of processor time for so many things, in microseconds each.
pub fn each(seconds: f64, count: u64) -> f64 {
    seconds * 1e6 / (count.max(1) as f64)
}
