//! Logs and metrics of the process.
//!
//! Logs are structured and hold no personal data: ids and counts, never texts, names, numbers or tokens. Metrics are
//! rendered on demand; there is no second listener.

use crate::config::Config;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::OnceLock;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::prelude::*;

/// Upper bounds of time histograms, in seconds.
const SECONDS: &[f64] =
    &[0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// How often what was measured is counted into its buckets.
const UPKEEP: Duration = Duration::from_secs(5);

static METRICS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts logging to standard error. A second call changes nothing.
pub fn init_logs(config: &Config) {
    let filter = EnvFilter::try_new(&config.log_filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let started = if config.log_json {
        registry.with(tracing_subscriber::fmt::layer().json().with_writer(std::io::stderr)).try_init()
    } else {
        registry.with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr)).try_init()
    };
    if started.is_err() {
        tracing::debug!("logging was started before");
    }
}

/// Counts what was measured into its buckets until `stop`. The recorder keeps every single value until then: without this,
/// and with nobody asking for metrics, four megabytes a minute at a hundred messages a second.
pub async fn keep_metrics_small(stop: CancellationToken) {
    while stop.run_until_cancelled(tokio::time::sleep(UPKEEP)).await.is_some() {
        if let Some(metrics) = metrics() {
            metrics.run_upkeep();
        }
    }
}

/// The process's metrics; made on the first call. None when another recorder was there before.
pub fn metrics() -> Option<&'static PrometheusHandle> {
    METRICS
        .get_or_init(|| {
            PrometheusBuilder::new()
                .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)
                .ok()?
                .install_recorder()
                .ok()
        })
        .as_ref()
}
