//! What the machine grants, and what processes take of it.

use anyhow::{Context, Result};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// The kernel counts processor time in hundredths of a second.
const TICKS: f64 = 100.0;
const FLUSHES: usize = 200;
/// As a page of PostgreSQL's log.
const PAGE: usize = 8192;

/// Thousands of sockets, each one a file at both ends.
pub fn allow_many_files() -> Result<()> {
    let (_, most) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, most, most).context("the limit of open files can't be raised")
}

/// How long the disk takes to make a page of a file durable that is there already: median and slowest of 20.
pub fn fdatasync(folder: &Path) -> Result<(Duration, Duration)> {
    let path = folder.join("fdatasync");
    let mut file: File = OpenOptions::new().create(true).truncate(true).write(true).open(&path)?;
    let page = vec![7_u8; PAGE];
    for _ in 0..FLUSHES {
        file.write_all(&page)?;
    }
    file.sync_all()?;
    let mut took = Vec::with_capacity(FLUSHES);
    for number in 0..FLUSHES {
        file.seek(SeekFrom::Start((number * PAGE) as u64))?;
        file.write_all(&page)?;
        let started = Instant::now();
        file.sync_data()?;
        took.push(started.elapsed());
    }
    drop(file);
    std::fs::remove_file(path)?;
    took.sort();
    Ok((quantile(&took, 0.5), quantile(&took, 0.95)))
}

/// Of sorted durations.
pub fn quantile(sorted: &[Duration], at: f64) -> Duration {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * at).round() as usize).copied().unwrap_or_default()
}

/// Seconds of processor time: of a process, and of all below it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Cpu {
    pub own: f64,
    pub below: f64,
}

impl std::ops::Sub for Cpu {
    type Output = Self;

    fn sub(self, before: Self) -> Self {
        Self { own: self.own - before.own, below: self.below - before.below }
    }
}

struct Stat {
    parent: u32,
    own: f64,
    /// Of children that have ended.
    ended: f64,
}

/// What a process and those below it (its PostgreSQL) have used.
pub fn cpu(process: u32) -> Result<Cpu> {
    let mut all = HashMap::new();
    for entry in Path::new("/proc").read_dir()?.flatten() {
        if let Some(id) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok())
            && let Some(stat) =
                std::fs::read_to_string(entry.path().join("stat")).ok().and_then(|it| parse(&it))
        {
            all.insert(id, stat);
        }
    }
    let own = all.get(&process).context("the process is gone")?;
    let mut below = own.ended;
    for (id, stat) in &all {
        if *id != process && is_below(*id, process, &all) {
            below += stat.own + stat.ended;
        }
    }
    Ok(Cpu { own: own.own, below })
}

fn is_below(mut id: u32, ancestor: u32, all: &HashMap<u32, Stat>) -> bool {
    while let Some(stat) = all.get(&id) {
        if stat.parent == ancestor {
            return true;
        }
        id = stat.parent;
    }
    false
}

/// Fields are counted after the name, which may hold anything: state, parent, …
fn parse(text: &str) -> Option<Stat> {
    let (_, rest) = text.rsplit_once(") ")?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    let ticks = |at: usize| fields.get(at)?.parse::<f64>().ok();
    Some(Stat {
        parent: fields.get(1)?.parse().ok()?,
        own: (ticks(11)? + ticks(12)?) / TICKS,
        ended: (ticks(13)? + ticks(14)?) / TICKS,
    })
}

/// Resident memory of a process in KiB, without what it shares with files.
pub fn memory_kib(process: u32) -> Result<u64> {
    let text = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = text.lines().find(|line| line.starts_with("RssAnon:")).context("no RssAnon")?;
    line.split_ascii_whitespace().nth(1).and_then(|kib| kib.parse().ok()).context("RssAnon is no number")
}
