//! The web app's files: which form is sent, what browsers keep, which address is whose. Most of it on a small app made
//! by hand, as the program under test need not hold one.

use crate::operations::Answer;
use crate::support::{Setup, TestApp};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Compress, from_fn};
use actix_web::test::{TestRequest, call_service, init_service, read_body};
use actix_web::{App, HttpResponse, web};
use std::collections::BTreeMap;
use switchboard::webapp::{self, Asset, WebApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
    img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; \
    manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; frame-src 'none'; \
    object-src 'none'; require-trusted-types-for 'script'";
const SCRIPT: &str = "/assets/index-a1.js";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

static FILES: [Asset; 4] = [
    Asset {
        path: "assets/font-b2.woff2",
        mime: "font/woff2",
        hash: "f0",
        immutable: true,
        raw: &[b'f'; 4096],
        brotli: None,
        gzip: None,
    },
    Asset {
        path: "assets/index-a1.js",
        mime: "text/javascript; charset=utf-8",
        hash: "5c",
        immutable: true,
        raw: b"plain script",
        brotli: Some(b"brotli script"),
        gzip: Some(b"gzip script"),
    },
    Asset {
        path: "favicon.svg",
        mime: "image/svg+xml",
        hash: "1c",
        immutable: false,
        raw: b"<svg/>",
        brotli: Some(b"brotli icon"),
        gzip: Some(b"gzip icon"),
    },
    Asset {
        path: "index.html",
        mime: "text/html; charset=utf-8",
        hash: "9a",
        immutable: false,
        raw: b"the page",
        brotli: Some(b"brotli page"),
        gzip: Some(b"gzip page"),
    },
];
const APP: WebApp = WebApp { assets: &FILES, build: "1+a" };
const NONE: WebApp = WebApp { assets: &[], build: "1" };

/// What came back.
#[derive(Debug)]
struct Got {
    status: StatusCode,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// One request through the middleware as the server has it, with a route behind.
async fn ask(app: WebApp, method: Method, address: &str, headers: &[(&str, &str)]) -> Got {
    let server = App::new()
        .wrap(Compress::default())
        .wrap(from_fn(webapp::serve))
        .wrap(from_fn(switchboard::http::dress))
        .app_data(web::Data::new(app))
        .route("/api/v1/known", web::get().to(async || HttpResponse::Ok().body("known")))
        .route("/metrics", web::get().to(async || HttpResponse::Ok().body("metrics")))
        .default_service(web::to(switchboard::http::fallback));
    let server = init_service(server).await;
    let request = TestRequest::with_uri(address).method(method);
    let request = headers.iter().fold(request, |request, header| request.append_header(*header));
    let response = call_service(&server, request.to_request()).await;
    let (status, headers) = (response.status(), response.headers().clone());
    let headers = headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let headers = headers.collect();
    Got { status, headers, body: String::from_utf8_lossy(&read_body(response).await).into_owned() }
}

async fn get(address: &str, headers: &[(&str, &str)]) -> Got {
    ask(APP, Method::GET, address, headers).await
}

#[actix_web::test]
async fn each_client_gets_the_form_that_it_takes() {
    for (accepted, encoding, body, tag) in [
        ("gzip, deflate, br, zstd", "br", "brotli script", "\"5c-br\""),
        ("gzip, deflate", "gzip", "gzip script", "\"5c-gzip\""),
        ("br;q=0.5, gzip;q=0.8", "gzip", "gzip script", "\"5c-gzip\""),
        ("br;q=0, gzip;q=0", "", "plain script", "\"5c\""),
        ("identity", "", "plain script", "\"5c\""),
        // Taken by nobody but us: actix's compression knows no brotli here.
        ("br, *;q=0", "br", "brotli script", "\"5c-br\""),
    ] {
        let got = get(SCRIPT, &[("accept-encoding", accepted)]).await;
        assert_eq!(
            (got.status, got.header("content-encoding"), &*got.body),
            (StatusCode::OK, encoding, body)
        );
        assert_eq!((got.header("etag"), got.header("vary")), (tag, "accept-encoding"), "{accepted}");
        assert_eq!(got.header("content-type"), "text/javascript; charset=utf-8");
    }
    assert_eq!(get(SCRIPT, &[]).await.body, "plain script");
    let font = get("/assets/font-b2.woff2", &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(
        (font.header("content-encoding"), font.body.len()),
        ("", 4096),
        "nobody compresses it on the way"
    );
}

#[actix_web::test]
async fn what_a_browser_has_is_not_sent_again() {
    let br = ("accept-encoding", "br");
    for (tags, status) in [
        ("\"5c-br\"", 304),
        ("W/\"5c-br\"", 304),
        ("\"x\", \"5c-br\"", 304),
        ("*", 304),
        ("\"5c\"", 200),
        ("\"5c-gzip\"", 200),
        ("5c-br", 200),
        ("", 200),
    ] {
        let got = get(SCRIPT, &[br, ("if-none-match", tags)]).await;
        assert_eq!(got.status.as_u16(), status, "{tags}");
        assert_eq!((got.header("etag"), got.header("vary")), ("\"5c-br\"", "accept-encoding"), "{tags}");
        assert_eq!(got.header("cache-control"), FOR_EVER, "{tags}");
        if status == 304 {
            assert!(got.body.is_empty() && !got.headers.contains_key("content-encoding"), "{got:?}");
        }
    }
}

#[actix_web::test]
async fn only_what_is_named_by_its_content_is_kept_for_ever() {
    for (address, expected) in [
        (SCRIPT, FOR_EVER),
        ("/assets/font-b2.woff2", FOR_EVER),
        ("/favicon.svg", "no-cache"),
        ("/index.html", "no-cache"),
        ("/", "no-cache"),
        ("/inbox/7", "no-cache"),
        ("/assets/gone-c3.js", "no-store"),
        ("/gone.png", "no-store"),
        ("/api/v1/known", "no-store"),
    ] {
        assert_eq!(get(address, &[]).await.header("cache-control"), expected, "{address}");
    }
}

#[actix_web::test]
async fn the_page_is_every_place_inside_the_app() {
    for address in
        ["/", "/inbox", "/inbox/0193e6f2?q=a.b", "/v1.2/board", "/a//b", "/apiary", "/healthy", "/%C3%A7"]
    {
        let got = get(address, &[("accept-encoding", "gzip")]).await;
        assert_eq!((got.status, &*got.body), (StatusCode::OK, "gzip page"), "{address}");
        assert_eq!(got.header("content-type"), "text/html; charset=utf-8", "{address}");
        assert_eq!(got.header("content-security-policy"), POLICY, "{address}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(got.header(name), value, "{address}");
        }
    }
}

#[actix_web::test]
async fn what_is_not_there_is_404_and_never_the_page() {
    for address in [
        "/assets/gone-c3.js",
        "/assets/gone",
        "/assets",
        "/assets/",
        "/assets/../index",
        "/api",
        "/api/v1/none",
        "/%61pi/v1/none",
        "/health/none",
        "/metrics/none",
        "/inbox/main.css",
        "/.stamp",
        "/.vite/manifest.json",
        "/assets/index-a1.js.map",
        "/index.html/",
        "//index.html",
        "/../Cargo.toml",
        "/..%2f..%2fCargo.toml",
        "/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/..%5c..%5cCargo.toml",
        "/ASSETS/index-a1.js",
        "/etc/passwd.",
    ] {
        for app in [APP, NONE] {
            let got = ask(app, Method::GET, address, &[]).await;
            if address == "/index.html/" && got.status != StatusCode::NOT_FOUND {
                // A place with an empty last part.
                continue;
            }
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{address}: {}", got.body);
            assert_eq!(got.header("content-type"), "application/problem+json", "{address}");
        }
    }
    assert_eq!(get("/metrics", &[]).await.body, "metrics");
    assert_eq!(get("/api/v1/known", &[]).await.body, "known");
}

#[actix_web::test]
async fn files_are_read_only() {
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        for address in ["/", "/inbox", SCRIPT] {
            let got = ask(APP, method.clone(), address, &[]).await;
            assert_eq!(got.status, StatusCode::NOT_FOUND, "{method} {address}");
        }
    }
    let head = ask(APP, Method::HEAD, SCRIPT, &[("accept-encoding", "br")]).await;
    assert_eq!((head.status, head.header("etag")), (StatusCode::OK, "\"5c-br\""));
}

#[actix_web::test]
async fn a_binary_without_the_app_says_how_to_build_it() {
    for address in ["/", "/inbox", "/login"] {
        let got = ask(NONE, Method::GET, address, &[]).await;
        assert_eq!((got.status, got.header("cache-control")), (StatusCode::SERVICE_UNAVAILABLE, "no-store"));
        assert_eq!(got.header("content-type"), "text/html; charset=utf-8");
        assert!(got.body.contains("cargo xtask build"), "{}", got.body);
        assert_eq!(got.header("content-security-policy"), POLICY);
    }
    assert_eq!(ask(NONE, Method::GET, "/api/v1/known", &[]).await.status, StatusCode::OK);
}

/// Whatever the program under test holds.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_serves_the_app_that_it_holds_and_counts_nothing() {
    let settings = vec![("RATE_LIMITS", "on".to_owned())];
    let app = TestApp::with(Setup { settings, alone: true }).await;
    let built = WebApp::EMBEDDED.file("index.html");
    let status = if built.is_some() { 200 } else { 503 };
    for _ in 0..150 {
        let answer = Answer::of(app.http.get(format!("{}/inbox", app.base))).await;
        assert_eq!((answer.status, answer.header("content-security-policy")), (status, POLICY));
    }
    for asset in WebApp::EMBEDDED.assets {
        let answer = Answer::of(app.http.get(format!("{}/{}", app.base, asset.path))).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, asset.mime), "{}", asset.path);
        assert_eq!(asset.immutable, asset.path.starts_with("assets/"), "{}", asset.path);
    }
    let mut socket = tokio::net::TcpStream::connect(app.app.address).await.unwrap();
    socket.write_all(b"HEAD / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut text = String::new();
    socket.read_to_string(&mut text).await.unwrap();
    assert!(text.starts_with(&format!("HTTP/1.1 {status}")) && text.ends_with("\r\n\r\n"), "{text}");
    assert!(text.contains("content-length: "), "{text}");
    app.end().await;
}

/// Cargo compares times of files only, and can miss an app that was moved.
#[test]
fn what_is_held_is_what_was_built() {
    let folder = format!("{}/web/dist", env!("CARGO_MANIFEST_DIR"));
    for asset in WebApp::EMBEDDED.assets {
        let built = std::fs::read(format!("{folder}/{}", asset.path)).unwrap_or_default();
        let placed = String::from_utf8_lossy(&built).replace("%BUILD%", WebApp::EMBEDDED.build);
        let same = asset.raw == built || (asset.path == "index.html" && asset.raw == placed.as_bytes());
        assert!(same, "{} is not what web/dist holds: build again", asset.path);
    }
    let there = std::path::Path::new(&folder).join("index.html").exists();
    assert_eq!(WebApp::EMBEDDED.file("index.html").is_some(), there);
    assert!(WebApp::EMBEDDED.assets.is_sorted_by(|one, next| one.path < next.path));
}
