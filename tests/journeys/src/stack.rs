//! The stack under test, and the locks by which the tests of a run share it.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt;
use std::os::unix::process::{CommandExt, parent_id};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_sdk_sqs::types::QueueAttributeName;
use cloud::local::{Connection, TestCloud};
use jiff::SignedDuration;

/// Building the functions and deploying the stack takes this long on a slow machine.
const START_MAX: Duration = Duration::from_secs(1200);

/// The stack outlives its last user by this many seconds, so that the next test of the run still finds it.
const LINGER_SECONDS: &str = "30";

/// `O_NONBLOCK` of Linux: opening a pipe for writing fails at once if no process reads from it.
const NON_BLOCKING: i32 = 0o4000;

/// Seconds for which a message that is being handled stays invisible; as in `infra/template.yaml`.
const VISIBILITY_TIMEOUT_SECONDS: u32 = 90;

/// Access of one test to the deployed stack.
///
/// All tests of one run use one stack. The first test deploys it with `localstack/test-cloud --deploy`; it ends half a minute after
/// the last test. Tests of one run are those with the same `NEXTEST_RUN_ID` or, without nextest, the same parent process. If the
/// variable `JOURNEYS_STACK` holds the line of JSON that `localstack/test-cloud --deploy` prints, the tests use that stack instead.
///
/// A test creates its own accounts. Their names, phone numbers and network address differ from those of every other test, so tests do
/// not meet each other's rate limits. What all tests share is the clock, the providers' faults, the queues and the processes of the
/// functions: a test that changes one of them calls [`TestStack::exclusive`] and runs while no other test does.
#[derive(Debug)]
pub struct TestStack {
    /// The local cloud with the deployed stack.
    pub cloud: TestCloud,
    /// For requests outside the API.
    pub http: reqwest::Client,
    /// The network address from which this test's requests appear to come.
    pub(crate) address: String,
    /// Part of names and phone numbers; different for every test.
    id: u32,
    /// SMS codes that this test has read.
    pub(crate) read_codes: Mutex<BTreeSet<String>>,
    folder: PathBuf,
    exclusive: bool,
    _lock: File,
    _lease: Option<Lease>,
}

impl TestStack {
    /// Access beside other tests. The clock shows the real time, and no fault is active.
    pub async fn shared() -> Arc<Self> {
        Self::open(false).await
    }

    /// Access while no other test uses the stack. When the value is dropped, clock, faults and queue settings are reset.
    pub async fn exclusive() -> Arc<Self> {
        Self::open(true).await
    }

    async fn open(exclusive: bool) -> Arc<Self> {
        let opened = tokio::task::spawn_blocking(move || {
            let (connection, folder, lease) = connect();
            let lock = lock(&folder, exclusive, &connection);
            (connection, folder, lease, lock)
        });
        let (connection, folder, lease, lock) = opened.await.expect("the stack can be opened");
        if exclusive {
            fs::write(folder.join(DIRTY), "").expect("the folder is writable");
        }
        let id = unique_id();
        let [_, b, c, d] = id.to_be_bytes();
        Arc::new(Self {
            cloud: TestCloud::attach(connection),
            http: reqwest::Client::new(),
            address: format!("10.{b}.{c}.{d}"),
            id,
            read_codes: Mutex::default(),
            folder,
            exclusive,
            _lock: lock,
            _lease: lease,
        })
    }

    /// A name that no other test uses.
    pub fn unique(&self, name: &str) -> String {
        format!("{name}-{:06x}", self.id & 0x00FF_FFFF)
    }

    /// A mobile number that no other test uses; `n` (0 to 9) distinguishes the numbers of one test.
    pub fn phone(&self, n: u32) -> String {
        format!("13{n}{:08}", self.id % 100_000_000)
    }

    pub(crate) const fn is_exclusive(&self) -> bool {
        self.exclusive
    }

    /// The URL of the page.
    pub fn page(&self) -> &str {
        self.cloud.connection.page.as_deref().expect("the stack is deployed")
    }

    pub(crate) fn api(&self, path: &str) -> String {
        format!("{}{path}", self.cloud.connection.api.as_deref().expect("the stack is deployed"))
    }

    pub(crate) fn output(&self, name: &str) -> &str {
        self.cloud.connection.outputs[name].as_str().unwrap_or_else(|| panic!("the stack has no output {name}"))
    }
}

impl Drop for TestStack {
    fn drop(&mut self) {
        if self.exclusive {
            reset(&self.cloud.connection);
            let _ = fs::remove_file(self.folder.join(DIRTY));
        }
    }
}

/// Marks that an exclusive test has begun and not reset the stack yet.
const DIRTY: &str = "dirty";

/// Takes the lock. A test that was killed can have left the stack changed: then it is reset first.
fn lock(folder: &Path, exclusive: bool, connection: &Connection) -> File {
    let path = folder.join("stack.lock");
    loop {
        let lock = File::create(&path).expect("the folder is writable");
        let locked = if exclusive { lock.lock() } else { lock.lock_shared() };
        locked.expect("the lock can be taken");
        if !folder.join(DIRTY).exists() {
            return lock;
        }
        drop(lock);
        let alone = File::create(&path).expect("the folder is writable");
        alone.lock().expect("the lock can be taken");
        if folder.join(DIRTY).exists() {
            reset(connection);
            let _ = fs::remove_file(folder.join(DIRTY));
        }
    }
}

/// Undoes what exclusive tests change. It runs on a thread of its own, because the caller can be a destructor inside a runtime.
fn reset(connection: &Connection) {
    let connection = connection.clone();
    let work = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let cloud = TestCloud::attach(connection);
            let store = crate::tables::store(&cloud).await;
            cloud::local::set_clock_ahead(&store, SignedDuration::ZERO).await.expect("the clock can be set");
            let faults = format!("{}/control/faults", cloud.connection.sandbox.as_deref().expect("a deployed stack"));
            reqwest::Client::new().delete(faults).send().await.expect("the sandbox responds");
            let queue = cloud.connection.outputs["InspectionQueue"].as_str().expect("a deployed stack").to_owned();
            let queues = aws_sdk_sqs::Client::new(&cloud.sdk());
            // An event whose object does not exist would be retried for minutes, while later tests wait for an empty queue.
            queues.purge_queue().queue_url(&queue).send().await.expect("the queue can be purged");
            let set = queues.set_queue_attributes().queue_url(queue);
            let timeout = VISIBILITY_TIMEOUT_SECONDS.to_string();
            set.attributes(QueueAttributeName::VisibilityTimeout, timeout).send().await.expect("the queue responds");
        });
    };
    // A failure is reported on standard error by the thread itself; a destructor must not panic.
    let _ = std::thread::spawn(work).join();
}

/// Random enough that two tests of a run never get the same number.
fn unique_id() -> u32 {
    let time = jiff::Timestamp::now().as_nanosecond().unsigned_abs();
    let mixed = (time as u64 ^ (u64::from(std::process::id()) << 40)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 32) as u32
}

/// Keeps the stack running. The stack reads from a pipe, and ends when no process has the pipe open for writing.
#[derive(Debug)]
struct Lease(File);

impl Drop for Lease {
    fn drop(&mut self) {
        if let Ok(pipe) = self.0.try_clone() {
            let mut linger = Command::new("sleep");
            linger.arg(LINGER_SECONDS).stdin(pipe).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
            let _ = linger.spawn();
        }
    }
}

/// The stack of this run, the folder with its locks, and what keeps it running.
fn connect() -> (Connection, PathBuf, Option<Lease>) {
    if let Ok(given) = std::env::var("JOURNEYS_STACK") {
        let connection: Connection = serde_json::from_str(&given).expect("JOURNEYS_STACK is a line of test-cloud");
        let folder = PathBuf::from(&connection.state_dir);
        return (connection, folder, None);
    }
    let run = std::env::var("NEXTEST_RUN_ID").unwrap_or_else(|_| parent_id().to_string());
    let folder = std::env::temp_dir().join(format!("{FOLDER_PREFIX}{run}"));
    fs::create_dir_all(&folder).expect("the folder can be created");
    let starting = File::create(folder.join("start.lock")).expect("the folder is writable");
    starting.lock().expect("the lock can be taken");
    if let Some(lease) = lease(&folder)
        && let Some(connection) = running(&folder)
    {
        return (connection, folder, Some(lease));
    }
    remove_abandoned_folders();
    let lease = start(&folder);
    let connection = running(&folder).expect("the stack responds after its start");
    (connection, folder, Some(lease))
}

const FOLDER_PREFIX: &str = "idphoto-journeys-";

/// Opens the pipe of a running stack; `None` if no stack reads from it.
fn lease(folder: &Path) -> Option<Lease> {
    OpenOptions::new().write(true).custom_flags(NON_BLOCKING).open(folder.join("users")).ok().map(Lease)
}

/// The connection of the stack that was started in this folder, if it still responds.
fn running(folder: &Path) -> Option<Connection> {
    let text = fs::read_to_string(folder.join("connection.json")).ok()?;
    let connection: Connection = serde_json::from_str(&text).ok()?;
    let address = connection.endpoint.split_once("://")?.1.trim_end_matches('/');
    TcpStream::connect(address).ok().map(|_| connection)
}

/// Starts a stack in a process group of its own, so that ending a test does not end the stack.
#[expect(clippy::zombie_processes, reason = "the stack outlives this process and ends after its last user")]
fn start(folder: &Path) -> Lease {
    let pipe = folder.join("users");
    let _ = fs::remove_file(&pipe);
    assert!(Command::new("mkfifo").arg(&pipe).status().expect("mkfifo can be run").success(), "mkfifo failed");
    // Opening a pipe waits for its other end, except for reading and writing at once.
    let both = OpenOptions::new().read(true).write(true).open(&pipe).expect("the pipe can be opened");
    let input = File::open(&pipe).expect("the pipe can be read");
    let lease = Lease(OpenOptions::new().write(true).open(&pipe).expect("the pipe can be written"));
    drop(both);
    let (output, log) = (folder.join("connection.json"), folder.join("stack.log"));
    let create = |path: &Path| File::create(path).expect("the folder is writable");
    let mut command = TestCloud::command();
    command.arg("--deploy").stdin(input).stdout(create(&output)).stderr(create(&log)).process_group(0);
    let mut process = command.spawn().expect("localstack/test-cloud can be started");
    let started = Instant::now();
    while !fs::read_to_string(&output).is_ok_and(|line| line.ends_with('\n')) {
        let ended = process.try_wait().expect("the process can be observed");
        let log = || fs::read_to_string(&log).unwrap_or_default();
        assert!(ended.is_none(), "the stack did not start: {}", log());
        assert!(started.elapsed() < START_MAX, "the stack did not start within {START_MAX:?}: {}", log());
        std::thread::sleep(Duration::from_millis(200));
    }
    let _ = writeln!(std::io::stderr(), "the stack was deployed in {:?}", started.elapsed());
    lease
}

/// Removes the folders of earlier runs, whose stacks have ended.
fn remove_abandoned_folders() {
    for entry in fs::read_dir(std::env::temp_dir()).into_iter().flatten().flatten() {
        let is_ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(FOLDER_PREFIX));
        let is_old = entry.path().join("connection.json").exists() && lease_is_free(&entry.path());
        if is_ours && is_old {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Whether no stack reads from the pipe of this folder. The check must not prolong the life of a running stack.
fn lease_is_free(folder: &Path) -> bool {
    OpenOptions::new().write(true).custom_flags(NON_BLOCKING).open(folder.join("users")).is_err()
}
