//! WebM and Matroska: a recorder tells no length, so the last block does.

use std::io::{self, BufReader, Read, Seek};

use super::Look;
use crate::ebml::{self, block_head, float, next_element, number, payload};
use crate::envelope::Envelope;

pub(super) fn video<R: Read + Seek>(file: BufReader<R>) -> io::Result<Look> {
    read(file).map(|film| Look {
        width: film.width,
        height: film.height,
        duration_ms: film.duration(),
        ..Look::default()
    })
}

pub(super) fn audio<R: Read + Seek>(file: BufReader<R>) -> io::Result<Look> {
    let film = read(file)?;
    let duration_ms = film.duration();
    let peaks = if film.opus { film.sizes.of_sizes() } else { Vec::new() };
    Ok(Look { duration_ms, peaks, ..Look::default() })
}

#[derive(Default)]
struct Film {
    width: Option<u32>,
    height: Option<u32>,
    /// Nanoseconds of a tick.
    scale: Option<u64>,
    /// Ticks.
    told: Option<f64>,
    cluster: u64,
    first: Option<u64>,
    last: u64,
    opus: bool,
    sizes: Envelope,
}

impl Film {
    fn duration(&self) -> Option<u64> {
        let scale = self.scale.unwrap_or(ebml::USUAL_TIME_SCALE) as f64 / 1e6;
        let seen = self.last.saturating_sub(self.first.unwrap_or_default()) as f64;
        // What is no number or out of range becomes 0 or a length that nothing has.
        Some((self.told.unwrap_or(seen) * scale).round() as u64)
    }
}

fn read<R: Read + Seek>(mut file: BufReader<R>) -> io::Result<Film> {
    let mut film = Film::default();
    for _ in 0..ebml::MAX_ELEMENTS {
        let Ok(Some(element)) = next_element(&mut file) else { break };
        let bytes = payload(&mut file, element.size, 16)?;
        let size = || u32::try_from(number(&bytes)).ok().filter(|side| *side > 0);
        match element.id {
            ebml::TIME_SCALE => film.scale = Some(number(&bytes)),
            ebml::DURATION => film.told = float(&bytes).filter(|ticks| *ticks > 0.0),
            ebml::CODEC => film.opus |= bytes == b"A_OPUS",
            ebml::WIDTH => film.width = film.width.or_else(size),
            ebml::HEIGHT => film.height = film.height.or_else(size),
            ebml::CLUSTER_TIME => film.cluster = number(&bytes),
            ebml::SIMPLE_BLOCK | ebml::BLOCK => {
                let Some(head) = block_head(&bytes) else { continue };
                let time = film.cluster.saturating_add_signed(i64::from(head.time));
                film.first.get_or_insert(time);
                film.last = film.last.max(time);
                film.sizes.push(element.size as f32);
            }
            _ => {}
        }
    }
    Ok(film)
}
