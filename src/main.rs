//! The command line.

use anyhow::{Context, Result, bail};
use clap::{Args, Parser, Subcommand};
use nix::sys::resource::{Resource, setrlimit};
use secrecy::{ExposeSecret, SecretString};
use std::io::Read;
use switchboard::app::App;
use switchboard::auth::Role;
use switchboard::channels::{self, Account, ChannelKind};
use switchboard::config::Config;
use switchboard::db::Db;
use switchboard::db::embedded::{self, Embedded};
use switchboard::log::Log;
use switchboard::secrets::{Rotated, Secrets};
use switchboard::{auth, router, simulator, telemetry, tenants};
use tokio::signal::unix::{SignalKind, signal};

/// After 50 sign-ins 59 MB were left with it, 246 with the system's (benches/README.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Self-hosted inbox and pipeline for WhatsApp, Messenger and Instagram.
///
/// Settings are read from the environment and from `.env`; `.env.example` lists them all.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the server.
    Serve,
    /// Brings the database up to date and ends.
    Migrate,
    /// Users with full access.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Tenants that share this installation.
    #[command(subcommand)]
    Tenant(TenantCommand),
    /// Accounts at the platforms.
    #[command(subcommand)]
    Channel(ChannelCommand),
    /// Keys of the stored secrets.
    #[command(subcommand)]
    Secrets(SecretsCommand),
    /// Plays the platforms: made-up customers who write, and the part of Graph that the server calls.
    Simulate(Box<simulator::Options>),
    /// Prints the description of the REST interface (OpenAPI 3.1).
    Openapi,
}

#[derive(Subcommand)]
enum AdminCommand {
    /// Makes a user. The password is asked for on standard input.
    Create(NewUser),
}

#[derive(Args)]
struct NewUser {
    #[arg(long)]
    email: String,
    /// Reads the password from standard input without a prompt, up to the first line end.
    #[arg(long)]
    password_stdin: bool,
    /// Slug of the tenant; may be left out when there is only one.
    #[arg(long)]
    tenant: Option<String>,
    /// administrator, manager or agent.
    #[arg(long, default_value = "administrator", value_parser = role)]
    role: Role,
}

#[derive(Subcommand)]
enum TenantCommand {
    /// Makes a tenant with its board and its website channel.
    Create {
        /// Part of the tenant's webhook addresses: lower-case letters, digits and hyphens.
        #[arg(long)]
        slug: String,
        #[arg(long)]
        name: String,
    },
}

#[derive(Subcommand)]
enum ChannelCommand {
    /// Gives an account to a tenant; webhooks that waited for it are worked off.
    Connect {
        #[arg(long)]
        tenant: String,
        /// whatsapp, messenger or instagram.
        #[arg(long, value_parser = kind)]
        kind: ChannelKind,
        /// The platform's id: phone number id, Page id or Instagram account id.
        #[arg(long)]
        account_id: String,
        /// The business account of a WhatsApp number.
        #[arg(long)]
        waba_id: Option<String>,
        #[arg(long)]
        name: String,
    },
}

#[derive(Subcommand)]
enum SecretsCommand {
    /// Wraps every data key by the first key of APP_CONFIG_ENCRYPTION_KEY; the others may be taken out afterwards. Nodes
    /// that have both keys may run meanwhile. Stopped half-way, it is run again.
    Rotate {
        /// Makes new data keys too, and seals every secret anew.
        #[arg(long)]
        data_keys: bool,
    },
}

fn main() -> Result<()> {
    let mut args = std::env::args_os();
    // Before anything else, threads above all: this process becomes PostgreSQL.
    if args.nth(1).is_some_and(|first| first == embedded::CHILD_COMMAND) {
        match embedded::become_postgres(args) {
            Err(error) => bail!(error),
            Ok(never) => match never {},
        }
    }
    let cli = Cli::parse();
    // Secrets are in memory: a crash must not leave them in a file.
    setrlimit(Resource::RLIMIT_CORE, 0, 0)?;
    // One crypto provider for everything that speaks TLS.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    if matches!(cli.command, Command::Openapi) {
        println!("{}", router::openapi().to_pretty_json()?);
        return Ok(());
    }
    let config = Config::load()?;
    #[cfg(feature = "fail-points")]
    switchboard::fail_point::arm();
    telemetry::init_logs(&config);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(cli.command, config))
}

async fn run(command: Command, config: Config) -> Result<()> {
    match command {
        Command::Serve => serve(config).await,
        Command::Simulate(options) => Ok(simulator::run(*options).await?),
        Command::Openapi => Ok(()),
        command => {
            let migrate = config.auto_migrate || matches!(command, Command::Migrate);
            let (db, embedded) = database(&config, migrate).await?;
            let done = administer(command, &config, &db).await;
            drop(db);
            if let Some(embedded) = embedded {
                tokio::task::spawn_blocking(move || embedded.shutdown()).await?;
            }
            done
        }
    }
}

async fn serve(config: Config) -> Result<()> {
    let app = App::start(config).await?;
    // Before anybody is told that it runs: a signal that comes right then must not end it without draining.
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let url = format!("http://{}", app.address);
    println!("listening on {url}");
    match &app.setup_token {
        Some(token) => {
            println!("no user yet: set up the first administrator with the token {}", token.expose_secret());
            println!("open {url}/setup#token={}", token.expose_secret());
            println!("or POST {url}/api/v1/auth/setup {{\"token\", \"email\", \"password\", \"name\"}}");
        }
        None => println!("sign in at {url} with your e-mail and password"),
    }
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    println!("stopping");
    app.stop().await;
    Ok(())
}

/// The database for a command that ends; the private one is started for it.
async fn database(config: &Config, migrate: bool) -> Result<(Db, Option<Embedded>)> {
    let (url, embedded) = match &config.database_url {
        Some(url) => (url.expose_secret().to_owned(), None),
        None => {
            let data_dir = config.data_dir.clone();
            let embedded = tokio::task::spawn_blocking(move || Embedded::start(&data_dir)).await?.context(
                "this command needs the database; while the server runs on its private one, stop the server first",
            )?;
            (embedded.url(), Some(embedded))
        }
    };
    let set_role = switchboard::db::migrate::prepare(&url, migrate).await?;
    Ok((Db::new(&url, set_role)?, embedded))
}

async fn administer(command: Command, config: &Config, db: &Db) -> Result<()> {
    match command {
        Command::Migrate => println!("the database is up to date"),
        Command::Admin(AdminCommand::Create(user)) => {
            let password = password(user.password_stdin)?;
            tenants::ensure(db).await?;
            auth::service::create_admin(db, &user.email, password, user.tenant.as_deref(), user.role).await?;
            println!("{} can sign in now", user.email);
        }
        Command::Tenant(TenantCommand::Create { slug, name }) => {
            tenants::create(db, &slug, &name).await?;
            println!(
                "webhook addresses: /api/whatsapp/webhook/{slug}, /api/meta/webhook/{slug}, /api/instagram/webhook/{slug}"
            );
        }
        Command::Channel(ChannelCommand::Connect { tenant, kind, account_id, waba_id, name }) => {
            let tenant = tenants::by_slug(db, &tenant).await?.context("there is no tenant with that slug")?;
            let (log, _relay) = Log::new(db.clone());
            let (_, released) = {
                let account =
                    Account { kind, account_id: &account_id, waba_id: waba_id.as_deref(), name: &name };
                channels::connect(&log, tenant, account).await?
            };
            println!("connected; {released} waiting webhooks are worked off");
        }
        Command::Secrets(SecretsCommand::Rotate { data_keys }) => {
            let (log, _relay) = Log::new(db.clone());
            rotate(&Secrets::start(config, log).await?, data_keys).await?;
        }
        Command::Serve | Command::Simulate(_) | Command::Openapi => {}
    }
    Ok(())
}

async fn rotate(secrets: &Secrets, data_keys: bool) -> Result<()> {
    // Its sentence says what to do; the error's own text is for logs.
    secrets.check().map_err(|error| anyhow::anyhow!(error.problem(String::new()).detail))?;
    let done = secrets.rewrap().await?;
    println!("{} data keys are under the first key now", done.rewrapped);
    let renewed = if data_keys { secrets.renew_data_keys().await? } else { Rotated::default() };
    if data_keys {
        println!("{} secrets are under new data keys now", renewed.resealed);
    }
    let damaged = done.damaged + renewed.damaged;
    if damaged > 0 {
        bail!("{damaged} records are damaged and were left as they are: set these secrets again");
    }
    Ok(())
}

fn password(quiet: bool) -> Result<SecretString> {
    if !quiet {
        println!("Password (12 to 128 characters), then Enter:");
    }
    let mut text = String::new();
    if quiet {
        std::io::stdin().take(1024).read_to_string(&mut text)?;
    } else {
        std::io::stdin().read_line(&mut text)?;
    }
    let password = text.lines().next().unwrap_or_default().to_owned();
    Ok(SecretString::from(password))
}

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| "administrator, manager or agent".to_owned())
}

fn kind(text: &str) -> Result<ChannelKind, String> {
    ChannelKind::parse(text).ok_or_else(|| "whatsapp, messenger or instagram".to_owned())
}
