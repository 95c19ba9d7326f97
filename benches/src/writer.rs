//! The least that a fan-out needs: one thread per core, each with its share of the sockets, writes the frame to all.
//!
//! The first connection commands: four bytes of length, then the bytes to write. All later ones are written to.

use anyhow::{Context, Result};
use clap::Args;
use parking_lot::Mutex;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};

#[derive(Args)]
pub struct Options {}

type Share = Arc<Mutex<Vec<TcpStream>>>;

#[expect(clippy::unused_async, reason = "as all commands")]
pub async fn run(_: Options) -> Result<()> {
    let listener = TcpListener::bind(std::env::var("BIND_ADDR").context("BIND_ADDR")?)?;
    // Whoever waits for the address knocks once.
    drop(listener.accept()?);
    let (mut control, _) = listener.accept()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let shares: Vec<Share> = (0..cores).map(|_| Share::default()).collect();
    let writers: Vec<Sender<Arc<Vec<u8>>>> = shares.iter().map(start).collect();
    std::thread::spawn(move || {
        for (stream, share) in listener.incoming().flatten().zip(shares.iter().cycle()) {
            let _ = stream.set_nodelay(true);
            share.lock().push(stream);
        }
    });
    let mut length = [0; 4];
    while control.read_exact(&mut length).is_ok() {
        let mut frame = vec![0; u32::from_be_bytes(length) as usize];
        control.read_exact(&mut frame)?;
        let frame = Arc::new(frame);
        for writer in &writers {
            writer.send(Arc::clone(&frame))?;
        }
    }
    Ok(())
}

fn start(share: &Share) -> Sender<Arc<Vec<u8>>> {
    let (sender, frames) = channel::<Arc<Vec<u8>>>();
    let share = Arc::clone(share);
    std::thread::spawn(move || {
        for frame in frames {
            share.lock().retain_mut(|stream| stream.write_all(&frame).is_ok());
        }
    });
    sender
}
