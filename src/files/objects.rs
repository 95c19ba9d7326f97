//! The store of objects: a local directory or S3, behind one crate.
//!
//! Objects are named by ids of our own and nothing that came from outside:
//! `files/<tenant>/<id>`, `files/<tenant>/<id>.thumbnail`, `parts/<tenant>/<id>/<offset>`.

use crate::config::Config;
use crate::db::Tenant;
use crate::error::{Error, Result};
use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig};
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use url::Url;
use uuid::Uuid;

/// Bytes of an object, or of a part of it, as they come.
pub type Stream = BoxStream<'static, std::result::Result<Bytes, object_store::Error>>;

/// Bytes of a file that are in memory on their way to the store; the least that S3 takes.
const PIECE: usize = 5 * 1024 * 1024;
/// How long S3 is asked again before the store counts as down.
const S3_PATIENCE: Duration = Duration::from_secs(10);

/// Where files are kept.
#[derive(Debug, Clone)]
pub struct Objects(Arc<dyn ObjectStore>);

impl Objects {
    /// `FILES_URL`, else `DATA_DIR/files`.
    pub fn new(config: &Config) -> Result<Self> {
        match &config.files_url {
            Some(url) => Self::s3(url),
            None => Self::local(&config.data_dir.join("files")),
        }
    }

    fn local(directory: &std::path::Path) -> Result<Self> {
        private_directory(directory)?;
        let store = LocalFileSystem::new_with_prefix(directory).map_err(Error::internal)?;
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    fn s3(url: &Url) -> Result<Self> {
        let bucket = url.host_str().unwrap_or_default();
        let retry = RetryConfig { max_retries: 3, retry_timeout: S3_PATIENCE, ..RetryConfig::default() };
        let store = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(retry)
            .build()
            .map_err(Error::internal)?;
        let prefix = Path::parse(url.path().trim_matches('/')).map_err(Error::internal)?;
        Ok(Self(Arc::new(PrefixStore::new(store, prefix))))
    }

    pub(super) async fn put(&self, path: &Path, bytes: Bytes) -> Result<()> {
        self.0.put(path, PutPayload::from(bytes)).await.map(drop).map_err(unavailable)
    }

    /// Puts a file of the disk, piece by piece; all of it or nothing.
    pub(super) async fn put_file(&self, path: &Path, file: std::fs::File) -> Result<()> {
        let mut file = tokio::fs::File::from_std(file);
        let mut writer =
            BufWriter::with_capacity(Arc::clone(&self.0), path.clone(), PIECE).with_max_concurrency(1);
        let failed = |error: std::io::Error| Error::Unavailable(format!("files: {error}"));
        if let Err(error) = tokio::io::copy(&mut file, &mut writer).await {
            let _ = writer.abort().await;
            return Err(failed(error));
        }
        writer.shutdown().await.map_err(failed)
    }

    /// None: there is no such object.
    pub async fn get(&self, path: &Path, range: Option<Range<u64>>) -> Result<Option<Stream>> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        match self.0.get_opts(path, options).await {
            Ok(found) => Ok(Some(found.into_stream())),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(unavailable(error)),
        }
    }

    /// What isn't there is fine.
    pub(super) async fn delete(&self, paths: &[Path]) -> Result<()> {
        for path in paths {
            match self.0.delete(path).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(unavailable(error)),
            }
        }
        Ok(())
    }

    /// Every object below a prefix that was made before a time.
    pub(super) fn older(
        &self,
        prefix: &Path,
        before: chrono::DateTime<chrono::Utc>,
    ) -> BoxStream<'static, Result<Path>> {
        self.0
            .list(Some(prefix))
            .map_err(unavailable)
            .try_filter_map(
                move |meta| async move { Ok((meta.last_modified < before).then_some(meta.location)) },
            )
            .boxed()
    }
}

/// Of this server's user alone.
pub(super) fn private_directory(directory: &std::path::Path) -> Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(directory)
        .map_err(|error| Error::Internal(format!("can't make {}: {error}", directory.display())))
}

fn unavailable(error: object_store::Error) -> Error {
    Error::Unavailable(format!("files: {error}"))
}

/// The bytes of a file.
pub fn content(tenant: Tenant, file: Uuid) -> Path {
    Path::from_iter(["files", &tenant.id().to_string(), &file.to_string()])
}

/// Its small picture.
pub fn thumbnail(tenant: Tenant, file: Uuid) -> Path {
    Path::from_iter(["files", &tenant.id().to_string(), &format!("{file}.thumbnail")])
}

/// A part of an upload.
pub(super) fn part(tenant: Tenant, file: Uuid, offset: i64) -> Path {
    Path::from_iter(["parts", &tenant.id().to_string(), &file.to_string(), &offset.to_string()])
}

/// The prefix of a tenant's files or parts.
pub(super) fn prefix(what: &str, tenant: Tenant) -> Path {
    Path::from_iter([what, &tenant.id().to_string()])
}

/// Whose object it is, by its name.
pub(super) fn owner(path: &Path) -> Option<Uuid> {
    let name = path.parts().nth(2)?;
    name.as_ref().split('.').next()?.parse().ok()
}
