//! MP4, MOV, 3GP and M4A: the index is read, not what it points at.

use std::io::{self, BufReader, Read, Seek};

use super::{Look, milliseconds};
use crate::boxes::{child, children, content, long_at, next_box, pass_over, u32_at};

pub(super) fn video<R: Read + Seek>(file: BufReader<R>) -> io::Result<Look> {
    let movie = Movie::read(file)?;
    let (width, height) = movie.size.unzip();
    Ok(Look { width, height, duration_ms: movie.duration_ms, ..Look::default() })
}

pub(super) fn audio<R: Read + Seek>(file: BufReader<R>) -> io::Result<Look> {
    let movie = Movie::read(file)?;
    Ok(Look { duration_ms: movie.duration_ms, ..Look::default() })
}

#[derive(Default)]
struct Movie {
    tracks: Vec<Track>,
    size: Option<(u32, u32)>,
    duration_ms: Option<u64>,
}

struct Track {
    id: u32,
    /// Ticks of a second.
    scale: u64,
    /// Ticks of a sample of a fragment that says nothing else.
    sample: u64,
}

impl Movie {
    fn read<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Movie> {
        let mut movie = Movie::default();
        while let Ok(Some(top)) = next_box(&mut file) {
            match &top.kind {
                b"moov" => movie.index(&content(&mut file, &top)?.unwrap_or_default()),
                b"moof" => movie.fragment(&content(&mut file, &top)?.unwrap_or_default()),
                _ => pass_over(&mut file, &top)?,
            }
        }
        Ok(movie)
    }

    fn index(&mut self, moov: &[u8]) {
        if let Some(header) = child(moov, &[b"mvhd"]) {
            self.duration_ms = duration(header);
        }
        for (_, track) in children(moov).filter(|(kind, _)| kind == b"trak").take(64) {
            self.track(track);
        }
        let extends = child(moov, &[b"mvex"]).unwrap_or_default();
        for (_, usual) in children(extends).filter(|(kind, _)| kind == b"trex").take(64) {
            let track = self.tracks.iter_mut().find(|track| u32_at(usual, 4) == Some(track.id));
            if let (Some(track), Some(sample)) = (track, u32_at(usual, 12)) {
                track.sample = u64::from(sample);
            }
        }
    }

    fn track(&mut self, track: &[u8]) {
        let Some(header) = child(track, &[b"tkhd"]) else { return };
        let Some(media) = child(track, &[b"mdia"]) else { return };
        let long = header.first() == Some(&1);
        let id = u32_at(header, if long { 20 } else { 12 }).unwrap_or_default();
        let time = child(media, &[b"mdhd"]).unwrap_or_default();
        let scale = u32_at(time, if time.first() == Some(&1) { 20 } else { 12 }).unwrap_or_default();
        self.tracks.push(Track { id, scale: u64::from(scale), sample: 0 });
        let handler = child(media, &[b"hdlr"]).and_then(|handler| handler.get(8..12));
        if handler == Some(b"vide") && self.size.is_none() {
            self.size = shown_size(header, long);
        }
    }

    /// What a recorder writes as it goes: the end of each fragment is told, the whole is not.
    fn fragment(&mut self, moof: &[u8]) {
        for (_, part) in children(moof).filter(|(kind, _)| kind == b"traf").take(64) {
            let Some(header) = child(part, &[b"tfhd"]) else { continue };
            let Some(track) = self.tracks.iter().find(|track| u32_at(header, 4) == Some(track.id)) else {
                continue;
            };
            let mut end = child(part, &[b"tfdt"]).and_then(|time| long_at(time, 4)).unwrap_or_default();
            let usual = usual_sample(header).unwrap_or(track.sample);
            for (_, run) in children(part).filter(|(kind, _)| kind == b"trun").take(64) {
                end = end.saturating_add(run_length(run, usual).unwrap_or_default());
            }
            self.duration_ms = self.duration_ms.max(milliseconds(end, track.scale));
        }
    }
}

/// Of a movie header; a recorder leaves 0, and all ones mean unknown.
fn duration(header: &[u8]) -> Option<u64> {
    let (scale, length) = if header.first() == Some(&1) { (20, 24) } else { (12, 16) };
    let length = long_at(header, length).filter(|ticks| *ticks != u64::from(u32::MAX))?;
    milliseconds(length, u64::from(u32_at(header, scale)?))
}

/// Width and height of a track header, exchanged if its matrix turns by a quarter.
fn shown_size(header: &[u8], long: bool) -> Option<(u32, u32)> {
    let matrix = if long { 52 } else { 40 };
    let width = u32_at(header, matrix + 36)? >> 16;
    let height = u32_at(header, matrix + 40)? >> 16;
    let turned = u32_at(header, matrix)? == 0 && u32_at(header, matrix + 4)? != 0;
    let size = if turned { (height, width) } else { (width, height) };
    (width > 0 && height > 0).then_some(size)
}

/// Ticks of a sample that a track fragment's header gives.
fn usual_sample(header: &[u8]) -> Option<u64> {
    let flags = u32_at(header, 0)?;
    let before = if flags & 1 != 0 { 8 } else { 0 } + if flags & 2 != 0 { 4 } else { 0 };
    if flags & 8 == 0 { None } else { u32_at(header, 8 + before).map(u64::from) }
}

/// Ticks of a run of samples.
fn run_length(run: &[u8], usual: u64) -> Option<u64> {
    let flags = u32_at(run, 0)?;
    let count = u32_at(run, 4)?;
    let has = |flag: u32| flags & flag != 0;
    if !has(0x100) {
        return u64::from(count).checked_mul(usual);
    }
    let fields = [0x100, 0x200, 0x400, 0x800].into_iter().filter(|flag| has(*flag)).count();
    let first = 8 + if has(1) { 4 } else { 0 } + if has(4) { 4 } else { 0 };
    let rows = run.get(first..)?.chunks_exact(4 * fields).take(usize::try_from(count).ok()?);
    // A row begins with the sample's length.
    rows.map(|row| u32_at(row, 0).map(u64::from)).sum()
}
