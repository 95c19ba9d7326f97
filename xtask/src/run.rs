//! The server, built with the web app inside and started; with `--demo` also the simulator, so that an inbox is alive
//! without a Meta account. For developers the web app comes from its own server instead, with hot reload.
//!
//! Invariants: a setting of the user, from the environment or `.env`, is never replaced; the demo's data has a folder of
//! its own; when one of the programs can't go on, the others end too, except that the server outlives the simulator.

use crate::packages;
use crate::processes::{Running, cargo, end_all, exit_code, succeed};
use crate::web::Web;
use anyhow::{Context, Result, bail};
use nix::fcntl::{Flock, FlockArg};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::thread::JoinHandle;

/// Where the simulator plays Graph.
const GRAPH: &str = "127.0.0.1:8090";
const LISTENING: &str = "listening on ";

/// What a demo sets where the user has set nothing.
const DEMO: &[(&str, &str)] = &[
    ("DATA_DIR", "./data/demo"),
    ("META_APP_ID", "100000000000001"),
    ("META_APP_SECRET", "demo-app-secret"),
    ("META_VERIFY_TOKEN", "demo-verify-token"),
    ("META_ACCESS_TOKEN", "demo-access-token"),
    ("WHATSAPP_ACCESS_TOKEN", "demo-access-token"),
    ("INSTAGRAM_ACCESS_TOKEN", "demo-access-token"),
    ("GRAPH_API_URL", "http://127.0.0.1:8090"),
    ("INSTAGRAM_API_URL", "http://127.0.0.1:8090"),
    ("ADMIN_EMAIL", "admin@example.test"),
    ("ADMIN_PASSWORD", "switchboard-demo"),
];

/// Settings as the server will see them, and those that we add.
struct Settings {
    file: BTreeMap<String, String>,
    added: BTreeMap<&'static str, &'static str>,
}

impl Settings {
    fn load() -> Self {
        let text = std::fs::read_to_string(".env").unwrap_or_default();
        let pairs = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
        let pairs = pairs.filter_map(|line| line.strip_prefix("export ").unwrap_or(line).split_once('='));
        let plain = |value: &str| value.trim().trim_matches(['"', '\'']).to_owned();
        let file = pairs.map(|(key, value)| (key.trim().to_owned(), plain(value))).collect();
        Self { file, added: BTreeMap::new() }
    }

    /// Empty counts as unset, as for the server.
    fn get(&self, key: &str) -> Option<String> {
        let environment = std::env::var(key).ok().filter(|value| !value.is_empty());
        let file = || self.file.get(key).filter(|value| !value.is_empty()).cloned();
        environment.or_else(file).or_else(|| self.added.get(key).map(|value| (*value).to_owned()))
    }

    fn add(&mut self, key: &'static str, value: &'static str) {
        if self.get(key).is_none() {
            self.added.insert(key, value);
        }
    }
}

/// What runs beside the server.
struct Beside {
    simulator: bool,
    /// The web app's own server, with hot reload.
    vite: Option<Web>,
}

pub(crate) fn run(demo: bool, arguments: &[String]) -> Result<ExitCode> {
    let settings = settle(demo)?;
    build()?;
    start("release", arguments, &settings, Beside { simulator: demo, vite: None })
}

/// The web app, and the release binary with it inside.
pub(crate) fn build() -> Result<()> {
    let hash = Web::ready()?.build()?;
    let mut cargo = cargo();
    cargo.env("SWITCHBOARD_REQUIRE_UI", "1").env("SWITCHBOARD_UI_HASH", hash);
    succeed(cargo.args(["build", "--release", "--package", "switchboard"]))
}

/// For developers: whatever changes in `web/src` shows at once.
pub(crate) fn dev(demo: bool, arguments: &[String]) -> Result<ExitCode> {
    let settings = settle(demo)?;
    let web = Web::ready()?;
    succeed(cargo().args(["build", "--package", "switchboard"]))?;
    start("debug", arguments, &settings, Beside { simulator: demo, vite: Some(web) })
}

fn settle(demo: bool) -> Result<Settings> {
    let mut settings = Settings::load();
    if demo {
        // Half of the user's sign-in and half of ours would let nobody in.
        let own_admin = settings.get("ADMIN_EMAIL").is_some() || settings.get("ADMIN_PASSWORD").is_some();
        for (key, value) in DEMO.iter().filter(|(key, _)| !(own_admin && key.starts_with("ADMIN_"))) {
            settings.add(key, value);
        }
    }
    settle_address(&mut settings)?;
    if settings.get("DATABASE_URL").is_none() {
        packages::postgres()?;
    }
    Ok(settings)
}

fn start(profile: &str, arguments: &[String], settings: &Settings, beside: Beside) -> Result<ExitCode> {
    let mut server = switchboard(profile);
    server.arg("serve").args(arguments).envs(&settings.added);
    if !beside.simulator && beside.vite.is_none() {
        return Ok(exit_code(Running::start(&mut server)?.wait()?));
    }
    if let (true, Some(email), Some(password)) =
        (beside.simulator, settings.added.get("ADMIN_EMAIL"), settings.added.get("ADMIN_PASSWORD"))
    {
        println!("demo: sign in as {email} with the password {password} (when this data is new)");
    }
    let mut server = Running::start(server.stdout(Stdio::piped()))?;
    let output = server.child().stdout.take().context("the server's output is not there")?;
    let (mut simulator, mut vite, mut listens) = (None, None, false);
    for line in BufReader::new(output).lines() {
        // The server writes text; a broken line only ends the echo.
        let Ok(line) = line else { break };
        println!("{line}");
        std::io::stdout().flush()?;
        let Some(url) = line.strip_prefix(LISTENING).filter(|_| !listens) else { continue };
        listens = true;
        if beside.simulator {
            match start_simulator(profile, url.trim(), settings) {
                Ok(running) => simulator = Some(running),
                Err(error) => println!("demo: no simulator, so the inbox stays as it is: {error:#}"),
            }
        }
        if let Some(web) = &beside.vite {
            vite = Some(start_vite(web, url.trim()));
        }
    }
    let status = server.wait()?;
    if let Some(simulator) = simulator {
        simulator.stop()?;
    }
    if let Some(vite) = vite {
        end_all();
        // It has told its failure already.
        let _ = vite.join();
    }
    Ok(exit_code(status))
}

fn start_simulator(profile: &str, url: &str, settings: &Settings) -> Result<Running> {
    let mut command = switchboard(profile);
    command.args(["simulate", "--demo", "--server", url, "--graph-addr", GRAPH]);
    // It reads no `.env`, and must sign with what the server checks.
    for key in ["META_APP_SECRET", "WHATSAPP_APP_SECRET", "INSTAGRAM_APP_SECRET"] {
        command.envs(settings.get(key).map(|value| (key, value)));
    }
    Running::start(&mut command)
}

/// Runs beside the server until it ends; then all ends.
fn start_vite(web: &Web, url: &str) -> JoinHandle<()> {
    // Not through npm, which would stand between us and it.
    let mut command = web.command(&["node", "node_modules/vite/bin/vite.js", "--strictPort"]);
    command.env("SWITCHBOARD_URL", url);
    std::thread::spawn(move || {
        if let Err(error) = Running::start(&mut command).and_then(Running::wait) {
            println!("the web app's own server can't run: {error:#}");
        }
        end_all();
    })
}

/// Says early, and in words, when the usual port is taken; a port of the user's own choice is the server's affair.
fn settle_address(settings: &mut Settings) -> Result<()> {
    if let Some(pid) = lock_holder(settings) {
        let folder = data_dir(settings);
        bail!(
            "a Switchboard is running already on the data in {} (process {pid}). Stop it first, or start this one with \
             another DATA_DIR",
            folder.display()
        );
    }
    if settings.get("BIND_ADDR").is_none() && TcpListener::bind("127.0.0.1:8080").is_err() {
        println!("port 8080 is taken by another program; a free one is used (set BIND_ADDR to choose)");
        settings.add("BIND_ADDR", "127.0.0.1:0");
    }
    Ok(())
}

fn data_dir(settings: &Settings) -> PathBuf {
    settings.get("DATA_DIR").unwrap_or_else(|| "./data".to_owned()).into()
}

/// The process that holds the data directory's lock, as it wrote it there.
fn lock_holder(settings: &Settings) -> Option<String> {
    let path = data_dir(settings).join("server.lock");
    let file = File::open(&path).ok()?;
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Err((_, nix::errno::Errno::EWOULDBLOCK)) => {
            Some(std::fs::read_to_string(path).unwrap_or_default().trim().to_owned())
        }
        _ => None,
    }
}

fn switchboard(profile: &str) -> Command {
    Command::new(packages::target().join(profile).join("switchboard"))
}
