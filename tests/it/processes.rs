//! Several `callbrief serve` on one journal, killed while they work: one that starts again under the same name goes on at
//! once with what the dead one had in hand. All of it happens at one instant, so no claim ever lapses by itself.

use std::path::Path;

use sqlx::{AnyConnection, Connection};

use super::databases::Engine;
use super::program::{copy, succeeded};
use super::serve::{EVERYONE, Served, letters, until};

const SUNDAY: &str = "2026-11-22T09:00:00Z";
const MONDAY: &str = "2026-11-23T05:00:20Z";

/// When one of the processes is killed.
const MOMENTS: [&str; 4] = [
    "SELECT COUNT(*) FROM runs",
    "SELECT COUNT(*) FROM deliveries",
    "SELECT COUNT(*) FROM deliveries WHERE state = 'attempting'",
    "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'",
];

const SENT: &str = "SELECT COUNT(*) FROM deliveries WHERE state = 'sent'";
const DONE: &str = "SELECT COUNT(*) FROM runs WHERE state = 'done'";
const RUNS: &str = "SELECT COUNT(*) FROM runs";

/// A workspace whose journal is kept there.
struct Shared {
    folder: tempfile::TempDir,
    journal: String,
}

impl Shared {
    fn new(engine: Engine) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy("tests/workspaces/small", folder.path());
        let calls = folder.path().join("calls.csv");
        succeeded(folder.path(), &["import", calls.to_str().unwrap(), "--table=calls"]);
        let journal = match engine {
            Engine::Sqlite => format!("sqlite:{}", folder.path().join("callbrief.db").display()),
            _ => block_on(engine.fresh(folder.path(), "")),
        };
        let settings = folder.path().join("callbrief.yaml");
        let text = std::fs::read_to_string(&settings).unwrap();
        let text = text.replace("\"sqlite:callbrief.db\"", &format!("\"{journal}\""));
        assert!(text.contains(&journal), "{text}");
        std::fs::write(&settings, text).unwrap();
        Self { folder, journal }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// One number out of the journal; 0 while there is no journal.
    fn count(&self, sql: &'static str) -> i64 {
        block_on(async {
            sqlx::any::install_default_drivers();
            let Ok(mut journal) = AnyConnection::connect(&self.journal).await else { return 0 };
            sqlx::query_scalar(sql).fetch_one(&mut journal).await.unwrap_or(0)
        })
    }

    fn is_all_sent(&self) -> bool {
        self.count(SENT) == 3 && self.count(DONE) == 1
    }
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

fn check(engine: Engine, moment: &'static str) {
    let shared = Shared::new(engine);
    let served = Served::start(shared.path(), SUNDAY);
    until("the first look at the schedule", || shared.count("SELECT COUNT(*) FROM schedules") == 1);
    served.stop();

    let (one, other) = (Served::start(shared.path(), MONDAY), Served::start(shared.path(), MONDAY));
    until(moment, || shared.count(moment) > 0 || shared.is_all_sent());
    one.kill();
    let again = Served::start(shared.path(), MONDAY);
    until("the rest of the work", || shared.is_all_sent());
    again.stop();
    other.stop();
    assert_eq!(letters(shared.path()), EVERYONE, "{engine:?} {moment}");
    assert_eq!(shared.count(RUNS), 1, "{engine:?} {moment}");
}

fn check_all(engine: Engine) {
    // At the same time, as each spends most of its own waiting for the next second.
    std::thread::scope(|scope| {
        MOMENTS.map(|moment| scope.spawn(move || check(engine, moment))).map(|thread| thread.join().unwrap())
    });
}

#[test]
fn on_postgres_the_killed_one_of_two_goes_on_where_it_was() {
    check_all(Engine::Postgres);
}

#[test]
fn on_one_sqlite_file_the_killed_one_of_two_goes_on_where_it_was() {
    check_all(Engine::Sqlite);
}
