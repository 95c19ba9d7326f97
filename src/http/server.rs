//! The HTTP server, and connections that a handler takes over.
//!
//! Owns: actix's server as `HttpServer` sets it up, with one thing more: a request that asks for another protocol gets
//! its answer from the same application, and with a 101 the handler may have the connection itself ([`Takeover`]).
//!
//! Invariants: every worker has one application, so that all middleware holds for both ways; a connection that is taken
//! over counts among the worker's until its future ends, so that a graceful stop waits for it; one that was refused is
//! closed, because what follows a handshake is no HTTP. Absent on purpose: the protocol that follows, TLS, HTTP/2.

use actix_codec::Framed;
use actix_http::body::{BoxBody, MessageBody};
use actix_http::h1::{Codec, Message};
use actix_http::{ConnectionType, HttpService, Request, Response, StatusCode};
use actix_server::{Server, ServerBuilder};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_factory, fn_service};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use bytes::BytesMut;
use futures_util::future::LocalBoxFuture;
use std::cell::Cell;
use std::convert::Infallible;
use std::fmt::Debug;
use std::future::poll_fn;
use std::net::TcpListener;
use std::pin::pin;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::OnceCell;
use tokio_util::codec::Encoder;

/// How long a client may take to send the head of its first request.
const HEAD: Duration = Duration::from_secs(10);
/// How long a connection may take to end when the server stops.
const DISCONNECT: Duration = Duration::from_secs(1);
/// How long an answer to a refused handshake may take to be written.
const ANSWER: Duration = Duration::from_secs(30);
/// How long a peer may take to end its half of a connection that we have ended.
const PARTING: Duration = Duration::from_secs(1);

type Work = Box<dyn FnOnce(TcpStream, BytesMut) -> LocalBoxFuture<'static, ()>>;

/// A handler's way to its connection.
#[derive(Clone, Default)]
pub struct Takeover(Rc<Cell<Option<Work>>>);

impl Takeover {
    /// None: the request did not come on a connection that can be taken over.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// What is to be done with the connection, and with the bytes that were read already, once a 101 was sent.
    pub fn then<F: Future<Output = ()> + 'static>(
        &self,
        work: impl FnOnce(TcpStream, BytesMut) -> F + 'static,
    ) {
        self.0.set(Some(Box::new(|connection, bytes| Box::pin(work(connection, bytes)))));
    }
}

/// A server of `app`, to be run. Signals are the caller's.
pub fn server<F, I, S, B>(listener: TcpListener, app: F) -> std::io::Result<ServerBuilder>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<actix_web::Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let builder = Server::build().disable_signals();
    let (stopping, address) = (builder.graceful_shutdown_signal(), listener.local_addr()?);
    builder.listen("http", listener, move || {
        let app = Rc::new(app().into_factory().map_err(|error| error.into().error_response()));
        let once = Rc::new(OnceCell::new());
        // The worker's one application, whoever asks for it first.
        let the_app = move || {
            let (app, once) = (Rc::clone(&app), Rc::clone(&once));
            async move {
                let made = || async { app.new_service(AppConfig::default()).await.map(Rc::new) };
                once.get_or_try_init(made).await.cloned()
            }
        };
        let (stopping, to_upgrade) = (stopping.clone(), the_app.clone());
        HttpService::build()
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .client_request_timeout(HEAD)
            .client_disconnect_timeout(DISCONNECT)
            .local_addr(address)
            .upgrade(fn_factory(move || {
                let app = to_upgrade();
                async move {
                    let app = app.await?;
                    let upgrade = move |(request, framed)| upgrade(Rc::clone(&app), request, framed);
                    Ok::<_, S::InitError>(fn_service(upgrade))
                }
            }))
            .finish(fn_factory(the_app))
            .tcp()
    })
}

/// Answers a request that asks for another protocol; the connection's life after that.
fn upgrade<A, B>(
    app: Rc<A>,
    request: Request,
    framed: Framed<TcpStream, Codec>,
) -> LocalBoxFuture<'static, Result<(), Infallible>>
where
    A: Service<Request, Error = HttpResponse> + 'static,
    A::Response: Into<Response<B>>,
    B: MessageBody + 'static,
{
    let takeover = Takeover::default();
    request.extensions_mut().insert(takeover.clone());
    let parts = framed.into_parts();
    let (mut connection, read) = (parts.io, parts.read_buf);
    // Boxed apart: what only the answer needs is not kept for the connection's life.
    let answered = Box::pin(async move {
        let answer = app.call(request).await;
        let answer = answer.map_or_else(Response::from, |answer| answer.into().map_into_boxed_body());
        let work = takeover.0.take().filter(|_| answer.status() == StatusCode::SWITCHING_PROTOCOLS);
        let written = write(&mut connection, parts.codec, parts.write_buf, answer, work.is_some());
        let written = tokio::time::timeout(ANSWER, written).await;
        matches!(written, Ok(Ok(()))).then_some((connection, work))
    });
    Box::pin(async move {
        let answered = answered.await;
        match answered {
            Some((connection, Some(work))) => work(connection, read).await,
            Some((connection, None)) => part(connection).await,
            None => {}
        }
        Ok(())
    })
}

/// Writes what was still to be written, and an answer.
async fn write(
    connection: &mut TcpStream,
    mut codec: Codec,
    mut bytes: BytesMut,
    mut answer: Response<BoxBody>,
    goes_on: bool,
) -> std::io::Result<()> {
    if !goes_on {
        answer.head_mut().set_connection_type(ConnectionType::Close);
    }
    let (head, body) = answer.into_parts();
    codec.encode(Message::Item((head, body.size())), &mut bytes)?;
    let mut body = pin!(body);
    while let Some(chunk) = poll_fn(|context| body.as_mut().poll_next(context)).await {
        let chunk = chunk.map_err(|error| std::io::Error::other(error.to_string()))?;
        codec.encode(Message::Chunk(Some(chunk)), &mut bytes)?;
        connection.write_all_buf(&mut bytes).await?;
    }
    codec.encode(Message::Chunk(None), &mut bytes)?;
    connection.write_all_buf(&mut bytes).await
}

/// Ends a connection so that what was written last arrives: closed with something unread, it would throw that away.
pub async fn part(mut connection: TcpStream) {
    let heard_out = async {
        connection.shutdown().await?;
        let mut unread = [0; 1_024];
        while connection.read(&mut unread).await? > 0 {}
        std::io::Result::Ok(())
    };
    // Either way it is over.
    let _ = tokio::time::timeout(PARTING, heard_out).await;
}
