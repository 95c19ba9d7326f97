//! Puts the web app into the binary: every file of `web/dist`, with a brotli and a gzip copy.
//!
//! Invariants: no network and no npm, so that `cargo build` works without either; without a built app it warns and the
//! binary holds none, unless `SWITCHBOARD_REQUIRE_UI=1`. Copies are kept in `OUT_DIR` under the hash of their content:
//! what has not changed is not compressed again. The generated `webapp.rs` is read by `src/webapp/embedded.rs`.

use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

const DIST: &str = "web/dist";
/// Stands in the page where the build's name belongs.
const PLACE_OF_BUILD: &str = "%BUILD%";
/// Digits of the app's hash in the build's name.
const SHORT: usize = 12;

type Done<T = ()> = Result<T, Box<dyn Error>>;

/// A file of the app: its path below the folder, and its bytes.
type File = (String, Vec<u8>);

fn main() -> Done {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-env-changed=SWITCHBOARD_REQUIRE_UI");
    // Cargo compares times only: an app that was moved away and back looks unchanged. `cargo xtask` names its hash.
    println!("cargo::rerun-if-env-changed=SWITCHBOARD_UI_HASH");
    // A watched folder that is missing counts as changed with every build.
    if Path::new("web").is_dir() {
        std::fs::create_dir_all(DIST)?;
        println!("cargo::rerun-if-changed={DIST}");
    }
    let mut files = Vec::new();
    read(Path::new(DIST), "", &mut files)?;
    files.sort();
    let version = std::env::var("CARGO_PKG_VERSION")?;
    let build = if files.iter().any(|(path, _)| path == "index.html") {
        let hash: String = hash_of_all(&files).chars().take(SHORT).collect();
        format!("{version}+{hash}")
    } else {
        let missing = "web/dist holds no web app: pages are answered 503; `cargo xtask build` builds it";
        if std::env::var("SWITCHBOARD_REQUIRE_UI").is_ok_and(|value| value == "1") {
            return Err(missing.into());
        }
        println!("cargo::warning={missing}");
        files.clear();
        version
    };
    generate(&files, &build)
}

/// Everything below a folder, but what starts with a dot (Vite's manifest, the stamp of `cargo xtask`) and source maps.
fn read(folder: &Path, path: &str, into: &mut Vec<File>) -> Done {
    let Ok(entries) = folder.read_dir() else { return Ok(()) };
    for entry in entries {
        let entry = entry?;
        let name =
            entry.file_name().into_string().map_err(|name| format!("{name:?} is no name for a file"))?;
        if name.starts_with('.') || name.ends_with(".map") {
            continue;
        }
        if entry.file_type()?.is_dir() {
            read(&entry.path(), &format!("{path}{name}/"), into)?;
        } else {
            into.push((format!("{path}{name}"), std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

fn generate(files: &[File], build: &str) -> Done {
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let copies = out.join("webapp");
    std::fs::create_dir_all(&copies)?;
    let mut used = BTreeSet::new();
    let mut text = format!("pub const BUILD: &str = {build:?};\npub static ASSETS: &[Asset] = &[\n");
    for (path, bytes) in files {
        let (mime, is_text) = mime(path)?;
        let bytes = if path == "index.html" {
            String::from_utf8(bytes.clone())?.replace(PLACE_OF_BUILD, build).into_bytes()
        } else {
            bytes.clone()
        };
        let hash = hash(&bytes);
        let mut copy = |kind: &str, compress: &dyn Fn(&[u8]) -> std::io::Result<Vec<u8>>| -> Done<String> {
            let name = format!("{hash}.{kind}");
            let file = copies.join(&name);
            if !file.exists() {
                // Under another name first: a build that is stopped leaves no half copy.
                let unfinished = copies.join("unfinished");
                std::fs::write(&unfinished, compress(&bytes)?)?;
                std::fs::rename(unfinished, file)?;
            }
            used.insert(name.clone());
            Ok(format!("include_bytes!(concat!(env!(\"OUT_DIR\"), \"/webapp/{name}\"))"))
        };
        let raw = copy("raw", &|bytes| Ok(bytes.to_vec()))?;
        let mut smaller =
            |kind: &str, compress: &dyn Fn(&[u8]) -> std::io::Result<Vec<u8>>| -> Done<String> {
                Ok(if is_text { format!("Some({})", copy(kind, compress)?) } else { "None".to_owned() })
            };
        let (brotli, gzip) = (smaller("br", &brotli)?, smaller("gz", &gzip)?);
        let immutable = path.starts_with("assets/");
        writeln!(
            text,
            "    Asset {{ path: {path:?}, mime: {mime:?}, hash: {hash:?}, immutable: {immutable}, raw: {raw}, \
             brotli: {brotli}, gzip: {gzip} }},"
        )?;
    }
    text.push_str("];\n");
    std::fs::write(out.join("webapp.rs"), text)?;
    for entry in copies.read_dir()? {
        let entry = entry?;
        if !used.contains(&*entry.file_name().to_string_lossy()) {
            std::fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// The media type, and whether compression makes it smaller.
fn mime(path: &str) -> Done<(&'static str, bool)> {
    Ok(match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => ("text/html; charset=utf-8", true),
        "js" => ("text/javascript; charset=utf-8", true),
        "css" => ("text/css; charset=utf-8", true),
        "json" => ("application/json", true),
        "webmanifest" => ("application/manifest+json", true),
        "svg" => ("image/svg+xml", true),
        "txt" => ("text/plain; charset=utf-8", true),
        "woff2" => ("font/woff2", false),
        "png" => ("image/png", false),
        "webp" => ("image/webp", false),
        "ico" => ("image/x-icon", false),
        _ => return Err(format!("{DIST}/{path}: say in build.rs what media type that is").into()),
    })
}

fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 11, 22);
    writer.write_all(bytes)?;
    Ok(writer.into_inner())
}

fn gzip(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    writer.write_all(bytes)?;
    writer.finish()
}

fn hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Of names and contents, in their order.
fn hash_of_all(files: &[File]) -> String {
    let mut all = Sha256::new();
    for (path, bytes) in files {
        all.update(hash(path.as_bytes()));
        all.update(hash(bytes));
    }
    hex(&all.finalize())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}
