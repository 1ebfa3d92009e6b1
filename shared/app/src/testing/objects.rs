//! Buckets in memory, whose calls can be made to fail.

use std::collections::BTreeMap;
use std::sync::Mutex;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::objects::{Bucket, DownloadLink, Objects, ObjectsError, UploadForm, UploadPolicy};
use crate::store::FaultPlan;

/// Every object with its bucket and key: its bytes, and when it was written.
type Contents = BTreeMap<(Bucket, String), (Vec<u8>, Timestamp)>;

/// All buckets.
#[derive(Default)]
pub(crate) struct MemoryObjects {
    pub(crate) contents: Mutex<Contents>,
    /// Where calls are made to fail.
    pub(crate) faults: FaultPlan,
}

impl MemoryObjects {
    async fn call<T>(&self, effect: impl Fn(&mut Contents) -> T) -> Result<T, ObjectsError> {
        let call = || std::future::ready(Ok(effect(&mut self.contents.lock().unwrap())));
        self.faults.run(call, |fault| ObjectsError(format!("{fault:?}"))).await
    }
}

#[async_trait]
impl Objects for MemoryObjects {
    async fn upload_form(&self, _: Bucket, terms: UploadPolicy<'_>) -> Result<UploadForm, ObjectsError> {
        let fields = BTreeMap::from([
            ("key".to_owned(), terms.key.to_owned()),
            ("range".to_owned(), format!("{}..={}", terms.bytes.start(), terms.bytes.end())),
        ]);
        Ok(UploadForm { url: "memory:".into(), fields, expires_at: terms.expires_at })
    }

    async fn download_link(
        &self,
        _: Bucket,
        key: &str,
        file_name: &str,
        valid: SignedDuration,
    ) -> Result<DownloadLink, ObjectsError> {
        let expires_at = Timestamp::UNIX_EPOCH + valid;
        Ok(DownloadLink { url: format!("memory:{key}?{file_name}"), expires_at })
    }

    async fn last_modified(&self, bucket: Bucket, key: &str) -> Result<Option<Timestamp>, ObjectsError> {
        self.call(|contents| contents.get(&(bucket, key.to_owned())).map(|(_, at)| *at)).await
    }

    async fn get(&self, bucket: Bucket, key: &str, _: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        self.call(|contents| contents.get(&(bucket, key.to_owned())).map(|(bytes, _)| bytes.clone())).await
    }

    async fn put(&self, bucket: Bucket, key: &str, _: &str, bytes: Vec<u8>) -> Result<(), ObjectsError> {
        self.call(|contents| {
            contents.insert((bucket, key.to_owned()), (bytes.clone(), Timestamp::UNIX_EPOCH));
        })
        .await
    }

    async fn delete(&self, bucket: Bucket, key: &str) -> Result<(), ObjectsError> {
        self.call(|contents| {
            contents.remove(&(bucket, key.to_owned()));
        })
        .await
    }
}
