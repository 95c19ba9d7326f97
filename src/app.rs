//! What exists once per process, how it starts, and how it ends. Used by `main` and by the tests.

use crate::attachments;
use crate::auth::{self, Auth};
use crate::channels::{self, Graph, Journal, Reception};
use crate::config::Config;
use crate::customers::DefaultRegion;
use crate::db::embedded::Embedded;
use crate::db::{Db, migrate, statistics};
use crate::error::{Error, Result};
use crate::files::{self, Files};
use crate::http::{self, Declared, Headers, Limits, Proxies};
use crate::inbox;
use crate::ingest::{self, Pump};
use crate::jobs::{self, Resources, Runner};
use crate::log::{self, Log};
use crate::outbox::{self, Outbox};
use crate::realtime::broker::{self, Broker, Notice};
use crate::realtime::{Hub, Parts};
use crate::router;
use crate::secrets::Secrets;
use crate::telemetry;
use crate::templates;
use crate::webapp::{self, WebApp};
use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{App as ActixApp, web};
use secrecy::{ExposeSecret, SecretString};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use url::Url;
use utoipa_actix_web::AppExt;

/// Time over which sockets are closed at the end, so that their clients don't all come back at once.
const DRAIN: Duration = Duration::from_secs(5);
/// Seconds that requests have to finish at the end.
const SHUTDOWN_S: u64 = 10;
const HOUR: Duration = Duration::from_secs(3600);
/// Background jobs at a time.
const JOBS: usize = 8;
/// Files that are fetched at a time, and of those of one channel.
const FETCHES: usize = 8;
const FETCHES_PER_CHANNEL: usize = 3;

/// A running server.
pub struct App {
    pub db: Db,
    pub log: Log,
    pub hub: Arc<Hub>,
    pub secrets: Secrets,
    pub address: SocketAddr,
    /// Token of the set-up page, while there is no user.
    pub setup_token: Option<SecretString>,
    server: JoinHandle<std::io::Result<()>>,
    handle: ServerHandle,
    stop: CancellationToken,
    embedded: Option<Arc<Embedded>>,
}

/// The parts that every worker of the HTTP server shares.
#[derive(Clone)]
struct Shared {
    db: web::Data<Db>,
    log: web::Data<Log>,
    auth: web::Data<Auth>,
    limits: web::Data<Limits>,
    hub: web::Data<Hub>,
    secrets: web::Data<Secrets>,
    reception: web::Data<Reception>,
    ingest: web::Data<ingest::jobs::Context>,
    outbox: web::Data<Outbox>,
    headers: web::Data<Headers>,
    declared: web::Data<Declared>,
    document: web::Data<utoipa::openapi::OpenApi>,
    region: web::Data<DefaultRegion>,
    files: web::Data<Files>,
}

impl App {
    /// Starts everything: database, log, hub, jobs, ingest, HTTP. Ready when it returns.
    pub async fn start(config: Config) -> Result<Self> {
        telemetry::metrics();
        let (embedded, url) = database(&config).await?;
        let set_role = migrate::prepare(&url, config.auto_migrate).await?;
        let db = Db::new(&url, set_role)?;
        let setup_token = auth::service::prepare(&db, &config).await?;
        // Partitions are made days ahead: where a backup holds the log just now, the schedule tries again soon.
        if let Err(error) = log::maintain(&db, config.event_retention_days).await {
            tracing::warn!(%error, "partitions of the log could not be made or dropped");
        }
        let listener = listen(&config)?;
        let address = listener.local_addr().map_err(Error::internal)?;
        let (log, committed) = Log::new(db.clone());
        let limits =
            web::Data::new(Limits::new(config.rate_limits, Proxies::new(config.trusted_proxies.clone())));
        let auth = Auth::new(log.clone(), limits.clone(), config.public_url.as_ref(), address);
        let epoch = log::epoch(&db).await?;
        let (broker, notices) = broker(&config, epoch)?;
        let revoked = auth.revocations.subscribe();
        let build = WebApp::EMBEDDED.build.to_owned();
        let hub = Hub::start(Parts { log: log.clone(), committed, broker, notices, revoked, epoch, build });
        let stop = CancellationToken::new();
        let secrets = Secrets::start(&config, log.clone()).await?;
        tokio::spawn(secrets.clone().follow(stop.clone()));
        let graph = Graph::new(&config).map_err(Error::internal)?;
        let context = ingest::jobs::Context {
            log: log.clone(),
            graph,
            secrets: secrets.clone(),
            default_region: config.default_region.clone(),
        };
        let journal = background(&config, &context, &hub, embedded.is_some(), &stop);
        let files = keep_files(&config, &context, &stop)?;
        let outbox = send(&context, &files, public_url(&config, address)?, &stop);
        let document = router::openapi();
        let reception = Reception { journal, secrets: secrets.clone(), limits: limits.clone() };
        let shared = Shared {
            db: web::Data::new(db.clone()),
            log: web::Data::new(log.clone()),
            auth: web::Data::new(auth),
            hub: web::Data::from(Arc::clone(&hub)),
            secrets: web::Data::new(secrets.clone()),
            reception: web::Data::new(reception),
            limits,
            ingest: web::Data::new(context),
            outbox: web::Data::new(outbox),
            headers: web::Data::new(Headers {
                https: config.public_url.as_ref().is_some_and(|url| url.scheme() == "https"),
            }),
            declared: web::Data::new(Declared::of(&document)),
            document: web::Data::new(document),
            region: web::Data::new(DefaultRegion(config.default_region.clone())),
            files: web::Data::new(files),
        };
        let server = serve(listener, shared)?;
        let handle = server.handle();
        let server = tokio::spawn(server);
        Ok(Self { db, log, hub, secrets, address, setup_token, server, handle, stop, embedded })
    }

    /// Ends in order: no new requests, sockets told to come back elsewhere, work in hand finished, database last.
    pub async fn stop(self) {
        self.hub.drain(DRAIN).await;
        self.handle.stop(true).await;
        self.stop.cancel();
        self.hub.close().await;
        let _ = self.server.await;
        if let Some(embedded) = self.embedded {
            let _ = tokio::task::spawn_blocking(move || embedded.shutdown()).await;
        }
    }

    /// Stops at once, as a test does: nothing is drained.
    pub async fn kill(self) {
        self.stop.cancel();
        self.handle.stop(false).await;
        self.hub.close().await;
        let _ = self.server.await;
    }
}

/// The database's URL, after starting the private one when none is set.
async fn database(config: &Config) -> Result<(Option<Arc<Embedded>>, String)> {
    if let Some(url) = &config.database_url {
        return Ok((None, url.expose_secret().to_owned()));
    }
    let data_dir = config.data_dir.clone();
    let embedded = tokio::task::spawn_blocking(move || Embedded::start(&data_dir))
        .await
        .map_err(Error::internal)?
        .map_err(|error| Error::Internal(error.to_string()))?;
    let url = embedded.url();
    Ok((Some(Arc::new(embedded)), url))
}

fn listen(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.bind_addr).map_err(|error| {
        Error::Internal(format!(
            "can't listen on {} ({error}); set BIND_ADDR to a free address",
            config.bind_addr
        ))
    })
}

fn broker(config: &Config, epoch: i64) -> Result<(Arc<dyn Broker>, mpsc::Receiver<Notice>)> {
    match &config.redis_url {
        None => {
            let (memory, notices) = broker::memory::Bus::default().connect();
            Ok((Arc::new(memory), notices))
        }
        Some(url) => {
            let (redis, notices) = broker::redis::Redis::connect(url.expose_secret(), &epoch.to_string())?;
            Ok((Arc::new(redis), notices))
        }
    }
}

/// Ingest, jobs, schedules and live counts. Returns the journal, the way in.
fn background(
    config: &Config,
    context: &ingest::jobs::Context,
    hub: &Arc<Hub>,
    alone: bool,
    stop: &CancellationToken,
) -> Journal {
    let (log, db) = (&context.log, context.log.db());
    let wake = Arc::new(Notify::new());
    let pump = Pump::start(log.clone(), Arc::clone(&wake), alone, stop.clone());
    let journal = Journal::start(db.clone(), move |deliveries| pump.hand(deliveries));
    let mut handlers = ingest::jobs::handlers(context);
    handlers.extend(inbox::jobs::handlers(log));
    let lists = templates::jobs::Context {
        log: log.clone(),
        graph: context.graph.clone(),
        secrets: context.secrets.clone(),
    };
    handlers.extend(templates::jobs::handlers(&lists));
    let runner = Arc::new(Runner::new(db.clone(), handlers, wake, JOBS, None));
    tokio::spawn(runner.run(stop.clone()));
    tokio::spawn(statistics::keep(db.clone(), stop.clone()));
    tokio::spawn(telemetry::keep_metrics_small(stop.clone()));
    tokio::spawn(inbox::keep_counts(db.clone(), Arc::clone(hub), stop.clone()));
    let (events_db, deliveries_db, tokens_db) = (db.clone(), db.clone(), db.clone());
    let (events, deliveries) = (config.event_retention_days, config.webhook_retention_days);
    let schedules: Vec<jobs::Schedule> = vec![
        (
            "event partitions",
            HOUR,
            Box::new(move || {
                let db = events_db.clone();
                Box::pin(async move { log::maintain(&db, events).await.map(drop) })
            }),
        ),
        (
            "webhook retention",
            HOUR,
            Box::new(move || {
                let db = deliveries_db.clone();
                Box::pin(async move { channels::drop_old_deliveries(&db, deliveries).await })
            }),
        ),
        (
            "expired sign-ins",
            HOUR,
            Box::new(move || {
                let db = tokens_db.clone();
                Box::pin(async move {
                    auth::forget_idempotency_keys(&db).await?;
                    auth::forget_expired(&db).await
                })
            }),
        ),
        (
            "templates",
            HOUR * 6,
            Box::new(move || {
                let lists = lists.clone();
                Box::pin(async move { lists.ask_all().await })
            }),
        ),
    ];
    tokio::spawn(jobs::run_schedules(db.clone(), schedules, stop.clone()));
    journal
}

/// The outbox, with places of its own: a platform that hangs must not keep other jobs from running.
fn send(context: &ingest::jobs::Context, files: &Files, public_url: Url, stop: &CancellationToken) -> Outbox {
    let (log, wake) = (&context.log, Arc::new(Notify::new()));
    let resources = Arc::new(Resources::new(outbox::PER_CHANNEL));
    let lanes = outbox::Context::new(outbox::Parts {
        log: log.clone(),
        graph: context.graph.clone(),
        secrets: context.secrets.clone(),
        files: files.clone(),
        public_url,
        resources: Arc::clone(&resources),
    });
    let (db, handlers) = (log.db().clone(), lanes.handlers());
    let runner = Runner::new(db, handlers, Arc::clone(&wake), outbox::PARALLEL, Some(resources));
    tokio::spawn(Arc::new(runner).run(stop.clone()));
    Outbox { wake, context: lanes }
}

/// Files of messages, with places of their own: a platform may be slow with them.
fn fetch(
    config: &Config,
    context: &ingest::jobs::Context,
    files: &Files,
    stop: &CancellationToken,
) -> Result<()> {
    let handlers = attachments::fetch::handlers(&attachments::fetch::Context {
        log: context.log.clone(),
        graph: context.graph.clone(),
        secrets: context.secrets.clone(),
        files: files.clone(),
        fetcher: Arc::new(attachments::fetch::fetcher(config)?),
    });
    let resources = Some(Arc::new(Resources::new(FETCHES_PER_CHANNEL)));
    let runner = Runner::new(context.log.db().clone(), handlers, Arc::default(), FETCHES, resources);
    tokio::spawn(Arc::new(runner).run(stop.clone()));
    Ok(())
}

/// The store of files: what fills it, and what clears away what nobody needs.
fn keep_files(config: &Config, context: &ingest::jobs::Context, stop: &CancellationToken) -> Result<Files> {
    let files = Files::new(config)?;
    fetch(config, context, &files, stop)?;
    let (swept, checked) = ((context.log.clone(), files.clone()), (context.log.clone(), files.clone()));
    let schedules: Vec<jobs::Schedule> = vec![
        (
            "forgotten files",
            HOUR / 6,
            Box::new(move || {
                let (log, files) = swept.clone();
                Box::pin(async move { files::sweep(&log, &files).await })
            }),
        ),
        (
            "objects without a file",
            HOUR * 24,
            Box::new(move || {
                let (log, files) = checked.clone();
                Box::pin(async move { files::check(&log, &files).await })
            }),
        ),
    ];
    tokio::spawn(jobs::run_schedules(context.log.db().clone(), schedules, stop.clone()));
    Ok(files)
}

/// Where platforms reach this server.
fn public_url(config: &Config, address: SocketAddr) -> Result<Url> {
    match &config.public_url {
        Some(url) => Ok(url.clone()),
        None => format!("http://{address}").parse().map_err(Error::internal),
    }
}

fn serve(listener: TcpListener, shared: Shared) -> Result<actix_web::dev::Server> {
    let server = http::server(listener, move || {
        let shared = shared.clone();
        let (app, _) = ActixApp::new()
            .wrap(from_fn(auth::guard))
            .wrap(from_fn(router::docs_policy))
            .wrap(Compress::default())
            .wrap(from_fn(webapp::serve))
            .wrap(from_fn(http::dress))
            .app_data(web::Data::new(WebApp::EMBEDDED))
            .app_data(shared.db)
            .app_data(shared.log)
            .app_data(shared.auth)
            .app_data(shared.limits)
            .app_data(shared.hub)
            .app_data(shared.secrets)
            .app_data(shared.reception)
            .app_data(shared.ingest)
            .app_data(shared.outbox)
            .app_data(shared.headers)
            .app_data(shared.declared)
            .app_data(shared.document)
            .app_data(shared.region)
            .app_data(shared.files)
            .configure(router::description)
            .into_utoipa_app()
            .service(utoipa_actix_web::scope("/api/v1").configure(router::api))
            .split_for_parts();
        app.configure(router::outside)
    })
    .map_err(Error::internal)?;
    Ok(server.shutdown_timeout(SHUTDOWN_S).run())
}
