//! Uploads in parts, files that were fetched, and links for platforms.

use super::inspect::{self, Looked, Named, Picture};
use super::model::{File, MAX_LOOSE, MAX_LOOSE_SIZE, NewFile, check_part};
use super::objects::{self, Objects, Stream};
use super::store::{self, Which};
use crate::auth::Actor;
use crate::config::Config;
use crate::db::{Db, Tenant, Tx};
use crate::error::{Error, Result};
use crate::ids;
use crate::log::Log;
use bytes::Bytes;
use futures_util::TryStreamExt;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::AsyncWriteExt;
use tokio::sync::Semaphore;
use uuid::Uuid;

/// Files that are looked at at a time.
const LOOKS: usize = 2;

/// Where files are kept and looked at.
#[derive(Debug, Clone)]
pub struct Files {
    pub objects: Objects,
    /// For files without a name, which end with their use.
    scratch: Arc<PathBuf>,
    looks: Arc<Semaphore>,
}

/// A file that was fetched and kept.
#[derive(Debug, Clone)]
pub struct Kept {
    pub id: Uuid,
    pub file_name: String,
    pub mime_type: String,
    pub size: i64,
    pub picture: Picture,
}

impl Files {
    pub fn new(config: &Config) -> Result<Self> {
        let scratch = config.data_dir.join("scratch");
        objects::private_directory(&scratch)?;
        Ok(Self {
            objects: Objects::new(config)?,
            scratch: Arc::new(scratch),
            looks: Arc::new(Semaphore::new(LOOKS)),
        })
    }

    /// A file on disk without a name.
    pub fn scratch(&self) -> Result<std::fs::File> {
        tempfile::tempfile_in(self.scratch.as_path())
            .map_err(|error| Error::Unavailable(format!("files: {error}")))
    }

    /// Keeps what was fetched from a platform. A message has it only when the caller says so.
    pub async fn keep(&self, log: &Log, tenant: Tenant, file: std::fs::File, named: Named) -> Result<Kept> {
        let id = ids::new();
        let new = NewFile {
            file_name: named.file_name.clone().unwrap_or_default(),
            mime_type: named.mime_type.clone().unwrap_or_default(),
            size: 0,
        };
        let write = log.begin(tenant, None).await?;
        store::insert(&write, id, None, &new).await?;
        write.commit().await?;
        let looked = self.look(move || inspect::fetched(file, &named)).await?;
        self.store(log, tenant, id, looked).await
    }

    async fn look(&self, look: impl FnOnce() -> Result<Looked> + Send + 'static) -> Result<Looked> {
        let _place = self.looks.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(look).await.map_err(Error::internal)?
    }

    /// The objects of a file that was looked at, then its row.
    async fn store(&self, log: &Log, tenant: Tenant, id: Uuid, mut looked: Looked) -> Result<Kept> {
        if let Some(thumbnail) = looked.thumbnail.take() {
            self.objects.put(&objects::thumbnail(tenant, id), thumbnail.into()).await?;
        }
        let file = looked.file.try_clone().map_err(|error| Error::Unavailable(format!("files: {error}")))?;
        self.objects.put_file(&objects::content(tenant, id), file).await?;
        let write = log.begin(tenant, None).await?;
        let mine = store::finish(&write, id, &looked).await?;
        write.commit().await?;
        if !mine && store::known(&log.db().read(tenant).await?, &[id], false).await?.is_empty() {
            self.objects.delete(&[objects::content(tenant, id), objects::thumbnail(tenant, id)]).await?;
            return Err(Error::NotFound);
        }
        Ok(Kept {
            id,
            file_name: looked.file_name,
            mime_type: looked.mime_type,
            size: looked.size,
            picture: looked.picture,
        })
    }

    /// Takes a part of an upload. The last one makes it ready; so does an empty one, where that failed before.
    pub(super) async fn receive(
        &self,
        log: &Log,
        actor: &Actor,
        id: Uuid,
        offset: i64,
        part: Bytes,
    ) -> Result<File> {
        let file = own(log.db(), actor, id).await?;
        let length = i64::try_from(part.len()).map_err(Error::internal)?;
        if file.is_ready() && offset + length == file.size {
            // The answer to the last part was lost.
            return Ok(file);
        }
        if file.is_ready() || offset != file.received {
            return Err(wrong_offset(&file)?);
        }
        check_part(file.size, offset, length)?;
        if length > 0 {
            self.objects.put(&objects::part(actor.tenant, id, offset), part).await?;
            let write = log.begin(actor.tenant, actor.label()).await?;
            if !store::receive(&write, id, offset, length).await? {
                return Err(wrong_offset(&own(log.db(), actor, id).await?)?);
            }
            write.commit().await?;
        }
        if offset + length == file.size {
            self.finish(log, actor, &file).await?;
        }
        own(log.db(), actor, id).await
    }

    async fn finish(&self, log: &Log, actor: &Actor, file: &File) -> Result<()> {
        let gathered = self.gather(actor.tenant, file).await?;
        let named = Named { file_name: file.file_name.clone(), mime_type: Some(file.mime_type.clone()) };
        let scratch = Arc::clone(&self.scratch);
        let looked = self.look(move || inspect::uploaded(gathered, &named, &scratch)).await;
        let looked = match looked {
            Ok(looked) => looked,
            Err(error @ (Error::Invalid(_) | Error::UnsupportedMediaType(_) | Error::TooLarge(_))) => {
                self.delete(log, actor.tenant, Which::One(file.id)).await?;
                return Err(error);
            }
            Err(error) => return Err(error),
        };
        self.store(log, actor.tenant, file.id, looked).await?;
        self.objects.delete(&parts(actor.tenant, file.id, file.size)).await
    }

    /// The parts as one file.
    async fn gather(&self, tenant: Tenant, file: &File) -> Result<std::fs::File> {
        let failed = |error: std::io::Error| Error::Unavailable(format!("files: {error}"));
        let mut whole = tokio::fs::File::from_std(self.scratch()?);
        for path in parts(tenant, file.id, file.size) {
            let lost = || Error::Unavailable("files: a part of an upload is lost".to_owned());
            let mut part = self.objects.get(&path, None).await?.ok_or_else(lost)?;
            while let Some(bytes) = part.try_next().await.map_err(|error| failed(error.into()))? {
                whole.write_all(&bytes).await.map_err(failed)?;
            }
        }
        whole.flush().await.map_err(failed)?;
        Ok(whole.into_std().await)
    }

    /// Deletes files that no message has: rows first. How many there were.
    pub(super) async fn delete(&self, log: &Log, tenant: Tenant, which: Which) -> Result<usize> {
        let write = log.begin(tenant, None).await?;
        let gone = store::delete(&write, which).await?;
        write.commit().await?;
        for (id, received) in &gone {
            let mut paths = parts(tenant, *id, *received);
            paths.extend([objects::content(tenant, *id), objects::thumbnail(tenant, *id)]);
            self.objects.delete(&paths).await?;
        }
        Ok(gone.len())
    }
}

/// Begins an upload.
pub(super) async fn begin(tx: &Tx, actor: &Actor, new: &NewFile) -> Result<File> {
    new.check()?;
    let loose = store::loose(tx, actor.user_id).await?;
    if loose.count >= MAX_LOOSE || loose.size + new.size > MAX_LOOSE_SIZE {
        return Err(Error::RateLimited { retry_after: 600 });
    }
    let id = ids::new();
    store::insert(tx, id, Some(actor.user_id), new).await?;
    owned(tx, actor, id).await
}

/// That a part may begin at this place: 409 with the upload otherwise. The end of a whole one may be sent again.
pub(super) async fn goes_on_at(db: &Db, actor: &Actor, id: Uuid, offset: i64) -> Result<()> {
    let file = own(db, actor, id).await?;
    if file.is_ready() || offset == file.received { Ok(()) } else { Err(wrong_offset(&file)?) }
}

/// An upload of the user's own.
pub(super) async fn own(db: &Db, actor: &Actor, id: Uuid) -> Result<File> {
    Ok(shown(db, actor, id).await?.1)
}

/// An upload of the user's own, and the place in the log that it shows.
pub(super) async fn shown(db: &Db, actor: &Actor, id: Uuid) -> Result<(i64, File)> {
    let tx = db.read(actor.tenant).await?;
    Ok((tx.seq(), owned(&tx, actor, id).await?))
}

/// 403: a colleague's.
async fn owned(tx: &Tx, actor: &Actor, id: Uuid) -> Result<File> {
    let (file, owner) = store::upload(tx, id).await?.ok_or(Error::NotFound)?;
    match owner {
        Some(owner) if owner == actor.user_id => Ok(file),
        Some(_) => Err(Error::Forbidden("An upload is its owner's.")),
        None => Err(Error::NotFound),
    }
}

fn wrong_offset(file: &File) -> Result<Error> {
    Error::conflict("wrong_offset", "The upload goes on at `received` of `current`.", file)
}

/// The objects of an upload's parts.
fn parts(tenant: Tenant, id: Uuid, received: i64) -> Vec<object_store::path::Path> {
    let step = usize::try_from(super::model::PART).unwrap_or(usize::MAX);
    (0..received).step_by(step).map(|offset| objects::part(tenant, id, offset)).collect()
}

/// The bytes behind a link that was given to a platform, with their type and number.
pub async fn linked(db: &Db, files: &Files, token: &str) -> Result<(Stream, String, i64)> {
    let tx = db.system().await?;
    let found = store::linked(&tx, &ids::token_hash(token)).await?.ok_or(Error::NotFound)?;
    let tenant = Tenant::proven(found.tenant_id);
    drop(tx);
    let tx = db.read(tenant).await?;
    let (file, _) = store::upload(&tx, found.file_id).await?.ok_or(Error::NotFound)?;
    drop(tx);
    let stream = files.objects.get(&objects::content(tenant, file.id), None).await?.ok_or(Error::NotFound)?;
    Ok((stream, file.mime_type, file.size))
}
