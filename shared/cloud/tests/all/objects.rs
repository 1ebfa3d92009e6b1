//! Upload forms, links and objects against a real endpoint that enforces signatures and policies.

#![allow(clippy::unwrap_used, clippy::type_complexity)]

use std::collections::BTreeMap;

use app::objects::{Bucket, UploadForm, UploadPolicy};
use cloud::local::TestCloud;
use cloud::{Cloud, ResourceNames};
use jiff::{SignedDuration, Timestamp};
use reqwest::multipart::{Form, Part};

const KEY: &str = "01HM6Q/AL200166498.jpg";
const BYTES_MIN: usize = 28_672;
const BYTES_MAX: usize = 1_048_576;

/// Buckets in a private cloud.
struct ObjectsTest {
    cloud: Cloud,
    http: reqwest::Client,
    _test_cloud: TestCloud,
}

impl ObjectsTest {
    async fn start() -> Self {
        let test_cloud = TestCloud::start();
        let names =
            ResourceNames::default().bucket_named(Bucket::Uploads, "uploads").bucket_named(Bucket::Photos, "photos");
        let cloud = Cloud::new(test_cloud.sdk(), names);
        for bucket in ["uploads", "photos"] {
            test_cloud.create_bucket(bucket).await;
        }
        Self { cloud, http: reqwest::Client::new(), _test_cloud: test_cloud }
    }

    async fn form(&self, life: SignedDuration) -> UploadForm {
        let now = Timestamp::now();
        let bytes = BYTES_MIN as u64..=BYTES_MAX as u64;
        let terms = UploadPolicy { key: KEY, content_type: "image/jpeg", bytes, now, expires_at: now + life };
        self.cloud.objects.upload_form(Bucket::Uploads, terms).await.unwrap()
    }

    async fn post(&self, form: &UploadForm, changed: &[(&str, &str)], bytes: usize) -> u16 {
        let mut fields: BTreeMap<String, String> = form.fields.clone();
        fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let body = fields.into_iter().fold(Form::new(), |form, (name, value)| form.text(name, value));
        let body = body.part("file", Part::bytes(vec![7; bytes]).file_name("photo.jpg"));
        self.http.post(&form.url).multipart(body).send().await.unwrap().status().as_u16()
    }

    async fn exists(&self) -> bool {
        self.cloud.objects.last_modified(Bucket::Uploads, KEY).await.unwrap().is_some()
    }
}

/// Covers: XX-06, IC-38
#[tokio::test(flavor = "multi_thread")]
async fn upload_form_accepts_only_its_key_type_size_and_time() {
    let test = ObjectsTest::start().await;
    let form = test.form(SignedDuration::from_mins(5)).await;
    let refused: [(&str, &[(&str, &str)], usize); 7] = [
        ("too small", &[], BYTES_MIN - 1),
        ("too large", &[], BYTES_MAX + 1),
        ("another type", &[("content-type", "text/html")], BYTES_MIN),
        ("another key", &[("key", "other/AL200166498.jpg")], BYTES_MIN),
        ("another credential", &[("x-amz-credential", "x/20240115/cn-north-1/s3/aws4_request")], BYTES_MIN),
        ("another signature", &[("x-amz-signature", &"0".repeat(64))], BYTES_MIN),
        ("a field the policy does not name", &[("acl", "public-read")], BYTES_MIN),
    ];
    for (case, changed, bytes) in refused {
        let status = test.post(&form, changed, bytes).await;
        assert!((400..500).contains(&status), "{case}: {status}");
        assert!(!test.exists().await, "{case}");
    }
    let late = test.form(SignedDuration::from_secs(-1)).await;
    assert_eq!(test.post(&late, &[], BYTES_MIN).await, 403, "expired");
    assert!(!test.exists().await);
    for bytes in [BYTES_MIN, BYTES_MAX] {
        assert_eq!(test.post(&form, &[], bytes).await, 201, "{bytes} bytes");
        let object = test.cloud.objects.get(Bucket::Uploads, KEY, BYTES_MAX as u64).await.unwrap().unwrap();
        assert_eq!(object.len(), bytes);
    }
    assert!(test.cloud.objects.get(Bucket::Uploads, KEY, BYTES_MAX as u64 - 1).await.is_err(), "larger than asked for");
}

#[tokio::test(flavor = "multi_thread")]
async fn object_is_put_downloaded_by_link_and_deleted() {
    let test = ObjectsTest::start().await;
    let objects = &test.cloud.objects;
    let key = "01HM6Q/AL200166498-standard.jpg";
    assert_eq!(objects.get(Bucket::Photos, key, 100).await.unwrap(), None);
    objects.delete(Bucket::Photos, key).await.unwrap();
    objects.put(Bucket::Photos, key, "image/jpeg", b"standard".to_vec()).await.unwrap();
    let link =
        objects.download_link(Bucket::Photos, key, "AL200166498.jpg", SignedDuration::from_mins(5)).await.unwrap();
    let answer = test.http.get(&link.url).send().await.unwrap();
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"AL200166498.jpg\"");
    assert_eq!(answer.bytes().await.unwrap().as_ref(), b"standard");
    let tampered = link.url.replace("AL200166498-standard", "AL200166498-other");
    assert_eq!(test.http.get(tampered).send().await.unwrap().status(), 403);
    objects.delete(Bucket::Photos, key).await.unwrap();
    assert_eq!(objects.last_modified(Bucket::Photos, key).await.unwrap(), None);
}

/// Covers: IC-200
#[tokio::test(flavor = "multi_thread")]
async fn delete_removes_all_versions_and_markers_of_one_key() {
    let test = ObjectsTest::start().await;
    let config = aws_sdk_s3::config::Builder::from(&test._test_cloud.sdk()).force_path_style(true).build();
    let client = aws_sdk_s3::Client::from_conf(config);
    let kept = aws_sdk_s3::types::VersioningConfiguration::builder();
    let kept = kept.status(aws_sdk_s3::types::BucketVersioningStatus::Enabled).build();
    client.put_bucket_versioning().bucket("photos").versioning_configuration(kept).send().await.unwrap();
    let objects = &test.cloud.objects;
    let (key, neighbour) = ("01HM6Q/AL200166498.jpg", "01HM6Q/AL200166498.jpg.other");
    for bytes in [b"first".to_vec(), b"second".to_vec()] {
        objects.put(Bucket::Photos, key, "image/jpeg", bytes).await.unwrap();
    }
    objects.put(Bucket::Photos, neighbour, "image/jpeg", b"other".to_vec()).await.unwrap();
    // A deletion without a version leaves a marker.
    client.delete_object().bucket("photos").key(key).send().await.unwrap();
    let versions = async || {
        let page = client.list_object_versions().bucket("photos").send().await.unwrap();
        let keys = page.versions().iter().filter_map(|one| one.key());
        let markers = page.delete_markers().iter().filter_map(|one| one.key());
        keys.chain(markers).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(versions().await.len(), 4, "two versions, a marker, a neighbour");
    objects.delete(Bucket::Photos, key).await.unwrap();
    assert_eq!(versions().await, [neighbour]);
    objects.delete(Bucket::Photos, key).await.unwrap();
}
