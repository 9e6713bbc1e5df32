//! Imports of whole files: what is in the table afterwards, and what is said when it cannot be.

use std::path::{Path, PathBuf};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use super::*;

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn request(&self, bytes: &[u8]) -> ImportRequest {
        let file = self.folder.path().join("calls.csv");
        std::fs::write(&file, bytes).unwrap();
        ImportRequest {
            file,
            table: "calls".to_owned(),
            database: self.folder.path().join("data").join("calls.db"),
            delimiter: Delimiter::Auto,
            columns: Vec::new(),
            bad_rows: BadRows::Refuse,
            existing: Existing::Refuse,
            zone: None,
        }
    }
}

async fn run(request: &ImportRequest) -> Result<ImportSummary, ImportError> {
    import(request, &mut |_| ()).await
}

/// What a query gives, rows and cells in one line.
async fn query(database: &Path, sql: &str) -> String {
    let mut connection = SqliteConnectOptions::new().filename(database).read_only(true).connect().await.unwrap();
    let rows = sqlx::query(AssertSqlSafe(sql.to_owned())).fetch_all(&mut connection).await.unwrap();
    let cell = |row: &sqlx::sqlite::SqliteRow, index: usize| {
        let text: Option<String> = row.try_get_unchecked(index).unwrap();
        text.unwrap_or("-".to_owned())
    };
    let lines: Vec<String> =
        rows.iter().map(|row| (0..row.len()).map(|index| cell(row, index)).collect::<Vec<_>>().join("|")).collect();
    lines.join(" / ")
}

fn kinds(summary: &ImportSummary) -> String {
    let columns: Vec<String> =
        summary.columns.iter().map(|column| format!("{} {}", column.name, column.kind.name())).collect();
    columns.join(", ")
}

/// Imports the text and compares the columns' kinds and all rows.
async fn check(bytes: &[u8], expected_kinds: &str, expected_rows: &str) {
    let place = Place::new();
    let request = place.request(bytes);
    let summary = run(&request).await.unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(kinds(&summary), expected_kinds);
    assert_eq!(query(&request.database, "SELECT * FROM calls ORDER BY rowid").await, expected_rows);
}

/// Imports the text, which must be refused with this message, and leave no database behind.
async fn check_refused(bytes: &[u8], change: impl Fn(&mut ImportRequest), expected: &str) {
    let place = Place::new();
    let mut request = place.request(bytes);
    change(&mut request);
    let error = run(&request).await.unwrap_err();
    let message = error.to_string().replace(&place.folder.path().display().to_string(), "DIR");
    assert_eq!(message, expected);
    assert!(!request.database.exists(), "no database is left");
    assert!(!error.is_temporary());
}

#[tokio::test]
async fn files_as_they_come() {
    check(b"id,name\n1,Ann\n2,\n", "id integer, name text", "1|Ann / 2|-").await;
    check(b"\xEF\xBB\xBFid,name\r\n1,\"a \"\"b\"\", c\"\r\n", "id integer, name text", "1|a \"b\", c").await;
    check(
        "Очередь;Ожидание\nПродажи;1,5\nVIP;20\n".as_bytes(),
        "ochered text, ozhidanie number",
        "Продажи|1.5 / VIP|20.0",
    )
    .await;
    check(b"a\tb\n1\tY\n2\tn", "a integer, b bool", "1|1 / 2|0").await;
    check(b"only\n\n\nx\n", "only text", "x").await;
    check(b"a,b\n", "a integer, b integer".replace("integer", "text").as_str(), "").await;
}

#[tokio::test]
async fn a_date_and_a_time_make_an_instant() {
    let bytes = b"Date,Time,Talk\n2021-01-01,09:12:58,00:02:23\n02.01.2021,9:05,\n";
    check(
        bytes,
        "date date, time time, talk duration, started_at datetime",
        "2021-01-01|09:12:58|143|2021-01-01 09:12:58 / 2021-01-02|09:05:00|-|2021-01-02 09:05:00",
    )
    .await;
    let place = Place::new();
    let request = ImportRequest { zone: Some(chrono_tz::Europe::Moscow), ..place.request(bytes) };
    run(&request).await.unwrap();
    assert_eq!(query(&request.database, "SELECT min(started_at) FROM calls").await, "2021-01-01 06:12:58");
}

#[tokio::test]
async fn the_user_knows_better() {
    let place = Place::new();
    let mut request = place.request(b"Speed,Code\n109,12\n1:10,13\n");
    request.columns = ["Speed=wait_s:duration", "Code=:text"].map(|column| column.parse().unwrap()).to_vec();
    let summary = run(&request).await.unwrap();
    assert_eq!(kinds(&summary), "wait_s duration, code text");
    assert_eq!(query(&request.database, "SELECT wait_s, typeof(code) FROM calls").await, "109|text / 70|text");
}

#[tokio::test]
async fn bad_rows_are_told_by_line_and_nothing_is_written() {
    let mut text = "id,wait\r\n".to_owned();
    for id in 0..1_000 {
        text.push_str(&format!("{id},{}\r\n", id % 60));
    }
    text.push_str("\r\n1000,soon\r\n1001\r\n\"1002\",\"1\r\n2\"\r\nx,1.5\r\n1004,2.5");
    check_refused(
        text.as_bytes(),
        |_| (),
        "4 rows of DIR/calls.csv cannot be imported, so nothing was\n  \
         line 1003: wait: `soon` is not a number\n  \
         line 1004: 1 cell where the header has 2\n  \
         line 1005: wait: `1\\n2` is not a number\n  \
         line 1007: id: `x` is not a number",
    )
    .await;

    let place = Place::new();
    let request = ImportRequest { bad_rows: BadRows::Skip, ..place.request(text.as_bytes()) };
    let summary = run(&request).await.unwrap();
    assert_eq!((summary.rows, summary.skipped_rows, summary.skipped[0].line), (1_001, 4, 1_003));
    assert_eq!(kinds(&summary), "id integer, wait number", "whole numbers by chance become numbers");
    assert_eq!(query(&request.database, "SELECT count(*), max(id) FROM calls").await, "1001|1004");
}

#[tokio::test]
async fn many_bad_rows_are_counted_and_the_first_listed() {
    let place = Place::new();
    let mut request = place.request(format!("n\n{}", "x\n".repeat(50)).as_bytes());
    request.columns = vec!["n=:integer".parse().unwrap()];
    let message = run(&request).await.unwrap_err().to_string();
    assert_eq!(message.lines().count(), 22, "{message}");
    assert!(message.starts_with("50 rows of ") && message.ends_with("\n  and 30 more"), "{message}");
}

#[tokio::test]
async fn what_cannot_be_imported_is_said() {
    check_refused(b"", |_| (), "DIR/calls.csv is empty: the first line must hold the columns' names").await;
    check_refused(
        b"\xFF\xFEi\0d\0",
        |_| (),
        "DIR/calls.csv is UTF-16, not UTF-8; convert it: iconv -f utf-16 -t utf-8 DIR/calls.csv > utf8.csv",
    )
    .await;
    check_refused(
        b"\xCE\xF7\xE5\xF0\xE5\xE4\xFC;x\n1;2\n",
        |_| (),
        "DIR/calls.csv, line 1: the header is not UTF-8; it looks like windows-1251: convert it with iconv -f \
         windows-1251 -t utf-8 FILE > utf8.csv",
    )
    .await;
    check_refused(
        b"id,queue\n1,a\n2,\xCF\xF0\xEE\xE4\xE0\xE6\xE8\n",
        |_| (),
        "1 row of DIR/calls.csv cannot be imported, so nothing was\n  line 3: not UTF-8; it looks like windows-1251: \
         convert it with iconv -f windows-1251 -t utf-8 FILE > utf8.csv",
    )
    .await;
    let columns = |column: &str| vec![column.parse().unwrap()];
    check_refused(
        b"Queue,Agent\na,b\n",
        |request| request.columns = columns("Queu=q"),
        "no column has the header `Queu`; did you mean `Queue`?",
    )
    .await;
    check_refused(
        b"Queue,Agent\na,b\n",
        |request| request.columns = columns("Queue=agent"),
        "two columns would be named `agent`; give one of them another name",
    )
    .await;
    check_refused(
        b"a\n1\n",
        |request| request.table = "calls; drop".to_owned(),
        "`calls; drop` cannot be a table's name; use Latin letters, digits and `_`, and no word of SQL",
    )
    .await;
    check_refused(
        b"a\n1\n",
        |request| request.file = PathBuf::from("no/such.csv"),
        "cannot read no/such.csv: No such file or directory (os error 2)",
    )
    .await;
}

#[tokio::test]
async fn a_table_that_is_there() {
    let place = Place::new();
    let request = place.request(b"id,at\n1,2026-11-23 09:00\n");
    run(&request).await.unwrap();
    let error = run(&request).await.unwrap_err().to_string();
    assert_eq!(error, "the table `calls` is already there; replace it, append to it, or choose another name");

    run(&ImportRequest { existing: Existing::Append, ..request.clone() }).await.unwrap();
    assert_eq!(query(&request.database, "SELECT count(*) FROM calls").await, "2");

    let bad = place.request(b"id,at\n1,2026-11-23 09:00\n2\n");
    run(&ImportRequest { existing: Existing::Replace, ..bad }).await.unwrap_err();
    assert_eq!(query(&request.database, "SELECT count(*) FROM calls").await, "2", "a failed import changes nothing");

    let other = place.request(b"id,queue\n1,a\n");
    let error = run(&ImportRequest { existing: Existing::Append, ..other.clone() }).await.unwrap_err().to_string();
    assert_eq!(error, "cannot append: the table `calls` has the columns id, at; the file gives id, queue");
    run(&ImportRequest { existing: Existing::Replace, ..other }).await.unwrap();
    assert_eq!(query(&request.database, "SELECT * FROM calls").await, "1|a");
}

#[tokio::test]
async fn progress_goes_from_nothing_to_everything() {
    let place = Place::new();
    let mut text = "id,wait\n".to_owned();
    for id in 0..20_000 {
        text.push_str(&format!("{id},{}\n", id % 60));
    }
    let request = place.request(text.as_bytes());
    let mut seen = Vec::new();
    import(&request, &mut |progress| seen.push(progress)).await.unwrap();
    let total = text.len() as u64;
    assert_eq!((seen.first().unwrap().read, seen.last().unwrap().read), (0, total));
    assert!(seen.len() > 4 && seen.is_sorted_by_key(|progress| progress.read), "{seen:?}");
}

/// The published data set, where the machine has it; its licence does not allow to keep it here.
fn published_calls() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test's data lies where the machine's owner says")]
    let folder = std::env::var("CALLBRIEF_SHARED_DATA")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    Some(folder.join("pwc_call_center_trends_5000.csv")).filter(|file| file.exists())
}

#[tokio::test]
async fn the_published_calls_arrive_whole() {
    let Some(file) = published_calls() else { return };
    let place = Place::new();
    let mut request = ImportRequest { file, ..place.request(b"") };
    request.columns =
        ["Speed of answer in seconds=wait_s:duration", "AvgTalkDuration=talk_s", "Answered (Y/N)=answered"]
            .map(|column| column.parse().unwrap())
            .to_vec();
    let summary = run(&request).await.unwrap();
    assert_eq!(
        kinds(&summary),
        "call_id text, agent text, date date, time time, topic text, answered bool, resolved bool, wait_s duration, \
         talk_s duration, satisfaction_rating integer, started_at datetime"
    );
    assert_eq!((summary.rows, summary.skipped_rows, summary.columns[7].empty), (5_000, 0, 946));
    let sums = "SELECT sum(wait_s), sum(talk_s), sum(answered), sum(resolved), min(started_at), max(started_at),
                count(DISTINCT started_at) FROM calls";
    assert_eq!(
        query(&request.database, sums).await,
        "273729|911837|4054|3646|2021-01-01 09:12:58|2021-03-31 17:39:50|2421"
    );
}
