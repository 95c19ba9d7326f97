//! From the connection to the sink, counted and hashed on the way. One part is in memory at a time.

use crate::Fetched;
use crate::answer;
use crate::error::{FetchError, Trouble};
use crate::rules::Limits;
use reqwest::Response;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncWrite, AsyncWriteExt};
use tokio::time::{Instant, timeout_at};

pub(crate) async fn copy<S>(
    mut response: Response,
    max_bytes: u64,
    limits: &Limits,
    sink: &mut S,
) -> Result<Fetched, FetchError>
where
    S: AsyncWrite + Unpin,
{
    if response.content_length().is_some_and(|length| length > max_bytes) {
        return Err(FetchError::TooLarge { max_bytes });
    }
    let mut size = 0u64;
    let mut hash = Sha256::new();
    let mut window = Window::begin(limits);
    loop {
        match timeout_at(window.end, response.chunk()).await {
            Ok(Ok(Some(part))) => {
                let bytes = u64::try_from(part.len()).unwrap_or(u64::MAX);
                size = size.saturating_add(bytes);
                if size > max_bytes {
                    return Err(FetchError::TooLarge { max_bytes });
                }
                hash.update(&part);
                let writing = Instant::now();
                sink.write_all(&part).await.map_err(FetchError::Sink)?;
                // A slow disk is not the server's fault.
                window.end += writing.elapsed();
                window.missing = window.missing.saturating_sub(bytes);
            }
            Ok(Ok(None)) => break,
            Ok(Err(error)) => return Err(error.into()),
            Err(_) if window.missing > 0 => return Err(FetchError::later(Trouble::Slow)),
            Err(_) => window = Window::begin(limits),
        }
    }
    sink.flush().await.map_err(FetchError::Sink)?;
    Ok(Fetched { mime_type: answer::mime_type(&response), size, sha256: hash.finalize().into() })
}

/// A time of waiting, and the bytes that must still come in it.
struct Window {
    end: Instant,
    missing: u64,
}

impl Window {
    fn begin(limits: &Limits) -> Self {
        Self { end: Instant::now() + limits.window, missing: limits.least_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream::{self, Stream, StreamExt};
    use http_body::Frame;
    use http_body_util::StreamBody;
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use std::time::Duration;
    use tokio::time::{Sleep, sleep, timeout};

    const SECOND: Duration = Duration::from_secs(1);

    /// 1,000 bytes in ten seconds.
    fn limits() -> Limits {
        Limits { window: 10 * SECOND, least_bytes: 1000, ..Limits::default() }
    }

    /// An answer of parts that have these many bytes.
    fn answer<S>(parts: S) -> Response
    where
        S: Stream<Item = usize> + Send + Sync + 'static,
    {
        let frames = parts.map(|part| io::Result::Ok(Frame::data(&*vec![b'x'; part].leak())));
        http::Response::new(reqwest::Body::wrap(StreamBody::new(frames))).into()
    }

    /// An answer of `times` parts, each after a pause.
    fn dripping(part: usize, pause: Duration, times: usize) -> Response {
        answer(stream::iter(0..times).then(move |_| async move {
            sleep(pause).await;
            part
        }))
    }

    async fn taken(response: Response) -> Result<u64, FetchError> {
        let mut sink = Vec::new();
        let limits = limits();
        let copying = copy(response, u64::MAX, &limits, &mut sink);
        let fetched = timeout(10_000 * SECOND, copying).await.expect("has an end")?;
        assert_eq!(u64::try_from(sink.len()).unwrap(), fetched.size);
        Ok(fetched.size)
    }

    #[tokio::test(start_paused = true)]
    async fn the_least_speed_is_enough_for_hours() {
        assert_eq!(taken(dripping(1000, 9 * SECOND, 1000)).await.unwrap(), 1_000_000);
    }

    #[tokio::test(start_paused = true)]
    async fn one_byte_less_is_too_slow() {
        let error = taken(dripping(999, 9 * SECOND, 1000)).await.unwrap_err();
        assert!(matches!(error, FetchError::Later { cause: Trouble::Slow, .. }), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_after_a_fast_beginning_is_too_slow() {
        let response = answer(stream::iter([100_000]).chain(stream::pending()));
        let error = taken(response).await.unwrap_err();
        assert!(matches!(error, FetchError::Later { cause: Trouble::Slow, .. }), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_small_body_may_end_within_the_first_window() {
        assert_eq!(taken(dripping(1, 9 * SECOND, 1)).await.unwrap(), 1);
    }

    /// Takes a minute for each part.
    struct SlowDisk(Pin<Box<Sleep>>);

    impl AsyncWrite for SlowDisk {
        fn poll_write(
            mut self: Pin<&mut Self>,
            cx: &mut Context<'_>,
            part: &[u8],
        ) -> Poll<io::Result<usize>> {
            std::task::ready!(self.0.as_mut().poll(cx));
            self.0.set(sleep(60 * SECOND));
            Poll::Ready(Ok(part.len()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_sink_does_not_make_the_server_slow() {
        let mut sink = SlowDisk(Box::pin(sleep(60 * SECOND)));
        let response = dripping(200, SECOND, 50);
        let fetched = copy(response, u64::MAX, &limits(), &mut sink).await.unwrap();
        assert_eq!(fetched.size, 10_000);
    }
}
